"""Making a redacted dossier of a publication: what is withheld is masked, the rest still proves itself (ADR 0020)."""

import secrets
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from django.db import transaction
from django.db.models import Max

from cases.exceptions import Conflict, InvalidInput
from cases.history import record
from cases.models import User
from cases.sentences import Sentence
from claims.actions.dossiers import ask_for_dossier
from claims.dossier import redaction
from claims.dossier.build import pages_of
from claims.dossier.commitments import COMMITTED
from claims.dossier.snapshot import thaw
from claims.enums import RedactionKind
from claims.models import Commitment, Publication, Redaction
from claims.permissions import check_publish

SHORTEST_REASON = 20
SHORTEST_WORDS, MOST_WORDS = 3, 200


def commit_to(*, actor: User, publication: Publication) -> Commitment:
    """Put the root over every leaf of a publication into the log, so that a redaction can later prove itself.

    Part of the transaction that publishes.
    """
    secret = secrets.token_bytes(32)
    root = redaction.root(thaw(publication.snapshot), secret)
    made = Commitment.objects.create(case=publication.case, publication=publication, secret=secret, root=root)
    record(actor, COMMITTED, publication, evidence=[publication.snapshot_sha256, root])
    return made


@transaction.atomic
def redact(
    *,
    actor: User,
    publication: Publication,
    words: Sequence[str],
    kind: str,
    reason: str,
    pseudonyms: Mapping[str, str] = MappingProxyType({}),
    spared: Sequence[str] = (),
) -> Redaction:
    """Withhold each place where any of `words` stands, beside what earlier redactions of the publication withhold.

    `pseudonyms` maps names to what stands in their place. A word of such a name alone is withheld too, unless it is one
    of the names in `spared`, which are told.

    The queue makes the dossier. Neither the row nor the event holds the words. Raises InvalidInput for words that
    stand nowhere, or that also stand where nothing can be withheld.
    """
    check_publish(actor, publication.case)
    wanted = _check_input([*words, *pseudonyms], kind, reason)
    publication = Publication.objects.select_for_update(of=("self",)).select_related("case").get(pk=publication.pk)
    hidden, instead = _hidden(publication, wanted, pseudonyms, spared)
    number = (publication.redactions.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Redaction(
        case=publication.case,
        publication=publication,
        number=number,
        kind=kind,
        reason=reason.strip(),
        hidden=hidden,
        pseudonyms=instead,
        made_by=actor,
    )
    if left := redaction.still_there(pages_of(publication, made), wanted):
        raise InvalidInput(
            Sentence("Something of it would still stand in %(file)s: give longer words.", file=left[0]), field="words"
        )
    made.save(force_insert=True)
    after = {"redaction": number, "kind": kind, "places": len(hidden)}
    record(actor, "publication_redacted", publication, after=after, reason=reason.strip())
    ask_for_dossier(actor=actor, publication=publication, redaction=made)
    return made


def _check_input(words: Sequence[str], kind: str, reason: str) -> list[str]:
    wanted = [" ".join(text.split()) for text in words if text.strip()]
    if not wanted or len(wanted) > MOST_WORDS:
        raise InvalidInput(
            Sentence("Name 1 to %(number)s passages that are to be withheld.", number=MOST_WORDS), field="words"
        )
    if short := next((text for text in wanted if len(text) < SHORTEST_WORDS), None):
        raise InvalidInput(
            Sentence("“%(text)s” is shorter than %(number)s characters.", text=short, number=SHORTEST_WORDS),
            field="words",
        )
    if kind not in RedactionKind.values:
        raise InvalidInput(f"kind is one of: {', '.join(RedactionKind.values)}.", field="kind")
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInput(
            Sentence("Give the reason in at least %(number)s characters.", number=SHORTEST_REASON), field="reason"
        )
    return wanted


def _hidden(
    publication: Publication, wanted: Sequence[str], pseudonyms: Mapping[str, str], spared: Sequence[str]
) -> tuple[dict[str, list[int]], dict[str, dict[str, str]]]:
    """What is withheld, and what stands in its place; earlier redactions, whose pseudonyms stay, included."""
    snapshot = thaw(publication.snapshot)
    if not redaction.is_salted(snapshot):
        raise Conflict("This was published before publications could be redacted: publish its claims anew.")
    plain = [text for text in wanted if text not in pseudonyms]
    found = redaction.places(snapshot, plain) if plain else {}
    for text in plain:
        if not redaction.places(snapshot, [text]):
            raise InvalidInput(Sentence("“%(text)s” stands nowhere in this publication.", text=text), field="words")
    instead = redaction.pseudonyms_in(snapshot, pseudonyms)
    parts = redaction.parts_in(snapshot, redaction.parts_of_names(pseudonyms, spared))
    found = redaction.together(found, parts, _numbers(instead))
    _check_fixed(found)
    for earlier in publication.redactions.all():
        found = redaction.together(found, earlier.hidden)
        instead |= {pointer: instead.get(pointer, {}) | said for pointer, said in earlier.pseudonyms.items()}
    return redaction.with_digests(snapshot, found), instead


def _numbers(instead: Mapping[str, Mapping[str, str]]) -> dict[str, list[int]]:
    return {pointer: [int(index) for index in said] for pointer, said in instead.items()}


def _check_fixed(found: dict[str, list[int]]) -> None:
    """What the proof itself is read from cannot be withheld."""
    if bad := next((pointer for pointer in found if redaction.is_fixed(pointer)), None):
        raise InvalidInput(
            Sentence("It stands in %(place)s, which the proof needs and which cannot be withheld.", place=bad),
            field="words",
        )
