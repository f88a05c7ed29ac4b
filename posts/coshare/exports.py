"""The network as files for other programs: tables of edges and accounts, GraphML and GEXF for Gephi.

Texts come in pieces, so that a network of a million edges is written without being held twice. Graph files carry
weight, objects, seconds, times and the ids of all posts behind each edge. What is written
are edges as `edges_of` and nodes as `nodes_of` give them.
"""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from posts.columns import moment
from posts.coshare.network import Network

_EDGE_TYPES = {
    "weight": "long",
    "n_objects": "long",
    "mean_delta": "double",
    "min_delta": "double",
    "contents_a": "long",
    "contents_b": "long",
    "symmetry": "double",
    "first_at": "string",
    "last_at": "string",
    "above": "boolean",
    "posts": "string",
}
EDGE_COLUMNS = ("Source", "Target", "Type", "Weight", *(name for name in _EDGE_TYPES if name != "weight"))
NODE_COLUMNS = ("Id", "Label", "degree", "weighted_degree", "posts")


def edge_rows(edges: Iterable[dict]) -> Iterator[list[object]]:
    """Yield the rows of Gephi's table of edges, under EDGE_COLUMNS."""
    for edge in edges:
        yield [edge["a"], edge["b"], "Undirected", edge["weight"], *(edge[name] for name in EDGE_COLUMNS[4:])]


def node_rows(nodes: Iterable[dict]) -> Iterator[list[object]]:
    """Yield the rows of Gephi's table of nodes, under NODE_COLUMNS."""
    for node in nodes:
        yield [node[name] for name in NODE_COLUMNS]


def graphml(nodes: Iterable[dict], edges: Iterable[dict]) -> Iterator[str]:
    """Yield an undirected GraphML document."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for name, kind in (("label", "string"), ("posts", "long")):
        yield f'<key id="n_{name}" for="node" attr.name="{name}" attr.type="{kind}"/>\n'
    for name, kind in _EDGE_TYPES.items():
        yield f'<key id="e_{name}" for="edge" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '<graph edgedefault="undirected">\n'
    for node in nodes:
        data = _graphml_data("n_", {"label": node["Label"], "posts": node["posts"]})
        yield f"<node id={_attribute(node['Id'])}>{data}</node>\n"
    for edge in edges:
        data = _graphml_data("e_", {name: edge[name] for name in _EDGE_TYPES})
        yield f"<edge source={_attribute(edge['a'])} target={_attribute(edge['b'])}>{data}</edge>\n"
    yield "</graph>\n</graphml>\n"


def gexf(nodes: Iterable[dict], edges: Iterable[dict]) -> Iterator[str]:
    """Yield an undirected GEXF 1.3 document."""
    others = {name: kind for name, kind in _EDGE_TYPES.items() if name != "weight"}
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
    yield '<graph defaultedgetype="undirected" mode="static">\n'
    yield '<attributes class="node"><attribute id="posts" title="posts" type="long"/></attributes>\n'
    yield '<attributes class="edge">'
    for name, kind in others.items():
        yield f'<attribute id="{name}" title="{name}" type="{kind}"/>'
    yield "</attributes>\n<nodes>\n"
    for node in nodes:
        head = f"<node id={_attribute(node['Id'])} label={_attribute(node['Label'])}>"
        yield f'{head}<attvalues><attvalue for="posts" value="{node["posts"]}"/></attvalues></node>\n'
    yield "</nodes>\n<edges>\n"
    for number, edge in enumerate(edges):
        head = f'<edge id="{number}" source={_attribute(edge["a"])} target={_attribute(edge["b"])}'
        values = "".join(f"<attvalue for={quoteattr(name)} value={_attribute(edge[name])}/>" for name in others)
        yield f'{head} weight="{edge["weight"]}"><attvalues>{values}</attvalues></edge>\n'
    yield "</edges>\n</graph>\n</gexf>\n"


def edges_of(network: Network) -> Iterator[dict]:
    """Yield the edges, the strongest first, each with its posts."""
    for place in network.ranked():
        yield with_posts(network.edge(int(place)), network.contents_of(int(place)))


def with_posts(edge: dict, posts: list[str]) -> dict:
    """Return an edge as results write it with times for people and the ids of its posts."""
    times = {name: moment(edge[name]).isoformat() for name in ("first_at", "last_at")}
    return edge | times | {"posts": " ".join(posts)}


def nodes_of(network: Network, labels: dict[str, str] | None = None) -> Iterator[dict]:
    """Yield every account with how many edges, pairs and posts of it there are; `labels` are handles by account."""
    edges, size = network.edges, len(network.rows.accounts)
    ends = np.concatenate((edges.a, edges.b))
    degree = np.bincount(ends, minlength=size)
    weighted = np.bincount(ends, np.tile(edges.weight, 2), minlength=size)
    both = np.concatenate((network.pairs.older, network.pairs.newer))
    # A post that shared several objects is one post.
    _, rows = np.unique(network.rows.content[both], return_index=True)
    posts = np.bincount(network.rows.account[both[rows]], minlength=size)
    for code in network.nodes():
        name = network.rows.accounts[code]
        yield node(name, (labels or {}).get(name, name), int(degree[code]), int(weighted[code]), int(posts[code]))


def node(name: str, label: str, degree: int, weighted: int, posts: int) -> dict:
    return dict(zip(NODE_COLUMNS, (name, label, degree, weighted, posts), strict=True))


def _graphml_data(prefix: str, values: dict) -> str:
    return "".join(f'<data key="{prefix}{name}">{escape(_plain(value))}</data>' for name, value in values.items())


def _attribute(value: object) -> str:
    return quoteattr(_plain(value))


def _plain(value: object) -> str:
    """Return a value as XML takes it: no control characters, booleans in lower case."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return "".join(c if c in "\t\n\r" or (ord(c) >= 32 and c not in "\ufffe\uffff") else "\ufffd" for c in text)
