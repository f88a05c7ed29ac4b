"""Pages of allauth that tell of their change only after the commit: the event belongs into its transaction."""

from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from django.http import HttpResponse

from cases.actions import sign_ins


class AddTotpView(ActivateTOTPView):
    """Adds an authenticator app, with its event."""

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        sign_ins.record_credential_change(self.request.user, "mfa_totp_added")
        return response


class ReplaceRecoveryCodesView(GenerateRecoveryCodesView):
    """Makes new recovery codes, with its event."""

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        sign_ins.record_credential_change(self.request.user, "mfa_codes_replaced")
        return response
