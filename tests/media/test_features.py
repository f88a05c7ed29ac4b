"""Local features, their words, and the grey rendition: what survives which change."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from evidence.media import features, renditions, textures, training, vocabulary
from evidence.media.pixels import prepare, shrink
from tests.media.pictures import made, photograph


def test_features_are_spread_over_the_picture():
    rows = made(2).features[:160]
    cells = rows["x"] // 16384 + 4 * (rows["y"] // 16384)
    assert np.bincount(cells, minlength=16).min() >= 5


def test_features_are_only_where_they_are_wanted():
    grey = made(2).grey
    wanted = np.zeros_like(grey)
    wanted[:, : grey.shape[1] // 2] = 255
    rows = features.extract(grey, wanted)
    assert len(rows) > 50
    assert features.places(rows, 1, 1)[:, 0].max() < 0.52


def test_strip_too_narrow_for_features_has_none():
    assert len(features.extract(np.zeros((3, 4000), np.uint8))) == 0


def share_found_again(found, expected):
    """The share of features that lie and look as one of those expected does."""
    gaps = np.abs(features.places(found, 480, 320)[:, None] - features.places(expected, 480, 320)[None]).max(axis=2)
    pairs = np.argwhere(gaps < 1.5)
    likeness = (
        found["descriptor"][pairs[:, 0]].astype(float) - expected["descriptor"][pairs[:, 1]].astype(float)
    ) / features.DESCRIPTOR_SCALE
    near = (likeness**2).sum(axis=1) < 0.25
    return len(set(pairs[near, 0])) / len(found)


def test_mirrored_features_are_those_of_the_mirrored_picture():
    flipped = features.extract(np.ascontiguousarray(made(3).grey[:, ::-1]))
    assert share_found_again(flipped, features.mirrored(made(3).features)) > 0.6


def test_features_of_a_negative_are_those_of_the_inverted_picture():
    inverted = features.extract(255 - made(3).grey)
    assert share_found_again(inverted, features.negative(made(3).features)) > 0.6
    assert share_found_again(inverted, made(3).features) < 0.2


@pytest.mark.parametrize("change", [features.mirrored, features.negative])
def test_the_same_change_twice_changes_nothing(change):
    assert (change(change(made(3).features)) == made(3).features).all()


def test_word_and_signature_survive_a_smaller_copy():
    small = prepare(photograph(1).resize((360, 240), Image.Resampling.LANCZOS))
    ours, theirs = made(1).features, features.extract(small.grey)
    gaps = np.abs(features.places(ours, 480, 320)[:, None] - features.places(theirs, 480, 320)[None]).max(axis=2)
    pairs = np.argwhere(gaps < 1.0)
    rotated = [vocabulary.rotate(rows["descriptor"]) for rows in (ours, theirs)]
    word = vocabulary.assign(rotated[0][pairs[:, 0]], 1)[:, 0]
    asked = vocabulary.assign(rotated[1][pairs[:, 1]], vocabulary.ASKED)
    hit = (asked == word[:, None]).any(axis=1)
    codes = [vocabulary.signatures(vocabulary.project(rotated[side][pairs[:, side]]), word)[hit] for side in (0, 1)]
    assert hit.mean() > 0.3
    assert np.median(np.bitwise_count(codes[0] ^ codes[1])) < 16


def test_nearest_word_is_the_first_of_several():
    rotated = vocabulary.rotate(made(0).features["descriptor"][:50])
    assert (vocabulary.assign(rotated, 1)[:, 0] == vocabulary.assign(rotated, 8)[:, 0]).all()


def test_recipe_makes_a_vocabulary_of_the_shipped_form():
    trained, shipped = training.train(pictures=2), vocabulary.shipped()
    assert [part.shape for part in trained] == [part.shape for part in shipped]
    assert np.allclose(trained.rotation @ trained.rotation.T, np.eye(128), atol=1e-3)


@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 2**31))
@settings(max_examples=40)
def test_rendition_of_any_size_comes_back_alike(height, width, seed):
    values = np.random.default_rng(seed).integers(100, 140, (height, width)).astype(np.uint8)
    again = renditions.unpack(renditions.pack(values))
    assert again.shape == values.shape
    assert np.abs(again.astype(int) - values).mean() < 12


def test_rendition_of_a_photograph_is_small_and_true():
    grey = made(0).grey
    packed = renditions.pack(grey)
    assert len(packed) < 20_000
    assert np.corrcoef(renditions.unpack(packed).ravel(), renditions.reduced(grey).ravel())[0, 1] > 0.97


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"\x01",
        b"\x00\x00\x00\x00",
        b"\xff\xff\xff\xff",
        b"\x10\x00\x10\x00not deflated",
        renditions.pack(np.zeros((16, 16), np.uint8))[:-6],
    ],
    ids=["empty", "short", "no size", "too large", "damaged", "cut"],
)
def test_damaged_rendition_is_refused(packed):
    with pytest.raises(renditions.BadRendition):
        renditions.unpack(packed)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_picture_stands_upright_as_its_exif_says(orientation, tmp_path):
    image = photograph(0).resize((120, 80))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(tmp_path / "turned.png", exif=exif)
    with Image.open(tmp_path / "turned.png") as opened:
        picture = prepare(opened)
    wanted = ImageOps.exif_transpose(Image.open(tmp_path / "turned.png"))
    assert (picture.width, picture.height) == wanted.size
    assert (picture.rgb == np.asarray(wanted)).all()


def test_sixteen_bit_greys_are_scaled_not_clipped():
    deep = Image.fromarray(np.tile(np.linspace(0, 65535, 64).astype(np.uint16), (64, 1)))
    assert prepare(deep).grey[0].tolist() == sorted(prepare(deep).grey[0].tolist())
    assert abs(int(prepare(deep).grey[0, 32]) - 129) < 4


def test_transparent_pixels_become_paper():
    clear = Image.new("RGBA", (20, 20), (10, 20, 30, 0))
    assert (prepare(clear).rgb == 255).all()
    palette = Image.new("P", (20, 20), 0)
    palette.info["transparency"] = 0
    assert (prepare(palette).rgb == 255).all()


@given(st.integers(1, 3000), st.integers(1, 3000))
@settings(max_examples=20)
def test_working_copy_is_never_larger_than_it_may_be(width, height):
    small = shrink(np.zeros((height, width), np.uint8), 5_000)
    assert 0 < small.size <= 5_000


def test_textures_differ_and_repeat():
    one, other = (textures.texture(np.random.default_rng(seed)) for seed in (1, 2))
    assert (textures.texture(np.random.default_rng(1)) == one).all()
    assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.3
