"""Redacted dossiers of a publication: what is withheld, why, and where it stands before anything is made."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from cases.exceptions import Conflict, InvalidInput
from cases.sentences import in_words
from claims.actions.redactions import redact
from claims.forms import RedactForm
from claims.permissions import check_publish
from claims.queries import get_publication


@require_http_methods(["GET", "POST"])
def redact_form(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Name passages; the redacted dossier withholds each place where one stands."""
    publication = get_publication(request.user, ref, number)
    check_publish(request.user, publication.case)
    form = RedactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = redact(
                actor=request.user,
                publication=publication,
                words=form.cleaned_data["words"].splitlines(),
                kind=form.cleaned_data["kind"],
                reason=form.cleaned_data["reason"],
            )
        except (Conflict, InvalidInput) as error:
            form.add_error(getattr(error, "field", "") or None, in_words(error))
        else:
            said = {"number": made.number, "places": len(made.hidden)}
            messages.success(request, gettext("Redaction %(number)s withholds %(places)s places.") % said)
            return redirect("claims:publication", ref, number)
    context = {"case": publication.case, "nav": "publications", "publication": publication, "form": form}
    return render(request, "claims/redact.html", context, status=400 if form.is_bound else 200)
