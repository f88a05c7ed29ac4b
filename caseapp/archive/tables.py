"""Which rows belong to a case, table by table: what an archive holds, and what it leaves out for a reason.

A table that this page does not know fails the tests: nothing of a case is forgotten silently.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Field, Model

from cases.models import User

# Tables without a column of the case, and how their rows are found; %(case)s is its id.
_ITEMS = "SELECT blob_id FROM evidence_item WHERE case_id = %(case)s"
_FRAMES = f"SELECT id FROM evidence_frame WHERE blob_id IN ({_ITEMS})"  # noqa: S608
_THROUGH = {
    "cases_case": "id = %(case)s",
    "evidence_blob": f"sha256 IN ({_ITEMS})",
    "evidence_textlayer": f"blob_id IN ({_ITEMS})",
    "evidence_fixitycheck": f"blob_id IN ({_ITEMS})",
    "evidence_frame": f"blob_id IN ({_ITEMS})",
    "evidence_fingerprint": f"frame_id IN ({_FRAMES})",
    "evidence_packedprint": f"frame_id IN ({_FRAMES})",
    "evidence_mediascan": f"blob_id IN ({_ITEMS})",
    "evidence_mediareport": f"blob_id IN ({_ITEMS})",
    # A match with a picture of another case tells of that case.
    "evidence_match": "case_id = %(case)s AND other_case_id IS NULL",
    "evidence_matchjudgement": (
        "match_id IN (SELECT id FROM evidence_match WHERE case_id = %(case)s AND other_case_id IS NULL)"
    ),
}
LEFT_OUT = {
    "cases_jobrun": "work of this installation: what it made is in the archive, and new work is asked for anew",
    "cases_importedlog": "kept beside the case's own log, not among its rows",
    "evidence_derivative": "made again from the originals",
    "evidence_waitingformatches": "work of this installation",
    "evidence_matchnotice": "tells somebody of another case",
    "evidence_downloadticket": "opens a file once, here",
    "evidence_upload": "not evidence yet",
    "claims_originhint": "looked for again: a hint is no decision",
    "search_document": "the index is made again",
    "search_outbox": "the index is made again",
    "search_word": "the index is made again",
    "search_wording": "the index is made again",
}
_APPS = ("cases", "evidence", "posts", "claims", "search")


@dataclass(frozen=True)
class Table:
    """One table of the archive: the columns that the model names, but seals, which only hold here."""

    model: type[Model]
    where: str

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def fields(self) -> list[Field]:
        return [field for field in self.model._meta.concrete_fields if not field.generated and field.name != "seal"]

    @property
    def columns(self) -> list[str]:
        return sorted(field.column for field in self.fields)

    @property
    def keys(self) -> list[str]:
        """The columns of the primary key, by which rows are in order."""
        return [field.column for field in self.model._meta.pk_fields]

    @property
    def user_columns(self) -> list[str]:
        return [field.column for field in self.fields if field.is_relation and field.related_model is User]

    @property
    def cut_columns(self) -> list[str]:
        """Columns that point to what is left out: they are null in an archive."""
        return [
            field.column
            for field in self.fields
            if field.is_relation and field.related_model._meta.db_table in LEFT_OUT
        ]


def tables() -> list[Table]:
    """The tables of a case in the order of their names."""
    found = []
    for model in apps.get_models():
        name = model._meta.db_table
        if model._meta.app_label not in _APPS or name in LEFT_OUT:
            continue
        if name in _THROUGH:
            found.append(Table(model, _THROUGH[name]))
        elif any(field.column == "case_id" for field in model._meta.concrete_fields):
            found.append(Table(model, "case_id = %(case)s"))
    return sorted(found, key=lambda table: table.name)
