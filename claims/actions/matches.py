"""From a match of two pictures to a claim that cites both regions."""

from django.db import transaction

from cases.exceptions import Conflict, InvalidInput
from cases.models import Case, User
from claims.actions.citations import cite
from claims.actions.drafts import create_claim
from claims.enums import Predicate
from claims.models import ClaimVersion
from claims.queries import get_version
from claims.selectors import Region
from evidence.enums import MatchVerdict
from evidence.models import Item, Match
from evidence.permissions import check_read_item
from evidence.regions import part_name

PREDICATES = (Predicate.MEDIA_COMPOSED_OF, Predicate.MEDIA_REUSED_IN)
WHOLE = [0.0, 0.0, 1.0, 1.0]
SIDES = ("query", "stored")


def exhibits_of(match: Match, case: Case) -> dict[str, Item | None]:
    """The exhibit of the case that stands for each side of a match: the earliest one that is in use."""
    found = {}
    for side in SIDES:
        items = Item.objects.filter(case=case, blob=getattr(match, side).blob_id, state="active")
        found[side] = items.order_by("captured_at", "exhibit").first()
    return found


@transaction.atomic
def claim_from_match(*, actor: User, case: Case, match: Match, predicate: str, subject: str) -> ClaimVersion:
    """Draft a claim about the two exhibits of a match, each cited with the regions that match.

    `subject` is the side that the claim is about: the composite of `media_composed_of`, the picture that was reused
    of `media_reused_in`.
    """
    if predicate not in PREDICATES or subject not in SIDES:
        raise InvalidInput("Choose what the claim says, and of which picture.", field="predicate")
    if match.verdict != MatchVerdict.CONFIRMED:
        raise Conflict("Only a confirmed match is cited: compare the pictures and confirm it first.")
    exhibits = exhibits_of(match, case)
    other = next(side for side in SIDES if side != subject)
    if not (exhibits["query"] and exhibits["stored"]) or match.other_case_id is not None:
        raise InvalidInput("Both pictures must be exhibits of this case that are in use.")
    if exhibits["query"] == exhibits["stored"]:
        raise InvalidInput("Both pictures are in one exhibit: cite its regions on its own page.")
    ends = {"subject_item": exhibits[subject], "object_item": exhibits[other]}
    claim = create_claim(actor=actor, case=case, predicate=predicate, **ends)
    version = get_version(actor, case.ref, claim.number)
    for side in (subject, other):
        check_read_item(actor, exhibits[side])
        for region in _regions(match, side):
            cite(actor=actor, version=version, item=exhibits[side], region=region)
    return version


def _regions(match: Match, side: str) -> list[str]:
    """The matched regions as media fragments, in the picture of the file that matched."""
    part = part_name(getattr(match, side))
    regions = [one[side] for one in match.regions] or [WHOLE]
    return list(dict.fromkeys(str(_region(region, part)) for region in regions))


def _region(region: list[float], part: str) -> Region:
    x, y = (min(99.0, round(100 * side, 2)) for side in region[:2])
    w, h = (round(min(100 * side, 100 - at), 2) for side, at in zip(region[2:], (x, y), strict=True))
    return Region(x, y, w, h, part)
