"""PostgreSQL shows the application's role only the rows of the cases of whoever the connection is bound to."""

from django.db import migrations

from cases.row_security import define_functions, secure_rows

TABLES = ("account", "observation", "organisation", "person", "name", "importedlog", "casepolicy")


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_guards")]

    operations = [
        define_functions(),
        secure_rows("cases_case", column="id", written="lead_id = (SELECT app_uid())"),
        # What one once was, one may see; nobody lets themselves in.
        secure_rows("cases_membership", seen="user_id = (SELECT app_uid())"),
        # Work of the whole installation: a damaged original is told to every case that holds it.
        secure_rows("cases_jobrun", seen="case_id IS NULL", written="case_id IS NULL"),
        *(secure_rows(f"cases_{table}") for table in TABLES),
    ]
