"""Looking pictures up in a small store, from end to end: what is found, where, and what is not."""

import mmap

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from evidence.media import features, fingerprints, geometry, hypotheses, index, inverted, matching
from evidence.media.decisions import THRESHOLD, Evidence, Kind, is_lettering, may_be_lettering, score
from evidence.media.outlines import Outline
from evidence.media.pixels import prepare
from evidence.media.rectangles import WHOLE, Rectangle, likeness
from tests.media.pictures import kept, made, photograph, post, sign, wall

pytestmark = pytest.mark.xdist_group("matching")

STORED = range(8)
STRANGERS = range(20, 23)


@pytest.fixture(scope="module")
def segments():
    """Two segments, as after an addition."""
    return [
        index.build([(100 + number, kept(number)) for number in range(5)]),
        index.build([(100 + number, kept(number)) for number in range(5, 8)]),
    ]


def load(numbers):
    return {number: kept(number - 100) for number in numbers}


def look_up(image, segments, **options):
    return matching.look_up(fingerprints.fingerprint(prepare(image)), segments, load, **options)


def check_found(report, number, *, query=WHOLE, stored=WHOLE, mirrored=False, likest=0.85):
    match = next(match for match in report.matches if match.number == 100 + number)
    assert likeness(match.query_region, Rectangle(*query)) > likest
    assert likeness(match.stored_region, Rectangle(*stored)) > likest
    assert match.mirrored == mirrored
    return match


@pytest.mark.parametrize("number", STORED)
def test_smaller_copy_is_the_whole_picture(number, segments):
    report = look_up(photograph(number).resize((300, 200)), segments)
    assert check_found(report, number).kind == Kind.WHOLE
    assert report.unexplained == []
    assert len(report.matches) == 1


@pytest.mark.parametrize("number", STRANGERS)
def test_picture_that_is_not_stored_has_no_match(number, segments):
    report = look_up(photograph(number), segments)
    assert report.matches == []
    assert report.unexplained == [WHOLE]


def test_mirrored_and_turned_copies_are_found(segments):
    check_found(look_up(ImageOps.mirror(photograph(1)), segments), 1, mirrored=True)
    check_found(look_up(photograph(2).rotate(90, expand=True), segments), 2)
    check_found(look_up(photograph(3).rotate(20, expand=True), segments), 3, likest=0.7)


def test_crop_says_which_part_it_is(segments):
    match = check_found(look_up(photograph(4).crop((120, 80, 432, 288)), segments), 4, stored=(0.25, 0.25, 0.65, 0.65))
    assert match.kind == Kind.REGION


def test_splice_is_explained_by_its_two_sources(segments):
    canvas = Image.new("RGB", (640, 320))
    canvas.paste(photograph(1).crop((80, 0, 400, 320)), (0, 0))
    canvas.paste(photograph(6).crop((80, 0, 400, 320)), (320, 0))
    report = look_up(canvas, segments)
    check_found(report, 1, query=(0, 0, 0.5, 1), stored=(1 / 6, 0, 2 / 3, 1))
    check_found(report, 6, query=(0.5, 0, 0.5, 1), stored=(1 / 6, 0, 2 / 3, 1))
    assert sorted(map(len, report.origins)) == [1, 1]
    assert report.unexplained == []


def test_half_without_a_source_stays_unexplained(segments):
    canvas = Image.new("RGB", (960, 320))
    canvas.paste(photograph(20), (0, 0))
    canvas.paste(photograph(7), (480, 0))
    report = look_up(canvas, segments)
    check_found(report, 7, query=(0.5, 0, 0.5, 1))
    assert [match.number for match in report.matches] == [107]
    assert likeness(report.unexplained[0], Rectangle(0, 0, 0.5, 1)) > 0.8


def storeys() -> Image.Image:
    """A tower whose storeys look alike, each in its own light and between things of its own."""
    canvas = photograph(30, (480, 480)).copy()
    storey = photograph(31, (240, 100))
    for number in range(4):
        lit = ImageEnhance.Brightness(storey).enhance(0.7 + 0.15 * number)
        canvas.paste(lit, (120, 20 + 110 * number))
    return canvas


def matches_of(image, stored):
    segments = [index.build([(1, stored)])]
    return matching.look_up(fingerprints.fingerprint(prepare(image)), segments, lambda _: {1: stored}).matches


def test_storey_that_fits_the_next_one_is_no_second_region():
    tower = storeys()
    stored = fingerprints.stored(fingerprints.fingerprint(prepare(tower)))
    canvas = Image.new("RGB", (960, 480))
    canvas.paste(photograph(22, (480, 480)), (0, 0))
    canvas.paste(tower.crop((40, 0, 480, 480)), (480, 0))
    (only,) = matches_of(canvas, stored)
    assert likeness(only.query_region, Rectangle(480 / 960, 0, 440 / 960, 1)) > 0.9
    assert likeness(only.stored_region, Rectangle(40 / 480, 0, 440 / 480, 1)) > 0.9


def test_piece_copied_within_one_picture_is_a_second_region():
    changed = photograph(3).copy()
    changed.paste(photograph(3).crop((20, 20, 200, 160)), (270, 150))
    whole, piece = matches_of(changed, kept(3))
    assert likeness(whole.query_region, WHOLE) > 0.9
    assert likeness(piece.query_region, Rectangle(270 / 480, 150 / 320, 180 / 480, 140 / 320)) > 0.7
    assert likeness(piece.stored_region, Rectangle(20 / 480, 20 / 320, 180 / 480, 140 / 320)) > 0.7


def test_wall_of_brick_is_no_other_wall_but_its_own_crop():
    stored = fingerprints.stored(fingerprints.fingerprint(prepare(wall(1))))
    assert matches_of(wall(3), stored) == []
    assert matches_of(wall(1).crop((60, 40, 420, 290)), stored)[0].score > THRESHOLD


def test_inset_in_a_stranger_is_found_in_its_place(segments):
    host = photograph(21).copy()
    host.paste(photograph(5).resize((216, 144)), (200, 100))
    check_found(look_up(host, segments), 5, query=(200 / 480, 100 / 320, 0.45, 0.45))


def test_matrix_takes_the_stored_corner_to_its_place_in_the_query(segments):
    canvas = Image.new("RGB", (600, 400), "white")
    canvas.paste(ImageOps.mirror(photograph(2)), (60, 40))
    match = check_found(look_up(canvas, segments), 2, query=(0.1, 0.1, 0.8, 0.8), mirrored=True)
    corner = match.matrix @ (0, 0, 1)
    assert corner[:2] / corner[2] == pytest.approx((0.9, 0.1), abs=0.01)


def test_fingerprint_read_back_from_the_child_asks_the_same(segments, tmp_path):
    host = photograph(21).copy()
    host.paste(ImageOps.mirror(photograph(5)).resize((240, 160)), (20, 100))
    made = fingerprints.fingerprint(prepare(host))
    again = fingerprints.from_files(fingerprints.to_files(made, tmp_path), tmp_path)
    reports = [matching.look_up(one, segments, load) for one in (made, again)]
    found = [[(match.number, match.score, match.query_region) for match in report.matches] for report in reports]
    assert found[0] == found[1] != []


def test_same_bytes_are_exact_and_come_first(segments):
    report = look_up(photograph(3), segments, exact=frozenset({103}))
    assert [(match.kind, match.score) for match in report.matches] == [(Kind.EXACT, 1.0)]


def test_ignored_picture_is_never_suggested(segments):
    assert look_up(photograph(3), segments, exact=frozenset({103}), ignored=frozenset({103})).matches == []


def test_picture_that_may_not_be_loaded_is_left_out(segments):
    report = matching.look_up(fingerprints.fingerprint(prepare(photograph(3))), segments, lambda numbers: {})
    assert report.matches == []


def test_posts_of_two_photographs_share_their_interface_and_do_not_match():
    stored = fingerprints.stored(fingerprints.fingerprint(prepare(post("white", "black", 22))))
    segments = [index.build([(1, stored)])]
    same, other = (
        matching.look_up(
            fingerprints.fingerprint(prepare(post("white", "black", number))), segments, lambda numbers: {1: stored}
        )
        for number in (22, 21)
    )
    assert [match.number for match in same.matches] == [1]
    assert other.matches == []


@pytest.mark.parametrize("colour", ["white", "black", "#336699"])
def test_blank_picture_matches_nothing_not_even_another(colour):
    blank = fingerprints.fingerprint(prepare(Image.new("RGB", (300, 200), "white")))
    assert blank.blank
    stored = fingerprints.stored(blank)
    segments = [index.build([(1, stored), (2, kept(1))])]
    query = fingerprints.fingerprint(prepare(Image.new("RGB", (200, 200), colour)))
    assert matching.look_up(query, segments, lambda numbers: {1: stored, 2: kept(1)}).matches == []


def test_page_of_text_has_no_features_and_can_be_asked_about(segments):
    page = Image.new("RGB", (500, 500), "white")
    for line in range(20):
        ImageDraw.Draw(page).text((10, 10 + 24 * line), "a line that somebody wrote", fill="black", font_size=20)
    made = fingerprints.fingerprint(prepare(page))
    assert not made.blank
    assert len(made.features) == 0
    assert matching.look_up(made, segments, load).matches == []


def test_many_identical_pictures_stay_bounded():
    copies = 2_000
    segment = index.build([(number, kept(1)) for number in range(copies)])
    loaded = []

    def load_copies(numbers):
        loaded.extend(numbers)
        return dict.fromkeys(numbers, kept(1))

    report = matching.look_up(fingerprints.fingerprint(prepare(photograph(1))), [segment], load_copies)
    assert 0 < len(loaded) <= 300
    # What only the mirrored view proposes is read and found to be no mirror image.
    assert matching.MOST_HASHED <= len(report.matches) <= len(set(loaded))
    assert len(report.origins) == 1


def test_look_up_in_an_empty_store_finds_nothing():
    assert look_up(photograph(1), []).matches == []
    assert look_up(photograph(1), [index.build([])]).matches == []


def test_saved_segment_answers_like_the_one_in_memory(segments, tmp_path):
    for place, segment in enumerate(segments):
        index.save(segment, tmp_path / str(place))
    opened = [index.load(tmp_path / str(place)) for place in range(2)]
    image = photograph(6).crop((50, 50, 400, 300))
    ours, theirs = look_up(image, segments), look_up(image, opened)
    assert [(m.number, m.score, m.query_region) for m in ours.matches] == [
        (m.number, m.score, m.query_region) for m in theirs.matches
    ]
    code = opened[0].words.code
    assert type(code) is np.ndarray
    assert isinstance(code.base, np.memmap | mmap.mmap)


def test_segment_of_another_version_has_to_be_built_again(segments, tmp_path):
    index.save(segments[1], tmp_path / "one")
    (tmp_path / "one" / "version").write_text("0")
    with pytest.raises(index.Outdated, match="another version"):
        index.load(tmp_path / "one")


def test_segment_in_use_is_never_written_over(segments, tmp_path):
    index.save(segments[0], tmp_path / "one")
    with pytest.raises(FileExistsError, match="a name of its own"):
        index.save(segments[1], tmp_path / "one")
    assert index.load(tmp_path / "one").numbers.tolist() == [100, 101, 102, 103, 104]


def test_candidates_of_the_right_picture_come_first(segments):
    asked = hypotheses.views(fingerprints.fingerprint(prepare(photograph(2).resize((400, 266)))))[0].asked
    assert inverted.candidates(segments[0].words, asked, 3).pictures[0] == 2


def test_pairs_come_in_the_order_of_how_many_agree(segments):
    """The first pairs of the right picture lie on one map; it is the one of a copy of half the size."""
    view = hypotheses.views(fingerprints.fingerprint(prepare(photograph(2).resize((240, 160)))))[0]
    pairs = index.near_features(segments[:1], view.asked, 3)[102]
    stored = features.places(kept(2).postings[pairs.feature[:10]], 240, 160)
    assert np.abs(stored - view.points.at[pairs.asked[:10]]).max() < 12


def check_cut_out_found(segments) -> None:
    """A twentieth of the area, among the features of the host."""
    host, piece = photograph(20).resize((900, 600)), photograph(3).crop((150, 90, 370, 240))
    host.paste(piece, (520, 330))
    region = (520 / 900, 330 / 600, 220 / 900, 150 / 600)
    report = look_up(host, segments)
    check_found(report, 3, query=region, stored=(150 / 480, 90 / 320, 220 / 480, 150 / 320), likest=0.7)
    assert {match.number for match in report.matches} == {103}


def test_small_cut_out_is_found_on_a_busy_host(segments):
    check_cut_out_found(segments)


def test_small_cut_out_is_found_from_single_pairs_where_the_many_mislead(segments, monkeypatch):
    monkeypatch.setattr(hypotheses, "from_features", lambda sides, pairs: iter(()))
    check_cut_out_found(segments)


def test_strongest_pair_of_the_right_picture_lies_on_its_map(segments):
    """A copy of half the size; each seed has its place in the view, and none stands for the same map as another."""
    view = hypotheses.views(fingerprints.fingerprint(prepare(photograph(2).resize((240, 160)))))[0]
    sides = hypotheses.beside(view, kept(2))
    pairs = index.near_features(segments[:1], view.asked, 3)[102]
    found = list(hypotheses.seeds(sides, pairs))
    assert 1 <= len(found) <= hypotheses.SEEDS_EACH
    assert [seed.strength for seed in found] == sorted((seed.strength for seed in found), reverse=True)
    fitted = next(hypotheses.from_seed(found[0]))
    ends = geometry.apply(fitted, geometry.corners(sides.shape))
    assert np.abs(ends - geometry.corners(view.grey.shape)).max() < 4


@pytest.mark.parametrize("turn", [0, 90, 180])
def test_negative_is_found(turn, segments):
    found = check_found(look_up(ImageOps.invert(photograph(4)).rotate(turn, expand=True), segments), 4)
    assert (found.kind, found.mirrored) == (Kind.WHOLE, False)


@pytest.mark.parametrize("number", STRANGERS)
def test_negative_of_a_stranger_is_not(number, segments):
    assert look_up(ImageOps.invert(photograph(number)), segments).matches == []


def test_long_lists_are_read_like_short_ones(segments, monkeypatch):
    asked = hypotheses.views(made(2))[0].asked
    together = inverted.search(segments[0].words, asked)
    monkeypatch.setattr(inverted, "LONG", 0)
    alone = inverted.search(segments[0].words, asked)
    assert len(together.picture) > 100
    for one, other in zip(together, alone, strict=True):
        assert sorted(one.tolist()) == sorted(other.tolist())


def test_score_rises_with_the_evidence():
    weak, strong = Evidence(4, 0.6, 3, 0.1, 2), Evidence(300, 0.98, 60, 0.5, 20)
    assert score(weak) < THRESHOLD < score(strong)


@pytest.mark.parametrize(
    ("purity", "support", "share", "matches"),
    [
        pytest.param(0.4, 8, 0.02, False, id="one motif taken twice"),
        pytest.param(0.7, 1, 0.03, False, id="soft shades"),
        pytest.param(0.9, 1, 0.02, True, id="a copy too soft for features"),
        pytest.param(0.6, 27, 0.05, True, id="a copy under grain"),
        pytest.param(0.2, 120, 0.6, True, id="a copy that was waved"),
    ],
)
def test_pieces_that_agree_are_no_copy_however_many(purity, support, share, matches):
    assert (score(Evidence(400, purity, support, share, 30)) > THRESHOLD) is matches


@pytest.mark.parametrize(
    ("support", "share", "contrary", "settled", "matches"),
    [
        pytest.param(20, 0.08, 0.25, True, False, id="two walls of brick"),
        pytest.param(6, 0.21, 0.45, False, False, id="a wall that fits better a course further"),
        pytest.param(24, 0.03, 0.10, True, True, id="a copy under grain"),
        pytest.param(110, 0.18, 0.41, True, True, id="a copy that was waved"),
        pytest.param(35, 0.08, 0.20, True, True, id="a copy of low quality"),
    ],
)
def test_same_pattern_is_not_the_same_picture(support, share, contrary, settled, matches):
    assert (score(Evidence(100, 0.5, support, share, 20, contrary, settled)) > THRESHOLD) is matches


def look_up_sign(image, stored):
    """What a picture has of one other."""
    prints = {1: fingerprints.stored(fingerprints.fingerprint(prepare(stored)))}
    query = fingerprints.fingerprint(prepare(image))
    return matching.look_up(query, [index.build(prints.items())], lambda _: prints, threshold=0.0).matches


@pytest.mark.parametrize("words", ["Central\nStation", "Private\nCentre"])
def test_same_words_in_one_typeface_are_not_the_same_picture(words):
    found = look_up_sign(sign(21, words, at=(120, 90)), sign(1, "Central\nStation"))
    assert found, "the letters agree, or this tests nothing"
    assert max(match.score for match in found) < THRESHOLD
    assert any(is_lettering(match.evidence) for match in found)


def test_sign_that_was_cut_out_is_found_by_its_own_picture():
    canvas = photograph(22).copy()
    canvas.paste(sign(1, "Central\nStation").crop((70, 40, 340, 190)), (150, 120))
    found = look_up_sign(canvas, sign(1, "Central\nStation"))[0]
    assert found.score >= THRESHOLD
    assert likeness(found.query_region, Rectangle(150 / 480, 120 / 320, 270 / 480, 150 / 320)) > 0.85


@pytest.mark.parametrize(
    ("support", "regions", "asked"),
    [
        pytest.param(30, (0.3, 0.4), True, id="a word on two signs"),
        pytest.param(400, (0.3, 0.4), False, id="more than a sign says"),
        pytest.param(30, (0.2, 0.99), False, id="a logo that is stored by itself"),
        pytest.param(30, (0.99, 0.2), False, id="a query cut from a poster"),
    ],
)
def test_lettering_is_looked_for_where_both_pictures_have_more(support, regions, asked):
    query, stored = (Rectangle(0, 0, 1, share) for share in regions)
    found = Outline(query, stored, 20, 0.9, 0.0, 5, (slice(0, 9), slice(0, 9)))
    assert may_be_lettering(found, support) is asked


@pytest.mark.parametrize(("beyond", "matches"), [(-0.3, False), (0.24, False), (0.44, True), (1.0, True)])
def test_what_agrees_within_the_tones_makes_a_match_of_letters(beyond, matches):
    assert (score(Evidence(60, 0.9, 60, 0.4, 8, beyond=beyond)) > THRESHOLD) is matches
