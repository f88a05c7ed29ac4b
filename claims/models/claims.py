from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from audit.ids import uuid7
from cases.enums import DATE_PRECISIONS
from cases.models import Account, Case, Organisation, Person
from cases.querysets import CaseScopedQuerySet
from claims.enums import (
    AttributedAs,
    ClaimKind,
    Confidence,
    EeasCategory,
    Likelihood,
    ModelUse,
    Predicate,
    StateResponsibility,
    VersionState,
)
from evidence.models import Item


class Claim(models.Model):
    """The lasting identity of one statement; what it says lives in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="claims")
    number = models.PositiveIntegerField(help_text="Number within the case; shown as C-7.")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="claim_number_once_per_case")]

    def __str__(self) -> str:
        return f"C-{self.number}"


class ClaimVersion(models.Model):
    """What a claim says at one stage: subject, predicate, object, period, grades and public text.

    From submission on, content and citations are frozen: `content` is the canonical JSON that was
    submitted and `content_sha256` its hash; reviews bind to that hash (G-72). Three clocks are three
    columns: valid (true in the world), observed (on citations' items), recorded (`recorded_at`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=VersionState, default=VersionState.DRAFT)
    predicate = models.CharField(max_length=40, choices=Predicate)

    subject_account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="claims_about", null=True, blank=True
    )
    subject_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="claims_about", null=True, blank=True
    )
    subject_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="claims_about", null=True, blank=True
    )
    subject_item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="claims_about", null=True, blank=True)
    subject_text = models.CharField(
        max_length=300, blank=True, help_text="A campaign or group that has no record of its own."
    )
    object_account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="claims_naming", null=True, blank=True
    )
    object_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="claims_naming", null=True, blank=True
    )
    object_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="claims_naming", null=True, blank=True
    )
    object_item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="claims_naming", null=True, blank=True)
    object_text = models.CharField(max_length=300, blank=True)

    role_title = models.CharField(max_length=300, blank=True, help_text="Verbatim, in the source's language (G-22).")
    role_title_en = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_from_precision = models.CharField(max_length=5, choices=DATE_PRECISIONS, default="day")
    valid_to = models.DateField(null=True, blank=True)
    valid_to_precision = models.CharField(max_length=5, choices=DATE_PRECISIONS, default="day")
    as_of = models.DateField(null=True, blank=True, help_text="The date for which the source says so.")
    as_of_precision = models.CharField(max_length=5, choices=DATE_PRECISIONS, default="day")
    conduct_date = models.DateField(
        null=True, blank=True, help_text="When the conduct happened that makes the role matter (G-22)."
    )
    scope_note = models.TextField(blank=True, help_text="Within which limits it is said, e.g. under one hashtag.")
    kind = models.CharField(max_length=12, choices=ClaimKind, default=ClaimKind.ASSESSMENT)
    adverse = models.BooleanField(default=True, help_text="Could harm the standing of somebody named.")
    likelihood = models.CharField(max_length=20, choices=Likelihood, blank=True)
    analytic_confidence = models.CharField(max_length=10, choices=Confidence, blank=True)
    # Three factors (PHIA 2025): information base, analytical rigour, complexity and volatility.
    confidence_information_base = models.TextField(blank=True)
    confidence_rigour = models.TextField(blank=True)
    confidence_volatility = models.TextField(blank=True)
    key_assumptions = ArrayField(models.CharField(max_length=500), default=list, blank=True)
    identifying_specifics = ArrayField(
        models.CharField(max_length=500),
        default=list,
        blank=True,
        help_text="What besides the name shows that this is the person meant (G-24).",
    )
    namesake_search = models.TextField(blank=True, help_text="Where and when namesakes were looked for (G-24).")
    method = models.TextField(blank=True, help_text="How coordination was found (G-30).")
    parameters = models.TextField(blank=True, help_text="With which thresholds and windows (G-30).")
    dataset_sha256 = models.CharField(
        max_length=64,
        blank=True,
        validators=[RegexValidator(r"^[0-9a-f]{64}$", "Give the SHA-256 of the data as 64 hexadecimal digits.")],
        help_text="The data in which it was found (G-30).",
    )
    false_positive_check = models.TextField(
        blank=True, help_text="What the same method finds among accounts that are not suspected (G-30)."
    )
    attributed_as = models.CharField(max_length=12, choices=AttributedAs, blank=True)
    state_responsibility = models.CharField(max_length=40, choices=StateResponsibility, blank=True)
    eeas_category = models.CharField(max_length=20, choices=EeasCategory, blank=True)
    # The lens of law and ethics (G-33), published with the claim.
    public_interest = models.TextField(blank=True, help_text="Why the public has to know it.")
    who_is_harmed = models.TextField(blank=True, help_text="Whom it harms, also if it is wrong or grows old.")
    proportionality = models.TextField(blank=True, help_text="Why it says no more than the public has to know.")
    gentler_ways = models.TextField(blank=True, help_text="Which ways with less harm were weighed.")
    source_summary = models.TextField(
        blank=True, help_text="Weaknesses and gaps of the sources, for readers; the counts are added (G-43)."
    )
    model_use = models.CharField(max_length=10, choices=ModelUse, blank=True)
    model_name = models.CharField(max_length=200, blank=True)
    model_version = models.CharField(max_length=100, blank=True)
    model_task = models.TextField(blank=True, help_text="What the model did (G-73).")
    public_text = models.TextField(blank=True)
    language = models.CharField(max_length=35, default="en")
    single_source_label = models.BooleanField(
        default=False, help_text="The public text says that it rests on one source."
    )
    single_source_reason = models.TextField(blank=True, help_text="Why an editor lets one origin suffice (G-07).")
    single_source_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    correction_cause = models.TextField(blank=True, help_text="What was wrong in the version that this one corrects.")
    correction_note = models.TextField(blank=True, help_text="The public note that goes with the correction (G-80).")

    devils_advocate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="Who argues against the claim to the end; not its author (G-11).",
    )

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    contributors = ArrayField(
        models.UUIDField(),
        default=list,
        blank=True,
        help_text="Everybody who wrote part of this version; none of them may approve it (G-70).",
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(auto_now=True)
    edit_version = models.PositiveIntegerField(default=1, help_text="Optimistic lock: the If-Match value.")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    content = models.BinaryField(null=True, blank=True, editable=False)
    content_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="superseded_by", null=True, blank=True
    )
    needs_attention = models.CharField(
        max_length=300, blank=True, help_text="Why a published claim has to be looked at again."
    )

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["claim", "number"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="version_number_once_per_claim"),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(state__in=["draft", "submitted", "changes_requested", "approved"]),
                name="one_open_version_per_claim",
            ),
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state="published"), name="one_published_version_per_claim"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "changes_requested"]) | ~Q(content_sha256=""),
                name="frozen_version_has_content_hash",
            ),
        ]
        indexes = [models.Index(fields=["case", "state"]), models.Index(fields=["case", "predicate"])]

    def __str__(self) -> str:
        return f"{self.claim} v{self.number}"


class ClaimLink(models.Model):
    """A version that rests on other claims: the chain shows no more certainty than its weakest link (G-23)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    composite = models.ForeignKey(ClaimVersion, on_delete=models.CASCADE, related_name="component_links")
    component = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="composite_links")
    order = models.PositiveSmallIntegerField(default=0)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["composite", "component"], name="component_once_per_version")]

    def __str__(self) -> str:
        return f"{self.composite} rests on {self.component}"
