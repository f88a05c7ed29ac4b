from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from audit.ids import uuid7
from cases.models import Case, JobRun
from cases.querysets import CaseScopedQuerySet
from evidence.models import Item
from posts.states import AnalysisMethod, AnalysisState


class Analysis(models.Model):
    """One question to the posts of a case and its answer; asked once, never changed, and made again at will.

    The answer is an exhibit (`item`): the same bytes whoever makes it again from the same posts with the same code.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="analyses")
    number = models.PositiveIntegerField(help_text="Within the case; shown as N-3.")
    method = models.CharField(max_length=20, choices=AnalysisMethod)
    parameters = models.JSONField(help_text="All of them, defaults included: query, zone, level, window ...")
    # Of everything in use when it was asked, or of named datasets; both grow stale when files come or go.
    of_whole_case = models.BooleanField()
    datasets = ArrayField(models.UUIDField(), help_text="Those it rests on, in order.")
    lists = ArrayField(
        models.UUIDField(), default=list, blank=True, help_text="Follow lists that it rests on instead, in order."
    )
    state = models.CharField(max_length=10, choices=AnalysisState, default=AnalysisState.WAITING)
    run = models.ForeignKey(JobRun, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="analyses", null=True, blank=True)
    input_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the posts it was made from.")
    code_version = models.CharField(max_length=60, blank=True)
    result = models.JSONField(null=True, blank=True)
    result_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the exhibit's bytes.")
    problem = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    made_at = models.DateTimeField(null=True, blank=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "analyses"
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="analysis_number_once_per_case")]

    def __str__(self) -> str:
        return f"N-{self.number} {self.get_method_display()}"

    @property
    def label(self) -> str:
        return f"N-{self.number}"

    @property
    def shown_state(self) -> str:
        """The state as its badge names it: one whose job was ended is not being made any more."""
        ended = self.state == AnalysisState.WAITING and self.run is not None and self.run.is_final
        return AnalysisState.FAILED if ended else self.state

    @property
    def told(self) -> list[tuple[str, object]]:
        """What a page says of the question and of what it rests on."""
        asked = [
            (name.replace("_", " ").capitalize(), ", ".join(value) if isinstance(value, list) else value)
            for name, value in self.parameters.items()
            if value not in ("", [])
        ]
        return [
            *asked,
            ("Of", "everything in use" if self.of_whole_case else f"chosen {'lists' if self.lists else 'datasets'}"),
            ("Input", f"SHA-256 {self.input_sha256}" if self.input_sha256 else ""),
            ("Result", f"SHA-256 {self.result_sha256}" if self.result_sha256 else ""),
            ("Code", self.code_version),
        ]


class Recomputation(models.Model):
    """An analysis made once more: whether the same came out, and if not, what differed; append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    analysis = models.ForeignKey(Analysis, on_delete=models.PROTECT, related_name="recomputations")
    same = models.BooleanField()
    result_sha256 = models.CharField(max_length=64)
    input_sha256 = models.CharField(max_length=64)
    code_version = models.CharField(max_length=60)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.analysis_id} made again"


class PostGroup(models.Model):
    """The posts behind one number of an analysis: a cluster, or all that an edge of a network rests on."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    analysis = models.ForeignKey(Analysis, on_delete=models.PROTECT, related_name="groups", db_index=False)
    name = models.CharField(max_length=20, help_text="Which list of the result: L0 ... L3, edges.")
    place = models.PositiveIntegerField(help_text="Its place in that list, from 0.")
    facts = models.JSONField(default=dict, help_text="The entry of that list.")
    posts = ArrayField(models.UUIDField())

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["analysis", "name", "place"]
        constraints = [models.UniqueConstraint(fields=["analysis", "name", "place"], name="post_group_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.place} of {self.analysis_id}"
