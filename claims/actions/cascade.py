"""When evidence or a claim changes, the claims that rest on it are looked at again, in the same transaction (G-80).

The evidence package cannot import this one: `evidence/dependents.py` keeps the list of those who want to know, and
`claims/apps.py` puts `evidence_changed` on it. See docs/adr/.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q

from audit import log
from cases.history import actor_string, object_string
from cases.models import User
from claims.actions.gate import outcome
from claims.canonical import content_of
from claims.enums import VersionState
from claims.gate import evaluation
from claims.models import Claim, ClaimVersion, ReplyRequest
from claims.queries import ENDS, VERSION_PARTS
from claims.workflow import check_step
from evidence.actions.fixity import SWEEP
from evidence.models import Item, Source

FROZEN = (VersionState.SUBMITTED, VersionState.APPROVED, VersionState.PUBLISHED)
_LONGEST = ClaimVersion._meta.get_field("needs_attention").max_length


def evidence_changed(
    *, actor: User, reason: str, items: Sequence[Item] = (), sources: Sequence[Source] = ()
) -> list[ClaimVersion]:
    """Return submitted and approved versions to their authors, and flag published ones, that no longer hold.

    Runs inside the transaction that changed `items` or `sources`, which holds their locks. Claims that rest on a claim
    so found are found too.
    """
    resting = Q(citations__item__in=items) | Q(citations__item__source__in=sources)
    found = _locked(ClaimVersion.objects.filter(resting))
    changed = [version for version in found if content_of(version) != bytes(version.content)]
    return _look_at(actor, changed, reason)


def evidence_damaged(*, items: Sequence[Item], reason: str) -> list[ClaimVersion]:
    """The same for all that cites these items, whose originals no longer are what was cited (G-03).

    Nobody decided it, so no person is the actor and the gate is not asked: every such claim has lost it. What was told
    of this damage before is not told again.
    """
    found = _locked(ClaimVersion.objects.filter(citations__item__in=items))
    return _look_at(None, [version for version in found if version.needs_attention != reason[:_LONGEST]], reason)


def claim_changed(*, actor: User, claim: Claim, reason: str, beside: Sequence[ClaimVersion] = ()) -> list[ClaimVersion]:
    """The same for all that rests on a claim which was corrected or retracted, except for the versions `beside` it.

    Those are released in the same publication: the gate has just judged them together with what they rest on.
    """
    return _look_at(actor, _resting_on([claim.pk], beside), f"{claim}, on which it rests, {reason}", beside)


def reply_arrived(*, actor: User, request: ReplyRequest, reason: str) -> list[ClaimVersion]:
    """The same for the claims that a party answered: its words belong beside them, and into their text."""
    claims = request.allegations.values_list("version__claim", flat=True)
    return _look_at(actor, _locked(ClaimVersion.objects.filter(claim__in=list(claims))), reason)


def _look_at(
    actor: User | None, changed: Sequence[ClaimVersion], reason: str, beside: Sequence[ClaimVersion] = ()
) -> list[ClaimVersion]:
    """Return or flag `changed` and, step by step, all that rests on it; each once."""
    done: list[ClaimVersion] = []
    while changed:
        for version in changed:
            _look_again(actor, version, reason)
        done += changed
        reason = f"A claim on which it rests has to be looked at again: {reason}"
        changed = _resting_on([version.claim_id for version in changed], [*done, *beside])
    return done


def _resting_on(claims: Sequence[UUID], but: Sequence[ClaimVersion]) -> list[ClaimVersion]:
    above = ClaimVersion.objects.filter(component_links__component__in=claims)
    return _locked(above.exclude(pk__in=[version.pk for version in but]))


def _locked(rows: Iterable) -> list[ClaimVersion]:
    wanted = sorted(rows.filter(state__in=FROZEN).values_list("pk", flat=True).distinct())
    locked = ClaimVersion.objects.select_for_update(of=("self",)).select_related(*VERSION_PARTS).prefetch_related(*ENDS)
    return list(locked.filter(pk__in=wanted, state__in=FROZEN).order_by("pk"))


def _look_again(actor: User | None, version: ClaimVersion, reason: str) -> None:
    before = {"state": version.state, "needs_attention": version.needs_attention}
    run = evaluation.store(evaluation.evaluate(version), version=version, actor=actor) if actor else None
    if version.state != VersionState.PUBLISHED:
        version.state = check_step(version.state, "request_changes")
    version.needs_attention = reason[:_LONGEST]
    version.save(update_fields=["state", "needs_attention", "edited_at"])
    after = {"state": version.state, "needs_attention": version.needs_attention} | (outcome(run) if run else {})
    log.record(
        actor=actor_string(actor) if actor else SWEEP,
        action="claim_flagged",
        obj=object_string(version.claim),
        case_id=version.case_id,
        before=before,
        after=after,
        reason=reason[:1000],
    )
