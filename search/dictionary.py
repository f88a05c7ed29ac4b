"""The words of what a person may find: how a beginning or a slip of the pen becomes words that are there.

A word at distance one from another has its first or its second half in common with it, so that two ranges of an index
hold every candidate (the pigeonhole principle), which of them are that close is told by patterns; or it has two
neighbours swapped.
"""

from collections.abc import Iterable
from itertools import chain

from django.db import connection

from search.models import Word
from search.rights import Reach

SHORTEST_TYPO = 4  # letters; of shorter words half a language is close
MOST_CLOSE = 50
_LONGEST = 40
_ADD = """
    INSERT INTO search_word (case_id, sensitive, word, backwards)
    SELECT %s, %s, word, reverse(word) FROM unnest(%s::text[]) word
    ON CONFLICT (case_id, sensitive, word) DO NOTHING"""
# Ranges in the order of bytes, which is the tables' own.
_OWN = """
    FROM unnest(%(cases)s::uuid[], %(sensitive)s::boolean[]) own (case_id, sensitive)
    JOIN search_word w ON w.case_id = own.case_id AND w.sensitive = own.sensitive"""
_BEGINNING = f"""
    SELECT DISTINCT w.word {_OWN} AND w.word >= %(start)s AND w.word < %(end)s ORDER BY w.word LIMIT %(most)s"""
_CLOSE = f"""
    SELECT w.word {_OWN} AND w.word >= %(first)s AND w.word < %(first_end)s
        AND char_length(w.word) BETWEEN %(least)s AND %(longest)s AND w.word LIKE ANY (%(close)s::text[])
    UNION
    SELECT w.word {_OWN} AND w.backwards >= %(second)s AND w.backwards < %(second_end)s
        AND char_length(w.word) BETWEEN %(least)s AND %(longest)s AND w.word LIKE ANY (%(close)s::text[])
    UNION
    SELECT w.word {_OWN} AND w.word = ANY (%(swapped)s::text[])
    ORDER BY word LIMIT %(most)s"""


def learn(case_id: object, sensitive: bool, words: Iterable[str]) -> None:
    """Add words and keys that a document of the case has; `sensitive` ones are for those who open such exhibits."""
    kept = sorted({word for word in words if 3 <= len(word) <= _LONGEST})
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [case_id, sensitive, kept])


def forget() -> None:
    """Before all documents are made again."""
    Word.objects.all().delete()


def beginning_with(start: str, reach: Reach, most: int) -> list[str]:
    """The first `most` words, or keys, that begin with `start`."""
    return _words(_BEGINNING, reach, {"start": start, "end": _after(start), "most": most})


def close_to(word: str, reach: Reach) -> list[str]:
    """Words that one wrong, missing or surplus letter, or two swapped ones, make of `word`, at most MOST_CLOSE."""
    if len(word) < SHORTEST_TYPO:
        return []
    first, second = word[: len(word) // 2], word[len(word) // 2 :][::-1]
    asked: dict[str, object] = {"least": len(word) - 1, "longest": len(word) + 1, "most": MOST_CLOSE + 1}
    asked |= {"first": first, "first_end": _after(first), "second": second, "second_end": _after(second)}
    # Patterns hold the word itself too.
    found = _words(_CLOSE, reach, asked | {"close": like_but_for_a_letter(word), "swapped": _swapped(word)})
    return [other for other in found if other != word][:MOST_CLOSE]


def like_but_for_a_letter(word: str) -> list[str]:
    """What every word is LIKE that has one letter other, more or less than `word`, and no other word."""
    signs = [f"\\{sign}" if sign in r"\_%" else sign for sign in word]
    places = range(len(signs))
    other = (["_" if at == place else sign for at, sign in enumerate(signs)] for place in places)
    less = (signs[:place] + signs[place + 1 :] for place in places)
    more = ([*signs[:place], "_", *signs[place:]] for place in range(len(signs) + 1))
    return ["".join(pattern) for pattern in chain(other, less, more)]


def _swapped(word: str) -> list[str]:
    """`word` with two neighbours swapped, which may be of both halves."""
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]


def _words(statement: str, reach: Reach, asked: dict[str, object]) -> list[str]:
    """What the statement finds among the words of documents in reach."""
    cases = [*reach.cases, *reach.sensitive]
    sensitive = [number >= len(reach.cases) for number in range(len(cases))]
    with connection.cursor() as cursor:
        cursor.execute(statement, asked | {"cases": cases, "sensitive": sensitive})
        return [word for (word,) in cursor.fetchall()]


def _after(start: str) -> str:
    """The first string behind all that begin with `start`, in the order of code points."""
    return f"{start}\U0010ffff"
