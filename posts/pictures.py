"""The timeline as an SVG picture that stands alone: its bars, the peak marked, and what it rests on."""

import textwrap
from datetime import UTC, datetime, timedelta
from typing import Any

from django.template.loader import render_to_string

from posts.campaign_rows import WIDTHS
from posts.campaigns import Campaign
from posts.captions import timeline_caption

WIDTH = 960
LEFT, RIGHT, TOP, BASE = 48, 16, 48, 244
# The caption beneath: letters in a row, where the first stands below the base, and how far apart they are.
LETTERS, FIRST, ROW = 150, 40, 16


def timeline_picture(found: Campaign) -> str:
    """Return the SVG document of the campaign's timeline in its unit."""
    unit = found.unit
    buckets = found.exported_timeline
    bars = _bars(buckets, unit)
    peak = max(bars, key=lambda bar: bar["posts"], default=None)
    rows = textwrap.wrap(timeline_caption(found), LETTERS)
    context = {
        "width": WIDTH,
        "height": BASE + FIRST + ROW * len(rows),
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "top": TOP,
        "base": BASE,
        "bars": bars,
        "peak": peak,
        "ends": [bars[0], bars[-1]] if len(bars) > 1 else bars,
        "unit": unit,
        "zone": found.question.zone,
        "case": found.case,
        "analysis": found.analysis,
        "rows": [{"y": BASE + FIRST + ROW * place, "text": text} for place, text in enumerate(rows)],
    }
    return render_to_string("posts/timeline.svg", context)


def _bars(buckets: list[dict[str, Any]], unit: str) -> list[dict[str, Any]]:
    if not buckets:
        return []
    step = WIDTHS.get(unit, timedelta(days=1))
    begins = [_moment(one["bucket"]) for one in buckets]
    span = (begins[-1] + step - begins[0]) / step
    most = max(one["posts"] for one in buckets)
    room, tall = WIDTH - LEFT - RIGHT, BASE - TOP
    wide = max(1.0, room / span * 0.86)
    bars = []
    for one, begin in zip(buckets, begins, strict=True):
        height = one["posts"] / most * tall
        bars.append(
            {
                "x": round(LEFT + (begin - begins[0]) / step / span * room, 2),
                "y": round(BASE - height, 2),
                "wide": round(wide, 2),
                "tall": round(height, 2),
                "bucket": one["bucket"],
                "posts": one["posts"],
            }
        )
    return bars


def _moment(bucket: str) -> datetime:
    found = datetime.fromisoformat(bucket)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
