"""A case at a glance: who is linked to whom, how firmly, what is stuck, what happened last."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from audit.queries import events_for_case
from cases.history import words_of
from cases.models import Case, Observation
from cases.permissions import Permission, permissions_of
from cases.queries import get_case
from claims.canonical import cited
from claims.chains import chain_page, count_chains
from claims.enums import Stance, VersionState
from claims.models import Citation, ClaimVersion, GateEvaluation
from claims.queries import get_version, latest_evaluation, rivals_of, standing_versions
from claims.reading import readable
from claims.views import parts
from claims.wording import Labels
from evidence.queries import damaged_items

MOST_EDGES = 400
# The table beneath the graph is a way in, not a second list of claims.
MOST_ROWS = 12
MOST_CHAINS = 60
_RECORD = {
    side: Q(**{f"{side}_account__isnull": False})
    | Q(**{f"{side}_person__isnull": False})
    | Q(**{f"{side}_organisation__isnull": False})
    for side in ("subject", "object")
}
_STUCK = (VersionState.SUBMITTED, VersionState.CHANGES_REQUESTED, VersionState.DRAFT)


@require_GET
def case_overview(request: HttpRequest, ref: str) -> HttpResponse:
    """The page of a case; a fixed number of queries."""
    case = get_case(request.user, ref)
    rights = permissions_of(request.user, case)
    linking = _linking(case)
    versions = list(linking[:MOST_ROWS])
    chains = chain_page(case, size=MOST_CHAINS).rows
    labels = Labels([*versions, *(link for chain in chains for link in chain.links)])
    context = {
        "case": case,
        "nav": "overview",
        "graph_url": reverse("claims:graph", args=[case.ref]),
        "edges": parts.edges(case, versions, _disputed(versions), labels),
        "links": linking.count(),
        "chains": [parts.chain_row(case, chain, labels) for chain in chains],
        "chains_hidden": count_chains(case) - len(chains),
        "counts": _counts(case),
        "stuck": _stuck(case, rights),
        "damaged": list(damaged_items(request.user, case)[:20]),
        "activity": _activity(case) if Permission.AUDIT_VIEW in rights else [],
        "may_write": Permission.CLAIM_WRITE in rights,
        "may_log": Permission.EVIDENCE_LOG in rights,
    }
    return render(request, "claims/overview.html", context)


@require_GET
def graph(request: HttpRequest, ref: str) -> JsonResponse:
    """The same links for the drawing."""
    case = get_case(request.user, ref)
    versions = list(_linking(case)[:MOST_EDGES])
    accounts = {pk for v in versions for pk in (v.subject_account_id, v.object_account_id) if pk}
    seen = Observation.objects.filter(account__in=accounts).newest_first("account_id")
    statuses = dict(seen.distinct("account_id").values_list("account_id", "status"))
    labels = Labels(versions)
    drawn = [
        edge | {"source": edge["source_id"], "target": edge["target_id"], "label": edge["predicate"]}
        for edge in parts.edges(case, versions, _disputed(versions), labels)
    ]
    return JsonResponse({"nodes": parts.nodes(case, versions, statuses, labels), "edges": drawn})


@require_GET
def panel(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """One claim with its citations, for a click on its edge."""
    version = get_version(request.user, ref, number)
    citations = readable(request.user, cited(version))
    context = {
        "case": version.case,
        "row": parts.rows([version])[0],
        "citations": citations,
        "origins": parts.origin_words(citations),
        "rivals": parts.rows(list(rivals_of(version)[:5])),
        "evaluation": latest_evaluation(version),
    }
    return render(request, "claims/panel.html", context)


def _linking(case: Case) -> QuerySet[ClaimVersion]:
    """Standing claims that link two records, which is what the graph draws; what is said in words is in the list."""
    return standing_versions(case).filter(_RECORD["subject"], _RECORD["object"]).order_by("claim__number")


def _disputed(versions: list[ClaimVersion]) -> set:
    against = Citation.objects.filter(version__in=versions, stance=Stance.CONTRADICTS)
    return set(against.values_list("version_id", flat=True))


def _counts(case: Case) -> dict[str, int]:
    states = (
        standing_versions(case)
        .order_by()
        .aggregate(
            total=Count("pk"),
            **{state: Count("pk", filter=Q(state=state)) for state in ("submitted", "approved", "published")},
            attention=Count("pk", filter=~Q(needs_attention="")),
        )
    )
    # One count for each kind: joined into one query they would multiply.
    records = {
        "items": case.items.count(),
        "accounts": case.accounts.filter(merged_into__isnull=True).count(),
        "people": case.people.filter(merged_into__isnull=True).count(),
        "organisations": case.organisations.filter(merged_into__isnull=True).count(),
    }
    return states | records


def _stuck(case: Case, rights: frozenset[Permission]) -> list[dict]:
    """Open claims that the gate refused when it was last asked, with the first thing that is missing."""
    refused = GateEvaluation.objects.filter(version=OuterRef("pk"), passed=False)
    waiting = (
        standing_versions(case)
        .filter(Exists(refused), state__in=_STUCK)
        .order_by("edited_at", "pk")
        .prefetch_related("evaluations")[:10]
    )
    found = []
    for row in parts.rows(list(waiting)):
        last = max(row["version"].evaluations.all(), key=lambda run: (run.evaluated_at, run.pk))
        missing = [line for line in parts.findings(row["version"], last.results, rights) if not line["passed"]]
        if missing:
            found.append(row | {"missing": missing[0], "more": len(missing) - 1})
    return found


def _activity(case: Case) -> list[dict]:
    events = list(events_for_case(case.pk)[:8])
    people = parts.people_of(event.actor for event in events)
    return [
        {
            "at": event.recorded_at,
            "title": gettext(words_of(event.action)),
            "by": people.get(event.actor, event.actor),
        }
        for event in events
    ]
