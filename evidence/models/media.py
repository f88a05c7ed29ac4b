from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit.ids import uuid7
from cases.models import Case
from cases.querysets import CaseScopedQuerySet
from evidence.enums import Authenticity, FrameKind, IgnoreReason, MatchKind, MatchVerdict, MediaSearchResult
from evidence.models.blobs import Blob
from evidence.models.items import Item


class Frame(models.Model):
    """One picture that a blob holds; disposable like a derivative, but never made twice for the same content.

    Its number is the picture's name in the search index. It is never shown: it would tell how many there are.
    """

    id = models.BigAutoField(primary_key=True)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="frames")
    kind = models.CharField(max_length=10, choices=FrameKind)
    position = models.PositiveIntegerField(help_text="Counts the pictures of this kind in the blob, from 0.")
    page = models.PositiveIntegerField(null=True, blank=True, help_text="Of a document, from 1.")
    second = models.FloatField(null=True, blank=True, help_text="Of a video.")
    reason = models.CharField(max_length=100, blank=True, help_text="Why this keyframe was taken.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, help_text="Of the upright pixels that the fingerprints were made from.")
    picture_sha256 = models.CharField(
        max_length=64, blank=True, help_text="Of its rendition; empty for an image, whose blob has one."
    )
    blank = models.BooleanField(default=False, help_text="One colour: matches nothing.")
    flat = models.BooleanField(default=False, help_text="A flat graphic without enough structure to be told apart.")

    class Meta:
        ordering = ["blob", "kind", "position"]
        constraints = [models.UniqueConstraint(fields=["blob", "kind", "position"], name="frame_once_per_place")]

    def __str__(self) -> str:
        return f"{self.kind} {self.position} of {self.blob_id[:12]}"


class Fingerprint(models.Model):
    """What one algorithm makes of a frame or of a region of it; recomputable, and replaced when the version rises."""

    id = models.BigAutoField(primary_key=True)
    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="fingerprints")
    algorithm = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    region = models.JSONField(null=True, blank=True, help_text="[x, y, w, h] as fractions; null is the whole frame.")
    bits = models.BinaryField()
    quality = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.algorithm} {self.version} of {self.frame_id}"


class PackedPrint(models.Model):
    """What matching reads of a frame, in the bytes of evidence.media; about 21 kB."""

    frame = models.OneToOneField(Frame, on_delete=models.CASCADE, primary_key=True, related_name="packed")
    version = models.PositiveIntegerField()
    hashes = models.BinaryField(help_text="Rows of evidence.prints.HASH: a region and its 256 bits.")
    postings = models.BinaryField(help_text="Rows of evidence.media.fingerprints.POSTING: the local features.")
    rendition = models.BinaryField(help_text="Small and grey, for the check on pixels: evidence.media.renditions.")

    def __str__(self) -> str:
        return f"print of {self.frame_id}"


class MediaScan(models.Model):
    """How a blob was read for pictures: with which versions, and what kept it from being read."""

    blob = models.OneToOneField(Blob, on_delete=models.PROTECT, primary_key=True, related_name="media_scan")
    version = models.PositiveIntegerField(help_text="Of the fingerprints together.")
    frames = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    scanned_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"scan {self.version} of {self.blob_id[:12]}"


class MediaReport(models.Model):
    """What the aids found in a blob; hints for a person, never a verdict."""

    blob = models.OneToOneField(Blob, on_delete=models.PROTECT, primary_key=True, related_name="media_report")
    version = models.PositiveIntegerField()
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"aids of {self.blob_id[:12]}"


class MediaFinding(models.Model):
    """What a person found out about the picture of an exhibit (G-74); append-only, the newest holds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="media_findings")
    authenticity = models.CharField(max_length=30, choices=Authenticity)
    original_search = models.CharField(max_length=10, choices=MediaSearchResult)
    note = models.TextField(help_text="Where the original was found, or where it was looked for in vain.")
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField(auto_now_add=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-id"]

    def __str__(self) -> str:
        return f"{self.authenticity} {self.item_id}"


class WaitingForMatches(models.Model):
    """An exhibit whose pictures have not been compared yet; written when it is logged, removed with its matches."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, primary_key=True, related_name="waiting_for_matches")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True, blank=True, help_text="By a worker; for another one after a while.")

    objects = CaseScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.item_id} waits"


class MatchQuerySet(CaseScopedQuerySet):
    def visible_to(self, actor) -> "MatchQuerySet":
        """Matches within the actor's cases; one that names two cases is seen only by people who are in both."""
        return super().visible_to(actor).filter(Q(other_case=None) | Q(other_case__in=Case.objects.visible_to(actor)))

    def of_case(self, case: Case) -> "MatchQuerySet":
        return self.filter(Q(case=case) | Q(other_case=case))


class Match(models.Model):
    """Two frames that show the same: a suggestion until somebody has judged it.

    `query` came in later and belongs to `case`; `stored` was there, in the same case or in `other_case`. `regions` is a
    list of {"query": [x, y, w, h], "stored": [x, y, w, h], "query_polygon", "stored_polygon": [[x, y], ...], "score",
    "align": 3 x 3 numbers from fractions of the stored frame to fractions of the query}, all fractions.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="matches")
    other_case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    query = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="+")
    stored = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=MatchKind)
    mirrored = models.BooleanField(default=False)
    score = models.FloatField(help_text="0 to 1.")
    distance = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Bits of 256 that differ.")
    regions = models.JSONField(default=list)
    version = models.PositiveIntegerField(help_text="Of the algorithms that found it last.")
    found_at = models.DateTimeField(auto_now_add=True)
    verdict = models.CharField(max_length=10, choices=MatchVerdict, default=MatchVerdict.SUGGESTED)
    ignored = models.ForeignKey("IgnoredPicture", on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "other_case", "query", "stored"], name="match_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(other_case=None) | ~Q(other_case=F("case")), name="match_other_case_is_another"
            ),
        ]
        indexes = [
            models.Index(fields=["case", "verdict", "-found_at"], name="match_by_case"),
            models.Index(fields=["other_case"], name="match_by_other_case"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} match {self.pk}"


class MatchJudgement(models.Model):
    """One verdict of a person on a match, with a note; append-only, the newest holds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="judgements")
    verdict = models.CharField(max_length=10, choices=MatchVerdict)
    note = models.TextField()
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["judged_at", "id"]

    def __str__(self) -> str:
        return f"{self.verdict} of {self.match_id}"


class IgnoredPicture(models.Model):
    """A picture, or a region of one, that says nothing in this case wherever it is found; ended rather than deleted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ignored_pictures")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="+")
    region = models.JSONField(null=True, blank=True, help_text="[x, y, w, h] as fractions; null is the whole frame.")
    reason = models.CharField(max_length=10, choices=IgnoreReason)
    note = models.TextField(blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "frame", "region"],
                condition=Q(ended_at=None),
                name="ignored_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="ignored_end_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.frame_id}"


class MatchNotice(models.Model):
    """Tells the lead of a case that a picture of theirs turned up elsewhere: what is theirs, and whom to talk to.

    It never says in which case, nor shows the other picture.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="match_notices")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["case", "frame", "contact"], name="notice_once_per_contact")]

    def __str__(self) -> str:
        return f"notice of {self.frame_id}"


class LookUp(models.Model):
    """A picture that somebody compared without logging it. Its bytes are not kept.

    `prints` holds its fingerprints until all cases have been asked, and is emptied then.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="look_ups")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    prints = models.BinaryField(null=True, blank=True)
    result = models.JSONField(
        null=True, blank=True, help_text="What was found among the actor's cases; null until then."
    )
    at = models.DateTimeField(auto_now_add=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["case", "actor", "-at"], name="look_up_by_actor")]

    def __str__(self) -> str:
        return f"look-up of {self.sha256[:12]}"
