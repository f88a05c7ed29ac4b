"""Which pictures a file holds: the image, pictures and pages of a PDF, keyframes of a video; all in the child."""

import io

import av
import numpy as np
import pypdfium2
import pytest
from PIL import ExifTags, Image

from evidence.media.fingerprints import BadFingerprint, stored
from evidence.media.hashes import distance
from evidence.models import PackedPrint
from evidence.parsers.sandbox import ParserFailed
from evidence.prints import frozen, has_pictures, packed, read_frames, thawed, unpacked

from . import samples
from .pictures import jpeg, pdf_of, side_by_side, texture

pytestmark = pytest.mark.xdist_group("frames")

ONE, TWO = texture(1), texture(2)


@pytest.fixture
def read(tmp_path):
    def read_one(content: bytes, media_type: str):
        path = tmp_path / "file"
        path.write_bytes(content)
        with path.open("rb") as stream:
            return read_frames(stream, media_type)

    return read_one


def video_of(*scenes: Image.Image, frames: int = 6) -> bytes:
    """An MP4 in which each scene stands still for some frames, each frame a complete picture."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        track = container.add_stream("mpeg4", rate=5, options={"g": "1"})
        track.width, track.height, track.pix_fmt, track.bit_rate = 320, 240, "yuv420p", 2_000_000
        for scene in scenes:
            pixels = np.asarray(scene.convert("RGB").resize((320, 240)))
            for _ in range(frames):
                container.mux(track.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(track.encode())
    return out.getvalue()


def alike(one, other) -> bool:
    return distance(one.made.parts[0].variants[0], other.made.parts[0].variants[0]) <= 31


def test_image_is_one_frame_and_needs_no_rendition(read):
    [frame], problem = read(jpeg(ONE), "image/jpeg")
    assert (frame.kind, frame.position, frame.width, frame.height, frame.shown, problem) == (
        "image",
        0,
        480,
        360,
        None,
        "",
    )


def test_picture_that_lies_on_its_side_is_stood_upright(read):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    [lying], _ = read(jpeg(ONE.rotate(90, expand=True), exif=exif), "image/jpeg")
    [upright], _ = read(jpeg(ONE), "image/jpeg")
    assert (lying.width, lying.height) == (480, 360)
    assert alike(lying, upright)


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "RGBA", "I;16", "1"])
def test_every_mode_of_pixels_is_read(read, mode):
    fmt, media_type = ("JPEG", "image/jpeg") if mode == "CMYK" else ("PNG", "image/png")
    out = io.BytesIO()
    grey = np.asarray(ONE.convert("L"))
    picture = Image.fromarray(grey.astype(np.uint16) * 257) if mode == "I;16" else ONE.convert(mode)
    picture.save(out, fmt)
    [frame], _ = read(out.getvalue(), media_type)
    [original], _ = read(jpeg(ONE), "image/jpeg")
    assert alike(frame, original) or mode == "1"


def test_one_pixel_wide_picture_is_read_and_says_nothing(read):
    [frame], _ = read(samples.picture("PNG", (1, 900)), "image/png")
    assert frame.made.blank or frame.flat


def test_first_frame_stands_for_an_animation(read):
    """A38."""
    frames, _ = read(samples.animation(300), "image/gif")
    assert len(frames) == 1


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (lambda: samples.png_claiming(30_000, 30_000, body=False), "image/png"),
        (samples.png_with_text_bomb, "image/png"),
        (lambda: jpeg(ONE)[:2_000], "image/jpeg"),
        (lambda: bytes(500), "image/jpeg"),
        (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", "image/png"),
        (lambda: b"%PDF-1.4\n%%EOF", "application/pdf"),
        (lambda: b"\x00\x00\x00\x18ftypmp42" + bytes(200), "video/mp4"),
        (lambda: b"words", "text/plain"),
    ],
    ids=["bomb", "text bomb", "cut short", "nothing", "eps", "no pdf", "no video", "text"],
)
def test_hostile_file_is_refused_with_a_sentence(read, content, media_type):
    """A36, A39, A40, A41."""
    with pytest.raises(ParserFailed) as failure:
        read(content(), media_type)
    assert failure.value.kind == "refused"
    assert failure.value.reason.endswith(".")


def test_document_gives_its_pictures_and_the_pages_that_hold_them(read):
    frames, _ = read(pdf_of(ONE, TWO), "application/pdf")
    assert [(frame.kind, frame.position, frame.page) for frame in frames] == [
        ("page", 0, 1),
        ("embedded", 0, 1),
        ("page", 1, 2),
        ("embedded", 1, 2),
    ]
    [photo], _ = read(jpeg(ONE), "image/jpeg")
    assert alike(frames[1], photo)
    content, width, height = frames[0].shown
    assert Image.open(io.BytesIO(content)).size == (width, height)


def test_document_of_words_holds_no_picture(read):
    assert read(samples.pdf("Only words"), "application/pdf") == ([], "")


def test_document_of_many_pictures_is_cut_and_says_so(read):
    document = pypdfium2.PdfDocument(pdf_of(ONE.resize((120, 90))))
    for _ in range(40):
        document.import_pages(document, [0])
    out = io.BytesIO()
    document.save(out)
    frames, problem = read(out.getvalue(), "application/pdf")
    assert len(frames) <= 60
    assert problem.startswith("Only the first")


def test_video_gives_a_keyframe_for_each_scene_with_time_and_reason(read):
    frames, _ = read(video_of(ONE, TWO, ONE), "video/mp4")
    assert [frame.kind for frame in frames] == ["keyframe"] * 3
    assert [frame.second for frame in frames] == pytest.approx([0, 1.2, 2.4], abs=0.25)
    assert frames[0].reason == "first picture"
    assert frames[1].reason.startswith("change of scene")
    [photo], _ = read(jpeg(TWO.resize((320, 240))), "image/jpeg")
    assert alike(frames[1], photo)


@pytest.mark.parametrize(
    "playlist",
    [
        b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/hostname\n",
        b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
    ],
    ids=["hls", "concat", "sdp"],
)
def test_playlist_that_names_other_files_is_refused(read, playlist):
    """A52."""
    with pytest.raises(ParserFailed, match="damaged or of a kind"):
        read(playlist, "video/mp4")


@pytest.mark.parametrize(
    ("media_type", "holds"),
    [
        ("image/png", True),
        ("video/webm", True),
        ("application/pdf", True),
        ("image/svg+xml", False),
        ("text/html", False),
    ],
)
def test_only_some_kinds_of_file_are_looked_into(media_type, holds):
    assert has_pictures(media_type) is holds


def test_print_survives_the_database_and_waiting(read):
    [frame], _ = read(jpeg(side_by_side(ONE, TWO, gap=10)), "image/jpeg")
    kept = stored(frame.made)
    again = unpacked(PackedPrint(**packed(kept)), kept.width, kept.height)
    assert [bits for _, bits in again.hashes] == [bits for _, bits in kept.hashes]
    for (region, _), (before, _) in zip(again.hashes, kept.hashes, strict=True):
        assert region == pytest.approx(before, abs=1e-6)
    assert (again.postings == kept.postings).all()
    assert again.rendition == kept.rendition
    thaw = thawed(frozen(frame.made))
    assert (thaw.features == frame.made.features).all()
    assert (thaw.grey == frame.made.grey).all()


def test_answer_that_makes_no_sense_is_a_failure_of_the_parser(read, monkeypatch):
    def damaged(facts, folder):
        raise BadFingerprint("too many bytes")

    monkeypatch.setattr("evidence.prints.fingerprints.from_files", damaged)
    with pytest.raises(ParserFailed, match="makes no sense"):
        read(jpeg(ONE), "image/jpeg")
