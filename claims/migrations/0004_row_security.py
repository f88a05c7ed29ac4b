"""PostgreSQL shows the application's role only claims of the cases of whoever the connection is bound to.

The walls of 0003 are functions of the schema's owner, whom policies do not hold: they go on seeing every row.
"""

from django.db import migrations

from cases.row_security import secure_rows

TABLES = (
    "claims_claim",
    "claims_claimversion",
    "claims_claimlink",
    "claims_citation",
    "claims_citationreview",
    "claims_correction",
    "claims_gateevaluation",
    "claims_publication",
    "claims_publishedversion",
    "claims_review",
)


class Migration(migrations.Migration):
    dependencies = [("claims", "0003_walls"), ("cases", "0006_row_security")]

    operations = [secure_rows(table) for table in TABLES]
