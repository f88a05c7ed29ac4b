from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.ids import uuid7
from cases.enums import Platform, Precision
from cases.models import Case
from cases.moments import in_words
from cases.querysets import CaseScopedQuerySet
from evidence.enums import ItemState
from evidence.models import Item
from posts.enums import Direction

DIRECTIONS = [(Direction.FOLLOWING.value, "Whom it follows"), (Direction.FOLLOWERS.value, "Who follows it")]


class FollowListQuerySet(CaseScopedQuerySet):
    def in_use(self) -> "FollowListQuerySet":
        """Those whose exhibit was not taken out of use."""
        return self.filter(item__state=ItemState.ACTIVE)


class FollowList(models.Model):
    """Whom one account followed, or who followed it, as one file showed it on one day; never changed.

    Both ends are platform ids. A partial list proves who is on it and not who is not.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_lists")
    number = models.PositiveIntegerField(help_text="Within the case; shown as F-3.")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="follow_lists", help_text="The file.")
    platform = models.CharField(max_length=20, choices=Platform)
    account = models.CharField(max_length=200, help_text="The platform's own id of the account whose list it is.")
    direction = models.CharField(max_length=10, choices=DIRECTIONS)
    observed_at = models.DateTimeField(help_text="When the platform showed the list.")
    observed_precision = models.CharField(max_length=10, choices=Precision)
    is_complete = models.BooleanField(help_text="Whether everybody is on it who was on the platform's.")
    source_note = models.TextField(blank=True, help_text="Which tool, whose account, which access.")
    gaps = models.TextField(blank=True, help_text="What is known to be missing.")
    read = models.PositiveIntegerField()
    members = models.PositiveIntegerField(help_text="Accounts on it, each once.")
    by_handle_only = models.PositiveIntegerField(help_text="Those of them without a platform's id.")
    duplicates = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FollowListQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["case", "platform", "account"], name="follow_list_by_account")]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="follow_list_number_once_per_case"),
            models.CheckConstraint(
                condition=Q(read=models.F("members") + models.F("duplicates") + models.F("rejected")),
                name="follow_list_counts_add_up",
            ),
            models.CheckConstraint(condition=Q(is_complete=False) | Q(rejected=0), name="complete_list_was_all_read"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.words}"

    @property
    def label(self) -> str:
        return f"F-{self.number}"

    @property
    def as_of(self) -> str:
        return in_words(self.observed_at, self.observed_precision, with_time=True)

    @property
    def words(self) -> str:
        """What may be said of it and no more: "at least" where the list is not the whole one."""
        least = "" if self.is_complete else "at least "
        who = "account" if self.members == 1 else "accounts"
        if self.direction == Direction.FOLLOWING:
            return f"follows {least}{self.members:,} {who}, as of {self.as_of}"
        return f"is followed by {least}{self.members:,} {who}, as of {self.as_of}"

    @property
    def facts(self) -> list[tuple[str, object]]:
        """What a page says of it."""
        return [
            ("Account", f"{self.get_platform_display()} {self.account}"),
            ("Direction", self.get_direction_display()),
            ("As of", self.as_of),
            (
                "Completeness",
                "complete, by whoever recorded it" if self.is_complete else "partial: others may be missing",
            ),
            ("In this list", f"{self.members:,}"),
            ("Named by handle only", f"{self.by_handle_only:,}"),
            ("Exhibit", f"E-{self.item.exhibit}, SHA-256 {self.item.blob_id}"),
            ("Where it is from", self.source_note),
            ("Known to be missing", self.gaps),
            ("Recorded by", self.created_by),
        ]


class FollowEntry(models.Model):
    """One account on a list; handle and name as the list shows them, which identify nobody later."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    list = models.ForeignKey(FollowList, on_delete=models.PROTECT, related_name="entries", db_index=False)
    account = models.TextField(help_text='The platform\'s id, else "@" and the folded handle.')
    author_id = models.TextField(blank=True)
    handle = models.TextField(blank=True)
    display_name = models.TextField(blank=True)
    line = models.PositiveIntegerField()
    place = models.PositiveIntegerField(default=0, help_text="Within the line or document; 0 is the line itself.")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "follow entries"
        indexes = [models.Index(fields=["case", "account"], name="follow_entry_by_account")]
        constraints = [models.UniqueConstraint(fields=["list", "account"], name="account_once_per_follow_list")]

    def __str__(self) -> str:
        return f"{self.account} @{self.handle}" if self.handle else self.account
