"""What people do with matches: judge, ignore, look up, cite; through actions, pages and the API."""

import io
import json
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from audit.models import Event
from cases.actions.members import end_membership
from cases.exceptions import Conflict, InvalidInput, NotAllowed, NotVisible
from claims.models import Citation, ClaimVersion
from evidence import clusters, reuse
from evidence.actions.comparing import compare_items
from evidence.actions.judging import end_ignoring, ignore_picture, judge_match
from evidence.actions.looking_up import start_look_up
from evidence.models import Frame, Item, LookUp, Match, MatchJudgement, MatchNotice
from evidence.prints import VERSION
from tests.factories.cases import make_case
from tests.factories.users import make_user

from . import samples
from .conftest import run_jobs
from .pictures import jpeg, side_by_side, texture

pytestmark = pytest.mark.xdist_group("media people")

ONE, TWO = texture(1), texture(2)
SEEN = "Windows, shadows and the crowd agree."


@pytest.fixture
def splice(scene):
    """Two photographs and a montage of both and of a third one that nobody has."""
    return scene("splice_with_a_stranger", log_splice)


def log_splice(newsroom):
    newsroom.log(jpeg(ONE), "one.jpg", derive=True)
    newsroom.log(jpeg(TWO), "two.jpg", derive=True)
    whole = side_by_side(ONE, side_by_side(TWO, texture(3)))
    newsroom.log(jpeg(whole, quality=80), "montage.jpg", derive=True)
    run_jobs()
    return newsroom


def match_with(newsroom, exhibit: int) -> Match:
    return Match.objects.get(case=newsroom.case, stored__blob__items__exhibit=exhibit)


def judge(newsroom, match: Match, verdict: str = "confirmed") -> Match:
    return judge_match(actor=newsroom.editor, match=match, verdict=verdict, note=SEEN)


def refreshed(match: Match) -> Match:
    return Match.objects.get(pk=match.pk)


# --- verdicts


def test_verdict_is_kept_with_its_note_and_audited(splice):
    match = judge(splice, match_with(splice, 1))
    assert refreshed(match).verdict == "confirmed"
    assert [(one.verdict, one.note) for one in match.judgements.all()] == [("confirmed", SEEN)]
    event = Event.objects.get(action="match_judged")
    assert (event.object, event.case_id) == (f"match:{match.pk}", splice.case.pk)


def test_verdict_can_be_taken_back_and_its_history_stays(splice):
    match = match_with(splice, 1)
    for verdict in ("rejected", "suggested", "confirmed"):
        judge(splice, match, verdict)
    assert list(match.judgements.values_list("verdict", flat=True)) == ["rejected", "suggested", "confirmed"]


@pytest.mark.parametrize(
    ("verdict", "note", "error"), [("confirmed", "short", InvalidInput), ("maybe", SEEN, InvalidInput)]
)
def test_verdict_needs_words_of_the_list_and_a_note(splice, verdict, note, error):
    with pytest.raises(error):
        judge_match(actor=splice.editor, match=match_with(splice, 1), verdict=verdict, note=note)


def test_same_verdict_twice_is_a_conflict(splice):
    judge(splice, match_with(splice, 1))
    with pytest.raises(Conflict, match="already"):
        judge(splice, match_with(splice, 1))


def test_viewer_judges_nothing_and_a_stranger_finds_nothing(splice):
    with pytest.raises(NotAllowed):
        judge_match(actor=splice.viewer, match=match_with(splice, 1), verdict="confirmed", note=SEEN)
    with pytest.raises(NotVisible):
        judge_match(actor=splice.stranger, match=match_with(splice, 1), verdict="confirmed", note=SEEN)


@pytest.mark.parametrize("verdict", ["confirmed", "rejected"])
def test_judged_match_is_never_suggested_again(splice, verdict):
    """Neither when the pictures are compared again, nor under another version, nor for another copy of the file."""
    match = judge(splice, match_with(splice, 1), verdict)
    Match.objects.filter(pk=match.pk).update(version=1)
    splice.log(jpeg(ONE), "the-same-file.jpg")
    run_jobs()
    compare_items(list(splice.case.items.select_related("blob", "case")))
    same = Match.objects.filter(query=match.query, stored=match.stored)
    assert [(one.pk, one.verdict) for one in same] == [(match.pk, verdict)]
    assert not Match.objects.filter(query=match.stored, stored=match.query).exists()


def test_history_of_verdicts_cannot_be_rewritten(splice, web_connection):
    match = judge(splice, match_with(splice, 1))
    for statement in (
        "UPDATE evidence_matchjudgement SET note = 'other'",
        "DELETE FROM evidence_matchjudgement",
        f"UPDATE evidence_match SET stored_id = query_id WHERE id = '{match.pk}'",
        f"DELETE FROM evidence_match WHERE id = '{match.pk}'",
    ):
        with pytest.raises(Exception, match=r"refused|append-only|never change"):
            web_connection.execute(statement)


# --- the ignore list


def test_ignored_picture_suggests_nothing_until_it_is_taken_off(splice):
    frame = Frame.objects.get(blob=splice.case.items.get(exhibit=1).blob)
    entry = ignore_picture(actor=splice.editor, case=splice.case, frame=frame, reason="stock")
    assert [one.stored.blob.items.get().exhibit for one in reuse.matches_of(splice.editor, splice.case)] == [2]
    end_ignoring(actor=splice.editor, entry=entry, reason="It matters after all.")
    assert reuse.matches_of(splice.editor, splice.case).count() == 2


def test_ignored_region_also_silences_others_that_share_only_it(newsroom):
    """Two screenshots share a logo with a third; once the logo is ignored there, they no longer match each other."""
    logo = texture(50, (240, 360))
    for seed in (1, 2, 3):
        newsroom.log(jpeg(side_by_side(logo, texture(seed))), f"{seed}.jpg")
    run_jobs()
    assert Match.objects.count() == 3
    first = Frame.objects.get(blob=newsroom.case.items.get(exhibit=1).blob)
    entry = {"actor": newsroom.editor, "case": newsroom.case, "frame": first, "region": [0, 0, 0.34, 1]}
    ignore_picture(reason="logo", **entry)
    assert list(reuse.matches_of(newsroom.editor, newsroom.case)) == []
    with pytest.raises(Conflict):
        ignore_picture(reason="logo", **entry)


@pytest.mark.parametrize("region", [[0.5, 0, 0.6, 1], [0, 0, 0, 1], [0, 0, 1], ["a", 0, 1, 1]])
def test_region_outside_of_the_picture_is_refused(splice, region):
    with pytest.raises(InvalidInput) as refusal:
        ignore_picture(actor=splice.editor, case=splice.case, frame=Frame.objects.first(), reason="logo", region=region)
    assert refusal.value.field == "region"


# --- composites and clusters


def test_composite_is_told_by_regions_and_the_one_without_origin(splice):
    montage = Frame.objects.get(blob=splice.case.items.get(exhibit=3).blob)
    matches = reuse.matches_of_frames(splice.editor, splice.case, [montage])
    explained = clusters.origins_of(montage.pk, matches)
    assert sorted(one.region[0] for one in explained) == pytest.approx([0, 1 / 3], abs=0.03)
    without = clusters.without_origin(montage, explained)
    assert without[0][0] == pytest.approx(2 / 3, abs=0.05)
    rejected = judge(splice, match_with(splice, 2), "rejected")
    assert rejected not in reuse.matches_of_frames(splice.editor, splice.case, [montage])


def test_earliest_is_told_by_each_clock_apart(newsroom):
    may, june = (datetime(2024, month, 1, tzinfo=UTC) for month in (5, 6))
    claimed = [datetime(year, 1, 1, tzinfo=UTC) for year in (2020, 2019)]
    newsroom.log(jpeg(ONE), "one.jpg", captured_at=may, published_at=claimed[0])
    newsroom.log(jpeg(ONE, quality=60), "two.jpg", captured_at=june, published_at=claimed[1])
    run_jobs()
    found = clusters.earliest(reuse.shown(newsroom.editor, newsroom.case, Frame.objects.all()).values())
    assert (found.observed.label, found.claimed.label) == ("E-1", "E-2")
    assert clusters.earliest([]) == clusters.Earliest(None, None)


def test_pictures_that_hang_together_are_one_cluster():
    assert clusters.clusters_of([(1, 2), (5, 6), (2, 3), (9, 9)]) == [[1, 2, 3], [5, 6], [9]]


# --- looking up


def look_up(newsroom, content: bytes, actor=None) -> LookUp:
    return start_look_up(
        actor=actor or newsroom.investigator, case=newsroom.case, stream=io.BytesIO(content), size=len(content)
    )


def test_look_up_finds_logs_nothing_and_forgets_the_picture(splice):
    exhibits = splice.case.items.count()
    row = look_up(splice, jpeg(TWO.crop((40, 30, 440, 330)), quality=60))
    assert row.prints
    run_jobs()
    run_jobs()
    row.refresh_from_db()
    frames = {one["frame"] for one in row.result["matches"]}
    assert {one.blob.items.get().exhibit for one in Frame.objects.filter(pk__in=frames)} == {2, 3}
    assert row.prints is None
    assert splice.case.items.count() == exhibits
    event = Event.objects.get(action="media_looked_up")
    assert event.case_id == splice.case.pk


def test_look_up_tells_the_lead_of_a_case_that_the_asker_does_not_see(newsroom):
    lead = make_user("secret-lead", can_create_cases=True)
    secret = make_case(ref="SECRET-1", lead=lead, investigator=make_user("secret-author"))
    author = secret.memberships.exclude(user=lead).get().user
    newsroom.investigator, mine = author, newsroom.investigator
    newsroom.log(jpeg(ONE), "secret.jpg", case=secret)
    newsroom.investigator = mine
    run_jobs()
    row = look_up(newsroom, jpeg(ONE, quality=60))
    run_jobs()
    run_jobs()
    row.refresh_from_db()
    assert row.result["matches"] == []
    assert MatchNotice.objects.get().case == secret


@pytest.mark.parametrize("content", [b"no picture", jpeg(ONE)[:800], samples.pdf("A page")])
def test_look_up_of_what_is_no_picture_is_refused(newsroom, content):
    with pytest.raises(InvalidInput):
        look_up(newsroom, content)
    assert not LookUp.objects.exists()


def test_look_ups_are_limited_in_size_and_number(newsroom, settings):
    settings.MAX_LOOK_UP_BYTES = 100
    with pytest.raises(InvalidInput, match="bytes"):
        look_up(newsroom, jpeg(ONE))
    settings.MAX_LOOK_UP_BYTES, settings.LOOK_UPS_PER_HOUR = 10**6, 1
    look_up(newsroom, jpeg(ONE))
    with pytest.raises(InvalidInput, match="within an hour"):
        look_up(newsroom, jpeg(TWO))


def test_look_up_by_page_and_by_api(splice, client):
    client.force_login(splice.investigator)
    file = SimpleUploadedFile("asked.jpg", jpeg(ONE, quality=70))
    response = client.post(reverse("evidence:look_up", args=["NC-2024"]), {"file": file})
    address = response["Location"]
    assert "hx-trigger" in client.get(address).content.decode()
    run_jobs()
    page = client.get(address).content.decode()
    assert "E-1" in page
    assert "E-3" in page
    file = SimpleUploadedFile("asked.jpg", jpeg(ONE, quality=71))
    response = client.post(reverse("media-look-up-list", args=["NC-2024"]), {"file": file})
    run_jobs()
    told = client.get(reverse("media-look-up-detail", args=["NC-2024", response.json()["id"]])).json()
    assert [one["exhibits"] for one in told["result"]["matches"]] == [["E-1"], ["E-3"]]


# --- the command


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("match_media", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_command_prints_one_object_per_file_and_logs_none(splice, tmp_path):
    asked = tmp_path / "asked"
    asked.mkdir()
    (asked / "a.jpg").write_bytes(jpeg(side_by_side(TWO, texture(8)), quality=70))
    (asked / "b.jpg").write_bytes(jpeg(texture(99)))
    (asked / "c.jpg").write_bytes(jpeg(ONE))
    lines = [json.loads(line) for line in run("NC-2024", asked, "--json").splitlines()]
    assert [line["query"] for line in lines] == [str(asked / f"{name}.jpg") for name in "abc"]
    part, nothing, exact = lines
    assert {match["item"] for match in part["matches"]} == {"E-2", "E-3"}
    best = next(match for match in part["matches"] if match["item"] == "E-2")
    assert best["query_region"] == pytest.approx([0, 0, 0.5, 1], abs=0.03)
    assert set(best) == {"item", "sha256", "kind", "mirrored", "query_region", "stored_region", "score"}
    assert part["unexplained"][0][0] == pytest.approx(0.5, abs=0.05)
    assert nothing["matches"] == []
    assert (exact["matches"][0]["item"], exact["matches"][0]["kind"]) == ("E-1", "exact")
    assert splice.case.items.count() == 3
    assert Event.objects.filter(action="media_looked_up").count() == 1


def test_command_needs_no_queue_to_find_what_was_just_logged(newsroom, tmp_path):
    (tmp_path / "one.jpg").write_bytes(jpeg(ONE))
    (tmp_path / "asked.jpg").write_bytes(jpeg(ONE, quality=50))
    call_command("log_evidence", "NC-2024", str(tmp_path / "one.jpg"), stdout=io.StringIO())
    [line] = [json.loads(line) for line in run("NC-2024", tmp_path / "asked.jpg", "--json").splitlines()]
    assert [match["item"] for match in line["matches"]] == ["E-1"]
    newsroom.log(jpeg(TWO), "not-read-yet.jpg")
    (tmp_path / "asked.jpg").write_bytes(jpeg(TWO, quality=50))
    assert "E-2" in run("NC-2024", tmp_path / "asked.jpg")


def test_command_ends_with_1_for_what_is_no_picture_and_2_for_bad_input(newsroom, tmp_path):
    (tmp_path / "note.txt").write_text("words")
    with pytest.raises(CommandError) as failure:
        run("NC-2024", tmp_path / "note.txt")
    assert failure.value.returncode == 1
    for arguments in (("NC-2024", tmp_path / "nothing.jpg"), ("NOWHERE", tmp_path), ("NC-2024", "https://a.example/b")):
        with pytest.raises(CommandError) as failure:
            run(*arguments)
        assert failure.value.returncode == 2


def test_command_shows_other_cases_only_to_whoever_is_in_them(newsroom, tmp_path):
    both = make_case(ref="OTHER-1", lead=newsroom.editor, investigator=newsroom.investigator)
    newsroom.log(jpeg(ONE), "one.jpg", case=both)
    run_jobs()
    (tmp_path / "asked.jpg").write_bytes(jpeg(ONE, quality=50))
    assert "OTHER-1/E-1" in run("NC-2024", tmp_path / "asked.jpg", "--as", "investigator")
    membership = both.memberships.get(user=newsroom.investigator)
    end_membership(actor=newsroom.editor, case=both, membership_id=membership.pk)
    assert "OTHER-1" not in run("NC-2024", tmp_path / "asked.jpg", "--as", "investigator")


# --- citing


def test_confirmed_match_becomes_a_claim_that_cites_both_regions(splice, client):
    match = judge(splice, match_with(splice, 1))
    client.force_login(splice.investigator)
    address = reverse("claims:cite_match", args=["NC-2024", match.pk])
    assert 'value="media_composed_of"' in client.get(address).content.decode()
    client.post(address, {"predicate": "media_composed_of", "subject": "query"})
    version = ClaimVersion.objects.get()
    assert (version.subject_item.exhibit, version.object_item.exhibit) == (3, 1)
    citations = list(Citation.objects.order_by("order"))
    assert [one.item.exhibit for one in citations] == [3, 1]
    assert all(one.verified and one.region.startswith("xywh=percent:") for one in citations)


def test_unconfirmed_match_is_not_cited(splice, client):
    client.force_login(splice.investigator)
    address = reverse("claims:cite_match", args=["NC-2024", match_with(splice, 1).pk])
    response = client.post(address, {"predicate": "media_composed_of", "subject": "query"})
    assert response.status_code == 400
    assert not ClaimVersion.objects.exists()


# --- pages and API


def test_suggestions_wait_on_the_page_of_those_who_may_judge_them(splice, client):
    def home_of(person) -> str:
        client.force_login(person)
        return client.get(reverse("home")).content.decode()

    assert "2 suggested matches without a verdict" in home_of(splice.editor)
    assert "Pictures to look at" not in home_of(splice.viewer)
    assert "Pictures to look at" not in home_of(splice.stranger)
    judge(splice, match_with(splice, 1))
    assert "1 suggested match without a verdict" in home_of(splice.editor)
    judge(splice, match_with(splice, 2), "rejected")
    assert "Pictures to look at" not in home_of(splice.editor)


def test_list_filters_sorts_and_exports(splice, client):
    judge(splice, match_with(splice, 1), "rejected")
    client.force_login(splice.editor)
    address = reverse("evidence:media", args=["NC-2024"])
    assert "<strong>1</strong> matches" in client.get(address).content.decode()
    for query, count in (
        ("verdict=", 2),
        ("verdict=rejected", 1),
        ("verdict=&exhibit=3", 2),
        ("verdict=&exhibit=9", 0),
    ):
        assert f"<strong>{count}</strong> matches" in client.get(f"{address}?{query}&sort=-score").content.decode()
    lines = b"".join(client.get(reverse("evidence:media_csv", args=["NC-2024"]) + "?verdict=").streaming_content)
    assert lines.count(b"\r\n") == 3
    assert b"E-3" in lines


def test_match_page_outlines_both_and_offers_no_picture_of_a_sensitive_exhibit(splice, client):
    Item.objects.filter(exhibit=1).update(sensitivity="sensitive")
    match = match_with(splice, 1)
    client.force_login(splice.viewer)
    page = client.get(reverse("evidence:match", args=["NC-2024", match.pk])).content.decode()
    assert page.count("outline outline-1") == 1
    assert "evidence/1/rendition.webp" not in page


def test_only_a_confirmed_match_is_offered_for_citing(splice, client):
    client.force_login(splice.investigator)
    match = match_with(splice, 1)
    address = reverse("evidence:match", args=["NC-2024", match.pk])
    assert "once it is confirmed" in client.get(address).content.decode()
    judge(splice, match)
    page = client.get(address).content.decode()
    assert "once it is confirmed" not in page
    assert reverse("claims:cite_match", args=["NC-2024", match.pk]) in page


def test_match_page_says_when_only_an_earlier_version_found_it(splice, client):
    client.force_login(splice.investigator)
    match = match_with(splice, 1)
    address = reverse("evidence:match", args=["NC-2024", match.pk])
    Match.objects.filter(pk=match.pk).update(version=1)
    assert "An earlier version" in client.get(address).content.decode()
    compare_items([match.stored.blob.items.select_related("blob", "case").get()])
    assert refreshed(match).version == VERSION
    assert "An earlier version" not in client.get(address).content.decode()
    Match.objects.filter(pk=match.pk).update(version=1)
    judge(splice, match)
    assert "An earlier version" not in client.get(address).content.decode()


def test_api_judges_ignores_and_lists_pictures(splice, client):
    client.force_login(splice.investigator)
    match = match_with(splice, 1)
    [found, _] = client.get(reverse("media-match-list", args=["NC-2024"])).json()["results"]
    assert found["query"]["exhibits"] == ["E-3"]
    judged = client.post(
        reverse("media-match-judge", args=["NC-2024", match.pk]),
        {"verdict": "rejected", "note": SEEN},
        content_type="application/json",
    )
    assert judged.json()["verdict"] == "rejected"
    assert MatchJudgement.objects.get().judged_by == splice.investigator
    entry = client.post(
        reverse("media-ignored-list", args=["NC-2024"]),
        {"exhibit": 2, "reason": "stock"},
        content_type="application/json",
    )
    assert entry.status_code == 201
    item = splice.case.items.get(exhibit=3)
    [frame] = client.get(reverse("item-pictures", args=["NC-2024", item.pk])).json()["results"]
    assert {one["algorithm"] for one in frame["fingerprints"]} == {"pdq", "phash", "dhash"}
