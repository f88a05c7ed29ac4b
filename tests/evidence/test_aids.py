"""Hints at changes of a picture: what each finds on pictures made for it, and that it keeps quiet on others."""

import io

import numpy as np
import pytest
from django.urls import reverse
from PIL import ExifTags, Image

from cases.exceptions import InvalidInput
from evidence import hints, reuse
from evidence.actions.aids import make_aids, start_aids
from evidence.media import aids
from evidence.models import MediaReport
from evidence.parsers import aids as parser

from . import samples
from .conftest import run_jobs
from .credentials import HOUSE, manifest_of, signed
from .pictures import jpeg, side_by_side, texture

PHOTO = texture(1)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


# --- JPEG


@pytest.mark.parametrize("quality", [30, 50, 75, 85, 92, 98])
def test_quality_is_estimated_from_the_tables(quality):
    facts = aids.quantisation(opened(jpeg(PHOTO, quality=quality)))
    assert facts["quality"] == pytest.approx(quality, abs=1)
    assert len(facts["tables"]["0"]) == 64


def test_what_is_no_jpeg_has_no_tables():
    assert aids.quantisation(opened(samples.picture("PNG"))) is None
    assert aids.estimated_quality([1, 2, 3]) is None


@pytest.mark.parametrize(("first", "second"), [(50, 80), (60, 92), (70, 90)])
def test_earlier_saving_at_a_lower_quality_is_found(first, second):
    twice = opened(jpeg(opened(jpeg(PHOTO, quality=first)), quality=second))
    assert any(abs(quality - first) <= 5 for quality in aids.earlier_savings(twice, second))


@pytest.mark.parametrize("quality", [75, 85, 92])
def test_picture_saved_once_shows_no_earlier_saving(quality):
    assert aids.earlier_savings(opened(jpeg(PHOTO, quality=quality)), quality) == []


def test_tiny_picture_and_unknown_quality_tell_nothing():
    assert aids.earlier_savings(opened(samples.picture("JPEG", (40, 40))), 80) == []
    assert aids.earlier_savings(PHOTO, None) == []


def test_error_level_is_higher_where_something_was_pasted_in():
    once = opened(jpeg(PHOTO, quality=60)).convert("RGB")
    once.paste(texture(4, (120, 120)), (200, 120))
    level = np.asarray(aids.error_level(once).convert("L"), float)
    assert level[130:230, 210:310].mean() > 1.15 * level[:, :190].mean()


# --- what the file says of itself


def with_exif(**inner) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Software] = "Retouch 3"
    exif[ExifTags.Base.DateTime] = "2024:05:15 12:00:00"
    exif.get_ifd(ExifTags.IFD.Exif).update({getattr(ExifTags.Base, name): value for name, value in inner.items()})
    return jpeg(PHOTO, exif=exif)


def test_contradictions_between_file_and_picture_are_told():
    content = with_exif(ExifImageWidth=4000, ExifImageHeight=3000, DateTimeOriginal="2019:01:02 03:04:05")
    told = " ".join(aids.contradictions(opened(content)))
    assert "4000 × 3000" in told
    assert "2019:01:02" in told
    assert "Retouch 3" in told


def test_picture_that_stands_upright_contradicts_nothing():
    assert aids.contradictions(opened(jpeg(PHOTO))) == []


def test_preview_of_another_picture_is_told(monkeypatch):
    image = opened(jpeg(PHOTO))
    for preview, differs in ((PHOTO, False), (texture(5), True)):
        small = np.asarray(preview.resize((160, 120)))
        monkeypatch.setattr(aids, "_preview", lambda _, small=small: small)
        assert any("preview" in line for line in aids.contradictions(image)) is differs


def test_file_without_credentials_says_so():
    assert parser.credentials(io.BytesIO(jpeg(PHOTO)), "image/jpeg") == {"state": "absent", "note": ""}


@pytest.mark.parametrize(
    ("told", "state"),
    [("Trusted", "valid"), ("Valid", "untrusted"), ("Invalid", "invalid"), ("", "present")],
)
def test_state_of_credentials_is_never_better_than_what_was_checked(told, state):
    class Reader:
        def json(self):
            return (
                f'{{"active_manifest": "a", "validation_state": "{told}", "manifests": {{"a": '
                '{"signature_info": {"issuer": "Agency"}}}}'
            )

    facts = parser._manifest(Reader())
    assert (facts["state"], facts["signer"]) == (state, "Agency")
    assert state in hints.CREDENTIALS


@pytest.mark.parametrize(
    ("active", "told"),
    [
        ({"claim_generator_info": [{"name": "a", "version": "1"}, {"name": "b"}]}, "a 1, b"),
        ({"claim_generator": "c/2", "claim_generator_info": [{}, None]}, "c/2"),
        ({}, ""),
    ],
)
def test_programs_of_both_versions_of_the_specification_are_named(active, told):
    assert parser._made_with(active) == told


def test_credentials_that_fit_say_who_signed_and_that_nobody_vouches_for_them():
    facts = parser.credentials(io.BytesIO(signed(jpeg(PHOTO))), "image/jpeg")
    assert (facts["state"], facts["signer"], facts["note"]) == ("untrusted", HOUSE, "signingCredential.untrusted")
    assert facts["made_with"] == "invented-editor 1.0"


def test_pixels_changed_after_the_signature_are_told():
    content = bytearray(signed(jpeg(PHOTO)))
    content[-400] ^= 0xFF
    facts = parser.credentials(io.BytesIO(bytes(content)), "image/jpeg")
    assert (facts["state"], facts["signer"]) == ("invalid", HOUSE)
    assert "dataHash.mismatch" in facts["note"]


def test_credentials_of_another_picture_are_told():
    """A manifest cut out of one file and put into another one."""
    other = jpeg(texture(2))
    moved = other[:2] + manifest_of(signed(jpeg(PHOTO))) + other[2:]
    facts = parser.credentials(io.BytesIO(moved), "image/jpeg")
    assert facts["state"] == "invalid"


# --- from the action to the page


def test_signer_of_a_picture_is_shown_on_its_page(newsroom, client):
    newsroom.log(signed(jpeg(PHOTO)), "signed.jpg")
    run_jobs()
    client.force_login(newsroom.viewer)
    page = client.get(reverse("evidence:aids", args=["NC-2024", 1])).content.decode()
    assert HOUSE in page
    assert "whether their signer is who it says was not checked" in page


def test_aids_are_made_in_the_child_and_shown_with_what_they_cannot_tell(newsroom, client):
    montage = jpeg(side_by_side(PHOTO, texture(2), gap=12), quality=80)
    item = newsroom.log(montage, "montage.jpg")
    run_jobs()
    client.force_login(newsroom.viewer)
    page = client.get(reverse("evidence:aids", args=["NC-2024", 1])).content.decode()
    for sentence in aids.CANNOT_TELL.values():
        assert sentence.replace("'", "&#x27;") in page
    assert "quality about 80" in page
    assert page.count("outline outline-back") >= 2
    picture = client.get(reverse("evidence:error_level", args=["NC-2024", item.exhibit]))
    assert b"".join(picture.streaming_content)[8:12] == b"WEBP"
    assert picture["Content-Security-Policy"].startswith("sandbox")


def test_time_in_the_file_is_held_against_the_claimed_one(newsroom):
    item = newsroom.log(samples.photo_with_gps((400, 300)), "photo.jpg", derive=True)
    item.published_at = item.captured_at.replace(year=2024, month=5, day=1)
    report = MediaReport(facts={"contradictions": []})
    [metadata] = [one for one in hints.hints_of(item, report, []) if one.key == "metadata"]
    assert "after the claimed publication" in metadata.found[0]
    assert metadata.notable


def test_aids_of_the_same_bytes_in_another_case_are_not_told(newsroom):
    """A55: what another case made of these bytes would tell that it has them."""
    item = newsroom.log(jpeg(PHOTO), "photo.jpg", derive=True)
    make_aids(actor=newsroom.investigator, item=item)
    again = newsroom.log(jpeg(PHOTO), "again.jpg", derive=True)
    assert reuse.report_of(item.__class__.objects.get(pk=item.pk)) is not None
    assert reuse.report_of(again) is None
    assert reuse.frames_of(again) == []


def test_picture_that_cannot_be_read_says_why(newsroom):
    item = newsroom.log(jpeg(PHOTO)[:700], "cut.jpg", derive=True)
    assert "damaged" in make_aids(actor=newsroom.investigator, item=item).facts["problem"]


def test_aids_of_a_text_are_refused(newsroom):
    with pytest.raises(InvalidInput):
        start_aids(actor=newsroom.investigator, item=newsroom.log())
