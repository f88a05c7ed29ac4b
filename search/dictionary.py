"""The words of what a person may find: how a beginning or a slip of the pen becomes words that are there.

A word at distance one from another has its first or its second half in common with it, so that two ranges of an index
hold every candidate (the pigeonhole principle).
"""

from collections.abc import Iterable

from django.db import connection
from rapidfuzz.distance import OSA

from search.models import Word

SHORTEST_TYPO = 4  # letters; of shorter words half a language is close
MOST_CLOSE = 50
_LONGEST = 40
_ADD = """
    INSERT INTO search_word (case_id, audience, word, backwards)
    SELECT %s, %s, word, reverse(word) FROM unnest(%s::text[]) word
    ON CONFLICT (audience, word) DO NOTHING"""
# Ranges in the order of bytes, whatever the order of the database.
_BEGINNING = """
    SELECT DISTINCT word FROM search_word
    WHERE audience = ANY (%s) AND word COLLATE "C" >= %s AND word COLLATE "C" < %s
    ORDER BY word LIMIT %s"""
_HALVES = """
    SELECT DISTINCT word FROM search_word
    WHERE audience = ANY (%(audiences)s) AND char_length(word) BETWEEN %(least)s AND %(most)s
    AND (word COLLATE "C" >= %(first)s AND word COLLATE "C" < %(first_end)s
        OR backwards COLLATE "C" >= %(second)s AND backwards COLLATE "C" < %(second_end)s)
    LIMIT 20000"""


def learn(case_id: object, audience: str, words: Iterable[str]) -> None:
    """Add words and keys that a document of this audience has."""
    kept = sorted({word for word in words if 3 <= len(word) <= _LONGEST})
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [case_id, audience, kept])


def forget() -> None:
    """Before all documents are made again."""
    Word.objects.all().delete()


def beginning_with(start: str, audiences: Iterable[str], most: int) -> list[str]:
    """The first `most` words, or keys, that begin with `start`."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGINNING, [list(audiences), start, _after(start), most])
        return [word for (word,) in cursor.fetchall()]


def close_to(word: str, audiences: Iterable[str]) -> list[str]:
    """Words that one wrong, missing or surplus letter, or two swapped ones, make of `word`; the nearest first."""
    if len(word) < SHORTEST_TYPO:
        return []
    half = len(word) // 2
    # Two letters swapped across the middle change both halves: one less of each is left in common.
    first, second = word[: max(1, half - 1)], word[half + 1 :][::-1]
    asked = {"audiences": list(audiences), "least": len(word) - 1, "most": len(word) + 1}
    asked |= {"first": first, "first_end": _after(first), "second": second, "second_end": _after(second)}
    with connection.cursor() as cursor:
        cursor.execute(_HALVES, asked)
        found = [other for (other,) in cursor.fetchall() if OSA.distance(word, other, score_cutoff=1) <= 1]
    return sorted(found)[:MOST_CLOSE]


def _after(start: str) -> str:
    """The first string behind all that begin with `start`, in the order of code points."""
    return f"{start}\U0010ffff"
