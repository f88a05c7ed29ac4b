"""Pictures from arrival to suggestion: found in their own case, told of elsewhere, kept from whoever may not know."""

import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

from audit.models import Event
from cases.actions.members import add_member
from cases.models import JobRun
from cases.row_security import acting_as
from evidence import reuse
from evidence.actions import comparing, items
from evidence.actions.comparing import take_waiting
from evidence.actions.judging import judge_match
from evidence.actions.pictures import scan_blob
from evidence.enums import MatchKind
from evidence.exceptions import BlobMissing
from evidence.jobs import resume_comparing
from evidence.models import Fingerprint, Frame, Match, MatchNotice, MediaScan, PackedPrint, WaitingForMatches
from evidence.reuse_index import forget_indexes, segments_of
from tests.factories.cases import make_case
from tests.factories.users import make_user

from . import samples
from .conftest import run_jobs
from .pictures import jpeg, side_by_side, texture

pytestmark = pytest.mark.xdist_group("reuse")

ONE, TWO = texture(1), texture(2)


def pairs(case) -> set[tuple[int, int]]:
    """The matches of a case as (exhibit of the query, exhibit of the stored)."""
    exhibit = {item.blob_id: item.exhibit for item in case.items.order_by("-exhibit")}
    matches = Match.objects.filter(case=case, other_case=None).select_related("query", "stored")
    return {(exhibit[one.query.blob_id], exhibit[one.stored.blob_id]) for one in matches}


@pytest.fixture
def splice(scene):
    """The case's own story: two photographs and the montage of both, compared."""
    return scene("splice", log_splice)


def log_splice(newsroom):
    newsroom.log(jpeg(ONE), "one.jpg")
    newsroom.log(jpeg(TWO), "two.jpg")
    newsroom.log(jpeg(side_by_side(ONE, TWO), quality=70), "montage.jpg")
    run_jobs()
    return newsroom


@pytest.fixture
def houses(scene):
    return scene("elsewhere", log_elsewhere)


def log_elsewhere(newsroom):
    """The newsroom, and a secret case with nobody of the newsroom in it, which holds the first photograph."""
    lead, author = make_user("secret-lead", can_create_cases=True), make_user("secret-author")
    case = make_case(ref="SECRET-1", lead=lead, investigator=author)
    newsroom.investigator, mine = author, newsroom.investigator
    newsroom.log(jpeg(ONE, quality=80), "secret.jpg", case=case)
    newsroom.investigator = mine
    run_jobs()
    return newsroom, case


def test_montage_is_suggested_with_both_its_photographs_and_their_regions(splice):
    assert pairs(splice.case) == {(3, 1), (3, 2)}
    left, right = sorted((one.regions[0] for one in Match.objects.all()), key=lambda region: region["query"][0])
    assert left["query"] == pytest.approx([0, 0, 0.5, 1], abs=0.02)
    assert right["query"] == pytest.approx([0.5, 0, 0.5, 1], abs=0.02)
    assert left["stored"] == right["stored"] == pytest.approx([0, 0, 1, 1], abs=0.02)
    assert not WaitingForMatches.objects.exists()


def test_new_photograph_finds_the_stored_montage(newsroom):
    newsroom.log(jpeg(side_by_side(ONE, TWO)), "montage.jpg")
    run_jobs()
    newsroom.log(jpeg(TWO.crop((60, 40, 420, 320)), quality=60), "two.jpg")
    run_jobs()
    assert pairs(newsroom.case) == {(2, 1)}


def test_mirrored_picture_says_so(newsroom):
    newsroom.log(jpeg(ONE), "one.jpg")
    newsroom.log(jpeg(ONE.transpose(0)), "mirrored.jpg")
    run_jobs()
    assert Match.objects.get().mirrored


def test_same_file_twice_is_one_match_and_three_times_as_well(newsroom):
    for _ in range(3):
        newsroom.log(jpeg(ONE), "one.jpg")
    run_jobs()
    assert Frame.objects.count() == 1
    match = Match.objects.get()
    assert (match.kind, match.query_id) == (MatchKind.EXACT, match.stored_id)


def test_many_copies_of_one_file_are_looked_up_once_and_are_one_match(newsroom, monkeypatch):
    looked_up = []
    real = comparing.matches_in

    def counted(made, segments, **options):
        looked_up.append(made)
        return real(made, segments, **options)

    monkeypatch.setattr(comparing, "matches_in", counted)
    for number in range(24):
        newsroom.log(jpeg(ONE), f"copy {number}.jpg")
    run_jobs()
    assert pairs(newsroom.case) == {(1, 1)}
    assert Frame.objects.count() == PackedPrint.objects.count() == 1
    assert len(looked_up) == 2  # once in the case and once in all others
    assert Event.objects.filter(action="pictures_compared").count() == 24
    assert not WaitingForMatches.objects.exists()


def test_blank_picture_matches_nothing(newsroom):
    for tone in (255, 255, 254):
        newsroom.log(jpeg(Image.new("RGB", (300, 200), (tone, tone, tone))), "plain.jpg")
    run_jobs()
    assert set(Frame.objects.values_list("blank", flat=True)) == {True}
    assert not Match.objects.exists()


BOMB = samples.png_claiming(30_000, 30_000, body=False)


@pytest.mark.parametrize("content", [BOMB, jpeg(ONE)[:900], b"\xff\xd8\xff"], ids=["bomb", "cut short", "head only"])
def test_hostile_picture_is_inert_and_says_why(newsroom, content):
    """A36, A41."""
    item = newsroom.log(content, "bad.jpg")
    run_jobs()
    assert MediaScan.objects.get(blob=item.blob).problem
    assert not Frame.objects.exists()
    assert not WaitingForMatches.objects.exists()


def test_text_is_not_compared(newsroom):
    newsroom.log()
    assert not WaitingForMatches.objects.exists()


def test_fingerprints_of_whole_and_panels_are_kept_with_their_version(newsroom):
    item = newsroom.log(jpeg(side_by_side(ONE, TWO, gap=12)), "montage.jpg")
    scan_blob(item.blob)
    montage = Frame.objects.get(blob=item.blob)
    prints = Fingerprint.objects.filter(frame=montage)
    assert {one.algorithm for one in prints} == {"pdq", "phash", "dhash"}
    assert {len(one.bits) for one in prints.filter(algorithm="pdq")} == {32}
    assert prints.filter(algorithm="pdq").exclude(region=None).count() >= 2
    assert len(montage.packed.rendition) + len(montage.packed.postings) < 40_000


def test_scanning_again_keeps_the_rows_that_people_spoke_of(splice):
    before = list(Frame.objects.order_by("pk").values_list("pk", "sha256"))
    PackedPrint.objects.update(version=1)
    for item in splice.case.items.all():
        scan_blob(item.blob)
    assert list(Frame.objects.order_by("pk").values_list("pk", "sha256")) == before
    assert set(PackedPrint.objects.values_list("version", flat=True)) == {comparing.VERSION}


def test_index_is_made_anew_when_it_is_lost(splice):
    forget_indexes()
    segments = segments_of([splice.case.pk])
    assert sorted(number for one in segments for number in one.numbers) == sorted(
        Frame.objects.values_list("pk", flat=True)
    )


def test_withdrawn_exhibit_is_suggested_no_more(splice):
    item = splice.case.items.get(exhibit=1)
    items.withdraw_item(actor=splice.editor, item=item, reason="Logged by mistake.")
    splice.log(jpeg(ONE, quality=50), "again.jpg")
    run_jobs()
    assert {stored for query, stored in pairs(splice.case) if query == 4} == {3}


def test_missing_original_leaves_the_reason(newsroom, monkeypatch):
    def gone(self, sha256):
        raise BlobMissing(sha256)

    item = newsroom.log(jpeg(ONE), "one.jpg")
    monkeypatch.setattr("evidence.vault.Vault.open", gone)
    scan_blob(item.blob)
    assert "missing" in MediaScan.objects.get().problem


# --- the queue


def test_waiting_exhibit_is_given_to_one_worker_only(newsroom):
    newsroom.log(jpeg(ONE), "one.jpg")
    assert len(take_waiting()) == 1
    assert take_waiting() == []


def test_exhibit_that_ends_its_worker_each_time_is_given_up_with_a_reason(newsroom):
    newsroom.log(jpeg(ONE), "one.jpg")
    for _ in range(comparing.MOST_ATTEMPTS):
        assert len(take_waiting()) == 1
        WaitingForMatches.objects.update(taken_at=None)
    assert take_waiting() == []
    assert "broke off" in MediaScan.objects.get().problem


def test_many_arrivals_queue_few_comparisons(newsroom):
    for number in range(8):
        newsroom.log(f"{number}".encode() + b"\n", "note.txt")
        newsroom.log(jpeg(ONE)[:500] + bytes([number]), "x.jpg")
    assert JobRun.objects.filter(task=comparing.COMPARE).count() == comparing.MOST_QUEUED


# --- other cases (A55)


def test_match_in_a_foreign_case_is_told_to_its_lead_and_nobody_else(houses):
    newsroom, elsewhere = houses
    newsroom.log(jpeg(ONE), "one.jpg")
    run_jobs()
    notice = MatchNotice.objects.get()
    assert (notice.case, notice.contact) == (elsewhere, newsroom.case.lead)
    assert [one.pk for one in reuse.notices_of(elsewhere.lead, elsewhere)] == [notice.pk]
    assert list(reuse.matches_of(newsroom.investigator, newsroom.case)) == []
    author = elsewhere.memberships.exclude(user=elsewhere.lead).get().user
    assert list(reuse.notices_of(author, elsewhere)) == []


def test_database_hides_foreign_matches_and_notices_from_the_asker(houses):
    newsroom, elsewhere = houses
    newsroom.log(jpeg(ONE), "one.jpg")
    run_jobs()
    assert Match.objects.count() == 1
    for person, notices in ((newsroom.editor, 0), (elsewhere.lead, 1)):
        with acting_as(str(person.pk)):
            assert (Match.objects.count(), MatchNotice.objects.count()) == (0, notices)


def test_nothing_that_the_asker_reads_tells_of_the_foreign_case(houses, client):
    """The same pages, events and jobs, but for ids and times, as if the picture were new."""
    newsroom, _ = houses
    told = []
    for picture in (ONE, texture(77)):
        before = set(Event.objects.values_list("pk", flat=True)), set(JobRun.objects.values_list("pk", flat=True))
        item = newsroom.log(jpeg(picture), "asked.jpg")
        run_jobs()
        events = Event.objects.exclude(pk__in=before[0]).filter(case_id=newsroom.case.pk)
        jobs = JobRun.objects.visible_to(newsroom.editor).exclude(pk__in=before[1])
        client.force_login(newsroom.editor)
        page = client.get(reverse("evidence:reuse", args=["NC-2024", item.exhibit])).content.decode()
        told.append(
            (
                sorted(events.values_list("action", flat=True)),
                sorted(jobs.values_list("task", "message")),
                page.replace(f"/{item.exhibit}/", "/N/"),
            )
        )
    assert told[0] == told[1]


def test_member_of_both_cases_sees_the_match_across_them(houses):
    newsroom, elsewhere = houses
    newsroom.log(jpeg(ONE), "one.jpg")
    run_jobs()
    add_member(actor=elsewhere.lead, case=elsewhere, user=newsroom.editor, role="viewer")
    [match] = reuse.matches_of(newsroom.editor, newsroom.case)
    assert (match.case, match.other_case) == (newsroom.case, elsewhere)
    assert [one.pk for one in reuse.matches_of(newsroom.editor, elsewhere)] == [match.pk]


def test_foreign_copies_take_no_candidates_place(houses):
    """The same photograph in the foreign case must not explain the region away in one's own."""
    newsroom, _ = houses
    newsroom.log(jpeg(ONE, quality=70), "mine.jpg")
    newsroom.log(jpeg(side_by_side(ONE, TWO)), "montage.jpg")
    run_jobs()
    assert (2, 1) in pairs(newsroom.case)


def test_lead_puts_a_notice_away(houses, client):
    newsroom, elsewhere = houses
    newsroom.log(jpeg(ONE), "one.jpg")
    run_jobs()
    address = reverse("evidence:media", args=[elsewhere.ref])
    client.force_login(elsewhere.lead)
    assert "1 picture found elsewhere in this house" in client.get(reverse("home")).content.decode()
    page = client.get(address).content.decode()
    assert "found elsewhere in this house" in page
    assert str(newsroom.case.lead) in page
    assert "NC-2024" not in page
    notice = MatchNotice.objects.get()
    client.post(reverse("evidence:media_notice_seen", args=[elsewhere.ref, notice.pk]))
    assert "found elsewhere in this house" not in client.get(address).content.decode()


# --- backfill and upgrade


def test_exhibits_read_by_another_version_are_read_again_and_keep_their_verdicts(splice):
    judged = judge_match(
        actor=splice.editor, match=Match.objects.first(), verdict="confirmed", note="The same crowd, the same wall."
    )
    MediaScan.objects.update(version=1)
    PackedPrint.objects.update(version=1)
    out = io.StringIO()
    call_command("rebuild_media", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"compared": 3, "indexed": 3}
    assert set(MediaScan.objects.values_list("version", flat=True)) == {comparing.VERSION}
    assert Match.objects.get(pk=judged.pk).verdict == "confirmed"
    assert Match.objects.count() == 2


def test_evidence_that_was_there_before_is_found_by_the_minute(newsroom):
    newsroom.log(jpeg(ONE), "one.jpg")
    newsroom.log(b"words\n")
    WaitingForMatches.objects.all().delete()
    resume_comparing(0)
    assert WaitingForMatches.objects.count() == 1
    run_jobs()
    resume_comparing(0)
    assert not WaitingForMatches.objects.exists()
