"""The steps of a claim's life, one button each: submit, reopen, ask the gate, link, correct, retract, confirm."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from audit.exceptions import NotIncluded
from cases.exceptions import Conflict, InvalidInput
from cases.forms import show_refusal
from cases.sentences import in_words
from claims.actions.corrections import confirm_standing, correct, retract
from claims.actions.drafts import link_claims
from claims.actions.gate import allow_single_source, run_gate, withdraw_single_source
from claims.actions.reviews import reopen, submit
from claims.forms import CorrectionForm
from claims.permissions import check_publish, check_write_claims
from claims.queries import get_claim, get_version
from claims.views import parts


@require_POST
def claim_submit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    version = submit(actor=request.user, version=get_version(request.user, ref, number))
    messages.success(
        request, gettext("%(version)s is with the reviewers, in exactly this wording.") % {"version": version}
    )
    return parts.to_claim(version)


@require_POST
def claim_reopen(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    version = get_version(request.user, ref, number)
    version = reopen(actor=request.user, version=version, reason=request.POST.get("reason", "")[:2000])
    messages.success(
        request, gettext("%(version)s is a draft again; what was approved no longer holds.") % {"version": version}
    )
    return parts.to_claim(version)


@require_POST
def claim_gate(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Ask the gate and keep its answer on record."""
    version = get_version(request.user, ref, number)
    run = run_gate(actor=request.user, version=version)
    missing = sum(entry["blocks"] for entry in run.results)
    words = "Nothing stands in the way." if run.passed else f"{missing} rules are not met yet."
    messages.add_message(request, messages.SUCCESS if run.passed else messages.WARNING, f"The gate was asked. {words}")
    return parts.to_claim(version, "gate")


@require_POST
def claim_links(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Say on which claims this one rests."""
    version = get_version(request.user, ref, number)
    wanted = request.POST.getlist("components")
    if not all(each.isdigit() for each in wanted):
        raise InvalidInput("A claim is named by its number.", field="components")
    components = [get_claim(request.user, ref, int(each)) for each in wanted]
    link_claims(actor=request.user, version=version, components=components)
    messages.success(request, gettext("The chain is saved."))
    return parts.to_claim(version, "chain")


@require_POST
def claim_single_source(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Let one origin suffice, or take that back."""
    version = get_version(request.user, ref, number)
    act = withdraw_single_source if request.POST.get("withdraw") else allow_single_source
    try:
        act(actor=request.user, version=version, reason=request.POST.get("reason", "")[:4000])
        messages.success(request, gettext("The decision is recorded."))
    except InvalidInput as error:
        messages.error(request, in_words(error))
    return parts.to_claim(version, "gate")


@require_POST
def claim_confirm(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """An editor says that a flagged published claim stands."""
    version = get_version(request.user, ref, number)
    confirm_standing(actor=request.user, version=version, reason=request.POST.get("reason", "")[:4000])
    messages.success(request, gettext("%(version)s stands, with your reason on record.") % {"version": version})
    return parts.to_claim(version)


@require_http_methods(["GET", "POST"])
def claim_correct(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Open the version that will replace a published one."""
    claim = get_claim(request.user, ref, number)
    check_write_claims(request.user, claim.case)
    return _after_publication(request, claim, correct, "Correct")


# The retraction waits for the signed log after its own commit.
@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
def claim_retract(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Withdraw a published claim in public."""
    claim = get_claim(request.user, ref, number)
    check_publish(request.user, claim.case)
    return _after_publication(request, claim, retract, "Retract")


def _after_publication(request: HttpRequest, claim, act, verb: str) -> HttpResponse:
    form = CorrectionForm(request.POST or None)
    version = get_version(request.user, claim.case.ref, claim.number)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            act(actor=request.user, claim=claim, **form.cleaned_data)
            messages.success(request, gettext(_DONE[verb]))
            return parts.to_claim(version)
        except InvalidInput as error:
            show_refusal(form, error)
        except Conflict as error:
            form.add_error(None, in_words(error))
            status = 409
        except NotIncluded:
            messages.warning(request, gettext("Done; the log has not been signed since. It catches up by itself."))
            return parts.to_claim(version)
    context = {"case": claim.case, "nav": "claims", "row": parts.rows([version])[0], "form": form, "verb": verb}
    if form.is_bound and status == 200:
        status = 400
    return render(request, "claims/after_publication.html", context, status=status)


_DONE = {
    "Correct": gettext_noop(
        "A new version is open. The published one stays as it is until the new one is approved and published."
    ),
    "Retract": gettext_noop("The claim is retracted. What was published stays readable, with your note."),
}
