"""How long pages of a case with very many posts take, one after the other and from one process.

The figures of the campaign page are those of a kept analysis, as they are for so many posts; a stretch of some thousand
posts is counted while the page waits. Asked is a p95 below 300 ms for what a chart needs. On a machine that others use
too, the processor time of the pages and their ratio to a page without figures say more than the clock.
"""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import numpy as np
from django.conf import settings
from django.test import Client
from django.urls import reverse

from cases.models import Case
from posts.actions.analyses import ask, make
from posts.campaigns import lists_of
from posts.models import Post
from posts.questions import Question
from posts.states import AnalysisMethod

TIMES = 20


def figures(case: Case) -> Iterator[str]:
    """How long each page of a case takes whose posts are imported, beside one that shows no posts."""
    # The client signs in without a second factor; what that costs is paid at signing in alone.
    settings.REQUIRE_MFA, settings.ALLOWED_HOSTS = False, ["*"]
    began = time.process_time()
    question = Question.of(AnalysisMethod.CAMPAIGN, {"coshare": ["text"]})
    for one in (question, *lists_of(question)):
        make(actor=case.lead, analysis=ask(actor=case.lead, case=case, question=one))
    yield f"counting and keeping all figures: {time.process_time() - began:.0f} s of processor time"
    client = Client()
    client.force_login(case.lead)
    plain = _taken(client, reverse("posts:datasets", args=[case.ref]))
    for name, path in _pages(client, case).items():
        taken = _taken(client, path)
        yield (
            f"{name:>42}: p95 {taken.p95:5.0f} ms, median {taken.median:5.0f}, processor {taken.processor:5.0f}; "
            f"{taken.median / plain.median:4.1f} times the list of datasets"
        )


def _pages(client: Client, case: Case) -> dict[str, str]:
    def at(name: str, *arguments: object) -> str:
        return reverse(f"posts:{name}", args=[case.ref, *arguments])

    listed = at("list")
    deep = re.search(r"cursor=[^\"&]+", client.get(f"{listed}?start=2016-04-01").content.decode())
    middle = Post.objects.filter(case=case).order_by("at")[:1].get().at + timedelta(days=60)
    brushed, months = (
        f"?zone=UTC&coshare=text&start={middle:%Y-%m-%d}&end={middle + timedelta(days=days):%Y-%m-%d}"
        for days in (1, 60)
    )
    return {
        "campaign page, all charts": at("campaign"),
        "network": at("network_json"),
        "timeline as a picture": at("timeline_svg"),
        "behind the largest cluster": at("behind", "L3", 0),
        "fold of the largest texts": at("rows", "L3"),
        "fold of the pairs of accounts": at("rows", "edges"),
        "fold of the timeline": at("rows", "buckets"),
        "table of clusters": at("table_csv", "clusters"),
        "campaign page, one day brushed (counted)": at("campaign") + brushed,
        "campaign page, 60 days (first figures)": at("campaign") + months,
        "campaign page, all, as never asked before": at("campaign") + "?zone=Asia/Baku&coshare=url",
        "list, first page": listed,
        "list, from the middle": f"{listed}?{deep[0]}" if deep else listed,
        "list, one account": f"{listed}?account=1001",
        "list, one hashtag": f"{listed}?tag=tag7",
        "list, clocks in doubt (none)": f"{listed}?flagged=1",
        "list, a word that nobody wrote": f"{listed}?query=qqqqq",
    }


class Taken(NamedTuple):
    """Milliseconds of a page; `processor` are those of this process alone, not of the database."""

    p95: float
    median: float
    processor: float


def _taken(client: Client, path: str) -> Taken:
    taken, processor = [], []
    for _ in range(TIMES):
        began, worked = time.monotonic(), time.process_time()
        response = client.get(path)
        if response.streaming:
            for _chunk in response.streaming_content:
                pass
        taken.append(1_000 * (time.monotonic() - began))
        processor.append(1_000 * (time.process_time() - worked))
    return Taken(float(np.quantile(taken, 0.95)), float(np.median(taken)), float(np.median(processor)))
