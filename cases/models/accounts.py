from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case as Choose
from django.db.models import Q, When

from audit.ids import uuid7
from cases.enums import BY, SEEN_PRECISIONS, AccountStatus, Platform, Precision
from cases.models.cases import Case
from cases.models.merging import Mergeable
from cases.querysets import CaseScopedQuerySet


class Account(Mergeable):
    """A social-media account, keyed on the platform's own user id.

    Handles, names and status are observations. A recycled handle under a new id is a new account.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="accounts")
    platform = models.CharField(max_length=20, choices=Platform)
    instance = models.CharField(
        max_length=100, blank=True, help_text="Server of a federated account, e.g. mastodon.social."
    )
    platform_user_id = models.CharField(
        max_length=100, blank=True, help_text="The platform's own id, which survives renaming."
    )
    id_unknown_reason = models.CharField(max_length=300, blank=True)
    created_at_platform = models.DateTimeField(null=True, blank=True)
    handle_reuse_checked_at = models.DateTimeField(null=True, blank=True)
    handle_reuse_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    handle_reuse_note = models.TextField(blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            *Mergeable.Meta.constraints,
            models.UniqueConstraint(
                fields=["case", "platform", "instance", "platform_user_id"],
                condition=~Q(platform_user_id=""),
                name="account_once_per_platform_id",
            ),
            models.CheckConstraint(
                condition=~Q(platform_user_id="") | ~Q(id_unknown_reason=""), name="account_has_id_or_reason"
            ),
            models.CheckConstraint(
                condition=Q(handle_reuse_checked_at__isnull=True, handle_reuse_checked_by__isnull=True)
                | Q(handle_reuse_checked_at__isnull=False, handle_reuse_checked_by__isnull=False),
                name="account_reuse_check_is_signed",
            ),
        ]

    def __str__(self) -> str:
        known_as = self.platform_user_id or self.note.partition("\n")[0][:80] or "without known id"
        where = f" on {self.instance}" if self.instance else ""
        return f"{self.get_platform_display()} account {known_as}{where}"

    def called(self, handle: str) -> str:
        """A handle of this account as people write it: with its server, where others may have the same one."""
        return f"@{handle}@{self.instance}" if self.instance else f"@{handle}"


class ObservationQuerySet(CaseScopedQuerySet):
    def newest_first(self, *before: str) -> "ObservationQuerySet":
        """Those made last first, within `before`; those of which only the latest moment is known come last."""
        undated = When(observed_precision=BY, then=1)
        return self.order_by(*before, Choose(undated, default=0), "-observed_at", "-recorded_at")


class Observation(models.Model):
    """What somebody saw of an account at one moment; never changed, only followed by the next one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="observations")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="observations")
    handle = models.CharField(max_length=100, blank=True, help_text="Without @, as seen.")
    # What the platform does not tell apart, and what the eye does not: for finding, never for merging.
    handle_key = models.CharField(max_length=300, blank=True, editable=False)
    handle_skeleton = models.CharField(max_length=300, blank=True, editable=False)
    display_name = models.CharField(max_length=300, blank=True)
    bio = models.TextField(blank=True)
    location = models.CharField(max_length=300, blank=True)
    followers = models.PositiveBigIntegerField(null=True, blank=True)
    following = models.PositiveBigIntegerField(null=True, blank=True)
    status = models.CharField(max_length=20, choices=AccountStatus, default=AccountStatus.UNKNOWN)
    observed_at = models.DateTimeField(help_text="When it was so seen, not when it was typed in.")
    observed_precision = models.CharField(
        max_length=10,
        choices=SEEN_PRECISIONS,
        default=Precision.SECOND,
    )
    # The item lives in the evidence package, to the right of this one: its id is kept, not a foreign key.
    evidence_item = models.UUIDField(null=True, blank=True)
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["observed_at", "recorded_at"]
        indexes = [
            models.Index(fields=["account", "observed_at"]),
            models.Index(fields=["case", "handle"]),
            models.Index(fields=["case", "handle_key"]),
            models.Index(fields=["case", "handle_skeleton"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(handle="") | ~Q(handle_key=""), name="observation_handle_has_key"),
        ]

    def __str__(self) -> str:
        return f"@{self.handle} {self.status} on {self.observed_at:%Y-%m-%d}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise ValidationError("Observations are immutable: record a new one.")
        super().save(*args, **kwargs)
