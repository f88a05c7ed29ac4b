"""Rows for the search: everybody who signed in may ask, and is answered from their own cases."""

from search.actions.deciding import decide
from search.actions.saving import save_search
from tests.access.table import Row, World, inside, only, signed_in
from tests.factories.subjects import make_person

CASE = {"ref": "ref"}
ALIKE = {"ref": "ref", "kind": "person_word", "subject_id": "alike"}
WRITERS = ("investigator", "editor")
SAVED, API_SAVED = {"search_id": "saved"}, {"id": "saved"}


def build(world: World) -> None:
    actor = world.people["investigator"]
    one, other = (make_person(case=world.case, actor=actor, label="Esmira Xalil") for _ in range(2))
    row = decide(actor=actor, subject=one, other=other, verdict="unsure", note="Two of one name, it seems.")
    saved = save_search(actor=world.people["editor"], name="Names", query="esmira")
    world.objects["saved"] = saved.pk
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
    Row("search:palette", "GET", signed_in(200), query="?q=case"),
    Row("search:news", "GET", signed_in(200)),
    # Saved searches are their owner's: the editor's, here.
    Row("search:save", "POST", signed_in(302), body={"name": "Mine", "q": "esmira"}),
    Row("search:look", "POST", signed_in(404, editor=302), SAVED),
    Row("search:delete", "POST", signed_in(404, editor=302), SAVED),
    Row("saved-search-list", "GET", signed_in(200)),
    Row("saved-search-list", "POST", signed_in(201), body={"name": "Mine", "query": "esmira"}),
    Row("saved-search-detail", "GET", signed_in(404, editor=200), API_SAVED),
    Row("saved-search-detail", "DELETE", signed_in(404, editor=204), API_SAVED),
    Row("saved-search-look", "POST", signed_in(404, editor=200), API_SAVED, body={}),
    Row("search-list", "GET", signed_in(200), query="?q=case"),
    Row("search:alike", "GET", inside(200), ALIKE),
    Row("search:decide", "POST", only(302, *WRITERS), ALIKE, body=decision),
    Row("search:named_alike", "GET", only(200, *WRITERS), {"ref": "ref", "kind": "person_word"}, query="?label=Esmira"),
    Row("alike-list", "GET", inside(200), CASE, query="?kind=person&name=Esmira"),
    Row("likeness-list", "GET", inside(200), CASE),
    Row("likeness-list", "POST", only(201, *WRITERS), CASE, body=likeness),
    Row("likeness-detail", "GET", inside(200), {"ref": "ref", "id": "likeness"}),
]
