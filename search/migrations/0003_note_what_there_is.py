"""An installation that has rows already: all of them are noted, and the worker reads them."""

from django.db import migrations

TABLES = {
    "case": "cases_case",
    "account": "cases_account",
    "observation": "cases_observation",
    "person": "cases_person",
    "organisation": "cases_organisation",
    "item": "evidence_item",
    "source": "evidence_source",
    "claim": "claims_claim",
    "citation": "claims_citation",
    "review": "claims_review",
    "verdict": "claims_citationreview",
    "publication": "claims_publication",
    "correction": "claims_correction",
}


def note(what: str, table: str) -> migrations.RunSQL:
    case = "id" if what == "case" else "case_id"
    return migrations.RunSQL(
        f"""INSERT INTO search_outbox (case_id, what, object_id, hides, at, attempts, problem)
            SELECT {case}, '{what}', id, false, clock_timestamp(), 0, '' FROM {table}""",
        migrations.RunSQL.noop,
    )


class Migration(migrations.Migration):
    dependencies = [("search", "0002_walls")]

    operations = [note(what, table) for what, table in TABLES.items()]
