from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.ids import uuid7
from cases.enums import Precision
from cases.models import Account, Case, Organisation, Person
from cases.querysets import CaseScopedQuerySet
from claims.enums import Channel, ReplyOutcome, SendingKind
from claims.models.claims import ClaimVersion
from evidence.models import Item


class ReplyRequest(models.Model):
    """One party asked for its side of what claims say of it: the letter, the deadline, and what came of it (G-50).

    The allegations are fixed when the request is made, the letter when it is first sent; messages and replies are
    rows of their own and never change.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reply_requests")
    number = models.PositiveIntegerField(help_text="Number within the case; shown as R-3.")
    party_account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    party_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    party_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    party_text = models.CharField(max_length=300, blank=True, help_text="A party that has no record of its own.")
    asked_by = models.CharField(
        max_length=300,
        blank=True,
        help_text="Who asked, where it was not this newsroom: it is told, and does not count.",
    )
    language = models.CharField(max_length=35, default="en")
    letter = models.TextField(blank=True)
    deadline = models.DateTimeField(null=True, blank=True)
    urgency = models.TextField(blank=True, help_text="Why the deadline is shorter than the policy's window.")
    outcome = models.CharField(max_length=12, choices=ReplyOutcome, blank=True)
    outcome_note = models.TextField(blank=True, help_text="For what was withheld: why nobody was asked.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    searched_on = models.DateField(
        null=True, blank=True, help_text="When somebody looked for what the party said in public."
    )
    search_note = models.TextField(blank=True, help_text="Where that was looked for.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    edit_version = models.PositiveIntegerField(default=1, help_text="Optimistic lock: the If-Match value.")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="request_number_once_per_case"),
            models.CheckConstraint(
                condition=Q(party_account__isnull=False, party_person=None, party_organisation=None, party_text="")
                | Q(party_account=None, party_person__isnull=False, party_organisation=None, party_text="")
                | Q(party_account=None, party_person=None, party_organisation__isnull=False, party_text="")
                | Q(party_account=None, party_person=None, party_organisation=None) & ~Q(party_text=""),
                name="request_has_one_party",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_by=None, decided_at=None)
                | ~Q(outcome="") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="outcome_is_signed",
            ),
        ]
        indexes = [models.Index(fields=["case", "outcome", "deadline"])]

    def __str__(self) -> str:
        return f"R-{self.number}"


class Allegation(models.Model):
    """What exactly was put to a party: the words, and the claim version that they are of; never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(ReplyRequest, on_delete=models.CASCADE, related_name="allegations")
    version = models.ForeignKey(ClaimVersion, on_delete=models.PROTECT, related_name="put_to_parties")
    order = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    # The hash of subject, link and object as they were put (claims.parties.substance).
    substance = models.CharField(max_length=64)
    # What readers were going to read of the claim at that moment.
    public_text = models.TextField(blank=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["request", "version"], name="allegation_once_per_request")]

    def __str__(self) -> str:
        return f"{self.version} in {self.request}"


class Sending(models.Model):
    """One message to the party, over one channel; append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(ReplyRequest, on_delete=models.PROTECT, related_name="sendings")
    kind = models.CharField(max_length=10, choices=SendingKind, default=SendingKind.REQUEST)
    channel = models.CharField(max_length=12, choices=Channel)
    address = models.CharField(max_length=300, blank=True, help_text="Where it went: an address, a number, a name.")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    sent_at = models.DateTimeField()
    sent_precision = models.CharField(max_length=6, choices=Precision, default=Precision.SECOND)
    message_id = models.CharField(max_length=300, blank=True, help_text="Of the e-mail that this application sent.")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.request} by {self.get_channel_display()}"


class Reply(models.Model):
    """What a party answered, word for word, preserved as an exhibit; append-only. A party may answer more than once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(ReplyRequest, on_delete=models.PROTECT, related_name="replies")
    speaker = models.CharField(max_length=300, blank=True, help_text="Who answered for the party.")
    text = models.TextField()
    verbatim = models.BooleanField(default=True, help_text="False: as somebody else reports it, in other words.")
    language = models.CharField(max_length=35)
    translation = models.TextField(blank=True)
    translator = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    received_precision = models.CharField(max_length=6, choices=Precision, default=Precision.SECOND)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="replies")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "id"]
        verbose_name_plural = "replies"

    def __str__(self) -> str:
        return f"Reply to {self.request}"
