"""What suggests that two sources are one origin is found, said in words, and decides nothing (G-08)."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases.actions.members import add_member
from claims.independence import Text, Voice, compare, hints, shared_passage
from evidence.actions.origin_groups import join_sources
from evidence.models import Source
from tests.factories.claims import add_citation, make_draft, make_source, make_text
from tests.factories.users import make_user

WIRE = (
    "The platform suspended eleven accounts on Thursday after they had shared a picture that joins two unrelated "
    "photographs, the agency reported, citing a spokesman who asked not to be named."
)
OWN = "Our reporter went through the register of the committee page by page, and found the name on a list of 2022."


def voice(name: str, text: str = "", *, exhibit: int = 1, address: str = "", url: str = "", **more) -> Voice:
    fields = {"owner": more.pop("owner", ""), "url": url}
    made = Text(exhibit, more.pop("sha256", f"{exhibit:064x}"), address, text)
    return Voice(Source(name=name, **fields), (made,), **more)


def kinds(first: Voice, second: Voice) -> list[str]:
    return [hint.kind for hint in compare(first, second)]


def test_sources_with_nothing_in_common_give_no_hint():
    assert compare(voice("Radio", WIRE, owner="A"), voice("Gazette", OWN, exhibit=2, owner="B")) == []


def test_report_that_takes_over_a_wire_text_is_a_copy_of_it():
    first, second = voice("Radio", f"{WIRE} {OWN}"), voice("Gazette", f"Paris. {WIRE}", exhibit=2)
    [hint] = compare(first, second)
    assert (hint.kind, hint.exhibits) == ("words", (1, 2))
    assert hint.words.startswith("E-1 and E-2 have 9")
    assert "suspended eleven accounts on Thursday" in hint.words


def test_quotation_of_a_sentence_is_no_copy():
    said = "We never told anybody what to post"
    first, second = voice("Radio", f"{said}. {OWN} {OWN}"), voice("Gazette", f"{said}. {WIRE} {WIRE}", exhibit=2)
    assert kinds(first, second) == []


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        (voice("Radio", owner="Media Holding"), voice("Gazette", exhibit=2, owner=" media holding "), "owner"),
        (voice("Radio", WIRE), voice("Gazette", WIRE, exhibit=2, sha256=f"{1:064x}"), "bytes"),
        (voice("Radio", f"As Gazette wrote. {OWN}"), voice("Gazette", WIRE, exhibit=2), "cites"),
        (voice("Radio", WIRE), voice("Gazette", "See radio.example/story.", exhibit=2), "none"),
        (
            voice("Radio", WIRE, url="https://www.radio.example/"),
            voice("Gazette", "See radio.example/story.", exhibit=2),
            "cites",
        ),
        (
            voice("Radio", WIRE, address="https://x.com/radio/status/1"),
            voice("Gazette", "See https://x.com/radio/status/1", exhibit=2),
            "cites",
        ),
        (
            voice("Radio", WIRE, address="https://x.com/radio/status/1"),
            voice("Gazette", "Accounts on x.com were named.", exhibit=2),
            "none",
        ),
        (voice("Radio", WIRE), voice("Gazette", "The radiologist was asked.", exhibit=2), "none"),
        (voice("Radio", datasets=frozenset("ab")), voice("Gazette", exhibit=2, datasets=frozenset("bc")), "data"),
    ],
)
def test_each_reason_is_found_and_no_more(first, second, kind):
    assert (kinds(first, second) or ["none"]) == [kind]
    assert (kinds(second, first) or ["none"]) == [kind]


@given(st.text(max_size=400), st.text(max_size=400))
def test_shared_passage_is_symmetric_in_its_share_and_stands_in_the_text(one, other):
    there, back = shared_passage(one, other), shared_passage(other, one)
    assert (there is None) == (back is None)
    if there and back:
        assert there[0] == back[0]
        assert there[1] in other
        assert back[1] in one


@given(st.lists(st.sampled_from("abcdefgh"), min_size=8, max_size=80))
def test_text_contains_itself_whole(words):
    text = " ".join(words)
    assert shared_passage(text, text) == (1.0, text)


# --- in a case


def repeating(world, **details):
    """Two sources that an editor has declared independent; an exhibit of the gazette turns out to repeat the radio."""
    version = make_draft(world)
    repeated = make_text(world.case, world.author, "Radio reported first, and we with it.", world.gazette, **details)
    add_citation(world, version, repeated, "Radio reported first")
    return world.newest(version)


def test_hint_names_the_sources_the_exhibit_and_the_words(world):
    [hint] = hints(world.editor, repeating(world))
    assert (hint.kind, {hint.first.name, hint.second.name}) == ("cites", {"Gazette", "Radio"})
    assert "(Gazette) names Radio: “Radio reported first" in hint.words


def test_sources_that_count_as_one_are_not_held_against_each_other(world):
    version = repeating(world)
    join_sources(actor=world.editor, sources=[world.radio, world.gazette], reason="One repeats the other.")
    assert hints(world.editor, world.newest(version)) == []


def test_exhibit_that_is_closed_to_the_reader_gives_no_hint(world):
    version = repeating(world, sensitivity="sensitive")
    viewer = make_user()
    add_member(actor=world.editor, case=world.case, user=viewer, role="viewer")
    assert hints(world.editor, version)
    assert hints(viewer, version) == []


def test_many_sources_take_as_many_queries_as_two(world, django_assert_max_num_queries):
    version = make_draft(world)
    with django_assert_max_num_queries(12) as few:
        hints(world.editor, version)
    for number in range(6):
        source = make_source(world.case, world.author, world.editor, name=f"Paper {number}")
        item = make_text(world.case, world.author, f"Paper {number} wrote this, and nobody else.", source)
        add_citation(world, version, item, "wrote this")
    with django_assert_max_num_queries(len(few)):
        hints(world.editor, version)


def test_page_tells_the_editor_where_to_count_them_as_one(world):
    version = repeating(world)
    client = Client()
    client.force_login(world.editor)
    address = reverse("claims:shared_origins", args=[world.case.ref, version.claim.number])
    page = client.get(address).content.decode()
    assert "names Radio" in page
    joining = reverse("evidence:join", args=[world.case.ref])
    assert f"{joining}?source={world.gazette.pk}&amp;source={world.radio.pk}" in page
    form = client.get(joining, {"source": [str(world.gazette.pk), str(world.radio.pk)]}).content.decode()
    assert len(re.findall(r'name="sources"[^>]*checked', form)) == 2


def test_part_of_the_desk_is_only_the_hints(world):
    version = repeating(world)
    client = Client()
    client.force_login(world.editor)
    address = reverse("claims:shared_origins", args=[world.case.ref, version.claim.number])
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in part, "names Radio" in part) == (False, True)


def test_programs_get_the_same(world, api):
    version = repeating(world)
    path = f"/api/v1/cases/{world.case.ref}/claims/{version.claim.number}/shared-origins/"
    [row] = api(world.editor).get(path).json()["results"]
    assert (row["kind"], row["first_name"], row["second"]) == ("cites", "Gazette", str(world.radio.pk))
