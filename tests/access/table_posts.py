"""Rows for posts. A dataset with a post, a rejected record and an analysis."""

import json
import tempfile
from pathlib import Path

from posts.models import Post
from tests.access.table import Row, World, inside, only
from tests.factories.posts import CAMPAIGN, analyse, import_posts, record_follows, table

CASE = {"ref": "ref"}
DATASET, ANALYSIS = CASE | {"number": "dataset_number"}, CASE | {"number": "analysis_number"}
LIST = CASE | {"number": "follow_number"}
EXHIBIT, POST = CASE | {"exhibit": "dataset_exhibit"}, CASE | {"post_id": "post"}
WORKERS = ("investigator", "editor")
EXPORTERS = ("editor", "publisher", "auditor")
CHECKERS = ("investigator", "editor", "auditor")


def build(world: World) -> None:
    case, author = world.case, world.people["investigator"]
    with tempfile.TemporaryDirectory() as folder:
        path = table(Path(folder) / "campaign.csv", [*CAMPAIGN, ["", "", "", "", ""]])
        dataset = import_posts(author, case, path)
        follow_list = record_follows(author, case, Path(folder) / "follows.csv", ["12", "13"])
    analysis = analyse(author, case, method="coshare", coshare=["text"], min_participation=1)
    world.objects |= {
        "dataset": dataset.pk,
        "dataset_number": dataset.number,
        "dataset_exhibit": dataset.item.exhibit,
        "rejected": dataset.rejections.get().pk,
        "post": Post.objects.get(case=case, native_id="101").pk,
        "analysis": analysis.pk,
        "analysis_number": analysis.number,
        "network_name": "graphml",
        "level": "L2",
        "largest": 0,
        "table_name": "hashtags",
        "follow_list": follow_list.pk,
        "follow_number": follow_list.number,
        "follow_entry": follow_list.entries.first().pk,
    }


def api_id(name: str) -> dict[str, str]:
    return {"ref": "ref", "id": name}


def question(world: World) -> str:
    return json.dumps({"method": "timeline", "parameters": {"unit": "day"}})


ROWS = [
    Row("posts:campaign", "GET", inside(200), CASE),
    Row("posts:keep", "POST", only(302, *WORKERS), CASE),
    Row("posts:waiting", "GET", inside(200), CASE),
    Row("posts:behind", "GET", inside(200), CASE | {"entries": "level", "place": "largest"}, foreign=False),
    Row("posts:rows", "GET", inside(200), CASE | {"entries": "level"}),
    Row("posts:network_json", "GET", inside(200), CASE),
    Row("posts:timeline_svg", "GET", inside(200), CASE),
    Row("posts:table_csv", "GET", only(200, *EXPORTERS), CASE | {"table": "table_name"}),
    Row("posts:datasets", "GET", inside(200), CASE),
    Row("posts:import", "GET", only(200, *WORKERS), CASE),
    Row("posts:import", "POST", only(400, *WORKERS), CASE),
    Row("posts:import_how", "GET", only(200, *WORKERS), EXHIBIT),
    Row("posts:import_how", "POST", only(400, *WORKERS), EXHIBIT),
    Row("posts:dataset", "GET", inside(200), DATASET, foreign=False),
    Row("posts:read_again", "POST", only(409, *WORKERS), DATASET, foreign=False),
    Row("posts:rejected", "GET", only(200, *EXPORTERS), DATASET, foreign=False),
    Row("posts:follow_lists", "GET", inside(200), CASE),
    Row("posts:follow_lists", "POST", only(400, *WORKERS), CASE),
    Row("posts:follow_record", "GET", only(200, *WORKERS), EXHIBIT),
    Row("posts:follow_record", "POST", only(400, *WORKERS), EXHIBIT),
    Row("posts:follow_list", "GET", inside(200), LIST, foreign=False),
    Row("posts:follow_count", "POST", only(302, *WORKERS), LIST, foreign=False),
    Row("posts:follows_of", "GET", inside(200), CASE | {"account_id": "account"}),
    Row("posts:list", "GET", inside(200), CASE),
    Row("posts:list_csv", "GET", only(200, *EXPORTERS), CASE),
    Row("posts:post", "GET", inside(200), POST),
    Row("posts:track", "POST", only(302, *WORKERS), POST),
    Row("posts:analyses", "GET", inside(200), CASE),
    Row("posts:analyses", "POST", only(400, *WORKERS), CASE),
    Row("posts:analysis", "GET", inside(200), ANALYSIS, foreign=False),
    Row("posts:again", "POST", only(302, *CHECKERS), ANALYSIS, foreign=False),
    Row("posts:network", "GET", only(200, *EXPORTERS), ANALYSIS | {"name": "network_name"}, foreign=False),
    Row("dataset-list", "GET", inside(200), CASE),
    Row("dataset-list", "POST", only(400, *WORKERS), CASE, body={}),
    Row("dataset-detail", "GET", inside(200), api_id("dataset")),
    Row("dataset-read-again", "POST", only(409, *WORKERS), api_id("dataset"), body={}),
    Row("rejected-record-list", "GET", inside(200), CASE),
    Row("rejected-record-detail", "GET", inside(200), api_id("rejected"), foreign=False),
    Row("post-list", "GET", inside(200), CASE),
    Row("post-detail", "GET", inside(200), api_id("post")),
    Row("follow-list-list", "GET", inside(200), CASE),
    Row("follow-list-list", "POST", only(400, *WORKERS), CASE, body={}),
    Row("follow-list-detail", "GET", inside(200), api_id("follow_list")),
    Row("follow-entry-list", "GET", inside(200), CASE),
    Row("follow-entry-detail", "GET", inside(200), api_id("follow_entry"), foreign=False),
    Row("analysis-list", "GET", inside(200), CASE),
    Row("analysis-list", "POST", only(201, *WORKERS), CASE, body=question),
    Row("analysis-detail", "GET", inside(200), api_id("analysis")),
    Row("analysis-recompute", "POST", only(200, *CHECKERS), api_id("analysis"), body={}),
    Row("analysis-network", "GET", only(200, *EXPORTERS), api_id("analysis")),
]
