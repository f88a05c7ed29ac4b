"""The lawyer's word on exactly one content of a claim (G-63), given by an auditor of the case."""

from collections.abc import Sequence

from django.db import transaction

from cases.exceptions import InvalidInput
from cases.models import User
from claims.actions.reviews import add_review, check_read
from claims.enums import ReviewStage, Verdict
from claims.models import ClaimVersion, Review
from claims.permissions import check_clear
from claims.queries import get_version_by_id
from claims.states import STATES
from claims.workflow import check_step

MOST_STATES = 50


@transaction.atomic
def sign_off(
    *,
    actor: User,
    version: ClaimVersion,
    content_sha256: str,
    verdict: str,
    jurisdictions: Sequence[str] = (),
    comment: str = "",
) -> Review:
    """Clear exactly the content that was read, under the law of `jurisdictions` (ISO 3166-1), or send it back.

    Like every verdict it is bound to the hash: whatever changes the version voids it. Raises StaleVersion when
    `content_sha256` is not what stands there, InvalidInput for a sign-off without a state and a return without words.
    """
    version = get_version_by_id(actor, version.pk, for_update=True)
    check_clear(actor, version)
    if verdict not in Verdict.values:
        raise InvalidInput("There is no such verdict.", field="verdict")
    step = "approve" if verdict == Verdict.APPROVED else "request_changes"
    target = check_step(version.state, step)
    check_read(version, content_sha256)
    said = {"verdict": verdict, "stage": ReviewStage.LEGAL, "comment": comment}
    if verdict == Verdict.APPROVED:
        return add_review(actor, version, action="claim_cleared", jurisdictions=states(jurisdictions), **said)
    if not comment.strip():
        raise InvalidInput("Say what has to change.", field="comment")
    review = add_review(actor, version, action="claim_returned", **said)
    version.state = target
    version.save(update_fields=["state", "edited_at"])
    return review


def states(codes: Sequence[str]) -> list[str]:
    """The codes in order, each once; raises InvalidInput where there is none, or one is no code of two letters."""
    wanted = sorted({code.strip().upper() for code in codes if code.strip()})
    if not 0 < len(wanted) <= MOST_STATES:
        raise InvalidInput("Name the states whose law was looked at, such as FR and GB.", field="jurisdictions")
    if bad := next((code for code in wanted if code not in STATES), None):
        raise InvalidInput(f"“{bad}” is no ISO 3166 code of two letters.", field="jurisdictions")
    return wanted
