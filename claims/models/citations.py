from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from audit.ids import uuid7
from cases.models import Case
from cases.querysets import CaseScopedQuerySet
from claims.enums import Access, CitationVerdict, Credibility, Indicator, SelectorType, Stance
from claims.models.claims import ClaimVersion
from evidence.models import Item


class CitationQuerySet(CaseScopedQuerySet):
    def with_verdicts(self) -> "CitationQuerySet":
        """With `newest_verdict`, the last that a checker said of each citation, on whichever wording; else None."""
        given = CitationReview.objects.filter(citation=OuterRef("pk")).order_by("-reviewed_at", "-pk")
        return self.annotate(newest_verdict=Subquery(given.values("verdict")[:1]))


class Citation(models.Model):
    """A pointer from one claim version into preserved evidence, as W3C Web Annotation selectors."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ClaimVersion, on_delete=models.CASCADE, related_name="citations")
    order = models.PositiveSmallIntegerField(default=0)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="citations")
    stance = models.CharField(max_length=12, choices=Stance, default=Stance.SUPPORTS)
    access = models.CharField(max_length=12, choices=Access, default=Access.UNKNOWN)
    indicator = models.CharField(max_length=30, choices=Indicator, blank=True, help_text="What sort of link it shows.")
    selector_type = models.CharField(max_length=10, choices=SelectorType, default=SelectorType.QUOTE)
    # TextQuoteSelector and TextPositionSelector; offsets count Unicode code points of the text layer.
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=200, blank=True)
    suffix = models.CharField(max_length=200, blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    page = models.PositiveIntegerField(null=True, blank=True)
    # FragmentSelector "xywh=percent:x,y,w,h", in a file of several pictures after "page=3&" or "t=12.5&", and the
    # SHA-256 of the region's pixels in the rendition.
    region = models.CharField(max_length=90, blank=True)
    region_sha256 = models.CharField(max_length=64, blank=True)
    translation = models.TextField(blank=True)
    translator = models.CharField(max_length=200, blank=True)
    descriptor = models.TextField(blank=True, help_text="What may affect the quality of this source (ICD 206).")
    credibility = models.CharField(max_length=1, choices=Credibility, blank=True)
    credibility_rationale = models.TextField(blank=True)
    graded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    verified = models.BooleanField(
        default=False, help_text="The server found the quote or region in the preserved copy (G-02)."
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    nearest = models.TextField(blank=True, help_text="The nearest passage, where the quote was not found.")
    disposition = models.CharField(
        max_length=12,
        blank=True,
        choices=[("accepted", "Accepted"), ("explained", "Explained"), ("disputed", "Shown as disputed")],
    )
    disposition_note = models.TextField(blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    edit_version = models.PositiveIntegerField(default=1, help_text="Optimistic lock: the If-Match value.")

    objects = CitationQuerySet.as_manager()

    class Meta:
        ordering = ["order", "added_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(selector_type="quote") & ~Q(exact="") | Q(selector_type="region") & ~Q(region=""),
                name="citation_has_locator",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} cites E-{self.item.exhibit}"

    @property
    def part(self) -> str:
        """The picture that the region lies in, in a file of several, as claims.selectors.Region names it."""
        return self.region.rpartition("&")[0]

    @property
    def is_objected_to(self) -> bool:
        """Whether a checker's newest verdict takes it for no support; only of rows read `with_verdicts`."""
        return self.newest_verdict in CitationVerdict.objections()

    @property
    def is_shown_as_support(self) -> bool:
        """Whether pages count it; the gate looks for the passage again (`CitationFacts.counts`)."""
        return self.stance == Stance.SUPPORTS and self.verified and not self.is_objected_to


class CitationReview(models.Model):
    """A reviewer's verdict on one citation, bound to the content that was read; append-only.

    It outlives the citation: an author may remove what a reviewer found wanting, and the verdict stays on record.
    PostgreSQL takes a row only with the `seal` of the application (`evidence/seals.py`).
    """

    SEALED = ("id", "version_id", "content_sha256", "citation_id", "verdict", "reviewed_by_id", "comment")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ClaimVersion, on_delete=models.PROTECT, related_name="citation_reviews")
    citation = models.ForeignKey(Citation, on_delete=models.DO_NOTHING, related_name="reviews", db_constraint=False)
    verdict = models.CharField(max_length=20, choices=CitationVerdict)
    comment = models.TextField(blank=True)
    content_sha256 = models.CharField(max_length=64)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(auto_now_add=True)
    seal = models.CharField(max_length=64, blank=True, editable=False, default="")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["reviewed_at"]

    def __str__(self) -> str:
        return f"{self.verdict} on {self.citation_id}"
