"""The evaluation itself: its attacks are repeatable and say truly what is where, and its sums are right."""

import numpy as np
import pytest
from PIL import Image

from evidence.media import decisions
from tests.bench import media, media_fit, media_pairs
from tests.bench.media_attacks import ATTACKS
from tests.bench.media_made import Made, Region
from tests.bench.media_more import FAINT
from tests.media.pictures import photograph

pytestmark = pytest.mark.xdist_group("media bench")


def make(kind: str, seed: int = 4) -> Made:
    attack, needed = media.KINDS[kind]
    return attack([photograph(number) for number in range(needed)], [photograph(9)], np.random.default_rng(seed))


def test_there_are_more_than_forty_kinds_of_attack():
    assert len(ATTACKS) + len(media.REVERSE) >= 45
    assert len(media.KINDS) >= 70


@pytest.mark.parametrize("kind", media.KINDS)
def test_attack_is_repeatable_and_places_every_photograph_inside(kind):
    made, again = make(kind), make(kind)
    assert made.image.tobytes() == again.image.tobytes()
    assert sorted(placed.source for placed in made.placed) == list(range(media.KINDS[kind][1]))
    for placed in made.placed:
        for x, y, w, h in (placed.query, placed.stored):
            assert min(x, y, w, h) >= -1e-6
            assert max(x + w, y + h) <= 1 + 0.01


@pytest.mark.parametrize(
    "kind", ["caption", "post light", "2 panels gap", "inset 25 %", "montage in post", "chat", "feed", "story"]
)
def test_region_of_the_query_shows_the_region_of_the_photograph(kind):
    made = make(kind)
    for placed in made.placed:
        shown, stored = (
            np.asarray(part(image, region).convert("L").resize((48, 32)), float).ravel()
            for image, region in ((made.image, placed.query), (photograph(placed.source), placed.stored))
        )
        assert np.corrcoef(shown, stored)[0, 1] > 0.9


def test_tilted_photograph_is_all_that_is_not_the_wall():
    made = make("tilted")
    x, y, w, h = made.placed[0].query
    height, width = made.image.height, made.image.width
    rows = np.asarray(made.image)
    inside = np.zeros((height, width), bool)
    inside[round(y * height) : round((y + h) * height), round(x * width) : round((x + w) * width)] = True
    assert 0.5 < w * h < 1
    assert (rows[~inside] == FAINT).all()


def part(image: Image.Image, region: Region) -> Image.Image:
    x, y, w, h = region
    box = x * image.width, y * image.height, (x + w) * image.width, (y + h) * image.height
    return image.crop(tuple(round(value) for value in box))


@pytest.fixture(scope="module")
def chosen() -> media.Setting:
    photos = [media.Photo(f"photo {number}", photograph(number), number / 24, False) for number in range(24)]
    return media.setting(photos, "dev", distractors=1)


def test_photographs_are_either_stored_or_strangers(chosen):
    alone, within, strangers = (
        {photo.name for photo in group} for group in (chosen.alone, chosen.within, chosen.strangers)
    )
    stored = {name for item in chosen.items for name in item.photos}
    assert alone
    assert within
    assert not strangers & stored
    assert alone | within <= stored
    assert not any(item.kind == "photograph" and item.photos & within for item in chosen.items)


def test_photographs_beside_are_stored_and_never_asked_with():
    photos = [media.Photo(f"photo {number}", photograph(number), number / 8, False) for number in range(8)]
    *photos, beside = photos
    chosen = media.setting(photos, "all", distractors=0, beside=[beside])
    assert [item.kind for item in chosen.items if beside.name in item.photos] == ["photograph"]
    assert beside not in [*chosen.alone, *chosen.within, *chosen.strangers]


@pytest.fixture(scope="module")
def bench(chosen) -> media.Bench:
    return media.Bench(chosen)


def test_bench_finds_a_caption_and_counts_no_stranger(chosen, bench):
    outcomes = [bench.ask(query) for query in media.queries(chosen, 1, "caption")]
    lines = list(media.table(outcomes))
    assert [outcome.query.strangers for outcome in outcomes] == [False, True, False, True]
    assert lines[1].split()[:5] == ["caption", "1", "1.000", "1.000", "1.00"]
    assert "with a false match at the default threshold: 0 of all, 0 of the negatives" in lines[-2]


def test_strangers_alone_are_asked_and_their_surest_matches_told(chosen, bench):
    outcomes = [bench.ask(query) for query in media.of_strangers(chosen, 2, "sepia")]
    assert [outcome.query.strangers for outcome in outcomes] == [True, True]
    outcomes[1].false = 0.25
    head, _, surest, other = media.false_matches(outcomes)
    assert head.startswith("queries 2, of them 2 with nothing in the store")
    assert surest.startswith("  0.250 sepia: photo ")
    assert other.startswith("  0.000 sepia: photo ")


def test_false_match_is_saved_as_a_picture_of_both_sides(chosen, bench, tmp_path):
    (asked,) = (
        query for query in media.queries(chosen, 1, "caption") if query.kind == "caption" and not query.strangers
    )
    outcome = bench.ask(asked)
    assert outcome.wrong == []
    outcome.wrong = outcome.matches[:1]
    media_pairs.show(bench.items, [outcome], tmp_path / "pairs")
    (saved,) = (tmp_path / "pairs").iterdir()
    assert saved.name.startswith("1.000 0 caption photo ")
    with Image.open(saved) as image:
        assert image.height == media_pairs.HEIGHT
        assert media_pairs.OUTLINE in {colour for _, colour in image.getcolors(image.width * image.height)}


def test_photographs_of_one_thing_are_counted_by_themselves():
    one, other = next(map(sorted, media.SAME_THING))
    assert media.shows_same_thing({one, "a bridge"}, ["a room", other])
    assert not media.shows_same_thing({one}, [one, "a room"])
    assert not media.shows_same_thing({"a bridge"}, [other])


def test_photographs_of_several_folders_are_one_list_and_no_pictures_are_refused(tmp_path, monkeypatch):
    for folder, number in (("one", 1), ("two", 2)):
        (tmp_path / folder).mkdir()
        photograph(number).save(tmp_path / folder / f"{number}.png")
    monkeypatch.setenv("PHOTOS", f"{tmp_path / 'one'}:{tmp_path / 'two'}")
    assert {photo.name for photo in media.photographs(*media.folders())} == {"1", "2"}
    with pytest.raises(SystemExit, match="There are no pictures in"):
        media.photographs(tmp_path / "three")


def test_fit_parts_what_can_be_parted_and_says_so():
    generator = np.random.default_rng(2)
    right = np.arange(400) % 4 == 0
    measures = generator.normal(size=(400, 6)) + 6 * right[:, None] * (1, 0, 0, 1, 0, 0)
    rows = media_fit.Rows(measures, right, np.arange(400) % media_fit.FOLDS)
    sure = media_fit.fit(measures, right).sure(measures)
    assert ((sure > 0) == right).all()
    assert ((media_fit.unseen(rows) > 0) == right).mean() > 0.99
    assert next(iter(media_fit.report(rows))) == "400 proposals, 100 of them right"


def test_proposals_of_a_look_up_are_labelled_by_the_truth(chosen, bench):
    rows = media_fit.collect(bench, list(media.queries(chosen, 1, "re-encode q30")))
    assert rows.right.sum() == 1
    assert rows.measures.shape == (len(rows.right), len(decisions.WEIGHTS))
