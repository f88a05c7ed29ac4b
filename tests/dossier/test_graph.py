"""The drawing of who is behind what: nothing hides anything else, and no line seems to say what no claim says."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from claims.dossier.graph import BOX, Graph, graph_of

ACCOUNT = {"type": "account", "id": "a1", "shown": "@esmirak on X (Twitter)"}
PERSON = {"type": "person", "id": "p1", "shown": "Esmira Xalil"}
COMMITTEE = {"type": "organisation", "id": "o1", "shown": "The committee"}


def claim(number: int, subject: dict | None, target: dict | None, predicate="account_operated_by", **fields) -> dict:
    plain = {"role_title": "", "likelihood": {"term": "likely"}, "is_withdrawn": False}
    return {"number": number, "subject": subject, "object": target, "predicate": predicate} | plain | fields


def drawn(*claims: dict) -> Graph:
    return graph_of(claims, withdrawn="retracted")


def test_account_leads_to_person_and_person_to_the_role():
    role = claim(2, PERSON, COMMITTEE, "person_holds_role", role_title="head of the press service")
    graph = drawn(claim(1, ACCOUNT, PERSON), role)
    assert [node.lines for node in graph.nodes] == [
        ["@esmirak on X (Twitter)"],
        ["Esmira Xalil"],
        ["head of the press", "service", "The committee"],
    ]
    assert [edge.lines for edge in graph.edges] == [["C-1", "likely"], ["C-2", "likely"]]
    assert [node.x for node in graph.nodes] == sorted(node.x for node in graph.nodes)


def test_claim_without_two_drawable_ends_is_left_to_the_table():
    text = {"type": "text", "shown": "the picture"}
    assert drawn(claim(1, text, ACCOUNT), claim(2, ACCOUNT, None), claim(3, ACCOUNT, ACCOUNT | {"id": "a2"})) == Graph()


def test_line_past_a_column_runs_below_its_boxes():
    graph = drawn(claim(1, ACCOUNT, PERSON), claim(2, ACCOUNT, COMMITTEE, "account_self_declares_affiliation"))
    [past] = [edge for edge in graph.edges if edge.lane]
    assert past.number == 2
    assert past.lane > max(node.y + node.height for node in graph.nodes)
    assert f"V{past.lane:g}" in past.path
    assert graph.height >= past.lane


def test_retracted_claim_says_so_in_place_of_its_likelihood():
    [edge] = drawn(claim(1, ACCOUNT, PERSON, is_withdrawn=True)).edges
    assert edge.lines == ["C-1", "retracted"]


def test_hidden_characters_are_named_in_the_drawing():
    [account, _] = drawn(claim(1, ACCOUNT | {"shown": "@a\u202eb"}, PERSON)).nodes
    assert account.lines == ["@a[U+202E]b"]


def ends(kind: str):
    letters = st.text("aW @éى_", min_size=1, max_size=80)
    return st.builds(lambda pk, name: {"type": kind, "id": str(pk), "shown": name}, st.integers(1, 5), letters)


claims_of_any_shape = st.lists(
    st.tuples(
        st.one_of(ends("account"), ends("person")),
        st.one_of(ends("person"), ends("organisation")),
        st.sampled_from(["account_operated_by", "person_holds_role"]),
        st.sampled_from(["", "consultant", "head of the press service of the whole committee"]),
    ),
    max_size=12,
)


def overlap(one: tuple, other: tuple) -> bool:
    (x, y, width, height), (left, top, wide, high) = one, other
    return x < left + wide and left < x + width and y < top + high and top < y + height


@given(claims_of_any_shape)
def test_nothing_hides_anything_else_and_all_is_in_the_picture(shapes):
    graph = drawn(*(claim(n, *pair[:3], role_title=pair[3]) for n, pair in enumerate(shapes, start=1)))
    boxes = [(node.x, node.y, BOX, node.height) for node in graph.nodes]
    boxes += [tuple(edge.plate[key] for key in ("x", "y", "width", "height")) for edge in graph.edges]
    assert not any(overlap(*pair) for pair in combinations(boxes, 2))
    for x, y, width, height in boxes:
        assert -1e-6 <= x <= x + width <= graph.width + 1e-6
        assert -1e-6 <= y <= y + height <= graph.height + 1e-6
