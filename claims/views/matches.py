"""Citing a match of two pictures: which claim it leads to."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from cases.exceptions import Conflict, InvalidInput
from cases.queries import get_case
from cases.sentences import in_words
from claims.actions.matches import PREDICATES, claim_from_match, exhibits_of
from claims.enums import Predicate
from claims.permissions import check_write_claims
from claims.views import parts
from evidence.enums import MatchVerdict
from evidence.media.rectangles import Rectangle
from evidence.models import Match
from evidence.reuse import get_match


class CiteMatchForm(forms.Form):
    """What the claim says, and of which of the two pictures."""

    predicate = forms.ChoiceField(
        choices=[(value.value, f"… {value.label} …") for value in PREDICATES],
        widget=forms.RadioSelect,
        label="The claim",
    )
    subject = forms.ChoiceField(widget=forms.RadioSelect, label="It is about")


@require_http_methods(["GET", "POST"])
def cite_match(request: HttpRequest, ref: str, match_id: UUID) -> HttpResponse:
    """Choose the claim; it is drafted with the matched regions of both exhibits cited."""
    case = get_case(request.user, ref)
    match = get_match(request.user, match_id)
    if match.case_id != case.pk:
        raise Http404
    check_write_claims(request.user, case)
    exhibits = exhibits_of(match, case)
    form = CiteMatchForm(request.POST if request.method == "POST" else None, initial=_guess(match))
    form.fields["subject"].choices = [
        (side, f"E-{item.exhibit} {item.title}") for side, item in exhibits.items() if item is not None
    ]
    if request.method == "POST" and form.is_valid():
        try:
            version = claim_from_match(actor=request.user, case=case, match=match, **form.cleaned_data)
        except (InvalidInput, Conflict) as error:
            form.add_error(None, in_words(error))
        else:
            messages.success(
                request, gettext("The claim is drafted, with the regions cited; say now what it says in public.")
            )
            return parts.to_claim(version, "citations")
    context = {"case": case, "nav": "media", "match": match, "form": form}
    context["confirmed"] = match.verdict == MatchVerdict.CONFIRMED
    return render(request, "claims/cite_match.html", context, status=400 if form.is_bound else 200)


def _guess(match: Match) -> dict[str, str]:
    """The picture of which the match covers less was put together from the other."""
    area = {
        side: max((Rectangle(*one[side]).area for one in match.regions), default=1.0) for side in ("query", "stored")
    }
    composite = min(area, key=lambda side: area[side])
    alike = abs(area["query"] - area["stored"]) < 0.05
    return {
        "predicate": Predicate.MEDIA_REUSED_IN.value if alike else Predicate.MEDIA_COMPOSED_OF.value,
        "subject": "stored" if alike else composite,
    }
