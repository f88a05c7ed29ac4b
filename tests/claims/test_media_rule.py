"""G-74: a claim about a picture is let out only when people have compared it, and said where its original is."""

import io

import pytest

from cases.exceptions import Conflict, InvalidInput, NotAllowed
from claims.actions.matches import claim_from_match
from claims.gate.evaluation import evaluate
from claims.models import ClaimVersion
from claims.queries import get_version_by_id
from evidence.actions.items import log_file
from evidence.actions.judging import judge_match, note_finding
from evidence.models import Frame, Item, Match, MediaFinding, WaitingForMatches

pytestmark = pytest.mark.django_db
REGION = {"query": [0, 0, 0.5, 1], "stored": [0, 0, 1, 1], "score": 0.99, "mirrored": False}
REGION |= {"query_polygon": [], "stored_polygon": [], "align": [[0.5, 0, 0], [0, 1, 0], [0, 0, 1]]}
SEEN = "The same crowd before the same wall."


def picture(world, name: str) -> tuple[Item, Frame]:
    """An exhibit with one picture, entered as the comparison leaves it; nothing is decoded here."""
    item = log_file(
        actor=world.author, case=world.case, stream=io.BytesIO(b"\xff\xd8\xff" + name.encode()), file_name=name
    )
    WaitingForMatches.objects.filter(item=item).delete()
    about = {"width": 4, "height": 3, "sha256": "0" * 64}
    return item, Frame.objects.create(blob=item.blob, kind="image", position=0, **about)


@pytest.fixture
def match(world) -> Match:
    (_, photograph), (_, montage) = picture(world, "photograph"), picture(world, "montage")
    about = {"kind": "panel", "score": 0.99, "version": 1, "regions": [REGION]}
    return Match.objects.create(case=world.case, query=montage, stored=photograph, **about)


@pytest.fixture
def version(world, match) -> ClaimVersion:
    judge_match(actor=world.author, match=match, verdict="confirmed", note=SEEN)
    made = {"predicate": "media_composed_of", "subject": "query"}
    return claim_from_match(actor=world.author, case=world.case, match=Match.objects.get(), **made)


def missing(world, version: ClaimVersion) -> list[str]:
    report = evaluate(get_version_by_id(world.author, version.pk))
    [entry] = [entry for entry in report.entries if entry.rule.id == "G-74"]
    assert entry.blocks == bool(entry.problems)
    return [problem.text for problem in entry.problems]


def find(world, version, **values) -> MediaFinding:
    found = {"authenticity": "EditedOrCroppedContent", "original_search": "located", "note": "Both are with an agency."}
    return note_finding(actor=world.author, item=version.subject_item, **found | values)


def test_claim_about_a_picture_asks_what_it_is_and_where_its_original_is(world, version):
    texts = missing(world, version)
    assert len(texts) == 2
    assert "what kind of picture" in texts[0]
    assert "original" in texts[1]
    find(world, version)
    assert missing(world, version) == []


def test_original_that_was_not_found_is_an_answer(world, version):
    find(world, version, original_search="not_found", note="Four search engines, and the agency's archive.")
    assert missing(world, version) == []


def test_match_that_nobody_judged_blocks(world, version):
    find(world, version)
    _, other = picture(world, "another")
    about = {"kind": "region", "score": 0.8, "version": 1, "regions": [REGION]}
    Match.objects.create(
        case=world.case, query=Frame.objects.get(blob=version.subject_item.blob), stored=other, **about
    )
    assert missing(world, version) == ["Suggestions for E-4 wait for a verdict: 1."]


def test_composite_without_a_confirmed_component_blocks(world, version):
    find(world, version)
    judge_match(actor=world.author, match=Match.objects.get(), verdict="rejected", note="Another wall after all.")
    assert any("No component" in text for text in missing(world, version))


def test_picture_that_was_not_compared_yet_blocks(world, version):
    find(world, version)
    WaitingForMatches.objects.create(item=version.object_item, case=world.case)
    assert missing(world, version) == ["The pictures of E-3 have not been compared yet."]


def test_newest_finding_holds_and_findings_are_kept(world, version):
    find(world, version, authenticity="OriginalMediaContent")
    find(world, version)
    report = evaluate(get_version_by_id(world.author, version.pk))
    subject = next(media for media in report.facts.media if media.is_subject)
    assert subject.authenticity == "EditedOrCroppedContent"
    assert MediaFinding.objects.count() == 2
    assert [part.exhibit for part in subject.parts] == [3]


@pytest.mark.parametrize("values", [{"authenticity": "fake"}, {"original_search": "maybe"}, {"note": "short"}])
def test_finding_in_other_words_is_refused(world, version, values):
    with pytest.raises(InvalidInput) as refusal:
        find(world, version, **values)
    assert refusal.value.field == next(iter(values))


def test_finding_needs_the_right_to_compare(world, version):
    with pytest.raises(NotAllowed):
        note_finding(
            actor=world.publisher,
            item=version.subject_item,
            authenticity="OriginalMediaContent",
            original_search="located",
            note="It is in the archive.",
        )


def test_claim_cites_regions_of_both_exhibits(world, version):
    assert [(one.item.exhibit, one.region) for one in version.citations.order_by("order")] == [
        (4, "xywh=percent:0,0,50,100"),
        (3, "xywh=percent:0,0,100,100"),
    ]


@pytest.mark.parametrize(
    ("kind", "place", "part"),
    [
        ("page", {"page": 3}, "page=3"),
        ("embedded", {"page": 3, "position": 1}, "page=3&picture=2"),
        ("keyframe", {"second": 1234.567}, "t=1234.567"),
        ("keyframe", {"second": 0.0}, "t=0"),
    ],
)
def test_region_in_a_file_of_several_pictures_is_cited_in_the_one_that_matched(world, match, kind, place, part):
    Frame.objects.filter(pk=match.stored_id).update(kind=kind, **place)
    judge_match(actor=world.author, match=match, verdict="confirmed", note=SEEN)
    made = {"predicate": "media_composed_of", "subject": "query", "match": Match.objects.get()}
    version = claim_from_match(actor=world.author, case=world.case, **made)
    assert version.citations.get(item__exhibit=3).region == f"{part}&xywh=percent:0,0,100,100"


def test_match_is_cited_only_when_confirmed_and_in_known_words(world, match):
    made = {"actor": world.author, "case": world.case, "match": match}
    with pytest.raises(Conflict):
        claim_from_match(predicate="media_composed_of", subject="query", **made)
    for predicate, subject in (("account_status", "query"), ("media_composed_of", "left")):
        with pytest.raises(InvalidInput):
            claim_from_match(predicate=predicate, subject=subject, **made)
