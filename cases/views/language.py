"""The language of one's own pages."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.actions.users import choose_language


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the choice with the person, and go back to the page it was made on."""
    user = choose_language(actor=request.user, language=request.POST.get("language", ""))
    with translation.override(user.language or translation.get_language_from_request(request)):
        messages.success(request, _("The pages are in English now."))
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if is_ours else "home")
