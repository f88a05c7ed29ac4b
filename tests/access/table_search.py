"""Rows for the search: everybody who signed in may ask, and is answered from their own cases."""

from search.actions.deciding import decide
from tests.access.table import Row, World, inside, only, signed_in
from tests.factories.subjects import make_person

CASE = {"ref": "ref"}
ALIKE = {"ref": "ref", "kind": "person_word", "subject_id": "alike"}
WRITERS = ("investigator", "editor")


def build(world: World) -> None:
    actor = world.people["investigator"]
    one, other = (make_person(case=world.case, actor=actor, label="Esmira Xalil") for _ in range(2))
    row = decide(actor=actor, subject=one, other=other, verdict="unsure", note="Two of one name, it seems.")
    world.objects |= {"person_word": "person", "alike": one.pk, "other_alike": other.pk, "likeness": row.pk}


def decision(world: World) -> dict[str, str]:
    other = str(world.objects["other_alike"])
    return {"other_kind": "person", "other_id": other, "verdict": "different", "note": "They met each other."}


def likeness(world: World) -> dict[str, str]:
    one, other = str(world.objects["alike"]), str(world.objects["other_alike"])
    said = {"verdict": "different", "note": "They met each other."}
    return {"subject_kind": "person", "subject": one, "other_kind": "person", "other": other} | said


ROWS = [
    Row("search:search", "GET", signed_in(200), query="?q=case"),
    Row("search-list", "GET", signed_in(200), query="?q=case"),
    Row("search:alike", "GET", inside(200), ALIKE),
    Row("search:decide", "POST", only(302, *WRITERS), ALIKE, body=decision),
    Row("search:named_alike", "GET", only(200, *WRITERS), {"ref": "ref", "kind": "person_word"}, query="?label=Esmira"),
    Row("alike-list", "GET", inside(200), CASE, query="?kind=person&name=Esmira"),
    Row("likeness-list", "GET", inside(200), CASE),
    Row("likeness-list", "POST", only(201, *WRITERS), CASE, body=likeness),
    Row("likeness-detail", "GET", inside(200), {"ref": "ref", "id": "likeness"}),
]
