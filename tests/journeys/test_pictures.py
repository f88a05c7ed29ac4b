"""Every page of the application stands in docs/screenshots at both widths, and nothing else stands there."""

import re
from pathlib import Path

from django.urls import resolve

from tests.access.table import addresses
from tests.access.test_permission_table import ROWS
from tests.journeys import pages
from tests.journeys.photographs import WIDTHS

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
NOBODY = "00000000-0000-0000-0000-000000000000"
A_FILE = re.compile(r"\.(csv|json|webp|svg|txt|zip|ico)$|^(audit/|evidence/fetch|healthz|api/|admin/|favicon)")
WITHOUT_A_PICTURE = {
    "a part of another page": {
        "cases:job_progress",
        "claims:about",
        "claims:desk_copy",
        "claims:of_exhibit",
        "claims:panel",
        "evidence:damage",
        "evidence:reuse",
        "posts:behind",
        "posts:rows",
        "posts:waiting",
        "search:news",
        "search:palette",
    },
    "a page for those who build pages": {"gallery", "gallery_panel"},
    "a question with one button": {"account_logout", "account_reauthenticate", "cases:name_end"},
    "a download": {"posts:network"},
    "nothing of its kind in the example or the samples": {
        "claims:cite_match",
        "evidence:looked_up",
        "evidence:match",
        "posts:follow_list",
        "posts:follow_record",
        "posts:follows_of",
        "posts:import_how",
    },
}


def photographed() -> dict[str, str]:
    """The address of each picture, by its name; empty where none of ours is shown."""
    reached = pages.PAGES | pages.QUIET | pages.BY_STEPS
    for paths in pages.OF_OTHERS.values():
        reached |= paths
    linked = pages.LINKED | pages.QUIET_LINKED
    reached |= {name: f"{pages.CASE}{_sample(pattern)}" for name, (_start, pattern) in linked.items()}
    under = pages.UNDER | pages.QUIET_UNDER
    reached |= {name: reached[parent] + step for name, (parent, step) in under.items()}
    return reached | {name: path.format(NOBODY) for name, (_parent, path) in pages.QUIET_BESIDE.items()}


def _sample(pattern: str) -> str:
    path = pattern.replace(pages.UUID, NOBODY).removesuffix("$")
    return path if path.endswith("/") else f"{path}{NOBODY}/"


def test_every_page_is_photographed():
    shown = {resolve(path.split("?")[0]).view_name for path in photographed().values() if path}
    let_out = set().union(*WITHOUT_A_PICTURE.values())
    routes = {name: route for name, route in addresses().items() if not A_FILE.search(route)}
    seen = {row.name for row in ROWS if row.verb == "GET" and 200 in row.statuses.values() and row.name in routes}
    assert sorted(seen - shown - let_out) == []
    assert sorted(let_out & shown) == [], "has a picture after all"
    assert sorted(let_out - seen) == [], "is no page"


def test_folder_holds_these_pictures_and_no_others():
    wanted = {f"{name}-{width}.png" for name in photographed() for width in WIDTHS}
    wanted |= {f"{name}-dark-{WIDTHS[0]}.png" for name in pages.DARK}
    assert {path.name for path in FOLDER.iterdir()} == wanted
