"""A claim's title has the names of its subjects, a passage the name of its source: where these change, it is read again.

All claims and quotes that there are already are noted once: some may show a name that is no longer.
"""

from django.db import migrations

from search.triggers import note_dependents, note_rows


def claims_about(kind: str, row: str = "NEW.id") -> tuple[str, str]:
    return "claim", f"""SELECT case_id, claim_id FROM claims_claimversion
                WHERE subject_{kind}_id = {row} OR object_{kind}_id = {row}"""


ITEMS = "SELECT case_id, id FROM evidence_item WHERE source_id = NEW.id"
QUOTES = "SELECT case_id, id FROM claims_citation WHERE item_id = NEW.id"
QUOTES_OF_SOURCE = """SELECT c.case_id, c.id FROM claims_citation c JOIN evidence_item i ON i.id = c.item_id
                WHERE i.source_id = NEW.id"""
SEEN = "SELECT case_id, id FROM cases_observation WHERE account_id = NEW.id"


def changed(*columns: str) -> str:
    return " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)


class Migration(migrations.Migration):
    dependencies = [("search", "0009_smaller_dictionary")]

    operations = [
        note_dependents("cases_person", changed("label"), claims_about("person")),
        note_dependents("cases_organisation", changed("label"), claims_about("organisation")),
        note_dependents(
            "cases_account",
            changed("platform_user_id", "note", "merged_into_id"),
            claims_about("account"),
            ("observation", SEEN),
        ),
        note_dependents("cases_observation", "true", claims_about("account", "NEW.account_id"), event="INSERT"),
        note_dependents(
            "evidence_item", changed("title", "language", "source_id"), claims_about("item"), ("citation", QUOTES)
        ),
        note_dependents("evidence_source", changed("name"), ("item", ITEMS), ("citation", QUOTES_OF_SOURCE)),
        note_rows("claim", "claims_claim"),
        note_rows("citation", "claims_citation"),
    ]
