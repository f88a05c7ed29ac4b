"""What the database counts at once of very many posts is what the report counts of them."""

import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posts import quick
from posts.listing import Narrowing, posts_of
from tests.factories.posts import analyse, import_posts, row, table

pytestmark = pytest.mark.django_db

SAME = (
    "posts", "accounts", "originals", "reposts", "quotes", "replies", "undated", "flagged", "first", "peak_day",
    "peak_hour", "most_active", "concentration", "hashtags",
)  # fmt: skip
TAGS = ("birds", "İslands", "now", "ağ", "b")


def made(chance, number):
    text = f"Text {chance.randrange(4)} " + " ".join(f"#{tag}" for tag in chance.sample(TAGS, chance.randrange(4)))
    reposted = str(chance.randrange(50)) if chance.random() < 0.3 else ""
    # On the quarter of an hour, ties, a change of the clocks far away, and what no calendar reaches.
    minutes = chance.choice([chance.randrange(90_000), 15 * chance.randrange(8), 0])
    line = row(number, chance.randrange(6), text, minutes=minutes, retweet_id=reposted)
    return [*line[:4], "0000-01-01T00:00:00Z", *line[5:]] if chance.random() < 0.1 else line


# The fixtures hold no state of an example: each undoes what it did.
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10_000),
    zone=st.sampled_from(["UTC", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe"]),
    asked=st.sampled_from([{}, {"tag": "birds"}, {"start": "2024-05-16", "end": "2024-05-30"}, {"query": "text 1"}]),
)
def test_first_figures_are_those_of_the_report(room, tmp_path, seed, zone, asked):
    chance = random.Random(seed)
    with transaction.atomic():
        for platform in ("x", "vk")[: chance.randint(1, 2)]:
            path = table(tmp_path / f"{platform}.csv", [made(chance, number) for number in range(40)])
            import_posts(room.investigator, room.case, path, platform=platform)
        expected = analyse(room.investigator, room.case, levels=["L0"], limit=4, zone=zone, **asked).result
        rows = posts_of(room.investigator, room.case, Narrowing.of(asked | {"zone": zone}))
        found = quick.figures(rows, zone, 4)
        transaction.set_rollback(True)
    assert {name: found[name] for name in SAME} == {name: expected[name] for name in SAME}
    assert found["timeline"] == {unit: expected["timeline"][unit] for unit in ("day", "hour")}


def test_of_no_posts_there_is_nothing(room):
    found = quick.figures(posts_of(room.investigator, room.case), "UTC", 4)
    assert (found["posts"], found["first"], found["peak_day"], found["hashtags"]) == (0, None, None, [])
