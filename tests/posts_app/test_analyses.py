"""A number can be asked for, is preserved with all it rests on, comes out the same again, and grows stale in sight."""

import hashlib
import json
import random

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Event
from cases.exceptions import InvalidInput, NotAllowed, NotVisible
from evidence import stores
from evidence.actions.items import change_item, withdraw_item
from evidence.details import Details
from evidence.enums import Sensitivity
from posts import loading
from posts.actions import analyses
from posts.actions.analyses import ask, recompute
from posts.actions.importing import About, How, Unwatched, import_file
from posts.coshare.network import Settings
from posts.exceptions import InvalidSettings, TooManyPairs, UnknownZone
from posts.figures import groups_of, handles_of, newest, posts_by, posts_named, texts_of
from posts.formats.mapping import Mapping
from posts.listing import Narrowing, posts_of
from posts.loading import Collection
from posts.models import Analysis
from posts.networks import network_of
from posts.queries import analyses_of, get_analysis_by_id, stale_ids
from posts.questions import Question
from posts.states import AnalysisMethod, AnalysisState
from posts.texts.phrases import places
from tests.factories.cases import make_case
from tests.factories.posts import CAMPAIGN, MAPPING, PASTED, analyse, import_posts, row, table
from tests.posts.cases_of_phrases import FOUND
from tests.posts.files import write_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(room, campaign):
    return import_posts(room.investigator, room.case, campaign, query="#islands", gaps="deleted posts")


def test_campaign_counts_what_is_there(room, dataset):
    analysis = analyse(room.investigator, room.case, zone="Asia/Baku")
    result = analysis.result
    assert [result[name] for name in ("posts", "accounts", "originals", "reposts")] == [5, 4, 4, 1]
    assert result["first"]["id"] == "101"
    # 21:30 in UTC is past midnight in Baku, so all but one are of one day there.
    assert result["peak_day"] == {"bucket": "2024-05-16", "posts": 5, "ties": []}
    assert {one["tag"]: one["posts"] for one in result["hashtags"]} == {"islands": 3, "now": 2, "then": 1, "birds": 1}
    assert result["clusters"]["L0"]["originals_only"]["clusters"] == 0
    assert result["clusters"]["L2"]["originals_only"]["posts"] == 3
    assert result["clusters"]["L2"]["originals_only"]["largest"]["accounts"] == 3
    assert result["most_shared"][0] | {"author": "2"} == result["most_shared"][0]
    assert result["most_shared"][0]["reposts_here"] == 1


def test_peak_day_is_one_of_the_zone(room, dataset):
    assert analyse(room.investigator, room.case).result["peak_day"]["bucket"] == "2024-05-15"
    assert analyse(room.investigator, room.case, zone="Asia/Baku").result["peak_day"]["bucket"] == "2024-05-16"


def test_answer_is_an_exhibit_of_exactly_its_bytes(room, dataset):
    analysis = analyse(room.investigator, room.case)
    assert (analysis.item.kind, analysis.item.blob_id) == ("analysis", analysis.result_sha256)
    with stores.vault().open(analysis.result_sha256) as stream:
        content = stream.read()
    assert hashlib.sha256(content).hexdigest() == analysis.result_sha256
    document = json.loads(content)
    assert document["result"] == analysis.result
    assert document["question"] == analysis.parameters
    assert document["input"] == {"posts": 5, "sha256": analysis.input_sha256}
    assert document["coverage"]["datasets"][0]["sha256"] == dataset.item.blob_id
    assert "#islands" in document["coverage"]["line"]
    assert "deleted posts" in document["coverage"]["line"]
    assert Event.objects.get(action="analysis_made").object == f"analysis:{analysis.pk}"
    assert not Event.objects.filter(action="row_changed").exists()


@pytest.mark.parametrize(
    ("method", "asked"),
    [
        (AnalysisMethod.TIMELINE, {"unit": "hour"}),
        (AnalysisMethod.HASHTAGS, {}),
        (AnalysisMethod.EARLIER_TAGS, {"tag": "birds"}),
        (AnalysisMethod.FIRST_POSTERS, {"levels": ["L1", "L2"]}),
        (AnalysisMethod.MOST_SHARED, {}),
        (AnalysisMethod.MOST_ACTIVE, {"limit": 2}),
        (AnalysisMethod.LOCATIONS, {}),
        (AnalysisMethod.BIOS, {"phrase": "number 3"}),
        (AnalysisMethod.CREATIONS, {}),
        (AnalysisMethod.CLUSTERS, {"levels": ["L3"]}),
        (AnalysisMethod.COSHARE, {"coshare": ["text", "hashtag"], "window": 3600, "min_participation": 1}),
        (AnalysisMethod.ALIKE, {"form": "L1", "threshold": 0.5}),
        (AnalysisMethod.SYNCHRONY, {"window": 60}),
        (AnalysisMethod.OVERLAP, {}),
        (AnalysisMethod.CAMPAIGN, {"coshare": ["text"], "window": 3600, "min_participation": 1}),
    ],
)
def test_each_analysis_comes_out_the_same_again(room, dataset, method, asked):
    analysis = analyse(room.investigator, room.case, method=method, **asked)
    assert analysis.state == AnalysisState.READY
    assert analysis.result
    again = recompute(actor=room.auditor, analysis=analysis)
    assert again.same
    assert again.result_sha256 == analysis.result_sha256


def test_bio_is_told_with_its_words_and_date(room, dataset):
    result = analyse(room.investigator, room.case, method="bios", phrase="Number 3").result
    assert (result["accounts"], result["matches"][0]["words"]) == (1, "number 3")
    assert result["matches"][0]["bio"] == "I am number 3"


def test_location_is_what_the_account_says(room, dataset):
    groups = analyse(room.investigator, room.case, method="locations").result["groups"]
    assert {one["location"]: (one["per"], one["accounts"]) for one in groups} == {
        "Bordo": ("says", 2),
        "Paris": ("says", 2),
    }


def test_question_narrows_by_tag_words_and_time(room, dataset):
    def posts(**asked):
        return analyse(room.investigator, room.case, method="timeline", **asked).result["buckets"]

    assert sum(one["posts"] for one in posts(tag="#ISLANDS")) == 3
    assert sum(one["posts"] for one in posts(query="look only")) == 0
    assert sum(one["posts"] for one in posts(query="ONLY look")) == 1
    assert sum(one["posts"] for one in posts(start="2024-05-16", zone="Asia/Baku")) == 5
    assert sum(one["posts"] for one in posts(end="2024-05-15T22:10:00+00:00")) == 2


def test_question_to_one_platform_counts_its_posts_alone(room, dataset, tmp_path):
    """The same ids on another platform are other posts of other accounts."""
    import_posts(room.investigator, room.case, table(tmp_path / "others.csv", CAMPAIGN[:2]), platform="facebook")
    whole = analyse(room.investigator, room.case)
    assert (whole.result["posts"], whole.result["accounts"]) == (7, 6)
    only = {name: analyse(room.investigator, room.case, platform=name) for name in ("x", "facebook", "vk")}
    assert {name: one.result["posts"] for name, one in only.items()} == {"x": 5, "facebook": 2, "vk": 0}
    assert only["facebook"].result["first"]["id"] == "101"
    assert only["x"].parameters["platform"] == "x"
    assert recompute(actor=room.investigator, analysis=only["x"]).same


def test_question_to_all_platforms_is_written_as_before_there_was_the_choice(room, dataset):
    """What was kept then is found by its parameters and made again to the byte."""
    assert "platform" not in analyse(room.investigator, room.case).parameters


def test_dotless_i_is_found_by_either_spelling(room, tmp_path):
    import_posts(room.investigator, room.case, table(tmp_path / "i.csv", [row(1, 1, "İLHAM ƏLİYEV bizim prezident")]))
    for words in ("ilham əliyev", "ılham", "İlham"):
        assert posts_of(room.viewer, room.case, Narrowing.of({"query": words})).count() == 1


def test_percent_and_underline_stand_for_themselves(room, tmp_path):
    rows = [row(1, 1, "100% of it_is true"), row(2, 2, "100 per cent of it is true")]
    import_posts(room.investigator, room.case, table(tmp_path / "like.csv", rows))
    assert posts_of(room.viewer, room.case, Narrowing.of({"query": "100%"})).count() == 1
    assert posts_of(room.viewer, room.case, Narrowing.of({"query": "it_is"})).count() == 1


# --- stale


def test_analysis_grows_stale_with_new_posts_that_of_named_files_too(room, dataset, tmp_path):
    left_out = import_posts(room.investigator, room.case, table(tmp_path / "out.csv", [row(107, 7, "Another voice")]))
    whole = analyse(room.investigator, room.case)
    part = analyse(room.investigator, room.case, [dataset])
    assert stale_ids(room.case, [whole, part]) == set(), "what is there and not named is left out on purpose"
    import_posts(room.investigator, room.case, table(tmp_path / "more.csv", [row(106, 6, f"{PASTED} #islands")]))
    assert stale_ids(room.case, [whole, part]) == {whole.pk, part.pk}
    assert stale_ids(room.case, [analyse(room.investigator, room.case, [dataset])]) == set()
    assert recompute(actor=room.auditor, analysis=whole).same
    assert analyse(room.investigator, room.case).result["posts"] == 7
    assert newest(room.viewer, room.case).result["posts"] == 7
    withdraw_item(actor=room.editor, item=left_out.item, reason="A forged export.")
    assert stale_ids(room.case, [analyse(room.investigator, room.case, [dataset])]) == set()


def test_withdrawn_file_leaves_the_case_and_makes_its_numbers_stale(room, dataset, tmp_path):
    other = import_posts(room.investigator, room.case, table(tmp_path / "b.csv", [row(106, 6, "Another voice")]))
    whole, named = (analyse(room.investigator, room.case, datasets) for datasets in ([], [other]))
    withdraw_item(actor=room.editor, item=other.item, reason="A forged export.")
    assert stale_ids(room.case, [whole, named]) == {whole.pk, named.pk}
    assert analyse(room.investigator, room.case).result["posts"] == 5


def test_same_question_to_the_same_posts_has_the_same_input(room, dataset):
    one, two = (analyse(room.investigator, room.case, method="hashtags") for _ in range(2))
    assert one.input_sha256 == two.input_sha256
    assert one.result == two.result
    assert two.number == one.number + 1


REPOSTS = {"likes": "", "reposts": "likes"}


@pytest.mark.parametrize(
    ("question", "column", "mapped"),
    [
        ({"method": "bios", "phrase": "YAP"}, "bio", {}),
        ({"method": "locations"}, "location", {}),
        ({"method": "most_shared"}, "likes", REPOSTS),
        ({"method": "campaign"}, "likes", REPOSTS),
    ],
)
def test_input_is_all_that_was_read_and_not_the_posts_alone(room, tmp_path, question, column, mapped):
    how = How(format="mapping", platform="x", mapping=Mapping.from_json(MAPPING | {"platform": "x"} | mapped))
    inputs = []
    for value in ("7", "YAP 7" if column == "bio" else "700"):
        path = table(tmp_path / f"{value}.csv", [row(1, 1, PASTED, **{column: value})])
        asked = {"about": About(), "details": Details(), "watcher": Unwatched()}
        dataset, _ = import_file(actor=room.investigator, case=room.case, path=path, how=how, **asked)
        inputs.append(analyse(room.investigator, room.case, [dataset], **question).input_sha256)
    assert inputs[0] != inputs[1]


@pytest.mark.parametrize("method", ["coshare", "directed", "campaign"])
def test_input_of_a_network_has_the_objects_that_files_name(room, tmp_path, method):
    header = ["object_id", "account_id", "content_id", "timestamp_share"]
    inputs = []
    for name, shared, step in (("alike", "same same", 1), ("apart", "one two", 1), ("again", "same same", -1)):
        rows = [[one, f"a{n}", f"c{n}", 1000 + n] for n, one in enumerate(shared.split())]
        path = write_csv(tmp_path / f"{name}.csv", header, rows[::step])
        dataset = import_posts(room.investigator, room.case, path, mapped=False, title=name)
        inputs.append(analyse(room.investigator, room.case, [dataset], method=method, coshare=["object"]).input_sha256)
    alike, apart, again = inputs
    assert (alike != apart, alike == again) == (True, True)


def test_input_of_earlier_tags_has_the_earlier_posts(room, tmp_path):
    """They lie outside of the question."""
    now = [row(2, 1, f"{PASTED} #now", minutes=60)]
    inputs = []
    for tag in ("old", "older"):
        path = table(tmp_path / f"{tag}.csv", [row(1, 1, f"{PASTED} #{tag}"), *now])
        dataset = import_posts(room.investigator, make_case(ref=f"NC-{tag}", lead=room.investigator), path)
        inputs.append(
            analyse(room.investigator, dataset.case, [dataset], method="earlier_tags", tag="now").input_sha256
        )
    assert inputs[0] != inputs[1]


# --- what is refused


@pytest.mark.parametrize(
    ("method", "asked", "error"),
    [
        ("campaign", {"zone": "Mars/Olympus"}, UnknownZone),
        ("campaign", {"start": "yesterday"}, InvalidSettings),
        ("campaign", {"start": "2024-06-01", "end": "2024-05-01"}, InvalidSettings),
        ("campaign", {"levels": []}, InvalidSettings),
        ("campaign", {"levels": ["L9"]}, InvalidSettings),
        ("campaign", {"threshold": 0.1}, InvalidSettings),
        ("campaign", {"unit": "day"}, InvalidSettings),
        ("coshare", {}, InvalidSettings),
        ("coshare", {"coshare": ["soul"]}, InvalidSettings),
        ("coshare", {"coshare": ["url"], "window": -1}, InvalidSettings),
        ("coshare", {"coshare": ["url"], "window": "60"}, InvalidSettings),
        ("bios", {"phrase": " "}, InvalidSettings),
        ("horoscope", {}, InvalidSettings),
        ("hashtags", {"limit": 0}, InvalidSettings),
        ("hashtags", {"limit": True}, InvalidSettings),
        ("hashtags", {"query": "x" * 501}, InvalidSettings),
    ],
)
def test_question_that_means_nothing_names_its_field(method, asked, error):
    with pytest.raises(error) as caught:
        Question.of(method, asked)
    assert caught.value.field


def test_question_without_posts_is_refused(room):
    with pytest.raises(InvalidInput, match="no posts"):
        ask(actor=room.investigator, case=room.case, question=Question.of("campaign", {}))


def test_viewer_asks_nothing_and_makes_nothing_again(room, dataset):
    with pytest.raises(NotAllowed):
        ask(actor=room.viewer, case=room.case, question=Question.of("campaign", {}))
    analysis = analyse(room.investigator, room.case, method="hashtags")
    with pytest.raises(NotAllowed):
        recompute(actor=room.viewer, analysis=analysis)


def test_too_many_pairs_are_told_with_their_number_and_the_analysis_says_why(room, dataset, monkeypatch):
    few = Settings(window=3600, min_participation=1, cap=1)
    monkeypatch.setattr(Question, "settings", lambda question: few)
    question = Question.of("coshare", {"coshare": ["text"], "window": 3600, "min_participation": 1})
    with pytest.raises(TooManyPairs) as caught:
        analyses.ask_and_answer(actor=room.investigator, case=room.case, question=question)
    assert caught.value.pairs == 3
    analysis = Analysis.objects.get()
    assert (analysis.state, analysis.item) == (AnalysisState.FAILED, None)
    assert "3 pairs" in analysis.problem


def test_answer_refuses_to_change(room, dataset):
    analysis = analyse(room.investigator, room.case, method="hashtags")
    for change in ({"result": {"posts": 1413}}, {"parameters": {}}, {"state": "waiting"}):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            Analysis.objects.filter(pk=analysis.pk).update(**change)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Analysis.objects.filter(pk=analysis.pk)._raw_delete("default")


# --- sensitive files


def test_posts_of_a_sensitive_file_are_there_for_some_only(room, dataset, tmp_path):
    secret = import_posts(room.investigator, room.case, table(tmp_path / "s.csv", [row(900, 9, "A leaked text")]))
    analysis = analyse(room.investigator, room.case)
    change_item(
        actor=room.investigator,
        item=secret.item,
        version=secret.item.version,
        changes={"sensitivity": Sensitivity.SENSITIVE},
    )
    assert posts_of(room.investigator, room.case).count() == 6
    assert posts_of(room.viewer, room.case).count() == 5
    assert not analyses_of(room.viewer, room.case).exists()
    with pytest.raises(NotVisible):
        get_analysis_by_id(room.viewer, analysis.pk)
    later = analyse(room.investigator, room.case)
    assert later.item.sensitivity == Sensitivity.SENSITIVE


def test_counting_may_take_longer_than_a_page_leaves_a_transaction_idle(room, dataset):
    question = Question("campaign")
    seen = loading.Collection(room.case.pk, [dataset.pk], covers_case=True, question=question).shared()
    assert next(seen)
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("0",)


# --- names


def test_posts_are_named_by_their_own_platform_and_only_in_these_files(room, dataset, tmp_path):
    header = ["object_id", "account_id", "content_id", "timestamp_share"]
    path = write_csv(tmp_path / "others.csv", header, [["o", "1", "101", 1_700_000_000], ["o", "9", "777", 5]])
    other, _ = import_file(
        actor=room.investigator,
        case=room.case,
        path=path,
        how=How(platform="telegram"),
        about=About(),
        details=Details(),
        watcher=Unwatched(),
    )
    both = posts_named(room.case, [dataset.pk, other.pk], ["x:101", "telegram:101", "telegram:777", "x:no-such"])
    assert {name: post.platform for name, post in both.items()} == {
        "x:101": "x", "telegram:101": "telegram", "telegram:777": "telegram"
    }  # fmt: skip
    assert list(posts_named(room.case, [dataset.pk], ["101", "777"])) == ["101"]
    earliest = posts_by(room.case, ["1", "2", "nobody"])
    assert {post.account: post.native_id for post in earliest}.items() >= {("2", "102")}


# --- behind a number


def test_each_cluster_leads_to_its_posts(room, dataset):
    analysis = analyse(room.investigator, room.case)
    group = groups_of(analysis, "L2").get(place=0)
    rows = posts_of(room.viewer, room.case, Narrowing.of({"group": f"{analysis.label}/L2/0"}))
    assert sorted(rows.values_list("native_id", flat=True)) == ["101", "102", "103"]
    assert group.facts["posts"] == 3
    assert len(texts_of(group)) == 3
    assert handles_of(room.case, ["1", "2", "77"]) == {"1": "user1", "2": "user2", "77": ""}
    assert posts_named(room.case, analysis.datasets, ["101"])["101"].account == "1"


def test_each_edge_leads_to_the_posts_it_rests_on(room, dataset):
    asked = {"coshare": ["text"], "window": 3600, "min_participation": 1}
    analysis = analyse(room.investigator, room.case, method="coshare", **asked)
    edges = list(groups_of(analysis, "edges"))
    assert analysis.result["coshare"]["edges"] == len(edges) == 3
    for edge in edges:
        accounts = {post.account for post in posts_of(room.viewer, room.case).filter(pk__in=edge.posts)}
        assert accounts == {edge.facts["a"], edge.facts["b"]}


# --- whatever the order, whatever the server


# The fixtures hold no state of an example: each undoes what it did.
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10_000), cut=st.integers(1, 4), zone=st.sampled_from(["UTC", "Asia/Baku", "America/New_York"])
)
def test_order_splitting_and_the_servers_zone_change_no_result(room, tmp_path, seed, cut, zone):
    asked = {"coshare": ["text", "hashtag"], "window": 3600, "min_participation": 1, "zone": "Asia/Baku"}
    with transaction.atomic():
        import_posts(room.investigator, room.case, table(tmp_path / "whole.csv"))
        expected = analyse(room.investigator, room.case, **asked)
        transaction.set_rollback(True)
    rows = random.Random(seed).sample(CAMPAIGN, len(CAMPAIGN))
    with transaction.atomic():
        for number, part in enumerate((rows[:cut], rows[cut:], rows[: cut + 1])):
            import_posts(room.investigator, room.case, table(tmp_path / f"{number}.csv", part))
        with override_settings(TIME_ZONE=zone):
            found = analyse(room.investigator, room.case, **asked)
        assert found.result == expected.result
        assert found.input_sha256 == expected.input_sha256
        transaction.set_rollback(True)


def test_words_are_whole_in_lists_and_analyses_alike(room, tmp_path):
    """By the pattern that Python matches, in PostgreSQL's own regular expressions."""
    texts = list(dict.fromkeys(text for text, _, _ in FOUND))
    rows = [row(number, number, text) for number, text in enumerate(texts, 1)]
    import_posts(room.investigator, room.case, table(tmp_path / "w.csv", rows))
    for phrase in dict.fromkeys(one[1] for one in FOUND):
        wanted = {str(number) for number, text in enumerate(texts, 1) if list(places(text, phrase))}
        found = posts_of(room.editor, room.case, Narrowing.of({"query": phrase}))
        assert {one.native_id for one in found} == wanted, phrase
        question = Question.of("timeline", {"query": phrase})
        kept = Collection(room.case.pk, list(room.case.datasets.values_list("pk", flat=True)), True, question)
        assert {one.native_id for one in kept.posts} == wanted, phrase


def test_edges_have_all_their_posts_in_the_answer_and_in_files(room, tmp_path):
    """More than fifty of one pair, of which none is left out."""
    rows = [row(n, n % 2 + 1, "One text that both of them post again", minutes=n / 60) for n in range(1, 81)]
    import_posts(room.investigator, room.case, table(tmp_path / "e.csv", rows))
    analysis = analyse(room.investigator, room.case, method="coshare", coshare=["text"], window=3600)
    (edge,) = analysis.result["coshare"]["list"]
    posts = [str(n) for n in range(1, 81)]
    assert sorted(edge["posts"], key=int) == posts
    _, (kept,) = network_of(analysis)
    assert sorted(kept["posts"].split(), key=int) == posts
