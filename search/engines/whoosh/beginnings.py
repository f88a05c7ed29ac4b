"""Beginnings of words, which the index does not know: they become the words of the dictionary that begin so."""

from dataclasses import replace

from search import dictionary
from search.ast import NOTHING, And, Node, Not, Or, Prefix, Words, leaves
from search.engines.base import Question, Unavailable
from search.rights import Reach

MOST_EXPANDED = 500


def in_whole_words(question: Question) -> Question:
    """Raises Unavailable where more than MOST_EXPANDED words begin so: PostgreSQL answers, which knows beginnings."""
    starts = {leaf.start for leaf in leaves(question.tree, wanted=False) if isinstance(leaf, Prefix)}
    if not starts:
        return question
    words = {start: _words(start, question.reach) for start in starts}
    wanted = tuple(
        tuple(one for word in group for one in (words[word[:-1]] if word.endswith("*") else (word,)))
        for group in question.wanted
    )
    return replace(question, tree=_whole(question.tree, words), wanted=wanted)


def _words(start: str, reach: Reach) -> tuple[str, ...]:
    found = dictionary.beginning_with(start, reach, MOST_EXPANDED + 1)
    if len(found) > MOST_EXPANDED:
        raise Unavailable("")
    return tuple(word for word in found if word[1:2] != ":")


def _whole(node: Node, words: dict[str, tuple[str, ...]]) -> Node:
    match node:
        case And(parts) | Or(parts):
            return replace(node, parts=tuple(_whole(part, words) for part in parts))
        case Not(part):
            return Not(_whole(part, words))
        case Prefix(start):
            return Words(words[start]) if words[start] else NOTHING
        case _:
            return node
