from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from audit.ids import uuid7
from cases.enums import JobState
from cases.models.cases import Case, Membership


class JobRunQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "JobRunQuerySet":
        """Jobs of the actor's cases and those the actor started; the installation's own ones are for administrators."""
        member = Membership.objects.filter(user=actor, ended_at__isnull=True, case=OuterRef("case_id"))
        own = Q(case__isnull=True, started_by=actor)
        if actor.is_staff:
            own |= Q(case__isnull=True, started_by__isnull=True)
        return self.filter(Exists(member) | own)


class JobRun(models.Model):
    """One piece of queued work as a person sees it: what it is, how far it is, and how it ended.

    The queue's own row says who works on it; this one survives retries and holds the lock that makes the effect happen
    once.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="job_runs")
    task = models.CharField(max_length=100)
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=20, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True, blank=True)
    message = models.CharField(max_length=500, blank=True)
    cancel_requested = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)
    queue_id = models.BigIntegerField(null=True, blank=True, help_text="The row of the queue that will run it.")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobRunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["case", "-created_at"], name="job_run_by_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=False, state__in=JobState.final())
                | Q(finished_at__isnull=True) & ~Q(state__in=JobState.final()),
                name="job_run_end_matches_state",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None while nobody knows how much there is."""
        if self.state == JobState.SUCCEEDED:
            return 100
        return min(100, 100 * self.done // self.total) if self.total else None

    @property
    def is_final(self) -> bool:
        return self.state in JobState.final()

    @property
    def shown_state(self) -> str:
        """The state as its badge names it: one that was asked to stop says so."""
        return "cancelling" if self.cancel_requested and not self.is_final else self.state

    @property
    def dom_id(self) -> str:
        return f"job-{self.pk}"
