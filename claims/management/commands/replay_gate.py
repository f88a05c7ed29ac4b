"""`manage.py replay_gate CASE [--claim 7] [--as-of 2024-06-01]`."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError

from cases.models import Case
from claims.gate.replay import replay
from claims.models import Claim
from claims.queries import run_as_of


class Command(BaseCommand):
    help = "Repeat the last stored run of the gate of each claim from its inputs: ends with 1 when an answer differs."

    def add_arguments(self, parser):
        parser.add_argument("case", help="the reference of the case")
        parser.add_argument("--claim", type=int, help="the number of one claim")
        parser.add_argument("--as-of", type=_day, help="the last run up to the end of this day (UTC)")

    def handle(self, *args, case: str, claim: int | None, as_of: date | None, **options):
        claims = Claim.objects.filter(case=_case(case)).order_by("number")
        if claim is not None:
            claims = claims.filter(number=claim)
            if not claims.exists():
                raise CommandError(f"there is no claim {case}/C-{claim}", returncode=2)
        broken = sum(self._repeat(each, as_of) for each in claims.iterator())
        self.stdout.write(f"{broken} answers differ." if broken else "Every unchanged rule answers as it did.")
        if broken:
            raise SystemExit(1)

    def _repeat(self, claim: Claim, as_of: date | None) -> int:
        run = run_as_of(claim, as_of)
        repeated = replay(run) if run else None
        if run is None or repeated is None:
            words = "has no run by then" if run is None else "was asked before inputs were kept"
            self.stdout.write(f"{claim} {words}")
            return 0
        broken = [one for one in repeated if one.is_broken]
        outcome = "passed" if run.passed else "refused"
        changed = sum(not one.same_rule for one in repeated)
        note = f", {changed} rules changed since" if changed else ""
        self.stdout.write(f"{run.version} {run.evaluated_at:%Y-%m-%d %H:%M} {outcome}: {len(repeated)} rules{note}")
        for one in broken:
            self.stdout.write(f"    {one.rule} answered {one.then}, answers {one.now}")
        return len(broken)


def _case(ref: str) -> Case:
    found = Case.objects.filter(ref=ref).first()
    if found is None:
        raise CommandError(f"there is no case {ref}", returncode=2)
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--as-of: {text!r} is not a day such as 2024-06-01", returncode=2) from error
