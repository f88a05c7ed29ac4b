"""Clients of the API."""

from rest_framework.test import APIClient

from cases.actions.tokens import create_token
from cases.enums import TokenScope
from cases.models import User


def make_program(user: User | None, *scopes: str) -> APIClient:
    """A program of a person, with a token of all scopes unless said otherwise; of nobody, without a token."""
    client = APIClient()
    if user is not None:
        _, secret = create_token(actor=user, name="tests", scopes=scopes or TokenScope.values)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client
