"""Who is said to be behind which account, drawn at build time: account, person and role in columns, claims as lines.

No script and no library of the reader's draws it: the same claims give the same numbers. All lengths are units of the
picture, about a pixel each on a wide screen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from textwrap import wrap

from claims.enums import Predicate, SubjectType
from claims.templatetags.claims import spelled_out

COLUMNS = (SubjectType.ACCOUNT, SubjectType.PERSON, SubjectType.ORGANISATION)
BOX, GUTTER, GAP, LINE, PAD, TURN = 210, 165, 22, 19, 10, 10
_IN_BOX, _IN_GUTTER = 24, 19  # characters of a line
_MOST_LINES = 3


@dataclass
class Node:
    """A box: who or what, by the rows of its text."""

    key: tuple[str, ...]
    column: int
    lines: list[str]
    x: float = 0
    y: float = 0

    @property
    def height(self) -> float:
        return 2 * PAD + LINE * len(self.lines)

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def rows(self) -> list[tuple[float, float, str]]:
        """Where each line of its text stands."""
        return _rows(self.x + BOX / 2, self.y + PAD, self.lines)


@dataclass
class Edge:
    """A claim as a line from one box to another, with its words on the way."""

    number: int
    source: Node
    target: Node
    lines: list[str]
    is_withdrawn: bool
    slot: float = 0
    # Below all boxes, for a line that would else run behind one: it would seem to begin there.
    lane: float = 0

    @property
    def height(self) -> float:
        return PAD + LINE * len(self.lines)

    @property
    def _label_x(self) -> float:
        """The words stand in the gutter before the target: nothing else is there."""
        return self.target.x - GUTTER / 2

    @property
    def path(self) -> str:
        start, stop = self.source.x + BOX, self.target.x - 9
        left, right = self._label_x - GUTTER / 4, self._label_x + GUTTER / 4
        begin = f"M{start:g} {self.source.middle:g}"
        if self.lane:
            begin += f"H{start + TURN:g}V{self.lane:g}H{self.target.x - GUTTER + TURN:g}V{self.slot:g}"
        else:
            begin += f"C{left:g} {self.source.middle:g} {start:g} {self.slot:g} {left:g} {self.slot:g}"
        return (
            f"{begin}H{right:g}C{stop:g} {self.slot:g} {right:g} {self.target.middle:g} {stop:g} {self.target.middle:g}"
        )

    @property
    def arrow(self) -> str:
        x, y = self.target.x, self.target.middle
        return f"{x - 10:g},{y - 5:g} {x:g},{y:g} {x - 10:g},{y + 5:g}"

    @property
    def plate(self) -> dict[str, float]:
        """The ground on which its words stand, so that no line runs through them."""
        width = 8.2 * max(map(len, self.lines)) + 6
        return {"x": self._label_x - width / 2, "y": self.slot - self.height / 2, "width": width, "height": self.height}

    @property
    def rows(self) -> list[tuple[float, float, str]]:
        return _rows(self._label_x, self.slot - self.height / 2 + PAD / 2, self.lines)


@dataclass
class Graph:
    """The drawing with its size; no edges where no claim links an account, a person and an organisation."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    width: float = 0
    height: float = 0


def graph_of(claims: Iterable[dict], *, withdrawn: str) -> Graph:
    """Draw the claims of a rendered snapshot that lead from an account to a person, and from a person to a role.

    `withdrawn` is the word on the line of a claim that was retracted since.
    """
    nodes: dict[tuple[str, ...], Node] = {}
    edges = []
    for claim in claims:
        ends = [_end(claim, side) for side in ("subject", "object")]
        if None in ends or ends[0][1] == ends[1][1]:
            continue
        source, target = (nodes.setdefault(key, Node(key, column, lines)) for key, column, lines in ends)
        if source.column > target.column:
            source, target = target, source
        edges.append(_edge(claim, source, target, withdrawn))
    return _laid_out(list(nodes.values()), edges)


def _end(claim: dict, side: str) -> tuple[tuple[str, ...], int, list[str]] | None:
    """What stands at one side of a claim: its key, its column and its text. A role is a box of its own."""
    end = claim[side]
    if not end or end["type"] not in COLUMNS:
        return None
    column = COLUMNS.index(end["type"])
    key, lines = (end["type"], end["id"]), _wrapped(end["shown"], _IN_BOX)
    if side == "object" and claim["predicate"] == Predicate.PERSON_HOLDS_ROLE and claim["role_title"]:
        key, lines = (*key, claim["role_title"]), [*_wrapped(claim["role_title"], _IN_BOX), *lines]
    return key, column, lines


def _edge(claim: dict, source: Node, target: Node, withdrawn: str) -> Edge:
    words = withdrawn if claim["is_withdrawn"] else claim["likelihood"]["term"] if claim["likelihood"] else ""
    lines = [f"C-{claim['number']}", *_wrapped(words, _IN_GUTTER)]
    return Edge(claim["number"], source, target, lines, claim["is_withdrawn"])


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(spelled_out(text), width, max_lines=_MOST_LINES, placeholder="…")


def _laid_out(nodes: list[Node], edges: list[Edge]) -> Graph:
    """Columns beside each other, each centred; the words of the lines one below the other in their gutter."""
    used = sorted({node.column for node in nodes})
    columns = [[node for node in nodes if node.column == column] for column in used]
    gutters = [[edge for edge in edges if used.index(edge.target.column) == place] for place in range(len(used))]
    height = max((_stacked(stack) for stack in [*columns, *gutters]), default=0)
    for place, column in enumerate(columns):
        y = (height - _stacked(column)) / 2
        for node in column:
            node.x, node.y = place * (BOX + GUTTER), y
            y += node.height + GAP
    for gutter in gutters:
        _place_words(gutter, height)
    for edge in edges:
        if used.index(edge.target.column) - used.index(edge.source.column) > 1:
            height += TURN
            edge.lane = height
    return Graph(nodes, edges, len(used) * (BOX + GUTTER) - GUTTER if used else 0, height)


def _place_words(gutter: list[Edge], height: float) -> None:
    gutter.sort(key=lambda edge: (edge.source.middle + edge.target.middle, edge.number))
    y = (height - _stacked(gutter)) / 2
    for edge in gutter:
        edge.slot = y + edge.height / 2
        y += edge.height + GAP


def _stacked(stack: Sequence[Node | Edge]) -> float:
    return sum(one.height for one in stack) + GAP * max(0, len(stack) - 1)


def _rows(x: float, top: float, lines: Sequence[str]) -> list[tuple[float, float, str]]:
    return [(x, top + LINE * number + 0.75 * LINE, line) for number, line in enumerate(lines)]
