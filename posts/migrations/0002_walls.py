"""Posts and analyses: seen by whom, what of them never changes, and how writing them leaves a trace.

A file has a million posts, and a list may have a million accounts. What guards other tables row by row guards these by
the statement: each one that inserts leaves a row in posts_bulkwrite, which is guarded itself, so that whoever writes
posts outside of an import is told of in the log all the same.
"""

from django.conf import settings
from django.db import migrations

from audit.triggers import append_only, guard_rows
from cases.row_security import secure_rows

WEB = settings.DB_ROLES["web"]
BULK = ("posts_post", "posts_sighting", "posts_sharedobject", "posts_authorsnapshot", "posts_rejectedrecord",
        "posts_postgroup", "posts_followentry")  # fmt: skip
ASKED = ("posts_dataset", "posts_analysis", "posts_recomputation", "posts_followlist")

NOTE = f"""
CREATE TABLE posts_bulkwrite (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    written text NOT NULL,
    at timestamptz NOT NULL DEFAULT statement_timestamp()
);
REVOKE ALL ON posts_bulkwrite FROM PUBLIC, "{WEB}";
CREATE FUNCTION posts_note_write() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    INSERT INTO posts_bulkwrite (written) VALUES (TG_TABLE_NAME);
    RETURN NULL;
END $body$;
"""

# posts.identity makes the same in Python.
IDENTITY = """
ALTER TABLE posts_post ADD CONSTRAINT post_id_is_made_of_native_id CHECK (
    id = encode(substring(sha256(convert_to(case_id::text || E'\\x1f' || platform || E'\\x1f' || native_id, 'UTF8'))
        FOR 16), 'hex')::uuid
);
"""

# Where the posts of a file wait for its end: nothing of a cancelled or killed import is ever in the case. Not logged,
# because what a crash takes from here is read again. COPY knows no row security: the application may only write here,
# and reads through views that show rows to jobs and commands alone.
STAGING = f"""
CREATE UNLOGGED TABLE posts_staged (
    run uuid NOT NULL,
    id uuid, platform text, native_id text, author_id text, handle text, account text, text text, folded text,
    kind text,
    claimed_at timestamptz, observed_at timestamptz, at timestamptz, clock_flags text[], claimed_text text,
    lang text, url text, repost_of text, quote_of text, reply_to text, refs text, hashtags text[], tag_source text,
    urls text[], mentions text[], media text,
    line integer, item integer, collected_at timestamptz, metrics text, notes text[], raw bytea,
    object_kinds text[], object_values text[], profile bytea, seen_at timestamptz
);
CREATE UNLOGGED TABLE posts_stagedprofile (
    run uuid NOT NULL,
    profile bytea,
    platform text, account text, author_id text, handle text, display_name text, bio text, location text,
    location_source text, followers bigint, following bigint, posts bigint, created_at timestamptz, verified boolean,
    protected boolean, url text, avatar text
);
CREATE UNLOGGED TABLE posts_stagedrejection (
    run uuid NOT NULL,
    line integer, item integer, code text, reason text, raw bytea
);
REVOKE ALL ON posts_staged, posts_stagedprofile, posts_stagedrejection FROM PUBLIC, "{WEB}";
GRANT INSERT ON posts_staged, posts_stagedprofile, posts_stagedrejection TO "{WEB}";
"""
STAGED = ("posts_staged", "posts_stagedprofile", "posts_stagedrejection")

KEEP = """
CREATE FUNCTION posts_keep_dataset() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.case_id, NEW.number, NEW.item_id, NEW.asked_format, NEW.zone, NEW.platform,
            NEW.encoding, NEW.mapping, NEW.created_by_id, NEW.created_at)
        IS DISTINCT FROM (OLD.case_id, OLD.number, OLD.item_id, OLD.asked_format, OLD.zone, OLD.platform,
            OLD.encoding, OLD.mapping, OLD.created_by_id, OLD.created_at)
        OR (OLD.state = 'ready' AND (NEW.state, NEW.run_id, NEW.format, NEW.reader_version, NEW.lacks, NEW.read,
            NEW.accepted, NEW.duplicate, NEW.known, NEW.rejected, NEW.reasons, NEW.posts, NEW.accounts, NEW.kinds,
            NEW.first_at, NEW.last_at, NEW.undated, NEW.problem, NEW.imported_at, NEW.title, NEW.source_note,
            NEW.query, NEW.gaps)
        IS DISTINCT FROM (OLD.state, OLD.run_id, OLD.format, OLD.reader_version, OLD.lacks, OLD.read,
            OLD.accepted, OLD.duplicate, OLD.known, OLD.rejected, OLD.reasons, OLD.posts, OLD.accounts, OLD.kinds,
            OLD.first_at, OLD.last_at, OLD.undated, OLD.problem, OLD.imported_at, OLD.title, OLD.source_note,
            OLD.query, OLD.gaps)) THEN
        RAISE EXCEPTION 'what was imported, and how, never changes: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $body$;
CREATE TRIGGER posts_keep_dataset BEFORE UPDATE OR DELETE ON posts_dataset
    FOR EACH ROW EXECUTE FUNCTION posts_keep_dataset();
CREATE FUNCTION posts_keep_analysis() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state = 'ready' OR (NEW.case_id, NEW.number, NEW.method, NEW.parameters,
            NEW.of_whole_case, NEW.datasets, NEW.lists, NEW.created_by_id, NEW.created_at)
        IS DISTINCT FROM (OLD.case_id, OLD.number, OLD.method, OLD.parameters,
            OLD.of_whole_case, OLD.datasets, OLD.lists, OLD.created_by_id, OLD.created_at) THEN
        RAISE EXCEPTION 'what was asked, and what came out, never changes: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $body$;
CREATE TRIGGER posts_keep_analysis BEFORE UPDATE OR DELETE ON posts_analysis
    FOR EACH ROW EXECUTE FUNCTION posts_keep_analysis();
"""


def view_for_jobs(table: str) -> migrations.RunSQL:
    view = table.replace("_staged", "_waiting")
    return migrations.RunSQL(
        f"""CREATE VIEW {view} WITH (security_barrier) AS
            SELECT * FROM {table} WHERE (SELECT current_setting('app.uid', true)) = 'system';
            REVOKE ALL ON {view} FROM PUBLIC, "{WEB}";
            GRANT SELECT, DELETE ON {view} TO "{WEB}";""",
        f"DROP VIEW {view}",
    )


def note_writes(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER posts_note_write AFTER INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION posts_note_write()",
        f"DROP TRIGGER posts_note_write ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("posts", "0001_initial"), ("cases", "0003_row_security"), ("audit", "0002_append")]

    operations = [
        migrations.RunSQL(NOTE + IDENTITY + STAGING + KEEP),
        *(secure_rows(table) for table in BULK + ASKED),
        *(view_for_jobs(table) for table in STAGED),
        *(append_only(table) for table in (*BULK, "posts_recomputation", "posts_followlist", "posts_bulkwrite")),
        *(note_writes(table) for table in BULK),
        *(guard_rows(table) for table in ("posts_dataset", "posts_recomputation", "posts_followlist", "posts_bulkwrite")),
        guard_rows("posts_analysis", hide=("result",)),
    ]
