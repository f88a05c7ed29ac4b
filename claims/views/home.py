"""My turn: what waits for the person who looks, in all their cases."""

from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from cases.models import Case, User
from cases.queries import cases_of
from claims.queries import count_turns, my_requests, my_turn
from claims.telling import labels_of, party_label, with_parts
from claims.views.parts import claim_url, likelihood_words
from claims.wording import Labels
from evidence.reuse import unjudged_of, unseen_notices_of

# task -> (heading, what to do, the page where it is done)
TASKS = {
    "look_again": (gettext_noop("Published, and to be looked at again"), gettext_noop("Look again"), "claims:claim"),
    "review": (gettext_noop("To review"), gettext_noop("Review"), "claims:desk_claim"),
    "clear": (gettext_noop("To sign off as a lawyer"), gettext_noop("Read it"), "claims:legal"),
    "publish": (gettext_noop("Approved, to publish"), gettext_noop("Publish"), "claims:publish"),
    "write": (gettext_noop("Yours to write"), gettext_noop("Write on"), "claims:claim"),
}
SHOWN = 200


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The list, grouped by what has to be done, the longest waiting first; with the number of each case."""
    turns, waiting = my_turn(request.user, most=SHOWN), count_turns(request.user)
    requests = _requests(request.user)
    total = sum(waiting.values()) + len(requests)
    labels = Labels([turn.version for turn in turns])
    groups: dict[str, list[dict]] = defaultdict(list)
    for turn in turns:
        groups[turn.task].append(_line(turn, labels))
    cases = list(cases_of(request.user))
    context = {
        "nav": "home",
        "pictures": _pictures(request.user, cases),
        "groups": [(task, TASKS[task][0], groups[task]) for task in TASKS if groups[task]],
        "cases": [
            {
                "case": case,
                "waiting": waiting.get(case.pk, 0),
                "roles": [m.get_role_display() for m in case.memberships.all()],
            }
            for case in cases
        ],
        "total": total,
        "hidden": total - len(turns) - len(requests),
        "requests": requests,
        "my_turn_count": total,
    }
    return render(request, "claims/home.html", context)


def _pictures(actor: User, cases: list[Case]) -> list[dict]:
    """The cases in which pictures wait: suggestions to judge, and finds elsewhere that its lead has not put away."""
    ids = [case.pk for case in cases]
    matches, notices = unjudged_of(actor, ids), unseen_notices_of(actor, ids)
    lines = [{"case": case, "matches": matches.get(case.pk, 0), "notices": notices.get(case.pk, 0)} for case in cases]
    return [line for line in lines if line["matches"] or line["notices"]]


def _requests(actor: User) -> list[dict]:
    """The requests for reply that this person made and has to act on, the most urgent first."""
    rows = list(with_parts(my_requests(actor, now=timezone.now()))[:SHOWN])
    labels = labels_of(rows)
    return [{"request": row, "case": row.case, "party": party_label(row, labels)} for row in rows]


def _line(turn, labels: Labels) -> dict:
    version = turn.version
    _, action, name = TASKS[turn.task]
    arguments = [version.case.ref] if turn.task == "publish" else [version.case.ref, version.claim.number]
    return {
        "version": version,
        "case": version.case,
        "statement": labels.statement(version),
        "likelihood": likelihood_words(version.case, version.likelihood),
        "claim_url": claim_url(version.case, version.claim.number),
        "action": action,
        "url": reverse(name, args=arguments),
        "since": version.edited_at,
    }
