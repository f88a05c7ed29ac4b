"""What notes a change: of a row itself, and of what shows it.

A claim's title has the names of its subjects, a passage the name of its source: where these change, it is read again.
"""

from django.db import migrations

from search.triggers import note_changes, note_dependents

# Whoever may not open sensitive exhibits must not find what one says from the moment on that it is sensitive.
SENSITIVITY = """
    IF NEW.sensitivity IS DISTINCT FROM OLD.sensitivity THEN
        INSERT INTO search_outbox (case_id, what, object_id, hides, at, attempts, problem)
        SELECT c.case_id, 'citation', c.id, NEW.sensitivity = 'sensitive', clock_timestamp(), 0, ''
        FROM claims_citation c WHERE c.item_id = NEW.id
        UNION ALL
        SELECT r.case_id, 'verdict', r.id, NEW.sensitivity = 'sensitive', clock_timestamp(), 0, ''
        FROM claims_citationreview r JOIN claims_citation c ON c.id = r.citation_id WHERE c.item_id = NEW.id
        UNION ALL
        SELECT r.case_id, 'reply', r.id, NEW.sensitivity = 'sensitive', clock_timestamp(), 0, ''
        FROM claims_reply r WHERE r.item_id = NEW.id
        UNION ALL
        SELECT NEW.case_id, 'item', NEW.id, NEW.sensitivity = 'sensitive', clock_timestamp(), 0, '';
    END IF;"""


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
    dependencies = [
        ("search", "0002_walls"),
        ("cases", "0004_walls_of_access"),
        ("evidence", "0005_media_walls"),
        ("claims", "0005_replies"),
    ]

    operations = [
        note_changes("cases_case", ("case", "id"), case_column="id"),
        note_changes("cases_account", ("account", "id"), ("account", "merged_into_id")),
        note_changes("cases_observation", ("observation", "id"), ("account", "account_id")),
        note_changes("cases_person", ("person", "id"), ("person", "merged_into_id")),
        note_changes("cases_organisation", ("organisation", "id"), ("organisation", "merged_into_id")),
        note_changes("cases_name", ("person", "person_id"), ("organisation", "organisation_id")),
        note_changes("evidence_source", ("source", "id")),
        note_changes("evidence_item", ("item", "id"), also=SENSITIVITY),
        note_changes("claims_claim", ("claim", "id")),
        note_changes("claims_claimversion", ("claim", "claim_id")),
        note_changes("claims_citation", ("citation", "id")),
        note_changes("claims_review", ("review", "id")),
        note_changes("claims_citationreview", ("verdict", "id")),
        note_changes("claims_publication", ("publication", "id")),
        note_changes("claims_correction", ("correction", "id")),
        note_changes("claims_reply", ("reply", "id")),
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
    ]
