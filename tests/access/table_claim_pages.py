"""Rows for the pages that show claims; their world is built by table_claims."""

from tests.access.table import Row, inside, only, signed_in
from tests.access.table_claims import (
    CASE,
    DRAFT,
    FORMAT,
    NOTE,
    PUBLICATION,
    PUBLISHED,
    RECORD,
    REDACTION,
    SUBMITTED,
    WRITERS,
    word,
)

EXPORTERS = ("editor", "publisher", "auditor")
EXHIBIT = {"ref": "ref", "exhibit": "exhibit"}
DRAFTED, TO_JUDGE = {"ref": "ref", "citation_id": "citation"}, {"ref": "ref", "citation_id": "judged"}
PERSON = {"ref": "ref", "person_id": "person"}
# A form has no key for a box that is not ticked.
RECORD_FORM = {key: value for key, value in RECORD.items() if key != "has_criminal_data"}
INTEREST = {"public_interest": "She speaks for the committee in public, under her own name."}
# A form that a person sent without filling it in.
EMPTY = {"sent": "1"}

ROWS = [
    Row("home", "GET", signed_in(200)),
    Row("case_overview", "GET", inside(200), CASE),
    Row("case_timeline", "GET", inside(200), CASE),
    Row("case_timeline_csv", "GET", only(200, *EXPORTERS), CASE),
    Row("claims:list", "GET", inside(200), CASE),
    Row("claims:export", "GET", only(200, *EXPORTERS), CASE),
    Row("claims:create", "GET", only(200, *WRITERS), CASE),
    Row("claims:create", "POST", only(400, *WRITERS), CASE, body={"predicate": "account_operated_by"}),
    Row("claims:graph", "GET", inside(200), CASE),
    Row("claims:about", "GET", inside(200), {"ref": "ref", "kind": "kind", "subject_id": "account"}),
    Row("claims:of_exhibit", "GET", inside(200), EXHIBIT),
    Row("claims:claim", "GET", inside(200), DRAFT),
    Row("claims:panel", "GET", inside(200), DRAFT),
    Row("claims:version", "GET", inside(200), DRAFT | {"version_number": "first"}),
    Row("claims:edit", "GET", only(200, *WRITERS), DRAFT),
    Row("claims:edit", "POST", only(400, *WRITERS), DRAFT, body=EMPTY),
    Row("claims:submit", "POST", only(302, *WRITERS), DRAFT),
    Row("claims:reopen", "POST", only(302, *WRITERS), SUBMITTED),
    Row("claims:gate", "POST", inside(302), DRAFT),
    Row("claims:runs", "GET", inside(200), DRAFT),
    Row("claims:traces", "GET", inside(200), SUBMITTED),
    Row("claims:traces", "POST", only(302, "editor"), SUBMITTED),
    Row("claims:legal", "GET", inside(200), SUBMITTED),
    Row("claims:legal", "POST", only(302, "auditor"), SUBMITTED, body=word),
    Row("claims:data_protection", "GET", inside(200), CASE),
    Row("claims:data_protection", "POST", only(302, *WRITERS), CASE, body=RECORD_FORM),
    Row("claims:data_protection_of", "GET", inside(200), PERSON),
    Row("claims:data_protection_of", "POST", only(302, *WRITERS), PERSON, body=RECORD_FORM | INTEREST),
    Row("claims:exception", "POST", only(302, "editor"), SUBMITTED),
    Row("claims:gate_of_case", "POST", only(302, *WRITERS), CASE),
    Row("claims:wording_new", "POST", only(200, *WRITERS), CASE),
    Row("claims:wording", "POST", only(200, *WRITERS), DRAFT),
    Row("claims:exceptions", "GET", inside(200), CASE),
    Row("claims:links", "POST", only(302, *WRITERS), DRAFT),
    Row("claims:single_source", "POST", only(302, "editor"), DRAFT),
    Row("claims:confirm", "POST", only(409, "editor"), PUBLISHED, body={"reason": "It stands."}),
    Row("claims:correct", "GET", only(200, *WRITERS), PUBLISHED),
    Row("claims:correct", "POST", only(302, *WRITERS), PUBLISHED, body=NOTE),
    Row("claims:retract", "GET", only(200, "publisher"), PUBLISHED),
    Row("claims:retract", "POST", only(302, "publisher"), PUBLISHED, body=NOTE),
    Row("claims:cite", "GET", only(200, *WRITERS), EXHIBIT),
    Row("claims:cite", "POST", only(400, *WRITERS), EXHIBIT, body={"claim": ""}),
    Row("claims:citation", "GET", only(200, *WRITERS), DRAFTED),
    Row("claims:citation", "POST", only(400, *WRITERS), DRAFTED, body=EMPTY),
    Row("claims:citation_nearest", "POST", only(400, *WRITERS), DRAFTED),
    Row("claims:citation_remove", "POST", only(302, *WRITERS), DRAFTED),
    Row("claims:desk", "GET", inside(302), CASE),
    Row("claims:desk_claim", "GET", inside(200), SUBMITTED),
    Row("claims:desk_review", "POST", only(400, "editor"), SUBMITTED),
    Row("claims:shared_origins", "GET", inside(200), SUBMITTED),
    Row("claims:repeats", "GET", inside(200), CASE),
    Row("claims:look_for_origins", "POST", only(302, *WRITERS), CASE),
    Row("claims:desk_sentence", "POST", only(302, "editor"), SUBMITTED),
    Row("claims:desk_copy", "GET", inside(200), TO_JUDGE),
    Row("claims:desk_judge", "POST", only(302, "editor"), TO_JUDGE),
    Row("claims:publications", "GET", inside(200), CASE),
    Row("claims:publications_csv", "GET", only(200, *EXPORTERS), CASE),
    Row("claims:corrections", "GET", inside(200), CASE),
    Row("claims:corrections_csv", "GET", only(200, *EXPORTERS), CASE),
    Row("claims:exports", "GET", inside(200), CASE),
    Row("claims:take", "POST", inside(200), FORMAT, body={"claims": "published"}),
    Row("claims:take", "POST", only(200, *EXPORTERS), FORMAT, body={"claims": "case"}),
    Row("claims:publish", "GET", only(200, "publisher"), CASE),
    Row("claims:publish", "POST", only(400, "publisher"), CASE, body=EMPTY),
    Row("claims:publication", "GET", inside(200), PUBLICATION),
    Row("claims:redact", "GET", only(200, "publisher"), PUBLICATION),
    Row("claims:redact", "POST", only(302, "publisher"), PUBLICATION, body=REDACTION),
    # Members get theirs in tests/dossier: it waits for a seal, which comes after the commit.
    Row("claims:dossier", "POST", {"stranger": 404}, PUBLICATION, foreign=False),
]
