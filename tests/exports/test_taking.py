"""Who takes which claims, by page, API and command; each export is an event with the hash of what left."""

import hashlib
import html
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from audit.models import Event
from cases.exceptions import Conflict, InvalidInput, NotAllowed
from claims.actions.exports import export_claims
from claims.exports.formats import FORMATS, get_format
from claims.exports.material import Scope, gather
from tests.access.events import last_number, payload_of
from tests.claims.conftest import api  # noqa: F401
from tests.factories.cases import make_case

pytestmark = pytest.mark.xdist_group("exports")


def exported(number: int) -> list[Event]:
    return list(Event.objects.filter(id__gt=number, action="claims_exported"))


def test_published_claims_are_those_of_the_snapshot_word_for_word(story, published):
    assert [claim["number"] for claim in published.claims] == [1, 2, 3, 4]
    story.person.label = "Renamed since"
    story.person.save()
    again = gather(story.case, Scope.PUBLISHED)
    assert (again.claims, again.exhibits) == (published.claims, published.exhibits)


def test_working_claims_are_all_that_stand_with_their_states(working):
    states = {claim["number"]: claim["state"] for claim in working.claims}
    assert states == {1: "published", 2: "published", 3: "published", 4: "published", 5: "submitted", 6: "draft"}


def test_viewer_takes_published_claims_only(story):
    wanted = get_format("grid_csv")
    assert export_claims(actor=story.viewer, case=story.case, wanted=wanted, scope=Scope.PUBLISHED).claims == 4
    with pytest.raises(NotAllowed, match="export"):
        export_claims(actor=story.viewer, case=story.case, wanted=wanted, scope=Scope.CASE)


def test_reviews_are_of_published_claims_only(story):
    number = last_number()
    with pytest.raises(InvalidInput, match="published claims only"):
        export_claims(actor=story.auditor, case=story.case, wanted=get_format("claimreview"), scope=Scope.CASE)
    assert exported(number) == []


def test_export_is_on_record_with_its_hash(story, client):
    client.force_login(story.auditor)
    number = last_number()
    response = client.post(reverse("claims:take", args=[story.case.ref, "stix"]), {"claims": "published"})
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="{story.case.ref}-published.stix.json"'
    (event,) = exported(number)
    assert event.fields["evidence"] == [hashlib.sha256(response.content).hexdigest()]
    told = payload_of("claims_exported")["after"]
    assert (told["format"], told["scope"], told["claims"]) == ("stix", "published", 4)


def test_page_says_what_each_format_is_for(story, client):
    client.force_login(story.viewer)
    page = html.unescape(client.get(reverse("claims:exports", args=[story.case.ref])).content.decode())
    assert all(found.label in page and found.purpose in page for found in FORMATS)
    assert 'value="published"' in page
    assert 'value="case"' not in page
    client.force_login(story.auditor)
    assert 'value="case"' in client.get(reverse("claims:exports", args=[story.case.ref])).content.decode()


def test_api_lists_formats_and_gives_published_claims_unless_asked(story, api):  # noqa: F811
    program = api(story.auditor)
    address = f"/api/v1/cases/{story.case.ref}/exports/"
    assert [row["name"] for row in program.get(address).json()["results"]] == [found.name for found in FORMATS]
    assert b"C-5" not in program.get(f"{address}grid_csv/").content
    assert b"C-5" in program.get(f"{address}grid_csv/?claims=case").content
    assert program.get(f"{address}grid_csv/?claims=everything").status_code == 400
    assert program.get(f"{address}pdf/").status_code == 404
    assert program.get(f"{address}stix/?format=xml").status_code in (400, 404)


def test_nothing_is_exported_and_nothing_recorded_before_a_publication(story):
    number, empty = last_number(), make_case(lead=story.editor)
    for scope in Scope.values:
        with pytest.raises(Conflict, match="nothing to export"):
            export_claims(actor=story.editor, case=empty, wanted=get_format("stix"), scope=scope)
    assert exported(number) == []


def test_command_writes_a_new_file(story, tmp_path):
    out, target = StringIO(), tmp_path / "claims.stix.json"
    call_command("export_claims", story.case.ref, "stix", str(target), "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()
    assert told["claims"] == 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("{ref}", "pdf", "new"), "no format 'pdf'"),
        (("NEVER-1", "stix", "new"), "NEVER-1"),
        (("{ref}", "stix", "there"), "exists"),
        (("{ref}", "stix", "no/folder"), "No such file"),
        (("{ref}", "stix", "new", "--claims", "case", "--as", "{viewer}"), "does not let you export"),
    ],
)
def test_command_refuses_in_one_line_and_leaves_no_file(story, tmp_path, arguments, words):
    (tmp_path / "there").write_text("kept")
    case, name, file, *others = (part.format(ref=story.case.ref, viewer=story.viewer.username) for part in arguments)
    number = last_number()
    with pytest.raises(CommandError, match=words) as refused:
        call_command("export_claims", case, name, str(tmp_path / file), *others)
    assert refused.value.returncode == 2
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["there"]
    assert (tmp_path / "there").read_text() == "kept"
    assert exported(number) == []
