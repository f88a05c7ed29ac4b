"""Pages of media reuse ask as many queries with 1,000 matches as with 10."""

from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.history import record
from evidence.models import Blob, Frame, IgnoredPicture, Item, Match
from tests.factories.claims import make_world

pytestmark = pytest.mark.django_db
FEW, MANY = 10, 1_000
REGION = {"query": [0, 0, 0.5, 1], "stored": [0, 0, 1, 1], "score": 0.9, "mirrored": False}
REGION |= {"query_polygon": [[0, 0], [1, 0], [1, 1]], "stored_polygon": [[0, 0], [1, 0], [1, 1]], "align": []}
_numbers = count(1)


def grow(world, rows: int) -> None:
    """Add `rows` pictures that each match the first one, straight into the tables."""
    record(world.author, "case_grown", world.case, after={"rows": rows})
    numbers = [next(_numbers) for _ in range(rows)]
    about = {"sha512": "0" * 128, "size": 1, "media_type": "image/png"}
    blobs = Blob.objects.bulk_create(Blob(sha256=f"{number:064x}", **about) for number in numbers)
    collected = {"collector": world.author, "method": "upload", "tool": "caseapp", "tool_version": "1"}
    Item.objects.bulk_create(
        Item(
            case=world.case,
            exhibit=1_000 + number,
            kind="image",
            title=f"Picture {number}",
            blob=blob,
            captured_at=timezone.now(),
            derived_at=timezone.now(),
            **collected,
        )
        for number, blob in zip(numbers, blobs, strict=True)
    )
    frames = Frame.objects.bulk_create(
        Frame(blob=blob, kind="image", position=0, width=4, height=3, sha256=blob.sha256) for blob in blobs
    )
    first = Frame.objects.order_by("pk").first()
    found = {"case": world.case, "kind": "panel", "score": 0.9, "version": 1, "regions": [REGION]}
    Match.objects.bulk_create(Match(query=frame, stored=first, **found) for frame in frames)
    IgnoredPicture.objects.bulk_create(
        IgnoredPicture(case=world.case, frame=frame, reason="logo", added_by=world.author) for frame in frames
    )


def addresses(world) -> dict[str, str]:
    ref = world.case.ref
    first = Item.objects.filter(case=world.case, exhibit__gt=1_000).order_by("exhibit").first().exhibit
    match = Match.objects.order_by("found_at").first().pk
    return {
        "list": reverse("evidence:media", args=[ref]),
        "csv": reverse("evidence:media_csv", args=[ref]),
        "clusters": reverse("evidence:media_clusters", args=[ref]),
        "ignored": reverse("evidence:media_ignored", args=[ref]),
        "match": reverse("evidence:match", args=[ref, match]),
        "cite": reverse("claims:cite_match", args=[ref, match]),
        "exhibit": reverse("evidence:reuse", args=[ref, first]),
        "aids": reverse("evidence:aids", args=[ref, first]),
        "api": reverse("media-match-list", args=[ref]),
    }


def queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
        assert response.status_code == 200
        if response.streaming:
            b"".join(response.streaming_content)
    return len(captured)


def test_pages_ask_as_many_queries_with_1000_matches_as_with_10(client):
    world = make_world()
    client.force_login(world.editor)
    grow(world, FEW)
    for url in addresses(world).values():
        client.get(url)
    few = {name: queries(client, url) for name, url in addresses(world).items()}
    grow(world, MANY - FEW)
    many = {name: queries(client, url) for name, url in addresses(world).items()}
    assert many == few
    assert max(many.values()) < 40, many
