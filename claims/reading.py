"""Who may read the words of a citation: whoever may read its exhibit; of a sensitive exhibit each reading is on record.

The one rule for every page, panel and answer that shows a quote, what stands around it, its translation, or what a
colleague wrote about it. What a claim says in public is no part of it: that text is written to be read.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from audit.models import Event
from cases.models import Case, User
from cases.permissions import Permission, permissions_of
from claims.canonical import cited
from claims.checking import Sentence, checked_sentences
from claims.models import Citation, CitationReview, ClaimVersion
from evidence.actions.reading import note_look
from evidence.enums import Sensitivity
from evidence.models import Item
from evidence.permissions import needed_to_read

# What repeats an exhibit's words, or may: empty on a citation that is closed.
WORDS = (
    "exact",
    "prefix",
    "suffix",
    "nearest",
    "translation",
    "descriptor",
    "credibility_rationale",
    "disposition_note",
)
_TELLING = frozenset(
    {
        "citation_added",
        "citation_changed",
        "citation_graded",
        "citation_removed",
        "citation_judged",
        "sentence_checked",
    }
)


def readable(actor: User, citations: Iterable[Citation]) -> list[Citation]:
    """Citations as `actor` may read them, to be shown and not saved: of the `closed` ones all WORDS are empty.

    Call it once for each request: it writes down the look at each sensitive exhibit whose words are shown. One query
    for each case, besides what that writes.
    """
    found = list(citations)
    rights: dict[UUID, frozenset[Permission]] = {}
    for citation in found:
        if citation.case_id not in rights:
            rights[citation.case_id] = permissions_of(actor, citation.case)
        citation.closed = needed_to_read(citation.item) not in rights[citation.case_id]
        for name in WORDS if citation.closed else ():
            setattr(citation, name, "")
    _note(actor, [citation.item for citation in found if not citation.closed])
    return found


def readable_verdicts(actor: User, case: Case, verdicts: Iterable[CitationReview]) -> list[CitationReview]:
    """Verdicts on citations as `actor` may read them: a comment on a closed citation, or on one that is gone and so
    may have been, is empty.
    """
    found = list(verdicts)
    cited = Citation.objects.filter(pk__in=[verdict.citation_id for verdict in found if verdict.comment])
    is_closed = {one.pk: one.closed for one in readable(actor, cited.select_related("item", "case"))}
    unknown = Permission.EVIDENCE_READ_SENSITIVE not in permissions_of(actor, case)
    for verdict in found:
        if is_closed.get(verdict.citation_id, unknown):
            verdict.comment = ""
    return found


def readable_text(actor: User, version: ClaimVersion) -> tuple[list[Sentence], list[Citation]]:
    """The sentences of a version with their checks, and its citations, as `actor` may read both.

    Everybody sees that a check holds; the comment of one against a `closed` citation is empty.
    """
    citations = list(cited(version))
    # First: a check is bound to words that are empty afterwards where the citation is closed.
    lines = checked_sentences(version, citations)
    closed = {str(one.pk) for one in readable(actor, citations) if one.closed}
    for check in filter(None, (line.check for line in lines)):
        if closed.intersection(check.citations):
            check.comment = ""
    return lines, citations


def note_told(actor: User, case: Case, events: Sequence[Event]) -> None:
    """Write down what a reader of the audit trail saw of sensitive exhibits: its entries on citations repeat quotes."""
    digests = {digest for event in events if event.action in _TELLING for digest in event.fields["evidence"]}
    if digests:
        _note(actor, Item.objects.filter(case=case, blob__in=digests, sensitivity=Sensitivity.SENSITIVE))


def _note(actor: User, items: Iterable[Item]) -> None:
    sensitive = {item.pk: item for item in items if item.sensitivity == Sensitivity.SENSITIVE}
    for item in sensitive.values():
        note_look(actor=actor, item=item, purpose="Read in citations")
