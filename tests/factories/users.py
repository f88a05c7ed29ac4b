"""People for tests."""

from itertools import count

from cases.actions.users import create_user
from cases.models import User

PASSWORD = "correct-horse-battery-staple"
_numbers = count(1)


def make_user(username: str = "", *, password: str = PASSWORD, **fields) -> User:
    """An active person who may sign in with `PASSWORD`."""
    username = username or f"person{next(_numbers)}"
    fields.setdefault("email", f"{username}@newsroom.example")
    fields.setdefault("display_name", username.capitalize())
    user, _ = create_user(actor=None, username=username, password=password, **fields)
    return user
