"""PostgreSQL shows the application's role only the rows of the cases of whoever the connection is bound to."""

from django.db import migrations, models
from django.db.models.functions import Upper

from cases.row_security import define_functions, secure_rows

TABLES = ("cases_account", "cases_observation", "cases_organisation", "cases_person", "cases_name")


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_access_guards")]

    operations = [
        # Whoever opens a case cannot see a foreign one that is called the same but for capitals.
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(Upper("ref"), name="case_ref_once_in_any_case"),
        ),
        define_functions(),
        secure_rows("cases_case", column="id", written="lead_id = (SELECT app_uid())"),
        # What one once was, one may see; nobody lets themselves in.
        secure_rows("cases_membership", seen="user_id = (SELECT app_uid())"),
        # Work of the whole installation: a damaged original is told to every case that holds it.
        secure_rows("cases_jobrun", seen="case_id IS NULL", written="case_id IS NULL"),
        *(secure_rows(table) for table in TABLES),
    ]
