"""From what was asked to what an engine is asked: beginnings, names and cases are looked up within a person's reach."""

from dataclasses import dataclass, replace

from cases.exceptions import InvalidInput
from search import dictionary
from search.ast import NOTHING, Among, And, Keys, Name, Node, Not, Or, Phrase, Prefix, Words, both, wanted_words
from search.drafts import handle_of
from search.kinds import NAMED
from search.namesakes import Namesake, namesakes
from search.query.parser import Query
from search.rights import Reach
from search.tokens import fold_word, tokens

MOST_EXPANDED = 500
MOST_SPELLINGS = 10
MOST_PARTS = 6  # words of a name that is looked for; more of them are a sentence
LONGEST_NAME = 100  # characters


@dataclass(frozen=True)
class Plan:
    """A tree for an engine, one for posts, which know beginnings of handles and tags too, and who was found by name:
    these come first.
    """

    tree: Node
    for_posts: Node = NOTHING
    named: tuple[Namesake, ...] = ()

    @property
    def first(self) -> tuple[int, ...]:
        return tuple(one.document_id for one in self.named)

    @property
    def wanted(self) -> tuple[tuple[str, ...], ...]:
        """The groups of words that decide about the order."""
        found: list[tuple[str, ...]] = []
        for leaf in wanted_words(self.tree):
            if isinstance(leaf, Phrase):
                found += [(word,) for word in leaf.words]
            elif isinstance(leaf, Prefix):
                found.append((f"{leaf.start}*",))
            elif leaf.words and not leaf.exact:
                found.append(leaf.words)
        return tuple(dict.fromkeys(found))


def plan(query: Query, reach: Reach) -> Plan:
    """Raises InvalidInput for a beginning that too many handles or tags have."""
    planner = _Planner(reach)
    tree, for_posts = planner.resolved(query.tree), planner.resolved(query.tree, keep=Prefix)
    if query.plain:
        found = planner.called(query.plain)
        tree, for_posts = (_or_named(query.tree, resolved, found) for resolved in (tree, for_posts))
    return Plan(tree, for_posts, planner.named)


def _or_named(asked: Node, tree: Node, found: list[Namesake]) -> Node:
    """Words, or whoever goes by them; filters hold for both."""
    if not found:
        return tree
    pairs = list(zip(asked.parts, tree.parts, strict=True)) if isinstance(asked, And) else [(asked, tree)]
    filters = (part for before, part in pairs if not _is_text(before))
    words = (part for before, part in pairs if _is_text(before))
    meant = Among(tuple(one.document_id for one in found))
    return both(*filters, Or((both(*words), meant, *_spellings([one for one in found if one.is_match]))))


def _spellings(found: list[Namesake]) -> list[Node]:
    """What those who surely go by a name are called elsewhere: texts have them in the spelling of their day."""
    names = dict.fromkeys(name for one in found for name in one.names)
    handles = dict.fromkeys(handle for one in found for handle in one.handles)
    written = [tuple(token.folded for token in tokens(name)) for name in names]
    phrases: list[Node] = [Phrase(words) for words in dict.fromkeys(written) if len(words) > 1]
    tags: list[Node] = [Keys((f"h:{handle_of(handle)}", f"t:@{fold_word(handle)}")) for handle in handles]
    return [*phrases[:MOST_SPELLINGS], *tags[:MOST_SPELLINGS]]


def _is_text(part: Node) -> bool:
    """Whether it stands for words as typed, #tags and @handles among them, and not for a filter. Where nothing but
    words and filters was typed, an Or is a handle of several words."""
    typed = isinstance(part, Keys) and any(key.startswith("t:") for key in part.keys)
    return typed or isinstance(part, Words | Phrase | Or)


class _Planner:
    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._by_name: dict[str, list[Namesake]] = {}

    def resolved(self, node: Node, *, keep: type[Node] | None = None) -> Node:
        """`node` for an engine; nodes of the type `keep` stay as they are."""
        match node:
            case And(parts) | Or(parts):
                found: Node = replace(node, parts=tuple(self.resolved(part, keep=keep) for part in parts))
            case Not(part):
                found = Not(self.resolved(part, keep=keep))
            case Prefix(start) if start[1:2] == ":" and keep is not Prefix:
                found = self._begun(start)
            case Name(name):
                found = self._named(name)
            case Keys(keys) if keys[0].startswith("ref:"):
                called = (self._reach.case_called(key.removeprefix("ref:")) for key in keys)
                own = tuple(f"c:{case_id}" for case_id in called if case_id)
                found = Keys(own) if own else NOTHING
            case _:
                found = node
        return found

    def _begun(self, start: str) -> Node:
        found = dictionary.beginning_with(start, self._reach, MOST_EXPANDED + 1)
        if len(found) > MOST_EXPANDED:
            raise InvalidInput(
                f"More than {MOST_EXPANDED} handles or tags begin with {start[2:]}: write more letters.", field="query"
            )
        return Keys(tuple(found)) if found else NOTHING

    def _named(self, name: str) -> Node:
        return Among(tuple(one.document_id for one in self.called(name)))

    def called(self, name: str) -> list[Namesake]:
        """Who may go by `name`; asked once for each, though a query becomes two trees."""
        if len(name.split()) > MOST_PARTS or len(name) > LONGEST_NAME:
            return []
        if name not in self._by_name:
            self._by_name[name] = namesakes(name, self._reach, NAMED)
        return self._by_name[name]

    @property
    def named(self) -> tuple[Namesake, ...]:
        return tuple(dict.fromkeys(one for found in self._by_name.values() for one in found))


def loosened(node: Node, reach: Reach) -> Node:
    """The tree with each plain word also as the words that a slip of the pen makes of it."""
    match node:
        case And(parts) | Or(parts):
            return replace(node, parts=tuple(loosened(part, reach) for part in parts))
        case Words((single,), False):
            return Words((single, *(word for word in dictionary.close_to(single, reach) if word != single)))
        case _:
            return node
