"""Pictures as shared objects: the same address, the same pixels, the same picture by comparison, and nothing less."""

import io

import pytest

from evidence.actions.items import change_item, log_file
from evidence.actions.judging import judge_match
from evidence.details import Details
from evidence.enums import Sensitivity
from evidence.models import Frame, Match, WaitingForMatches
from posts.actions.analyses import recompute
from posts.images import picture_names
from tests.factories.posts import analyse, import_posts
from tests.posts.files import write_lines

pytestmark = pytest.mark.django_db
ADDRESS = "https://files.example/{}.jpg"


def status(number: int, picture: str) -> dict:
    return {
        "id": str(number),
        "created_at": f"2024-05-16T10:00:{number:02}Z",
        "content": "<p>Look</p>",
        "url": f"https://m.example/{number}",
        "account": {"id": str(number), "username": f"u{number}", "acct": f"u{number}"},
        "media_attachments": [{"type": "image", "url": ADDRESS.format(picture)}],
    }


def kept(room, name: str, pixels: str, url: str = ""):
    """An exhibit of a picture, entered as the comparison leaves it; nothing is decoded here."""
    item = log_file(
        actor=room.investigator,
        case=room.case,
        stream=io.BytesIO(b"\xff\xd8\xff" + name.encode()),
        file_name=f"{name}.jpg",
        details=Details(original_url=url or ADDRESS.format(name)),
    )
    WaitingForMatches.objects.filter(item=item).delete()
    sizes = {"width": 4, "height": 3, "sha256": pixels * 64}
    return item, Frame.objects.create(blob=item.blob, kind="image", position=0, **sizes)


@pytest.fixture
def posts(room, tmp_path):
    statuses = [status(n, name) for n, name in enumerate(["one", "again", "crop", "other", "one"], start=1)]
    return import_posts(room.investigator, room.case, write_lines(tmp_path / "m.ndjson", *statuses), mapped=False)


def pairs(room):
    found = analyse(room.investigator, room.case, method="coshare", coshare=["image"], min_participation=1)
    edges = found.result["coshare"]["list"]
    return found, {tuple(edge[end].partition("@")[0] for end in ("a", "b")) for edge in edges}


def test_without_exhibits_the_address_is_the_picture(room, posts):
    assert pairs(room)[1] == {("1", "5")}


def test_exhibits_join_what_shows_the_same(room, posts):
    (first, one), (_, again), (_, crop) = (kept(room, *of) for of in (("one", "a"), ("again", "a"), ("crop", "b")))
    kept(room, "other", "c")
    before, joined = pairs(room)
    # Equal pixels: accounts 1, 2 and 5.
    assert joined == {("1", "2"), ("1", "5"), ("2", "5")}
    match = Match.objects.create(case=room.case, query=crop, stored=again, kind="whole", score=0.9, version=1)
    Match.objects.create(case=room.case, query=crop, stored=one, kind="region", score=0.9, version=1)
    _, joined = pairs(room)
    assert joined == {(a, b) for a in "1235" for b in "1235" if a < b}
    again_made = recompute(actor=room.investigator, analysis=before)
    assert (again_made.same, again_made.input_sha256 == before.input_sha256) == (False, False)
    judge_match(actor=room.investigator, match=match, verdict="rejected", note="Another crowd, another wall.")
    assert pairs(room)[1] == {("1", "2"), ("1", "5"), ("2", "5")}
    assert recompute(actor=room.investigator, analysis=before).same
    names = picture_names(room.case.pk, [ADDRESS.format(name) for name in ("one", "again", "crop", "nowhere")])
    assert names[ADDRESS.format("one")] == names[ADDRESS.format("again")] == f"E-{first.exhibit}"
    assert set(names) == {ADDRESS.format(name) for name in ("one", "again", "crop")}


def test_sensitive_exhibits_join_nothing(room, posts):
    kept(room, "one", "a")
    secret, _ = kept(room, "again", "a")
    change = {"sensitivity": Sensitivity.SENSITIVE}
    change_item(actor=room.investigator, item=secret, version=secret.version, changes=change)
    assert pairs(room)[1] == {("1", "5")}
