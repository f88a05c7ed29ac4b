"""The benchmark of the core runs to its end on few posts, and its posts are what it says."""

import re

from posts.clusters import near
from tests.bench import posts as bench


def test_every_figure_is_a_number():
    lines = [*bench._reading(100), *bench._texts(100), *bench._clusters(400), *bench._coshare(2_000)]
    assert len(lines) == 9
    assert all(re.search(r"\d", line) for line in lines)


def test_made_posts_are_the_same_each_time_and_have_families():
    assert bench.made_texts(300, seed=1) == bench.made_texts(300, seed=1)
    result = near.clusters(bench.made_columns(400)).result()
    assert result["clusters"] > 10
    assert len(bench.made_share_rows(500)) == 500
