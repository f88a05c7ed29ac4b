"""Requests for reply: the queue of what is due, asking, and the page of one request with everything that came of it."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import subjects
from cases.actions.exports import record_export
from cases.csv import csv_response
from cases.exceptions import Conflict, InvalidInput, StaleVersion
from cases.listing import check_filter, page_of, sort_of
from cases.models import Case
from cases.paging import in_order
from cases.permissions import Permission, permissions_of
from cases.queries import get_case
from cases.sentences import in_words
from claims import letters
from claims.actions import letters as sending
from claims.actions import replies
from claims.models import ClaimVersion, ReplyRequest
from claims.parties import parties_of
from claims.permissions import check_write_claims
from claims.queries import get_request, get_version, requests_of, standing_versions
from claims.reply_forms import (
    AskForm,
    ClaimsToPutForm,
    EmailForm,
    LetterForm,
    OutcomeForm,
    RefusableForm,
    ReplyForm,
    RequestFilter,
    SearchForm,
    SendingForm,
    WithholdForm,
)
from claims.telling import labels_of, party_label, readable_replies, told, with_parts
from claims.views import parts
from evidence.models import Item

SORTS = {"number": "number", "deadline": "deadline", "made": "created_at"}
HEADER = ["request", "party", "asked_by", "stage", "outcome", "deadline_utc", "claims", "first_sent_utc", "replies"]
MOST_CLAIMS = 200
_DOORS = {
    "account": subjects.get_account,
    "person": subjects.get_person,
    "organisation": subjects.get_organisation,
}


# --- the queue


@require_GET
def request_list(request: HttpRequest, ref: str) -> HttpResponse:
    """All requests of a case: what is due first asked for, the newest on top."""
    case = get_case(request.user, ref)
    rights = permissions_of(request.user, case)
    form = RequestFilter(request.GET)
    rows = requests_of(request.user, case, now=timezone.now())
    counts = {stage: rows.filter(stage=stage).count() for stage, _ in RequestFilter.STATES}
    rows = _filtered(rows, form)
    page = page_of(request, with_parts(rows), SORTS, "-number")
    labels = labels_of(page.rows)
    context = {
        "case": case,
        "nav": "replies",
        "form": form,
        "page": page,
        "rows": [{"request": row, "party": party_label(row, labels)} for row in page.rows],
        "count": rows.count(),
        "stages": [(stage, label, counts[stage]) for stage, label in RequestFilter.STATES],
        "is_filtered": any(form.cleaned_data.values()),
        "may_write": Permission.CLAIM_WRITE in rights,
        "csv_url": reverse("claims:requests_csv", args=[ref]) if Permission.EXPORT in rights else "",
    }
    return render(request, "claims/requests.html", context)


@require_GET
def requests_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The same requests as CSV; taking the list out of the house is an event."""
    case = get_case(request.user, ref)
    rows = _filtered(requests_of(request.user, case, now=timezone.now()), RequestFilter(request.GET))
    record_export(actor=request.user, case=case, what="requests for reply", filters=request.GET.urlencode())
    found = list(in_order(with_parts(rows), sort_of(request, SORTS, "-number")))
    labels = labels_of(found)
    lines = (_csv_row(row, party_label(row, labels)) for row in found)
    return csv_response(f"{case.ref}-requests-for-reply-{timezone.now():%Y%m%d}.csv", HEADER, lines)


def _filtered(rows: QuerySet[ReplyRequest], form: RequestFilter) -> QuerySet[ReplyRequest]:
    wanted = check_filter(form)
    if wanted["state"]:
        rows = rows.filter(stage=wanted["state"])
    if wanted["outcome"]:
        rows = rows.filter(outcome=wanted["outcome"])
    if wanted["q"]:
        named = ("party_text", "party_person__label", "party_organisation__label", "letter", "asked_by")
        words = Q()
        for name in named:
            words |= Q(**{f"{name}__icontains": wanted["q"]})
        rows = rows.filter(words)
    return rows


def _csv_row(row: ReplyRequest, party: str) -> list[object]:
    claims = " ".join(str(one.version.claim) for one in row.allegations.all())
    first = min((one.sent_at for one in row.sendings.all()), default=None)
    moments = [at.isoformat() if at else "" for at in (row.deadline, first)]
    said = [str(row), party, row.asked_by, row.stage, row.outcome, moments[0], claims, moments[1]]
    return [*said, len(row.replies.all())]


# --- asking


@require_http_methods(["GET", "POST"])
def request_create(request: HttpRequest, ref: str) -> HttpResponse:
    """First which claims, then who is asked and in which words; the letter is made from a template."""
    case = get_case(request.user, ref)
    check_write_claims(request.user, case)
    versions = [_version(request, case, number) for number in request.GET.getlist("claim")[: replies.MOST_ALLEGATIONS]]
    context = {"case": case, "nav": "replies", "rows": parts.rows(versions)}
    if not versions:
        return render(request, "claims/request_new.html", context | {"choose": _choice_of_claims(case)})
    form = _ask_form(request, case, versions)
    if request.method == "POST" and form.is_valid():
        try:
            made = _ask(request, case, versions, form)
            messages.success(
                request, gettext("%(made)s is made. Nothing was sent yet: read the letter first.") % {"made": made}
            )
            return redirect("claims:request", case.ref, made.number)
        except InvalidInput as error:
            form.refuse(error)
    status = 400 if form.is_bound else 200
    return render(request, "claims/request_new.html", context | {"form": form}, status=status)


def _version(request: HttpRequest, case: Case, number: str) -> ClaimVersion:
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise InvalidInput("A claim is named by its number.", field="claim")
    return get_version(request.user, case.ref, int(number))


def _choice_of_claims(case: Case) -> ClaimsToPutForm:
    rows = parts.rows(list(standing_versions(case).filter(adverse=True).order_by("claim__number")[:MOST_CLAIMS]))
    return ClaimsToPutForm(claims=[(str(row["number"]), f"C-{row['number']} {row['statement']}") for row in rows])


def _ask_form(request: HttpRequest, case: Case, versions: list[ClaimVersion]) -> AskForm:
    named = {party.key: party.label for version in versions for party in parties_of(version)}
    allegations = {
        str(row["number"]): (row["statement"], row["version"].public_text or row["statement"])
        for row in parts.rows(versions)
    }
    first = request.GET.get("party") or next(iter(named), "")
    kind, _, words = first.partition(":")
    initial = {"party_text": words} if kind == "text" else {"party": first}
    suggested = [(key, label) for key, label in named.items() if not key.startswith("text:")]
    return AskForm(request.POST or None, case=case, suggested=suggested, allegations=allegations, initial=initial)


def _ask(request: HttpRequest, case: Case, versions: list[ClaimVersion], form: AskForm) -> ReplyRequest:
    said = form.cleaned_data
    kind, _, key = said["party"].partition(":")
    party = _DOORS[kind](request.user, case, key) if kind else said["party_text"]
    allegations = [(version, said[f"allegation_{version.claim.number}"]) for version in versions]
    deadline = said["deadline"][0]
    words = letters.letter(
        language=said["language"],
        party=said["party_text"] or dict(_flat(form))[said["party"]],
        allegations=[text for _, text in allegations],
        deadline=deadline,
        sender=str(request.user),
    )
    return replies.ask(
        actor=request.user,
        case=case,
        party=party,
        allegations=allegations,
        letter="" if said["asked_by"] else words,
        language=said["language"],
        deadline=deadline,
        urgency=said["urgency"],
        asked_by=said["asked_by"],
    )


def _flat(form: AskForm) -> list[tuple[str, str]]:
    choices = form.fields["party"].choices
    return [pair for value, label in choices for pair in (label if isinstance(label, list) else [(value, label)])]


# --- one request

# What a step does with its cleaned form.
Step = Callable[[dict], None]


@require_GET
def request_page(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """The letter, what it alleges, what was sent, what came back, and the next steps."""
    return _show(request, get_request(request.user, ref, number))


def _show(request: HttpRequest, row: ReplyRequest, bound: object = None, status: int = 200) -> HttpResponse:
    [row] = with_parts(requests_of(request.user, row.case, now=timezone.now()).filter(pk=row.pk))
    rights = permissions_of(request.user, row.case)
    party = party_label(row, labels_of([row]))
    writes = Permission.CLAIM_WRITE in rights
    context = {
        "case": row.case,
        "nav": "replies",
        "request_row": row,
        "party": party,
        "told": readable_replies(request.user, row.case, [told(row, party)])[0],
        "allegations": _allegations(row),
        "forms": _forms(row, party, bound) if writes else {},
        "failed": type(bound).__name__ if bound else "",
        "may_withhold": Permission.GATE_OVERRIDE in rights and row.stage == "unsent",
        "reminder": letters.reminder(row, party=party, sender=str(request.user)) if row.stage == "waiting" else "",
        "can_mail": bool(settings.MAIL_FROM),
    }
    return render(request, "claims/request.html", context, status=status)


def _allegations(row: ReplyRequest) -> list[dict]:
    return [{"row": one, "url": parts.claim_url(row.case, one.version.claim.number)} for one in row.allegations.all()]


def _forms(row: ReplyRequest, party: str, bound: object) -> dict[str, object]:
    """The forms that the state of a request allows; the one that was sent wrongly keeps what was typed."""
    found: dict[str, object] = {}
    if row.stage == "unsent":
        found["letter"] = LetterForm(initial=LetterForm.initial_of(row))
    if row.outcome != "withheld":
        found["sending"] = SendingForm(case=row.case)
        found["email"] = EmailForm(initial={"subject": letters.subject(row)})
    if row.stage != "unsent" and row.outcome != "withheld":
        found["reply"] = ReplyForm(case=row.case)
    if row.stage in ("due", "waiting"):
        found["outcome"] = OutcomeForm()
    if row.stage == "unsent":
        found["withhold"] = WithholdForm()
    found["search"] = SearchForm(initial={"searched_on": timezone.now().date()})
    return {name: bound if type(bound) is type(form) else form for name, form in found.items()}


def _writable(request: HttpRequest, ref: str, number: int) -> ReplyRequest:
    row = get_request(request.user, ref, number)
    check_write_claims(request.user, row.case)
    return row


def _act(request: HttpRequest, row: ReplyRequest, form: RefusableForm, act: Step, done: str) -> HttpResponse:
    """One step: its form, its action, and the sentence that says that it is done."""
    if not form.is_valid():
        return _show(request, row, form, 400)
    try:
        act(form.cleaned_data)
    except InvalidInput as error:
        form.refuse(error)
        return _show(request, row, form, 400)
    except (Conflict, StaleVersion) as error:
        form.add_error(None, in_words(error))
        return _show(request, row, form, 412 if isinstance(error, StaleVersion) else 409)
    messages.success(request, done.format(row))
    return redirect("claims:request", row.case.ref, row.number)


@require_POST
def request_letter(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Change the letter before it is sent."""
    row = _writable(request, ref, number)

    def act(said: dict) -> None:
        changes = {name: said[name] for name in ("language", "letter", "urgency")} | {"deadline": said["deadline"][0]}
        seen = said["edit_version"]
        replies.edit_request(actor=request.user, request=row, expected_version=seen, changes=changes)

    return _act(request, row, LetterForm(request.POST), act, gettext("The letter of {} is saved."))


@require_POST
def request_sending(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Note that it went out by another way."""
    row = _writable(request, ref, number)

    def act(said: dict) -> None:
        at, precision = said.pop("sent_at")
        kind, _, key = said.pop("account").partition(":")
        account = _DOORS[kind](request.user, row.case, key) if kind else None
        known = {"sent_at": at, "sent_precision": precision, "account": account}
        sending.note_sending(actor=request.user, request=row, **said | known)

    return _act(request, row, SendingForm(request.POST, case=row.case), act, gettext("{}: noted as sent."))


@require_POST
def request_email(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Send the letter, or its reminder, by e-mail now."""
    row = _writable(request, ref, number)

    def act(said: dict) -> None:
        text = ""
        if said["kind"] == "reminder":
            text = letters.reminder(row, party=party_label(row, labels_of([row])), sender=str(request.user))
        sending.send_by_email(actor=request.user, request=row, text=text, **said)

    return _act(request, row, EmailForm(request.POST), act, gettext("{} was sent by e-mail."))


@require_POST
def request_reply(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Keep what the party answered."""
    row = _writable(request, ref, number)

    def act(said: dict) -> None:
        at, precision = said.pop("received_at")
        item: Item | None = said.pop("item")
        known = {"received_at": at, "received_precision": precision, "item": item}
        sending.note_reply(actor=request.user, request=row, **said | known)

    done = gettext("The reply to {} is preserved, and the claims that it answers are looked at again.")
    return _act(request, row, ReplyForm(request.POST, case=row.case), act, done)


@require_POST
def request_close(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Note what came of it."""
    row = _writable(request, ref, number)

    def act(said: dict) -> None:
        replies.close_request(actor=request.user, request=row, **said)

    return _act(request, row, OutcomeForm(request.POST), act, gettext("The outcome of {} is on record."))


@require_POST
def request_withhold(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """An editor decides that nobody is asked."""
    row = _writable(request, ref, number)

    def act(said: dict) -> None:
        replies.withhold_request(actor=request.user, request=row, reason=said["reason"])

    return _act(request, row, WithholdForm(request.POST), act, gettext("{}: the decision is on record."))


@require_POST
def request_search(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Note a search for what the party said in public."""
    row = _writable(request, ref, number)

    def act(said: dict) -> None:
        replies.note_search(actor=request.user, request=row, **said)

    return _act(request, row, SearchForm(request.POST), act, gettext("{}: the search is on record."))


@require_POST
def request_discard(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Throw away what was not sent."""
    row = get_request(request.user, ref, number)
    replies.discard_request(actor=request.user, request=row, reason=request.POST.get("reason", "")[:2000])
    messages.success(request, gettext("R-%(number)s is gone; nothing had been sent.") % {"number": number})
    return redirect("claims:requests", ref)
