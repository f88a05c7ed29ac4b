"""What surrounds a version: accounts, the claims it rests on, approvals, exceptions, and the audit log; in batches."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F

from audit.canonical import parse
from audit.models import Event
from audit.waiting import covered, waiting_since
from cases.history import object_string
from cases.models import Account, Observation, User
from claims.canonical import by_version
from claims.enums import ReviewStage, Settled, Verdict, VersionState
from claims.gate.facts import AccountFacts, ComponentFacts, ExceptionFacts, ReleaseFacts, ReviewFacts, TraceFacts
from claims.gate.people import interests
from claims.harm.decisions import decisions_on, found_of
from claims.harm.names import NAMES
from claims.harm.payload import Found
from claims.models import ClaimLink, ClaimVersion, GateEvaluation, PublishedVersion, Review, TraceDecision
from claims.waivers import standing_exceptions
from evidence.enums import Sensitivity

LONGEST_UNSEALED = timedelta(seconds=getattr(settings, "AUDIT_LONGEST_UNSEALED", 300))
_BEST_FIRST = (
    VersionState.PUBLISHED,
    VersionState.APPROVED,
    VersionState.SUBMITTED,
    VersionState.CHANGES_REQUESTED,
    VersionState.DRAFT,
    VersionState.RETRACTED,
    VersionState.CORRECTED,
)


def sensitive_ends(version: ClaimVersion) -> tuple[int, ...]:
    items = (version.subject_item, version.object_item)
    return tuple(item.exhibit for item in items if item and item.sensitivity == Sensitivity.SENSITIVE)


def accounts(versions: Sequence[ClaimVersion]) -> dict[UUID, AccountFacts]:
    ends = [account for version in versions for account in (version.subject_account, version.object_account)]
    accounts = {account.pk: account for account in ends if account}
    seen: dict[UUID, list[Observation]] = defaultdict(list)
    for observation in Observation.objects.filter(account__in=accounts).order_by("observed_at", "recorded_at"):
        seen[observation.account_id].append(observation)
    return {pk: _account(account, seen[pk]) for pk, account in accounts.items()}


def _account(account: Account, seen: list[Observation]) -> AccountFacts:
    handles = tuple(dict.fromkeys(observation.handle for observation in seen if observation.handle))
    return AccountFacts(
        id=str(account.pk),
        label=f"@{handles[-1]}" if handles else str(account),
        platform=account.platform,
        platform_user_id=account.platform_user_id,
        id_unknown_reason=account.id_unknown_reason,
        handles=handles,
        statuses=tuple(sorted({observation.status for observation in seen})),
        first_observed_at=seen[0].observed_at if seen else None,
        last_observed_at=seen[-1].observed_at if seen else None,
        reuse_checked_at=account.handle_reuse_checked_at,
        reuse_checked_by=id_or_empty(account.handle_reuse_checked_by_id),
    )


def components(
    links: Mapping[UUID, list[ClaimLink]], released_with: set[UUID]
) -> dict[UUID, tuple[ComponentFacts, ...]]:
    best: dict[UUID, ClaimVersion] = {}
    claims = {link.component_id for found in links.values() for link in found}
    standing = ClaimVersion.objects.filter(claim__in=claims).defer("content")
    for found in standing.order_by("number"):
        known = best.get(found.claim_id)
        if known is None or _BEST_FIRST.index(found.state) <= _BEST_FIRST.index(known.state):
            best[found.claim_id] = found
    return {
        version: tuple(_component(link, best.get(link.component_id), released_with) for link in found)
        for version, found in links.items()
    }


def _component(link: ClaimLink, found: ClaimVersion | None, released_with: set[UUID]) -> ComponentFacts:
    if found is None:
        return ComponentFacts(str(link.component_id), link.component.number)
    return ComponentFacts(
        claim=str(link.component_id),
        number=link.component.number,
        predicate=found.predicate,
        state=VersionState.PUBLISHED if found.pk in released_with else found.state,
        likelihood=found.likelihood,
        analytic_confidence=found.analytic_confidence,
        subject_person=id_or_empty(found.subject_person_id),
        object_person=id_or_empty(found.object_person_id),
    )


def approvals(
    versions: Sequence[ClaimVersion], approving: User | None, now: datetime
) -> dict[UUID, tuple[ReviewFacts, ...]]:
    reviews = by_version(
        Review.objects.filter(version__in=versions, verdict=Verdict.APPROVED)
        .filter(content_sha256=F("version__content_sha256"))
        .exclude(content_sha256=""),
        "version_id",
    )
    at_this_moment = (ReviewFacts(ReviewStage.EDITOR, str(approving.pk), now),) if approving else ()
    return {
        version.pk: tuple(
            ReviewFacts(review.stage, str(review.reviewed_by_id), review.reviewed_at, tuple(review.jurisdictions))
            for review in reviews.get(version.pk, [])
        )
        + at_this_moment
        for version in versions
    }


def exceptions(versions: Sequence[ClaimVersion]) -> dict[UUID, tuple[ExceptionFacts, ...]]:
    """What editors let stand for exactly the content of now."""
    standing = by_version(standing_exceptions(versions), "version_id")
    return {
        version: tuple(ExceptionFacts(row.rule, row.reason, str(row.decided_by_id), row.decided_at) for row in found)
        for version, found in standing.items()
    }


def traces(versions: Sequence[ClaimVersion], contents: Mapping[UUID, bytes]) -> dict[UUID, tuple[TraceFacts, ...]]:
    """What leads to somebody, with what was decided on it for exactly the content of now."""
    decided, found = decisions_on(versions), found_of(versions, contents)
    since = interests({one.person for each in found.values() for one in each if one.person})
    return {
        version: tuple(_trace(one, decided.get(version, {}).get((one.kind, one.passage)), since) for one in each)
        for version, each in found.items()
    }


def withheld_then(versions: Sequence[ClaimVersion]) -> dict[UUID, tuple[str, ...]]:
    """By approved version the names that were not to be told when it was approved: the first run that let it pass."""
    approved = [version.pk for version in versions if version.state == VersionState.APPROVED]
    if not approved:
        return {}
    runs = GateEvaluation.objects.filter(
        version__in=approved, passed=True, content_sha256=F("version__content_sha256")
    ).order_by("version_id", "evaluated_at", "id")
    inputs = runs.distinct("version_id").values_list("version_id", "inputs")
    return {pk: _withheld(parse(bytes(seen)).get("traces", ())) for pk, seen in inputs}


def _withheld(seen: Iterable[Mapping]) -> tuple[str, ...]:
    return tuple(one["passage"] for one in seen if one["kind"] in NAMES and one["settled"] != Settled.WAIVED)


def _trace(found: Found, decision: TraceDecision | None, since: Mapping[str, datetime]) -> TraceFacts:
    known = {"person": found.person, "interest_since": since.get(found.person)}
    if decision:
        known |= {"settled": decision.settled, "decided_by": str(decision.decided_by_id)}
        known |= {"decided_at": decision.decided_at}
    return TraceFacts(found.kind, found.passage, found.places, **known)


# --- the audit log


def is_being_signed(now: datetime) -> bool:
    """Whether no entry of the audit log has waited longer for its signature than the house allows (F29)."""
    since = waiting_since()
    return since is None or now - since <= LONGEST_UNSEALED


def releases(versions: Sequence[ClaimVersion]) -> dict[UUID, ReleaseFacts]:
    """The first publication of each version, and whether its event stands under a signed checkpoint."""
    rows = (
        PublishedVersion.objects.filter(version__in=versions)
        .select_related("publication")
        .defer("publication__snapshot")
    )
    found = {row.version_id: row.publication for row in rows.order_by("-pk")}
    named = {object_string(publication) for publication in found.values()}
    made = dict(Event.objects.filter(object__in=named, action="publication_made").values_list("object", "event_id"))
    under = covered(made.values()) if made else set()
    return {
        version: ReleaseFacts(one.number, object_string(one) in made, made.get(object_string(one)) in under)
        for version, one in found.items()
    }


def id_or_empty(value: object) -> str:
    return str(value) if value else ""
