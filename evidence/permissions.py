"""Who may do what with evidence, on top of the table in `cases.permissions`."""

from cases.exceptions import NotAllowed
from cases.models import Case, User
from cases.permissions import Permission, can, check
from evidence.enums import Sensitivity, SourceKind
from evidence.models import Item, Match, Source

# Whoever heard a witness, or knows an anonymous source, does not judge how reliable they are (G-06).
NEEDS_OTHER_GRADER = frozenset({SourceKind.WITNESS, SourceKind.ANONYMOUS})


def check_log_evidence(actor: User, case: Case) -> None:
    check(actor, case, Permission.EVIDENCE_LOG)


def check_read_item(actor: User, item: Item) -> None:
    """Reading a file or its text; sensitive evidence asks for more than ordinary evidence."""
    check(actor, item.case, Permission.EVIDENCE_READ)
    check(actor, item.case, needed_to_read(item))


def can_read_item(actor: User, item: Item) -> bool:
    return can(actor, item.case, needed_to_read(item))


def needed_to_read(item: Item) -> Permission:
    """The right that reading a file, its text, its picture or a quote from it asks for."""
    sensitive = item.sensitivity == Sensitivity.SENSITIVE
    return Permission.EVIDENCE_READ_SENSITIVE if sensitive else Permission.EVIDENCE_READ


def check_lower_sensitivity(actor: User, item: Item) -> None:
    """Opening a sensitive exhibit to every member, and to publication, is an editor's decision."""
    check(actor, item.case, Permission.EVIDENCE_OPEN)


def check_withdraw_item(actor: User, item: Item) -> None:
    check(actor, item.case, Permission.EVIDENCE_WITHDRAW)


def check_verify_evidence(actor: User, case: Case) -> None:
    check(actor, case, Permission.EVIDENCE_VERIFY)


def check_grade_source(actor: User, source: Source) -> None:
    """A grade needs the right to grade, and for one's own witness or anonymous source a second pair of eyes."""
    check(actor, source.case, Permission.SOURCE_GRADE)
    if source.kind in NEEDS_OTHER_GRADER and source.created_by_id == actor.pk:
        kind = source.get_kind_display().lower()
        raise NotAllowed(f"You brought in this {kind} source yourself; another person must grade it.")


def check_regroup_sources(actor: User, case: Case) -> None:
    check(actor, case, Permission.ORIGIN_SPLIT)


def check_match_media(actor: User, case: Case) -> None:
    check(actor, case, Permission.MEDIA_MATCH)


def check_judge_match(actor: User, match: Match) -> None:
    """A match that names two cases is judged by people who may do so in both."""
    for case in filter(None, (match.case, match.other_case)):
        check_match_media(actor, case)
