"""An installation that has rows already: all of them are noted, and the worker reads them."""

from django.db import migrations

from search.triggers import note_rows

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


class Migration(migrations.Migration):
    dependencies = [("search", "0002_walls")]

    operations = [note_rows(what, table) for what, table in TABLES.items()]
