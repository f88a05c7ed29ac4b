"""Rows for media reuse. A match within the case, and what hangs on it."""

import io

from django.utils import timezone

from evidence.actions.items import log_file
from evidence.models import Frame, IgnoredPicture, LookUp, Match, MatchNotice, WaitingForMatches
from tests.access.table import Row, World, inside, only

CASE = {"ref": "ref"}
PICTURE = {"ref": "ref", "exhibit": "pictured"}
FRAME = PICTURE | {"kind": "frame_kind", "position": "frame_position"}
MATCH, API_MATCH = {"ref": "ref", "match_id": "match"}, {"ref": "ref", "id": "match"}
IGNORED, API_IGNORED = {"ref": "ref", "entry_id": "ignored"}, {"ref": "ref", "id": "ignored"}
NOTICE = {"ref": "ref", "notice_id": "notice"}
LOOK_UP, API_LOOK_UP = {"ref": "ref", "look_up_id": "look_up"}, {"ref": "ref", "id": "look_up"}
WORKERS = ("investigator", "editor")
EXPORTERS = ("editor", "publisher", "auditor")


def build(world: World) -> None:
    case, author = world.case, world.people["investigator"]
    # No picture: what these rows ask is who may, and decoding would only take time.
    item = log_file(actor=author, case=case, stream=io.BytesIO(b"\x89PNG\r\n\x1a\n" + case.ref.encode()))
    WaitingForMatches.objects.filter(item=item).delete()
    about = {"blob": item.blob, "kind": "image", "width": 4, "height": 3, "sha256": "0" * 64}
    one, two = (Frame.objects.create(position=position, **about) for position in (0, 1))
    match = Match.objects.create(case=case, query=two, stored=one, kind="whole", score=0.9, version=1)
    world.objects |= {
        "pictured": item.exhibit,
        "frame_kind": "image",
        "frame_position": 7,
        "match": match.pk,
        "ignored": IgnoredPicture.objects.create(case=case, frame=one, reason="logo", added_by=author).pk,
        "notice": MatchNotice.objects.create(case=case, frame=one, contact=author).pk,
        "look_up": LookUp.objects.create(
            case=case,
            actor=author,
            sha256="0" * 64,
            size=1,
            at=timezone.now(),
            result={"width": 4, "height": 3, "matches": [], "unexplained": []},
        ).pk,
    }


ROWS = [
    Row("evidence:frame", "GET", inside(404), FRAME),
    Row("evidence:reuse", "GET", inside(200), PICTURE),
    Row("evidence:aids", "GET", inside(200), PICTURE),
    Row("evidence:error_level", "GET", inside(404), PICTURE),
    Row("evidence:aids_make", "POST", only(302, *WORKERS), PICTURE),
    Row("evidence:finding", "POST", only(400, *WORKERS), PICTURE),
    Row("evidence:media", "GET", inside(200), CASE),
    Row("evidence:media_csv", "GET", only(200, *EXPORTERS), CASE),
    Row("evidence:media_clusters", "GET", inside(200), CASE),
    Row("evidence:media_ignored", "GET", inside(200), CASE),
    Row("evidence:media_ignored_end", "POST", only(400, *WORKERS), IGNORED),
    Row("evidence:media_notice_seen", "POST", inside(404), NOTICE),
    Row("evidence:look_up", "GET", only(200, *WORKERS), CASE),
    Row("evidence:look_up", "POST", only(400, *WORKERS), CASE),
    Row("evidence:looked_up", "GET", inside(404, investigator=200), LOOK_UP),
    Row("evidence:match", "GET", inside(200), MATCH),
    Row("evidence:match_judge", "POST", only(400, *WORKERS), MATCH),
    Row("evidence:match_ignore", "POST", only(400, *WORKERS), MATCH),
    Row("claims:cite_match", "GET", only(200, *WORKERS), MATCH),
    Row("claims:cite_match", "POST", only(400, *WORKERS), MATCH),
    Row("item-pictures", "GET", inside(200), {"ref": "ref", "id": "evidence_item"}),
    Row("media-match-list", "GET", inside(200), CASE),
    Row("media-match-detail", "GET", inside(200), API_MATCH),
    Row("media-match-judge", "POST", only(400, *WORKERS), API_MATCH, body={}),
    Row("media-ignored-list", "GET", inside(200), CASE),
    Row("media-ignored-list", "POST", only(400, *WORKERS), CASE, body={}),
    Row("media-ignored-detail", "GET", inside(200), API_IGNORED),
    Row("media-ignored-end", "POST", only(400, *WORKERS), API_IGNORED, body={}),
    Row("media-look-up-list", "GET", inside(200), CASE),
    Row("media-look-up-list", "POST", only(400, *WORKERS), CASE, body={}),
    Row("media-look-up-detail", "GET", inside(404, investigator=200), API_LOOK_UP),
]
