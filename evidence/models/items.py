from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.ids import uuid7
from cases.enums import Precision
from cases.models import Case
from cases.querysets import CaseScopedQuerySet
from evidence.enums import ItemKind, ItemState, Sensitivity
from evidence.models.blobs import Blob
from evidence.models.sources import Source


class Item(models.Model):
    """One exhibit of a case: what was preserved, from where, by whom, how, and when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="items")
    exhibit = models.PositiveIntegerField(help_text="Number within the case; shown as E-12.")
    kind = models.CharField(max_length=20, choices=ItemKind)
    state = models.CharField(max_length=20, choices=ItemState, default=ItemState.ACTIVE)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="supersedes", null=True, blank=True
    )
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="items", null=True, blank=True)
    # The evidentiary copy; fixed at intake. A link without a preserved copy has none and supports nothing (G-03).
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="items", null=True, blank=True)
    file_name = models.CharField(max_length=500, blank=True, help_text="As the sender called it: metadata only.")
    # Bibliographic data (ICS 206-01).
    title = models.CharField(max_length=500)
    author = models.CharField(max_length=300, blank=True)
    publisher = models.CharField(max_length=300, blank=True)
    original_url = models.URLField(max_length=2000, blank=True)
    archived_url = models.URLField(max_length=2000, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_precision = models.CharField(
        max_length=10,
        choices=Precision,
        default=Precision.DAY,
    )
    no_date_reason = models.CharField(max_length=300, blank=True, help_text='Why "n.d.", where no date is known.')
    language = models.CharField(max_length=35, blank=True, help_text="BCP 47.")
    relevance_note = models.TextField(blank=True)
    # Collection (Berkeley Protocol 155).
    captured_at = models.DateTimeField(help_text="When the copy was taken; also the access date.")
    collector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=100, help_text="upload, paste, command, capture ...")
    tool = models.CharField(max_length=100)
    tool_version = models.CharField(max_length=50)
    sensitivity = models.CharField(max_length=20, choices=Sensitivity, default=Sensitivity.NORMAL)
    graphic = models.BooleanField(default=False, help_text="Blurred until a person clicks.")
    # What the parsers found.
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    exif = models.JSONField(default=dict, blank=True)
    has_gps = models.BooleanField(default=False)
    derived_at = models.DateTimeField(null=True, blank=True, help_text="When text and renditions were last made.")
    # Tools of the readings made for this exhibit, the newest last. The blob may have others, made for other cases.
    readings = models.JSONField(default=list, blank=True, editable=False)
    # Of this exhibit: when another case has the same bytes read tells that it has them (A55).
    fixity_checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    parse_problem = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["exhibit"]
        constraints = [
            models.UniqueConstraint(fields=["case", "exhibit"], name="exhibit_once_per_case"),
            models.CheckConstraint(
                condition=Q(kind=ItemKind.LINK) | Q(blob__isnull=False), name="item_has_bytes_unless_link"
            ),
        ]
        indexes = [models.Index(fields=["case", "kind"]), models.Index(fields=["case", "captured_at"])]

    def __str__(self) -> str:
        return f"E-{self.exhibit} {self.title}"


class TextLayer(models.Model):
    """The text of a blob as a parser read it; citations quote from it. Offsets count Unicode code points.

    PostgreSQL takes a row only with the `seal` of the application (`evidence/seals.py`).
    """

    SEALED = ("id", "blob_id", "sha256", "pages", "tool")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="text_layers")
    text = models.TextField()
    # [[start, end], ...] of each page in `text`; one entry for unpaged documents.
    pages = models.JSONField(default=list)
    tool = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, help_text="Of the text as UTF-8.")
    made_at = models.DateTimeField(auto_now_add=True)
    seal = models.CharField(max_length=64, blank=True, editable=False, default="")

    class Meta:
        ordering = ["blob", "-made_at"]
        constraints = [models.UniqueConstraint(fields=["blob", "tool"], name="text_layer_once_per_tool")]

    def __str__(self) -> str:
        return f"text of {self.blob_id[:12]}"
