"""A false match as a picture to look at: the query on the left, the stored picture on the right, regions outlined.

Whether a match is false is the evaluation's say, by which photographs it put where; two photographs of one thing can
only be told by looking.
"""

import re
from pathlib import Path

from PIL import Image, ImageDraw

from evidence.media.decisions import Match
from evidence.media.rectangles import Rectangle

HEIGHT = 480
GAP = 8
LONGEST_NAME = 200
OUTLINE = (255, 0, 120)


def show(items: list, outcomes: list, folder: Path) -> None:
    """Save every false match of tests.bench.media, named by its score, the kind of query, what was asked and found."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, outcome in enumerate(outcomes):
        for match in outcome.wrong:
            stored, query = items[match.number], outcome.query
            pair = f"{'+'.join(query.sources)} is not {'+'.join(sorted(stored.photos)) or stored.kind}"
            name = re.sub(r"[^\w .%+-]", "_", f"{match.score:.3f} {number} {query.kind} {pair}"[:LONGEST_NAME])
            side_by_side(query.made.image, stored.image, match).save(folder / f"{name}.png")


def side_by_side(query: Image.Image, stored: Image.Image, match: Match) -> Image.Image:
    """Both pictures at one height, the matched region outlined in each."""
    sides = [_outlined(query, match.query_region), _outlined(stored, match.stored_region)]
    canvas = Image.new("RGB", (sum(side.width for side in sides) + GAP, HEIGHT), "white")
    canvas.paste(sides[0], (0, 0))
    canvas.paste(sides[1], (sides[0].width + GAP, 0))
    return canvas


def _outlined(image: Image.Image, region: Rectangle) -> Image.Image:
    shown = image.convert("RGB").resize((max(1, round(image.width * HEIGHT / image.height)), HEIGHT))
    x, y, w, h = region.x, region.y, region.w, region.h
    corners = x * shown.width, y * shown.height, (x + w) * shown.width - 1, (y + h) * shown.height - 1
    ImageDraw.Draw(shown).rectangle(corners, outline=OUTLINE, width=3)
    return shown
