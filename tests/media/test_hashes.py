"""Whole-picture hashes: what they must not notice, what they must, and that their search misses nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from evidence.media import hamming, hashes
from tests.media.pictures import photograph

UNRELATED = 90


def pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image)


@pytest.mark.parametrize("number", range(4))
def test_pdq_of_a_smaller_copy_stays_near(number):
    image = photograph(number)
    first, second = hashes.pdq(pixels(image)), hashes.pdq(pixels(image.resize((240, 160))))
    assert hashes.distance(first.variants[0], second.variants[0]) <= 31
    assert first.quality == 100


def test_pdq_of_other_pictures_is_far():
    made = [hashes.pdq(pixels(photograph(number))).variants[0] for number in range(6)]
    distances = [hashes.distance(one, other) for place, one in enumerate(made) for other in made[:place]]
    assert min(distances) > UNRELATED


def test_pdq_of_a_plain_ramp_is_that_of_the_published_algorithm():
    # A ramp has one horizontal wave in it; the bits were made with Facebook's reference implementation.
    ramp = np.tile(np.linspace(0, 255, 64).astype(np.uint8), (64, 1))
    assert hashes.pdq(np.dstack([ramp] * 3)).quality < hashes.LEAST_QUALITY


@pytest.mark.parametrize(("mirrored", "turns"), hashes.ORIENTATIONS)
def test_orientation_of_a_changed_copy_is_among_the_variants(mirrored, turns):
    image = photograph(1)
    changed = ImageOps.mirror(image) if mirrored else image
    changed = changed.rotate(-90 * turns, expand=True)
    variants = hashes.pdq_dihedral(pixels(image)).variants
    wanted = hashes.pdq(pixels(changed)).variants[0]
    nearest = min(range(8), key=lambda place: hashes.distance(variants[place], wanted))
    assert hashes.ORIENTATIONS[nearest] == (mirrored, turns)
    assert hashes.distance(variants[nearest], wanted) <= 31


@given(st.integers(1, 700), st.integers(1, 700))
@settings(max_examples=25)
def test_pdq_takes_pictures_of_any_size(width, height):
    made = hashes.pdq(np.full((height, width), 100, np.uint8))
    assert made.quality == 0
    assert len(made.variants[0]) == hashes.BYTES


def test_hashes_for_exchange_are_those_of_imagehash():
    assert len(hashes.phash(pixels(photograph(0)))) == 16
    assert hashes.dhash(pixels(photograph(0))) != hashes.dhash(pixels(photograph(1)))


def flipped(bits: bytes, places: list[int]) -> bytes:
    number = int.from_bytes(bits, "big")
    for place in places:
        number ^= 1 << place
    return number.to_bytes(hashes.BYTES, "big")


@given(st.integers(0, 2**31), st.integers(0, hamming.FARTHEST), st.lists(st.integers(0, 255), max_size=60, unique=True))
@settings(max_examples=60)
def test_search_finds_what_comparing_with_every_row_finds(seed, radius, places):
    generator = np.random.default_rng(seed)
    rows = [generator.bytes(hashes.BYTES) for _ in range(300)]
    query = flipped(rows[17], places)
    found, distances = hamming.search(hamming.build(hamming.pack(rows)), query, radius)
    every = {row: hashes.distance(bits, query) for row, bits in enumerate(rows)}
    assert dict(zip(found.tolist(), distances.tolist(), strict=True)) == {r: d for r, d in every.items() if d <= radius}
    assert distances.tolist() == sorted(distances.tolist())


def test_search_further_than_its_tables_allow_is_refused():
    with pytest.raises(ValueError, match="more than 47"):
        hamming.search(hamming.build(hamming.pack([bytes(32)])), bytes(32), 48)


def test_search_in_an_empty_store_finds_nothing():
    rows, distances = hamming.search(hamming.build(hamming.pack([])), bytes(32), 31)
    assert rows.tolist() == distances.tolist() == []


def test_ten_thousand_identical_hashes_are_all_found():
    columns = hamming.build(hamming.pack([b"\x5a" * 32] * 10_000))
    rows, distances = hamming.search(columns, b"\x5a" * 32, 31)
    assert rows.tolist() == list(range(10_000))
    assert not distances.any()


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=20))
def test_ranges_are_written_one_after_the_other(pairs):
    first = np.array([one for one, _ in pairs], np.int64)
    counts = np.array([count for _, count in pairs], np.int64)
    assert hamming.ranges(first, counts).tolist() == [n for one, count in pairs for n in range(one, one + count)]
