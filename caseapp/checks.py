"""What the database must be like before anybody is served: rights that are missing, and promises that are kept."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

from audit.self_check import find_misses
from cases.row_security import POLICY, secured_tables
from evidence.seals import is_key_installed

# Without these an acknowledged change can be lost when the power fails.
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
APPEND_ONLY = ("audit_event", "audit_leaf", "audit_checkpoint")
OLDEST_SERVER = 150000
# Tables whose rows leave an event however they are changed; tests compare the list with what migrations make.
GUARDED = (
    "cases_account",
    "cases_apitoken",
    "cases_case",
    "cases_casepolicy",
    "cases_housepolicy",
    "cases_importedlog",
    "cases_membership",
    "cases_name",
    "cases_observation",
    "cases_organisation",
    "cases_person",
    "cases_user",
    "claims_allegation",
    "claims_citation",
    "claims_citationreview",
    "claims_claim",
    "claims_claimlink",
    "claims_claimversion",
    "claims_commitment",
    "claims_correction",
    "claims_dataprotectionrecord",
    "claims_evidencefit",
    "claims_gateevaluation",
    "claims_gateexception",
    "claims_hypothesis",
    "claims_originhint",
    "claims_pseudonym",
    "claims_publication",
    "claims_publishedversion",
    "claims_redaction",
    "claims_reply",
    "claims_replyrequest",
    "claims_review",
    "claims_sending",
    "claims_sentencecheck",
    "claims_tracedecision",
    "evidence_blob",
    "evidence_custodyevent",
    "evidence_ignoredpicture",
    "evidence_item",
    "evidence_lookup",
    "evidence_match",
    "evidence_matchnotice",
    "evidence_mediafinding",
    "evidence_originchange",
    "evidence_origingroup",
    "evidence_source",
    "evidence_sourcegrade",
    "evidence_textlayer",
    "posts_analysis",
    "posts_bulkwrite",
    "posts_dataset",
    "posts_followlist",
    "posts_recomputation",
    "search_likeness",
)

# What stands between people and rights they were not given, and between a draft and its release; tests compare the list
# with what migrations make.
WALLS = (
    ("cases_case", "cases_guard"),
    ("cases_membership", "cases_demand"),
    ("cases_membership", "cases_guard"),
    ("cases_user", "cases_demand_at_insert"),
    ("cases_user", "cases_demand_at_update"),
    ("cases_user", "cases_guard"),
    ("claims_allegation", "claims_guard"),
    ("claims_citation", "claims_guard"),
    ("claims_citationreview", "claims_guard"),
    ("claims_citationreview", "claims_guard_seal"),
    ("claims_claimlink", "claims_guard"),
    ("claims_claimversion", "claims_guard"),
    ("claims_claimversion", "claims_guard_heir"),
    ("claims_claimversion", "claims_release"),
    ("claims_claimversion", "claims_release_granters"),
    ("claims_claimversion", "claims_release_law"),
    ("claims_claimversion", "claims_release_to_hands"),
    ("claims_claimversion", "claims_release_words"),
    ("claims_claimversion", "claims_withdrawal"),
    ("claims_correction", "claims_note"),
    ("claims_dataprotectionrecord", "claims_guard"),
    ("claims_dataprotectionrecord", "claims_guard_seal"),
    ("claims_evidencefit", "claims_guard"),
    ("claims_gateevaluation", "claims_guard"),
    ("claims_gateevaluation", "claims_guard_seal"),
    ("claims_gateexception", "claims_guard"),
    ("claims_gateexception", "claims_guard_seal"),
    ("claims_hypothesis", "claims_guard"),
    ("claims_pseudonym", "claims_guard"),
    ("claims_publication", "claims_mark"),
    ("claims_publication", "claims_whole"),
    ("claims_publishedversion", "claims_entry"),
    ("claims_reply", "claims_guard"),
    ("claims_replyrequest", "claims_guard"),
    ("claims_replyrequest", "claims_guard_outcome"),
    ("claims_review", "claims_guard"),
    ("claims_review", "claims_guard_seal"),
    ("claims_sending", "claims_guard"),
    ("claims_sending", "claims_guard_channel"),
    ("claims_sentencecheck", "claims_guard"),
    ("claims_sentencecheck", "claims_guard_seal"),
    ("claims_tracedecision", "claims_guard"),
    ("claims_tracedecision", "claims_guard_seal"),
    ("evidence_blob", "evidence_keep_blob"),
    ("evidence_item", "evidence_keep_item"),
    ("evidence_match", "evidence_keep_match"),
    ("evidence_originchange", "evidence_seal"),
    ("evidence_source", "evidence_guard"),
    ("evidence_sourcegrade", "evidence_seal"),
    ("evidence_textlayer", "evidence_seal"),
)

_RIGHTS = """
    SELECT rolsuper, rolbypassrls, rolcreaterole OR rolcreatedb,
           EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid)
    FROM pg_roles WHERE rolname = current_user"""
_WRITABLE = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s)
      AND has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE')"""

# A second policy would open what the first one closes; one that does not ask for whom is none.
_OPEN = """
    SELECT wanted.name FROM unnest(%s::text[]) wanted(name)
    WHERE NOT EXISTS (
        SELECT FROM pg_class c WHERE c.relname = wanted.name AND c.relnamespace = 'public'::regnamespace
            AND c.relrowsecurity
            AND (SELECT array_agg(p.polname::text) FROM pg_policy p WHERE p.polrelid = c.oid) = ARRAY[%s]
            AND (SELECT bool_and(pg_get_expr(p.polqual, p.polrelid) LIKE '%%app.uid%%'
                 AND pg_get_expr(p.polwithcheck, p.polrelid) LIKE '%%app.uid%%')
                 FROM pg_policy p WHERE p.polrelid = c.oid)
    )
    ORDER BY 1"""

_FALLEN = """
    SELECT wanted.of || '.' || wanted.name FROM unnest(%s::text[], %s::text[]) wanted(of, name)
    WHERE NOT EXISTS (
        SELECT FROM pg_trigger t WHERE t.tgrelid = to_regclass(wanted.of) AND t.tgname = wanted.name
            AND t.tgenabled IN ('O', 'A')
    )
    ORDER BY 1"""


def database_problems() -> list[str]:
    """One sentence per reason not to serve from this database, as the role that would serve."""
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS)
        superuser, bypasses, creates, owns = cursor.fetchone()
        cursor.execute(_WRITABLE, [list(APPEND_ONLY)])
        writable = [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off'", [list(DURABLE)])
        lossy = [name for (name,) in cursor.fetchall()]
        cursor.execute(_OPEN, [secured_tables(), POLICY])
        unsecured = [name for (name,) in cursor.fetchall()]
        cursor.execute(_FALLEN, [list(column) for column in zip(*WALLS, strict=True)])
        fallen = [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT current_setting('server_version_num')::int")
        version = cursor.fetchone()[0]
    found = {
        "the application's database login is a superuser": superuser,
        "the application's database login passes by row security": bypasses,
        "the application's database login may create roles or databases": creates,
        "the application's database login owns tables": owns,
        f"the application may change what must never change: {', '.join(writable)}": writable,
        f"the server may lose acknowledged changes: {', '.join(lossy)} is off": lossy,
        f"rows of other cases are not hidden by the database: {', '.join(unsecured)}": unsecured,
        f"rights or releases could be had without their checks: {', '.join(fallen)} is missing or off": fallen,
        "the server is older than PostgreSQL 15": version < OLDEST_SERVER,
        "the database does not know the key of the seals, or another one: run migrate": not is_key_installed(),
    }
    return [sentence for sentence, applies in found.items() if applies]


def check_database(app_configs: object, databases: Sequence[str] | None = None, **options: Any) -> list[CheckMessage]:
    """`manage.py check --database default`."""
    if not databases or "default" not in databases:
        return []
    return [Error(problem, id="caseapp.E001") for problem in database_problems()]


def refuse_unsafe_database() -> None:
    """Raise ImproperlyConfigured rather than serve; a database that does not answer yet is /healthz's matter."""
    try:
        problems = database_problems() or find_misses(GUARDED)
    except OperationalError:
        return
    finally:
        connection.close()
    if problems:
        raise ImproperlyConfigured("; ".join(problems))
