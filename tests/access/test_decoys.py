"""Decoys: a case that nobody has reason to open, and who asked for it all the same (A87)."""

import logging

import pytest

from tests.access.events import actions_since, last_number, payload_of
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def decoy(settings, people):
    """A decoy that one editor was put into, so that their stolen account finds it in its list."""
    settings.DECOY_CASES = ["Tips-Archive"]
    return make_case(ref="TIPS-ARCHIVE", editor=people["editor"])


ASKED = [
    ("editor", "/cases/TIPS-ARCHIVE/", 200, []),
    ("editor", "/cases/TIPS-ARCHIVE/evidence/", 200, []),
    ("editor", "/cases/TIPS-ARCHIVE/members/export.csv", 200, ["case_exported"]),
    ("stranger", "/cases/TIPS-ARCHIVE/", 404, ["access_refused"]),
    ("stranger", "/cases/tips-archive/claims/", 404, ["access_refused"]),
]


@pytest.mark.usefixtures("decoy")
@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: f"{asked[0]} {asked[1]}")
def test_asking_for_a_decoy_is_put_on_record_and_warned_of(sign_in, people, caplog, asked):
    """A87: by a member and by somebody who guessed, on whatever page of it."""
    who, path, status, usual = asked
    client, before = sign_in(people[who]), last_number()
    with caplog.at_level(logging.WARNING, "caseapp.decoys"):
        assert client.get(path).status_code == status
    assert actions_since(before) == [*usual, "decoy_touched"]
    after = payload_of("decoy_touched")["after"]
    assert (after["path"], after["status"], after["method"]) == (path, status, "GET")
    assert [record.getMessage() for record in caplog.records if record.name == "caseapp.decoys"] == [
        f"decoy case {after['case']} was asked for by user:{people[who].pk}"
    ]


def test_token_that_asks_for_a_decoy_names_its_owner(api, people, decoy):
    program, before = api(people["stranger"]), last_number()
    assert program.get("/api/v1/cases/TIPS-ARCHIVE/").status_code == 404
    assert actions_since(before) == ["access_refused", "decoy_touched"]


def test_answer_does_not_tell_that_a_case_is_a_decoy(sign_in, people, decoy):
    make_case(ref="REAL-ARCHIVE")
    client = sign_in(people["stranger"])
    answers = [client.get(f"/cases/{ref}/") for ref in ("TIPS-ARCHIVE", "REAL-ARCHIVE", "NO-ARCHIVE")]
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1


def test_lists_and_other_cases_leave_no_alarm(sign_in, client, people, decoy, case):
    before = last_number()
    editor = sign_in(people["editor"])
    assert "TIPS-ARCHIVE" in editor.get("/cases/").text
    editor.get(f"/cases/{case.ref}/")
    assert client.get("/cases/TIPS-ARCHIVE/").status_code == 302
    assert "decoy_touched" not in actions_since(before)
