"""Follow lists: seen by whom, never changed; and what an analysis of lists rests on, kept as its datasets are."""

from django.db import migrations

from audit.triggers import append_only, guard_rows
from cases.row_security import secure_rows

KEEP_ANALYSIS = """
CREATE OR REPLACE FUNCTION posts_keep_analysis() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state = 'ready' OR (NEW.case_id, NEW.number, NEW.method, NEW.parameters,
            NEW.of_whole_case, NEW.datasets{new}, NEW.created_by_id, NEW.created_at)
        IS DISTINCT FROM (OLD.case_id, OLD.number, OLD.method, OLD.parameters,
            OLD.of_whole_case, OLD.datasets{old}, OLD.created_by_id, OLD.created_at) THEN
        RAISE EXCEPTION 'what was asked, and what came out, never changes: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $body$;
"""


class Migration(migrations.Migration):
    dependencies = [("posts", "0005_follow_lists"), ("audit", "0002_append")]

    operations = [
        migrations.RunSQL(
            KEEP_ANALYSIS.format(new=", NEW.lists", old=", OLD.lists"), KEEP_ANALYSIS.format(new="", old="")
        ),
        *(secure_rows(table) for table in ("posts_followlist", "posts_followentry")),
        *(append_only(table) for table in ("posts_followlist", "posts_followentry")),
        guard_rows("posts_followlist"),
        # A list may have a million accounts: its statement leaves one trace, as with posts.
        migrations.RunSQL(
            "CREATE TRIGGER posts_note_write AFTER INSERT ON posts_followentry"
            " FOR EACH STATEMENT EXECUTE FUNCTION posts_note_write()",
            "DROP TRIGGER posts_note_write ON posts_followentry",
        ),
    ]
