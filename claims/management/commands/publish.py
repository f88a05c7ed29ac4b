"""`manage.py publish CASE`."""

import json
import re

from django.core.management.base import BaseCommand, CommandError

from audit.exceptions import AuditError
from cases.enums import Role
from cases.exceptions import CaseworkError
from cases.models import Case, Membership, User
from cases.queries import find_case, find_user, get_case
from claims.actions.publications import publish
from claims.enums import VersionState
from claims.exceptions import GateRefused
from claims.models import ClaimVersion
from claims.queries import versions_of


class Command(BaseCommand):
    help = "Publish approved claims of a case: ends with 0 when done, 1 when the gate refuses, 2 for bad input."

    def add_arguments(self, parser):
        parser.add_argument("case", help="reference of the case")
        parser.add_argument("--claims", help="numbers, e.g. 1,2,C-7; all approved claims by default")
        parser.add_argument("--title", default="", help="title of the publication; the title of the case by default")
        parser.add_argument("--note", default="", help="what readers are told about it")
        parser.add_argument("--language", default="en", help="of the dossier's pages: en (default) or fr")
        parser.add_argument("--as", dest="user", help="who publishes; the case's publisher, if there is just one")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the outcome for a program")

    def handle(self, *args, case, claims, title, note, language, user, as_json, **options):
        try:
            actor = find_user(user) if user else _only_publisher(case)
            found = get_case(actor, case)
            versions = _chosen(actor, found, claims)
            words = {"title": title or found.title, "note": note, "language": language}
            publication = publish(actor=actor, case=found, versions=versions, **words)
        except GateRefused as error:
            self._refused(error, as_json)
        except (CaseworkError, AuditError) as error:
            raise CommandError(str(error) or f"there is no case {case} for this person", returncode=2) from error
        else:
            self._done(publication, len(versions), as_json)

    def _done(self, publication, count: int, as_json: bool) -> None:
        if as_json:
            answer = {"number": publication.number, "id": str(publication.pk), "claims": count}
            self.stdout.write(json.dumps(answer | {"snapshot_sha256": publication.snapshot_sha256}))
        else:
            self.stdout.write(f"Publication {publication.number} holds {count} claims ({publication.snapshot_sha256}).")

    def _refused(self, error: GateRefused, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"refused": str(error), "missing": error.missing}, indent=2))
        else:
            self.stdout.write(str(error))
            for entry in error.missing:
                for problem in entry["problems"]:
                    self.stdout.write(f"{entry['rule']} {problem['text']}")
        raise SystemExit(1)


def _only_publisher(ref: str) -> User:
    case = find_case(ref)
    rows = Membership.objects.filter(case=case, role=Role.PUBLISHER, ended_at__isnull=True).select_related("user")
    if len(rows) != 1:
        raise CommandError(f"{ref} has {len(rows)} publishers: say who publishes with --as", returncode=2)
    return rows[0].user


def _chosen(actor: User, case: Case, claims: str | None) -> list[ClaimVersion]:
    rows = versions_of(actor, case)
    if claims is None:
        return list(rows.filter(state=VersionState.APPROVED))
    names = [name.strip() for name in claims.split(",") if name.strip()]
    if wrong := [name for name in names if not re.fullmatch(r"(C-)?\d{1,9}", name)]:
        raise CommandError(f"{wrong[0]!r} is not the number of a claim", returncode=2)
    numbers = [int(name.removeprefix("C-")) for name in names]
    found = {version.claim.number: version for version in rows.filter(claim__number__in=numbers)}
    if missing := [number for number in numbers if number not in found]:
        raise CommandError(f"there is no claim C-{missing[0]} in {case.ref}", returncode=2)
    return [found[number] for number in dict.fromkeys(numbers)]
