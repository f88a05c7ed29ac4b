from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from audit.ids import uuid7
from cases.models import Case, JobRun
from cases.querysets import CaseScopedQuerySet
from evidence.enums import ItemState
from evidence.models import Item
from posts.states import DatasetState


class DatasetQuerySet(CaseScopedQuerySet):
    def ready(self) -> "DatasetQuerySet":
        """Those that were read to the end."""
        return self.filter(state=DatasetState.READY)

    def in_use(self) -> "DatasetQuerySet":
        """Those that analyses of a whole case rest on: read to the end, not replaced, their exhibit not out of use."""
        return self.ready().filter(~Exists(_later()), item__state=ItemState.ACTIVE)

    def with_successors(self) -> "DatasetQuerySet":
        """Each with `is_replaced`: whether a later reading of the same file is in its place."""
        return self.annotate(is_replaced=Exists(_later()))


class Dataset(models.Model):
    """One file of posts read once: how it was read, what became of each record, and what its sender says of it.

    The counts are of records and always add up: read = accepted + duplicate + rejected. A record is a duplicate when
    this file or the case told of it before (`known` of them the case). The others count what the file is about.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="datasets")
    number = models.PositiveIntegerField(help_text="Within the case; shown as D-3.")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="datasets", help_text="The file as it came.")
    run = models.ForeignKey(JobRun, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    state = models.CharField(max_length=10, choices=DatasetState, default=DatasetState.WAITING)
    # How it is read.
    asked_format = models.CharField(max_length=40, default="auto")
    format = models.CharField(max_length=40, blank=True)
    zone = models.CharField(max_length=64, default="UTC", help_text="Of times that carry none.")
    platform = models.CharField(max_length=40, default="other", help_text="Of posts that name none.")
    server = models.CharField(max_length=100, blank=True, help_text="Whose ids those are that name none: gab.com.")
    encoding = models.CharField(max_length=40, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    reader_version = models.CharField(max_length=20, blank=True)
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="replaced_by",
        null=True,
        blank=True,
        help_text="An earlier reading of the same bytes, which is not in use when this one is.",
    )
    # What its sender says of it; every figure repeats this.
    title = models.CharField(max_length=300)
    source_note = models.TextField(blank=True, help_text="Which tool, whose account, which access.")
    query = models.TextField(blank=True, help_text="What was asked of the platform.")
    gaps = models.TextField(blank=True, help_text="What is known to be missing.")
    lacks = models.JSONField(default=list, blank=True, help_text="What an export of this format cannot show.")
    # What became of it.
    read = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    reasons = models.JSONField(default=dict, blank=True)
    posts = models.PositiveIntegerField(default=0)
    accounts = models.PositiveIntegerField(default=0)
    kinds = models.JSONField(default=dict, blank=True, help_text="Posts of each kind.")
    first_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)
    undated = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True, help_text="Why it was not read.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    imported_at = models.DateTimeField(null=True, blank=True)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="dataset_number_once_per_case"),
            models.CheckConstraint(
                condition=Q(read=F("accepted") + F("duplicate") + F("rejected")), name="dataset_counts_add_up"
            ),
        ]

    def __str__(self) -> str:
        return f"D-{self.number} {self.title}"

    @property
    def label(self) -> str:
        return f"D-{self.number}"

    @property
    def is_ready(self) -> bool:
        return self.state == DatasetState.READY

    @property
    def shown_state(self) -> str:
        """The state as its badge names it: one whose job was ended is not being read any more."""
        ended = self.state == DatasetState.WAITING and self.run is not None and self.run.is_final
        return DatasetState.FAILED if ended else self.state

    @property
    def facts(self) -> list[tuple[str, object]]:
        """What a page says of it."""
        kinds = ", ".join(f"{number:,} {kind}" for kind, number in self.kinds.items())
        return [
            ("Posts", f"{self.posts:,} ({kinds})" if kinds else ""),
            ("Accounts", f"{self.accounts:,}"),
            ("Without a time", self.undated),
            ("Format", self.format or self.asked_format),
            ("Zone of times without one", self.zone),
            ("Server of ids that name none", self.server),
            ("Of two numbers in a date the first is", self.mapping.get("day_order", "")),
            ("Exhibit", f"E-{self.item.exhibit}, SHA-256 {self.item.blob_id}"),
            ("Where it is from", self.source_note),
            ("What was asked of the platform", self.query),
            ("Known to be missing", self.gaps),
            ("Imported by", self.created_by),
        ]


def _later() -> "models.QuerySet[Dataset]":
    """The reading that is in place of the one that is asked about."""
    return Dataset.objects.filter(replaces=OuterRef("pk"), state=DatasetState.READY, item__state=ItemState.ACTIVE)


class RejectedRecord(models.Model):
    """A record of a file that was read and not taken, with the reason; `raw` is its beginning."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="rejections")
    line = models.PositiveIntegerField()
    item = models.PositiveIntegerField(default=0, help_text="Within the line or document; 0 is the line itself.")
    code = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)
    raw = models.BinaryField(blank=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["dataset", "id"], name="rejection_by_dataset")]

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"
