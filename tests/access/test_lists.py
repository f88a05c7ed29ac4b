"""Lists of cases, members and jobs: narrowed, ordered, in pages, as CSV, with as many events as cases were told of."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from cases import history
from cases.actions.exports import record_export_across
from cases.actions.job_runs import start_job
from cases.enums import JobState
from cases.exceptions import NotAllowed
from cases.models import Case, JobRun, Membership, User
from tests.access.events import actions_since, last_number, payload_of
from tests.factories.cases import make_case
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

TASK = "evidence.derive_item"


def rows_of(response) -> list[dict[str, str]]:
    """The lines of a CSV answer by column."""
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def exports_since(number: int) -> list[str]:
    """The refs of the cases whose trail tells of an export after event `number`."""
    told = Event.objects.filter(id__gt=number, action="case_exported").values_list("case_id", flat=True)
    return sorted(Case.objects.filter(pk__in=told).values_list("ref", flat=True))


# --- cases


@pytest.fixture
def three(people):
    """A person who edits two cases and views a third."""
    editor = people["editor"]
    make_case(ref="B-1", title="Rivers", editor=editor, tlp="red")
    make_case(ref="A-1", title="Mountains", editor=editor, auditor=editor)
    make_case(ref="C-1", title="River mouths", viewer=editor)
    make_case(ref="D-1", title="Somebody else's rivers")
    return editor


def refs(page) -> list[str]:
    return [case.ref for case in page.context["page"].rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["A-1", "B-1", "C-1"]),
        ("?sort=-title", ["B-1", "C-1", "A-1"]),
        ("?sort=-created_at", ["C-1", "A-1", "B-1"]),
        ("?q=river", ["B-1", "C-1"]),
        ("?q=b-1", ["B-1"]),
        ("?q=river&role=viewer", ["C-1"]),
        ("?tlp=red", ["B-1"]),
        ("?role=publisher", []),
    ],
)
def test_cases_are_narrowed_and_ordered(sign_in, three, query, expected):
    page = sign_in(three).get(f"/cases/{query}")
    assert refs(page) == expected
    assert page.context["count"] == len(expected)


@pytest.mark.parametrize("query", ["?sort=lead__password", "?tlp=blue", "?role=king", "?cursor=x", "?q=%00"])
@pytest.mark.parametrize("path", ["/cases/", "/cases/export.csv"])
def test_cases_refuse_what_they_do_not_know(sign_in, three, path, query):
    """A03. A file has no pages, so a cursor means nothing to it."""
    before = last_number()
    status = sign_in(three).get(f"{path}{query}").status_code
    assert status == (200 if path.endswith("csv") and "cursor" in query else 400)
    assert exports_since(before) == ([] if status == 400 else ["A-1", "B-1"])


def test_csv_of_cases_holds_those_one_may_export_with_one_event_in_each(sign_in, three):
    client, before = sign_in(three), last_number()
    rows = rows_of(client.get("/cases/export.csv?sort=-ref"))
    assert [(row["ref"], row["your_roles"], row["sharing"]) for row in rows] == [
        ("B-1", "editor", "red"),
        ("A-1", "auditor editor", "amber"),
    ]
    assert actions_since(before) == ["case_exported", "case_exported"]
    assert exports_since(before) == ["A-1", "B-1"]
    assert payload_of("case_exported")["after"] == {"what": "cases", "filters": "sort=-ref"}


def test_csv_of_cases_tells_only_the_trails_of_cases_in_it(sign_in, three):
    before = last_number()
    rows = rows_of(sign_in(three).get("/cases/export.csv?q=river"))
    assert [row["ref"] for row in rows] == exports_since(before) == ["B-1"]


def test_csv_of_cases_is_refused_where_one_may_export_none(sign_in, people, case):
    before, client = last_number(), sign_in(people["viewer"])
    answer = client.get("/cases/export.csv")
    assert answer.status_code == 403
    assert "export none of your cases" in answer.text
    assert actions_since(before) == ["access_refused"]
    assert "/cases/export.csv" not in client.get("/cases/").text
    assert "/cases/export.csv" in sign_in(people["auditor"]).get("/cases/").text


def test_export_across_cases_is_noted_in_all_or_none(people, case):
    other = make_case(ref="Z-1", viewer=people["editor"])
    before = last_number()
    with pytest.raises(NotAllowed, match="Z-1 does not let you export"):
        record_export_across(actor=people["editor"], cases=[case, other], what="cases")
    assert actions_since(before) == []


# --- members


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?sort=name", ["Adam", "auditor", "Editor", "Investigator", "Publisher", "Viewer", "Zoë"]),
        ("?sort=-role&q=i", ["Adam", "Viewer", "Publisher", "Investigator", "Editor", "auditor"]),
        ("?q=ZO", ["Zoë"]),
        ("?q=plain", ["Adam"]),
        ("?as_role=editor&sort=name", ["Editor", "Zoë"]),
        ("?q=nobody", []),
    ],
)
def test_members_are_narrowed_and_ordered_by_the_name_they_show(sign_in, people, query, expected):
    """A person without a display name is found and sorted by the username that the page shows instead."""
    lead = make_user("zoe", display_name="Zoë", can_create_cases=True)
    User.objects.filter(pk=people["auditor"].pk).update(display_name="")
    people["auditor"].refresh_from_db()
    roles = ("investigator", "editor", "publisher", "auditor", "viewer")
    case = make_case(ref="M-1", lead=lead, **{role: people[role] for role in roles})
    plain = make_user("plain", display_name="Adam")
    Membership.objects.create(case=case, user=plain, role="viewer", added_by=lead)
    client = sign_in(people["editor"])
    page = client.get(f"/cases/M-1/members/{query}")
    shown = [str(row.user) for row in page.context["page"].rows]
    in_file = [row["name"] for row in rows_of(client.get(f"/cases/M-1/members/export.csv{query}"))]
    assert shown == in_file == expected
    assert page.context["count"] == len(expected)


def test_csv_of_members_names_roles_and_lead(sign_in, people, case):
    before = last_number()
    rows = rows_of(sign_in(people["editor"]).get(f"/cases/{case.ref}/members/export.csv?as_role=editor"))
    told = {row["username"]: (row["role"], row["lead"], row["account_open"]) for row in rows}
    assert told == {"editor": ("editor", "False", "True"), case.lead.username: ("editor", "True", "True")}
    assert exports_since(before) == ["NC-2024"]
    assert payload_of("case_exported")["after"] == {"what": "members", "filters": "as_role=editor"}


def test_members_come_in_pages_that_together_hold_everybody_once(sign_in, people, case):
    users = User.objects.bulk_create(User(username=f"m{n:03}") for n in range(120))
    Membership.objects.bulk_create(
        Membership(case=case, user=user, role="viewer", added_by=people["editor"]) for user in users
    )
    client, seen, cursor = sign_in(people["viewer"]), [], ""
    for _ in range(3):
        page = client.get(f"/cases/{case.ref}/members/", {"sort": "name", "cursor": cursor}).context["page"]
        seen += [row.pk for row in page.rows]
        cursor = page.next
    assert cursor == ""
    assert len(seen) == len(set(seen)) == case.memberships.filter(ended_at__isnull=True).count()


def test_member_page_keeps_its_list_when_a_form_is_refused(sign_in, people, case):
    page = sign_in(people["editor"]).post(f"/cases/{case.ref}/members/", {"user": "nobody", "role": "viewer"})
    assert page.status_code == 400
    assert len(page.context["page"].rows) == 6


# --- jobs


@pytest.fixture
def runs(people, case) -> list[JobRun]:
    """Three jobs of the case, of which the schedule started the last, and one of a case that is only viewed."""
    made = [start_job(actor=people["editor"], task=TASK, title=f"Reading exhibit {n}", case=case) for n in (1, 2)]
    made.append(start_job(actor=None, task=TASK, title="Checking originals", case=case))
    viewed = make_case(ref="VIEWED-1", viewer=people["editor"])
    made.append(start_job(actor=viewed.lead, task=TASK, title="Another case's", case=viewed))
    failed = {"state": JobState.FAILED, "finished_at": made[0].created_at, "attempts": 3}
    JobRun.objects.filter(pk=made[0].pk).update(**failed)
    return made


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Checking originals", "Reading exhibit 2", "Reading exhibit 1"]),
        ("?sort=job", ["Checking originals", "Reading exhibit 1", "Reading exhibit 2"]),
        ("?sort=ended&q=exhibit", ["Reading exhibit 1", "Reading exhibit 2"]),
        ("?sort=-tries&q=READING", ["Reading exhibit 1", "Reading exhibit 2"]),
        ("?state=failed", ["Reading exhibit 1"]),
    ],
)
@pytest.mark.usefixtures("runs")
def test_jobs_are_narrowed_and_ordered_alike_on_the_page_and_in_the_file(sign_in, people, query, expected):
    client = sign_in(people["editor"])
    page = client.get(f"/cases/NC-2024/jobs/{query}")
    in_file = [row["job"] for row in rows_of(client.get(f"/cases/NC-2024/jobs/export.csv{query}"))]
    assert [run.title for run in page.context["page"].rows] == in_file == expected


def test_jobs_that_nobody_started_come_last_and_page_on(sign_in, people, case, runs):
    """A cursor that stands on a job of the schedule has no name to go on from."""
    JobRun.objects.bulk_create(JobRun(case=case, task=TASK, title=f"S{n}") for n in range(60))
    client, url = sign_in(people["editor"]), f"/cases/{case.ref}/jobs/"
    first = client.get(url, {"sort": "by"}).context["page"]
    second = client.get(url, {"sort": "by", "cursor": first.next}).context["page"]
    assert [run.started_by for run in first.rows[:3]] == [people["editor"], people["editor"], None]
    assert len({run.pk for run in first.rows + second.rows}) == 63


@pytest.mark.parametrize("query", ["?sort=arguments", "?state=odd", "?cursor=odd"])
def test_job_lists_refuse_what_they_do_not_know(sign_in, people, case, query):
    client = sign_in(people["editor"])
    assert {client.get(f"{url}{query}").status_code for url in (f"/cases/{case.ref}/jobs/", "/jobs/")} == {400}


def test_csv_of_own_jobs_leaves_out_cases_one_may_not_export(sign_in, people, case, runs):
    start_job(actor=people["editor"], task=TASK, title="My own")
    client, before = sign_in(people["editor"]), last_number()
    assert "Another case" in client.get("/jobs/").text
    rows = rows_of(client.get("/jobs/export.csv?sort=case"))
    assert [(row["case"], row["job"]) for row in rows] == [
        ("NC-2024", "Reading exhibit 1"),
        ("NC-2024", "Reading exhibit 2"),
        ("NC-2024", "Checking originals"),
        ("", "My own"),
    ]
    assert actions_since(before) == ["case_exported"]
    assert exports_since(before) == ["NC-2024"]


def test_csv_of_own_jobs_of_no_case_is_an_event_about_the_person(sign_in, people):
    start_job(actor=people["viewer"], task=TASK, title="My own")
    before = last_number()
    assert [row["job"] for row in rows_of(sign_in(people["viewer"]).get("/jobs/export.csv"))] == ["My own"]
    assert actions_since(before) == ["list_exported"]
    event = Event.objects.get(action="list_exported")
    assert (event.object, event.case_id) == (f"user:{people['viewer'].pk}", None)


# --- the number of queries


def queries_for(client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
        assert response.status_code == 200
        if response.streaming:
            b"".join(response.streaming_content)
    return len(queries)


def grow(case: Case, by: User, numbers: range) -> None:
    users = User.objects.bulk_create(User(username=f"g{n}") for n in numbers)
    Membership.objects.bulk_create(Membership(case=case, user=user, role="viewer", added_by=by) for user in users)
    JobRun.objects.bulk_create(JobRun(case=case, task=TASK, title=f"J{n}", started_by=by) for n in numbers)
    history.record(by, "case_grown", case)


def test_lists_and_files_ask_as_often_for_many_rows_as_for_few(sign_in, people, case):
    client, counts = sign_in(people["editor"]), []
    members, jobs = f"/cases/{case.ref}/members/", f"/cases/{case.ref}/jobs/"
    urls = [
        f"{members}?sort=name&q=g",
        f"{members}export.csv",
        f"{jobs}?sort=by",
        f"{jobs}export.csv",
        "/jobs/export.csv",
    ]
    for numbers in (range(10), range(10, 1000)):
        grow(case, people["editor"], numbers)
        counts.append([queries_for(client, url) for url in urls])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 20


def test_csv_of_cases_asks_for_each_case_no_more_than_its_event(sign_in, people):
    """One event per case is what is wanted; nothing else may grow."""
    lead, counts = people["editor"], []
    client = sign_in(lead)
    for numbers in (range(2), range(2, 10), range(10, 18)):
        cases = Case.objects.bulk_create(Case(ref=f"Q-{n}", title="T", lead=lead) for n in numbers)
        Membership.objects.bulk_create(Membership(case=c, user=lead, role="editor", added_by=lead) for c in cases)
        for made in cases:
            history.record(lead, "case_created", made)
        counts.append(queries_for(client, "/cases/export.csv"))
    few, more, many = counts
    assert many - more == more - few
    assert (many - more) / 8 <= 4
