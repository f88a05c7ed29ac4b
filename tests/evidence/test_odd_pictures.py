"""Odd and hostile pictures through both commands: read or declined with a reason, and not in the way of others."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from evidence.models import Item
from tests.media.pictures import photograph
from tests.media.test_hostile import UNUSUAL, encoded, gif, png

from .pictures import jpeg

# What is the same picture as photograph 1; one bit a pixel leaves too little of it for the check on pixels.
SAME = sorted(UNUSUAL.keys() - {"one bit"})
ODD = UNUSUAL.keys() | {"one pixel wide", "animated"}
DECLINED = {"truncated", "endless", "empty picture", "nothing but zeros"}


@pytest.fixture
def spliced() -> bytes:
    return jpeg(photograph(1))


@pytest.fixture
def folder(tmp_path, spliced) -> Path:
    """A file of each odd and each declined kind, under its name."""
    narrow = np.random.default_rng(2).integers(0, 255, (700, 1, 3), np.uint8)
    files = {name: encode(photograph(1)) for name, encode in UNUSUAL.items()} | {
        "one pixel wide": encoded(Image.fromarray(narrow)),
        "animated": gif(20_000),
        "truncated": spliced[: len(spliced) // 2],
        "endless": png(60_000, 60_000),
        "empty picture": png(64, 64),
        "nothing but zeros": bytes(4_000),
    }
    made = tmp_path / "found"
    made.mkdir()
    for name, content in files.items():
        (made / f"{name}.img").write_bytes(content)
    return made


def test_folder_of_odd_pictures_is_logged_whole_and_what_is_none_says_why(newsroom, folder):
    call_command("log_evidence", "NC-2024", str(folder), stdout=io.StringIO())
    problems = {Path(item.file_name).stem: item.parse_problem for item in Item.objects.all()}
    assert problems.keys() == ODD | DECLINED
    assert {name for name, problem in problems.items() if not problem} >= ODD
    assert all(problems[name] for name in ("truncated", "endless", "empty picture"))


def test_odd_pictures_are_asked_about_and_what_is_none_does_not_stop_the_rest(newsroom, folder, spliced):
    newsroom.log(spliced, "plain.jpg", derive=True)
    out = io.StringIO()
    with pytest.raises(CommandError, match="of the files could not be read as pictures") as failure:
        call_command("match_media", "NC-2024", str(folder), "--json", stdout=out)
    assert failure.value.returncode == 1
    told = {Path(line["query"]).stem: line for line in map(json.loads, out.getvalue().splitlines())}
    assert {name for name, line in told.items() if "problem" in line} == DECLINED
    assert told.keys() == ODD | DECLINED
    found = {name: [match["kind"] for match in line["matches"]] for name, line in told.items()}
    assert {name: found[name] for name in SAME} == {name: ["whole"] for name in SAME}
    assert all(told[name]["problem"] and not told[name]["matches"] for name in DECLINED)
    assert found["one pixel wide"] == found["animated"] == []
