"""Accounts of people: made, changed and ended by the operator or a superuser, never by signing up."""

import re
import secrets

from django.db import transaction
from django.db.models import Q

from cases import history, permissions
from cases.enums import Language
from cases.exceptions import InvalidInput
from cases.models import User
from cases.validation import check_fields

# Plain letters only: look-alikes of other scripts must not pass for a colleague.
_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,149}")
FLAGS = ("is_active", "is_staff", "can_create_cases")


@transaction.atomic
def create_user(
    *,
    actor: User | None,
    username: str,
    display_name: str,
    email: str,
    is_staff: bool = False,
    is_superuser: bool = False,
    can_create_cases: bool = False,
    password: str = "",
) -> tuple[User, str]:
    """A new account and its password; without `password` a one-time one that must be changed at first sign-in.

    `actor` None is the operator at the command line. Raises InvalidInput for a bad or taken name or address.
    """
    permissions.check_manage_users(actor)
    check_free(username, email)
    user = User(
        username=username,
        display_name=display_name.strip(),
        email=email,
        is_staff=is_staff or is_superuser,
        is_superuser=is_superuser,
        can_create_cases=can_create_cases,
        must_change_password=not password,
    )
    secret = password or one_time_password()
    user.set_password(secret)
    check_fields(user)
    user.save(force_insert=True)
    after = {"username": username, "is_superuser": is_superuser} | _flags(user)
    history.record(actor, "user_created", user, after=after)
    return user, secret


@transaction.atomic
def choose_language(*, actor: User, language: str) -> User:
    """The language of the pages that `actor` sees; "" follows the browser. Raises InvalidInput for an unknown one."""
    if language and language not in Language.values:
        raise InvalidInput(f"language is one of: {', '.join(Language.values)}.", field="language")
    user = User.objects.select_for_update().get(pk=actor.pk)
    before = {"language": user.language}
    user.language = language
    user.save(update_fields=["language"])
    history.record(actor, "user_language_changed", user, before=before, after={"language": language})
    return user


@transaction.atomic
def change_flags(*, actor: User | None, user: User, **flags: bool) -> User:
    """Change is_active, is_staff or can_create_cases of somebody else; the inactive lose sessions and tokens."""
    permissions.check_manage_users(actor)
    if actor is not None:
        permissions.check_not_self(actor, user)
    user = User.objects.select_for_update().get(pk=user.pk)
    if unknown := set(flags) - set(FLAGS):
        raise InvalidInput("This cannot be changed.", field=min(unknown))
    before = _flags(user)
    for name, value in flags.items():
        setattr(user, name, value)
    after = _flags(user)
    if after != before:
        user.save(update_fields=list(FLAGS))
        changed = [name for name in FLAGS if before[name] != after[name]]
        history.record(
            actor,
            "user_changed",
            user,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return user


@transaction.atomic
def reset_password(*, actor: User | None, user: User) -> str:
    """A new one-time password; the second factor stays, and every session of the person ends."""
    permissions.check_manage_users(actor)
    user = User.objects.select_for_update().get(pk=user.pk)
    secret = one_time_password()
    user.set_password(secret)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    history.record(actor, "password_reset", user)
    return secret


def one_time_password() -> str:
    """Twenty characters in groups of five, without those that are mistaken for each other."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def check_free(username: str, email: str) -> None:
    """Raise InvalidInput for a username that is malformed or taken, and for a taken address."""
    if not _USERNAME.fullmatch(username):
        raise InvalidInput("Use 1 to 150 Latin letters, digits, dots, hyphens and underscores.", field="username")
    if User.objects.filter(username__iexact=username).exists():
        raise InvalidInput("This username is taken.", field="username")
    taken = Q(email__iexact=email) | Q(username__iexact=email)
    if email and User.objects.filter(taken).exists():
        raise InvalidInput("This e-mail address is taken.", field="email")


def _flags(user: User) -> dict[str, bool]:
    return {name: getattr(user, name) for name in FLAGS}
