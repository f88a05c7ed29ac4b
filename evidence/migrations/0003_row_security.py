"""PostgreSQL shows the application's role only evidence of the cases of whoever the connection is bound to.

Blobs are left without a policy: an upload must find the bytes that another case already holds, and a row tells only
their hash, size, type and state.
"""

from django.db import migrations

from cases.row_security import secure_rows, secure_rows_through

TABLES = (
    "evidence_item",
    "evidence_source",
    "evidence_origingroup",
    "evidence_sourcegrade",
    "evidence_originchange",
    "evidence_custodyevent",
    "evidence_upload",
)
# evidence_item's own policy holds inside: an item that the person does not see opens nothing. A first fixity check is
# written before the item, and nothing is learnt by writing.
OF_BLOB = "EXISTS (SELECT FROM evidence_item i WHERE i.blob_id = {table}.{column})"


def of_blob(table: str, column: str) -> migrations.RunSQL:
    return secure_rows_through(table, visible=OF_BLOB.format(table=table, column=column))


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_guards"), ("cases", "0003_row_security")]

    operations = [
        *(secure_rows(table) for table in TABLES),
        of_blob("evidence_textlayer", "blob_id"),
        of_blob("evidence_derivative", "parent_id"),
        of_blob("evidence_fixitycheck", "blob_id"),
        secure_rows_through(
            "evidence_downloadticket",
            visible="owner_id = (SELECT app_uid())",
            writable="owner_id = (SELECT app_uid())",
        ),
    ]
