"""People for tests."""

from itertools import count

from cases.models import User

PASSWORD = "correct-horse-battery-staple"
_numbers = count(1)


def make_user(username: str = "", *, password: str = "", **fields) -> User:
    """An active person; without `password` they cannot sign in by form (`client.force_login` works, and is fast)."""
    username = username or f"person{next(_numbers)}"
    fields.setdefault("email", f"{username}@newsroom.example")
    fields.setdefault("display_name", username.capitalize())
    return User.objects.create_user(username=username, password=password or None, **fields)
