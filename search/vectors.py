"""Words as PostgreSQL's full text takes them. Its own parser, which knows other words than `search.tokens`, is not
asked."""

from collections.abc import Iterable, Sequence

from django.contrib.postgres.search import SearchVectorField
from django.db.models import TextField, Value
from django.db.models.functions import Cast


def vector(words: Sequence[str]) -> Cast:
    """`words` as a tsvector, each at its place."""
    return _cast(f"{quoted(word)}:{place}" for place, word in enumerate(words, 1))


def bag(words: Iterable[str]) -> Cast:
    """`words` as a tsvector without places."""
    return _cast(map(quoted, words))


def _cast(lexemes: Iterable[str]) -> Cast:
    return Cast(Value(" ".join(lexemes), output_field=TextField()), SearchVectorField())


def quoted(word: str) -> str:
    """A word as a tsvector or tsquery takes it literally."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
