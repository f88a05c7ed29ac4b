"""Who sees documents, what notes a change, and how words of posts are found."""

from django.db import migrations

from cases.row_security import secure_rows
from search.triggers import note_changes

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
        SELECT NEW.case_id, 'item', NEW.id, NEW.sensitivity = 'sensitive', clock_timestamp(), 0, '';
    END IF;"""

# search.tokens in SQL, as near as an index can: width, case, marks and the letters that stand for one another.
FOLD_POSTS = r"""
CREATE FUNCTION search_words_of(text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT to_tsvector('pg_catalog.simple', regexp_replace(regexp_replace(
        translate(normalize($1, NFKD), 'əıøłđ', 'aiold'), '[\u0300-\u036f]', '', 'g'), '[^[:alnum:]_]+', ' ', 'g'))
$$;
CREATE INDEX post_by_word ON posts_post USING gin (search_words_of(folded));
"""
# In the order of bytes, so that a beginning is a range, whatever the language of the database.
WORD_RANGES = """
CREATE INDEX word_forwards ON search_word (audience, word COLLATE "C");
CREATE INDEX word_backwards ON search_word (audience, backwards COLLATE "C");
"""
NO_WORD_RANGES = "DROP INDEX word_forwards; DROP INDEX word_backwards;"
UNFOLD_POSTS = "DROP INDEX post_by_word; DROP FUNCTION search_words_of(text);"


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0001_initial"),
        ("cases", "0007_walls_of_access"),
        ("evidence", "0009_media_walls"),
        ("posts", "0002_walls"),
        ("claims", "0009_regions_in_files"),
    ]

    operations = [
        *(secure_rows(table) for table in ("search_document", "search_outbox", "search_word")),
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
        migrations.RunSQL(FOLD_POSTS, UNFOLD_POSTS),
        migrations.RunSQL(WORD_RANGES, NO_WORD_RANGES),
    ]
