"""What a person still has to do before anything opens, and how it holds their programs too."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from cases import permissions
from cases.exceptions import NotAllowed
from cases.models import User

REPLACE_IT = "Replace the one-time password first; everything else opens then."
ADD_FACTOR = "Your role asks for a second factor at sign-in: add an authenticator app or a security key to go on."


def needs_a_factor(user: User) -> bool:
    """Whether the roles of `user` ask for a second factor that was never added."""
    if not settings.REQUIRE_MFA or not permissions.requires_second_factor(user):
        return False
    return not Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


class StepsDone(BasePermission):
    """Holds tokens where their owner is held at the screen: a token never does more than its owner."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.auth is None:  # nobody, or a session, which SignInStepsMiddleware looked at
            return True
        if request.user.must_change_password:
            raise NotAllowed(REPLACE_IT)
        if needs_a_factor(request.user):
            raise NotAllowed(ADD_FACTOR)
        return True
