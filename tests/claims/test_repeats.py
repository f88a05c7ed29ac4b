"""Who repeats whom in a case is looked for by a job, shown to all its members, and decided by editors (G-08)."""

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Event
from cases.actions.members import add_member
from cases.exceptions import NotAllowed
from cases.models import JobRun
from claims.actions.repeats import ask_for_origins
from claims.independence import SHINGLE
from claims.models import OriginHint
from claims.repeats import ROW, WINDOW, decided, drawn, hints_among, hints_of, marks, voices_of_case
from evidence.actions.items import change_item, withdraw_item
from evidence.actions.origin_groups import join_sources, release_source, split_source
from evidence.actions.sources import change_source
from evidence.models import Item
from tests.evidence.conftest import run_jobs
from tests.factories.claims import make_source, make_text
from tests.factories.users import make_user

WIRE = (
    "The platform suspended eleven accounts on Thursday after they had shared a picture that joins two unrelated "
    "photographs, the agency reported, citing a spokesman who asked not to be named."
)
OWN = "Our reporter went through the register of the committee page by page, and found the name on a list of 2022."
WORDS = st.lists(st.text("abcdefgh", min_size=2, max_size=2), max_size=30)


@pytest.fixture
def found(world) -> dict[str, OriginHint]:
    """The gazette copies a report of the radio and says so; a tabloid of the radio's owner does neither."""
    tabloid = make_source(world.case, world.author, world.editor, name="Tabloid", origin=False)
    for source, owner in ((world.radio, "One Holding"), (tabloid, "one holding ")):
        change_source(actor=world.author, source=source, version=source.version, changes={"owner": owner}, reason="")
    make_text(world.case, world.author, WIRE, world.radio)
    make_text(world.case, world.author, f"As Radio said. {WIRE}", world.gazette)
    make_text(world.case, world.author, OWN, tabloid)
    look(world)
    return {hint.kind: hint for hint in hints_of(world.author, world.case)}


def look(world) -> JobRun:
    job = ask_for_origins(actor=world.author, case=world.case)
    run_jobs()
    job.refresh_from_db()
    return job


def page(user, world) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("claims:repeats", args=[world.case.ref])).content.decode()


# --- what is found


def test_job_finds_who_copies_names_and_owns_whom(world, found):
    names = {kind: (hint.first.name, hint.second.name) for kind, hint in found.items()}
    assert names == {"cites": ("Gazette", "Radio"), "words": ("Gazette", "Radio"), "owner": ("Radio", "Tabloid")}
    assert "suspended eleven accounts" in found["words"].words
    assert Event.objects.filter(action="origins_looked_for").count() == 1


def test_next_look_takes_the_place_of_the_last_one_and_says_what_it_found(world, found):
    job = look(world)
    assert (job.state, job.message) == ("succeeded", "3 sources, 3 hints")
    assert OriginHint.objects.count() == len(found) == 3
    assert not OriginHint.objects.filter(pk__in=[hint.pk for hint in found.values()]).exists()


def test_who_only_reads_the_case_cannot_ask_for_a_look(world):
    with pytest.raises(NotAllowed):
        ask_for_origins(actor=world.publisher, case=world.case)


def test_sensitive_and_withdrawn_exhibits_are_not_read(world):
    make_text(world.case, world.author, WIRE, world.radio)
    secret = make_text(world.case, world.author, f"As Radio said. {WIRE}", world.gazette, sensitivity="sensitive")
    old = make_text(world.case, world.author, f"Radio said so too. {WIRE}", world.gazette)
    withdraw_item(actor=world.editor, item=old, reason="It is another edition.")
    voices = {voice.source.name: voice for voice in voices_of_case(world.case)}
    read = {text.exhibit for text in voices["Gazette"].texts}
    assert not read & {secret.exhibit, old.exhibit}
    assert [hint for hints in hints_among(world.case, list(voices.values())) for hint in hints] == []


def test_many_sources_take_as_many_queries_as_two(world, django_assert_max_num_queries):
    def looked() -> int:
        with django_assert_max_num_queries(12) as asked:
            voices = voices_of_case(world.case)
            assert list(hints_among(world.case, voices))
        return len(asked)

    few = looked()
    for number in range(6):
        source = make_source(world.case, world.author, world.editor, name=f"Paper {number}")
        make_text(world.case, world.author, f"Paper {number} wrote this. {WIRE}", source)
    assert looked() == few


@given(WORDS, WORDS, st.lists(st.text("opqrstuv", min_size=3, max_size=5), min_size=SHINGLE + WINDOW - 1, max_size=20))
def test_texts_with_a_passage_in_common_have_a_mark_in_common(before, after, passage):
    shared = " ".join(passage)
    assert marks(shared) & marks(" ".join([*before, shared, *after]))


@given(WORDS)
def test_text_has_fewer_marks_than_words(words):
    assert len(marks(" ".join(words))) <= max(0, len(words) - SHINGLE + 1)


# --- what is shown


def test_hint_is_open_until_an_editor_has_decided_about_both(world, found):
    def decisions() -> dict[str, tuple[str, str]]:
        rows = decided(hints_of(world.editor, world.case))
        return {one.hint.kind: (one.decision, one.decided.reason if one.decided else "") for one in rows}

    assert decisions()["owner"] == ("", "")
    tabloid = found["owner"].second
    split_source(actor=world.editor, source=tabloid, reason="Two newsrooms, one owner.")
    assert decisions()["owner"] == ("apart", "Two newsrooms, one owner.")
    join_sources(actor=world.editor, sources=[world.radio, world.gazette], reason="A copy.", label="The radio's report")
    assert decisions() == {
        "owner": ("apart", "A copy."),
        "words": ("one", "A copy."),
        "cites": ("one", "A copy."),
    }
    release_source(actor=world.editor, source=world.gazette, reason="Not so sure.")
    assert decisions()["words"] == ("", "")


def test_exhibit_that_became_sensitive_is_no_longer_quoted(world, found):
    item = Item.objects.get(exhibit=found["cites"].exhibits[0], case=world.case)
    change_item(actor=world.author, item=item, version=item.version, changes={"sensitivity": "sensitive"})
    assert {hint.kind for hint in hints_of(world.editor, world.case)} == {"owner"}
    assert "As Radio said" not in page(world.editor, world)


def test_page_draws_and_lists_it_and_leads_the_editor_to_a_decision(world, found):
    shown = page(world.editor, world)
    assert shown.count('class="arc ') == 3
    assert shown.count('marker-end="url(#names)"') == 1
    assert "names Radio: “As Radio said." in shown
    assert f"?source={world.gazette.pk}&amp;source={world.radio.pk}" in shown
    split = reverse("evidence:source_split", args=[world.case.ref, found["owner"].second_id])
    assert f'<a href="{split}"><bdi>Tabloid</bdi> is independent</a>' in shown


def test_who_may_not_decide_sees_the_same_without_the_ways_to_do_so(world, found):
    viewer = make_user()
    add_member(actor=world.editor, case=world.case, user=viewer, role="viewer")
    shown = page(viewer, world)
    assert "names Radio" in shown
    assert "Count them as one" not in shown
    assert "Look again" not in shown


def test_case_in_which_nothing_was_found_says_so_and_offers_a_look(world):
    shown = page(world.author, world)
    assert "Nothing was found" in shown
    assert "Compare all sources" in shown
    assert Client().get(reverse("claims:repeats", args=[world.case.ref])).status_code == 302


def test_look_from_the_page_leads_to_the_job(world):
    client = Client()
    client.force_login(world.author)
    answer = client.post(reverse("claims:look_for_origins", args=[world.case.ref]))
    assert answer.url == reverse("cases:jobs", args=[world.case.ref])
    assert JobRun.objects.get(case=world.case, title="Who repeats whom").state == "queued"


def test_programs_get_the_hints_and_the_decisions(world, found, api):
    address = f"/api/v1/cases/{world.case.ref}/repeats/"
    rows = api(world.editor).get(address, {"ordering": "kind"}).json()["results"]
    assert [(row["kind"], row["first_name"], row["decision"]) for row in rows] == [
        ("cites", "Gazette", "apart"),
        ("owner", "Radio", ""),
        ("words", "Gazette", "apart"),
    ]
    assert rows[0]["reason"] == "It does its own reporting."
    assert api(world.author).post(f"{address}look/", {}).status_code == 202


# --- how it is drawn


def test_sources_stand_below_their_origin_and_what_is_undetermined_comes_last(world, found):
    join_sources(actor=world.editor, sources=[world.radio, world.gazette], reason="A copy.", label="A report")
    lines, arcs = drawn(decided(hints_of(world.editor, world.case)))
    assert [line.text for line in lines] == ["A report", "Gazette", "Radio", "", "Tabloid"]
    owner = next(arc for arc in arcs if arc.repeat.hint.kind == "owner")
    assert (owner.start, owner.stop) == (2.5 * ROW, 4.5 * ROW)


def test_several_hints_between_two_sources_are_bows_beside_each_other(world, found):
    _, arcs = drawn(decided(hints_of(world.editor, world.case)))
    assert len({arc.path for arc in arcs}) == 3
    between = [arc for arc in arcs if arc.repeat.hint.kind in {"words", "cites"}]
    assert len({arc.depth for arc in between}) == 2
