"""A whole case goes to another installation and comes back the same; its log goes on proving."""

import hashlib
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from audit.verification import verify_log
from caseapp.archive import logs
from caseapp.archive.layout import LOG, ArchiveError
from caseapp.archive.loading import import_case
from caseapp.archive.reading import opened
from caseapp.archive.tables import LEFT_OUT, tables
from caseapp.archive.writing import export_case
from cases.exceptions import NotAllowed
from cases.models import Case, ImportedLog, User
from claims.dossier.vouched import NotVouchedFor, check_vouched, differences
from claims.models import ClaimVersion, Publication
from tests.archive.conftest import facts

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "sequencer"]),
    pytest.mark.xdist_group("archive"),
]


def manifest_of(path: Path) -> dict:
    with opened(path) as archive:
        return archive.manifest


def test_case_comes_back_the_same(made, elsewhere):
    path, said = made
    import_case(path=path)
    case = Case.objects.get()
    assert facts() == said
    again = elsewhere / "again.zip"
    export_case(actor=case.lead, case=case, path=again)
    first, second = manifest_of(path), manifest_of(again)
    assert {name: about for name, about in first["files"].items() if not name.startswith("audit/")} == {
        name: about for name, about in second["files"].items() if not name.startswith("audit/")
    }
    assert first["content"] == second["content"]
    with opened(again) as archive:
        archive.check()
        assert [entries for entries, _ in archive.logs()] == ["audit/imported/1.jsonl", LOG]
        assert archive.vkeys() != archive.vkeys("audit/imported/1.vkey")


def test_log_that_came_still_verifies_and_the_import_is_an_event_of_the_new_one(made, elsewhere):
    path, _ = made
    manifest = import_case(path=path)
    kept = ImportedLog.objects.get()
    lines = bytes(kept.lines).splitlines()
    actions = [fields["action"] for fields in logs.check_log(lines, kept.vkeys.split(), name="kept")]
    assert {"case_created", "claim_approved", "publication_made", "case_archived"} <= set(actions)
    assert kept.sha256 == hashlib.sha256(bytes(kept.lines)).hexdigest()
    (event,) = Event.objects.filter(case_id=kept.case_id)
    assert (event.action, event.actor) == ("case_imported", "operator:command_line")
    assert event.fields["evidence"] == [manifest["content"]]
    assert verify_log().problems == []


def test_people_come_as_accounts_that_nobody_can_sign_in_to(made, elsewhere):
    path, _ = made
    import_case(path=path)
    people = list(User.objects.all())
    assert len(people) == len(manifest_of(path)["people"]) >= 4
    assert not any(person.is_active or person.has_usable_password() or person.is_staff for person in people)


def test_walls_stand_again_after_an_import(made, elsewhere):
    path, _ = made
    import_case(path=path)
    published = ClaimVersion.objects.filter(state="published").first()
    with pytest.raises(Exception, match="frozen"):
        ClaimVersion.objects.filter(pk=published.pk).update(public_text="Something else.")


def test_installation_with_a_case_takes_no_other(made, elsewhere):
    path, _ = made
    import_case(path=path)
    with pytest.raises(ArchiveError, match="has cases already"):
        import_case(path=path)
    assert Case.objects.count() == 1


def test_whoever_may_not_export_takes_no_case(made, elsewhere):
    import_case(path=made[0])
    case, investigator = Case.objects.get(), User.objects.get(memberships__role="investigator")
    with pytest.raises(NotAllowed, match="export"):
        export_case(actor=investigator, case=case, path=elsewhere / "case.zip")
    (elsewhere / "there.zip").write_text("kept")
    with pytest.raises(ArchiveError, match="exists"):
        export_case(actor=case.lead, case=case, path=elsewhere / "there.zip")
    assert [path.name for path in elsewhere.iterdir() if path.is_file()] == ["there.zip"]


def test_commands_check_and_import(made, elsewhere):
    path, _ = made
    out = StringIO()
    call_command("import_case", str(path), "--check", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {
        "case": manifest_of(path)["case"]["ref"],
        "content": manifest_of(path)["content"],
        "imported": False,
    }
    assert not Case.objects.exists()
    with pytest.raises(CommandError, match="not that of") as refused:
        call_command("import_case", str(path), "--vkey", "other+00000000+AAAA")
    assert refused.value.returncode == 1
    with pytest.raises(CommandError, match="--vkey ") as unknown:
        call_command("import_case", str(path))
    assert (unknown.value.returncode, Case.objects.exists()) == (2, False)
    call_command("import_case", str(path), "--vkey", str(unknown.value).rpartition(" ")[2], stdout=StringIO())
    assert [differences(publication) for publication in Publication.objects.all()] == [[]]
    with pytest.raises(NotVouchedFor, match="published by another house"):
        check_vouched(Publication.objects.get())
    again = StringIO()
    call_command("export_case", Case.objects.get().ref, str(elsewhere / "again.zip"), "--json", stdout=again)
    assert json.loads(again.getvalue())["content"] == manifest_of(path)["content"]


def test_operator_may_take_the_word_of_any_log(made):
    call_command("import_case", str(made[0]), "--any-log", stdout=StringIO())
    assert Case.objects.count() == 1


def test_every_table_of_a_case_is_archived_or_left_out_for_a_reason():
    names = {table.name for table in tables()}
    assert {"claims_citation", "posts_post", "evidence_item", "cases_case", "claims_review"} <= names
    assert not names & set(LEFT_OUT)
    assert all(len(reason) > 15 for reason in LEFT_OUT.values())
