"""`manage.py analyse_posts CASE [DATASET...]`: the figures of a campaign, preserved as an exhibit."""

import json
import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.enums import Platform
from cases.exceptions import CaseworkError, InvalidInput
from cases.models import Case, User
from cases.queries import find_case, find_user
from evidence.exceptions import VaultError
from posts.actions.analyses import ask, give_up, make, recompute
from posts.clusters import alike
from posts.enums import Level
from posts.models import Analysis, Dataset, FollowList
from posts.queries import datasets_of, follow_lists_of, get_analysis, stale_ids
from posts.questions import Question
from posts.states import AnalysisMethod

_NUMBER = re.compile(r"(?:([DNEF])-)?(\d{1,9})", re.IGNORECASE)


class Command(BaseCommand):
    help = (
        "Count the posts of a case, or of some of its datasets, and preserve the answer as an exhibit. With --again, "
        "make an earlier one once more. Ends with 0; with 1 when --again gives something else, with 2 on bad input."
    )

    def add_arguments(self, parser):
        parser.add_argument("case", help="reference of the case, e.g. NC-2024")
        parser.add_argument("datasets", nargs="*", metavar="DATASET", help="D-1, F-1 or an exhibit, E-7; all if none")
        parser.add_argument("--method", choices=AnalysisMethod.values, default=AnalysisMethod.CAMPAIGN.value)
        narrowing = parser.add_mutually_exclusive_group()
        narrowing.add_argument("--tag", default="", help="posts under this hashtag")
        narrowing.add_argument("--query", default="", help="posts whose text has these words")
        parser.add_argument("--platform", choices=Platform.values, default="", help="posts of this platform")
        parser.add_argument("--from", dest="start", default="", help="day or time from which posts count")
        parser.add_argument("--to", dest="end", default="", help="day or time before which posts count")
        parser.add_argument("--tz", dest="zone", help="zone of days and hours, e.g. Asia/Baku; UTC if none")
        parser.add_argument("--level", choices=[level.value for level in Level], action="append", dest="levels")
        parser.add_argument("--threshold", type=float, help="least likeness of near-duplicates, 0.4 to 0.8")
        parser.add_argument("--form", choices=alike.FORMS, help="of the texts that --method alike compares")
        parser.add_argument("--coshare", action="append", metavar="OBJECT", help="text, url, domain, hashtag ...")
        parser.add_argument("--window", type=int, help="seconds between two posts of a pair")
        parser.add_argument("--min-participation", type=int, help="least rows of an account")
        parser.add_argument("--quantile", type=float, help="of the weights, above which edges stand out")
        parser.add_argument("--loops", action="store_true", help="keep pairs of one account's own posts")
        parser.add_argument("--shared-object", default="", help="list every pair of posts that shared this one")
        parser.add_argument("--min-weight", type=int, help="least own posts of a directed edge")
        parser.add_argument("--unit", choices=["minute", "hour", "day"], help="of a timeline")
        parser.add_argument("--phrase", help="in bios")
        parser.add_argument("--days", type=int, help="length of a burst of new accounts")
        parser.add_argument(
            "--among", action="append", metavar="CAMPAIGN", help="to compare by --method overlap: #tag, D-1 or words"
        )
        parser.add_argument("--population", type=int, help="accounts that could have been in what overlaps")
        parser.add_argument("--limit", type=int, help="entries of each list")
        parser.add_argument("--again", default="", metavar="ANALYSIS", help="N-3: make this one again")
        parser.add_argument("--as", dest="user", default="", help="username or e-mail of who asks; the lead if none")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print everything for a program")

    def handle(self, *args, **options):
        try:
            same = self._again(options) if options["again"] else self._analyse(options)
        except (CaseworkError, VaultError) as error:
            raise CommandError(" ".join(str(error).split()), returncode=2) from error
        if not same:
            raise CommandError("The analysis came out otherwise than before.", returncode=1)

    def _analyse(self, options: dict[str, Any]) -> bool:
        case, actor = _case_and_actor(options)
        question = Question.of(options["method"], _settings(options))
        named = list(dict.fromkeys(_named(actor, case, text, question.method) for text in options["datasets"]))
        lists = [one for one in named if isinstance(one, FollowList)]
        datasets = [one for one in named if isinstance(one, Dataset)]
        analysis = ask(actor=actor, case=case, question=question, datasets=datasets, lists=lists)
        try:
            analysis = make(actor=actor, analysis=analysis)
        except CaseworkError as error:
            give_up(actor=actor, analysis=analysis, problem=str(error))
            raise
        self._print(analysis, options["as_json"])
        return True

    def _again(self, options: dict[str, Any]) -> bool:
        case, actor = _case_and_actor(options)
        analysis = get_analysis(actor, case, _number(options["again"], "N"))
        again = recompute(actor=actor, analysis=analysis)
        facts = {"analysis": analysis.label, "same": again.same, "result_sha256": again.result_sha256}
        facts |= {"stale": bool(stale_ids(case, [analysis])), "code_version": again.code_version}
        same = "the same bytes came out" if again.same else f"something else came out ({again.result_sha256})"
        self.stdout.write(json.dumps(facts) if options["as_json"] else f"{analysis.label}: {same}.")
        return again.same

    def _print(self, analysis: Analysis, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report(analysis), ensure_ascii=False))
            return
        self.stdout.write(f"{analysis.label} (E-{analysis.item.exhibit}): {analysis.get_method_display()}")
        self.stdout.write(analysis.item.relevance_note)
        for name, value in (analysis.result or {}).items():
            self.stdout.write(f"{name:>16}  {_short(value)}")


def report(analysis: Analysis) -> dict[str, Any]:
    """The figures, as docs/analyse-posts.schema.json describes them, and what they were made from."""
    return (analysis.result or {}) | {
        "analysis": analysis.label,
        "exhibit": f"E-{analysis.item.exhibit}",
        "method": analysis.method,
        "question": analysis.parameters,
        "coverage": analysis.item.relevance_note,
        "input_sha256": analysis.input_sha256,
        "result_sha256": analysis.result_sha256,
        "code_version": analysis.code_version,
    }


def _case_and_actor(options: dict[str, Any]) -> tuple[Case, User]:
    case = find_case(options["case"])
    actor = find_user(options["user"]) if options["user"] else case.lead
    if not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise InvalidInput(f"There is no case {case.ref} for {actor.username}.")
    return case, actor


def _settings(options: dict[str, Any]) -> dict[str, Any]:
    """What was said on the command line; the rest has its defaults."""
    named = ("tag", "query", "platform", "start", "end", "zone", "levels", "threshold", "window", "min_participation",
             "quantile", "unit", "form", "phrase", "days", "limit", "loops", "shared_object", "min_weight",
             "among", "population")  # fmt: skip
    said = {name: options[name] for name in named if options[name] not in (None, "") and options[name] is not False}
    if options["coshare"]:
        said["coshare"] = [word.strip() for text in options["coshare"] for word in text.split(",") if word.strip()]
    return said


def _named(actor: User, case: Case, text: str, method: str) -> Dataset | FollowList:
    """A dataset, or of an analysis of follow lists a list, by its number or its exhibit's."""
    of_lists = method == AnalysisMethod.FOLLOWS
    found = _NUMBER.fullmatch(text.strip())
    letter = (found[1] or "").upper() if found else ""
    rows = follow_lists_of(actor, case) if of_lists else datasets_of(actor, case).ready()
    if found is None or letter not in ("", "E", "F" if of_lists else "D"):
        rows = rows.none()
    else:
        rows = rows.filter(**{"item__exhibit" if letter == "E" else "number": int(found[2])})
    row = rows.order_by("-number").first()
    if row is None:
        what = "follow list" if of_lists else "dataset"
        raise InvalidInput(f"{case.ref} has no {what} {text[:40]!r} that was read.", field="dataset")
    return row


def _number(text: str, letter: str) -> int:
    found = _NUMBER.fullmatch(text.strip())
    if found is None or (found[1] or letter).upper() != letter:
        raise InvalidInput(f"{text[:40]!r} names no analysis; such a name is N-3.", field="again")
    return int(found[2])


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value):,} entries" + (f", the first {json.dumps(value[0], ensure_ascii=False)}" if value else "")
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)[:300]
    return f"{value:,}" if isinstance(value, int) else str(value)
