"""How claims are shown to programs; what is taken from them is `claims/api/inputs.py`."""

from rest_framework import serializers

from claims.actions.drafts import CORRECTION_FIELDS, FIELDS
from claims.canonical import cited
from claims.models import (
    Citation,
    CitationReview,
    ClaimVersion,
    Correction,
    Publication,
    Redaction,
    Review,
    SentenceCheck,
)
from claims.reading import readable


def person() -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField(slug_field="username", read_only=True)


class CitationSerializer(serializers.ModelSerializer):
    """One citation, with its W3C selectors and what the server found."""

    exhibit = serializers.IntegerField(source="item.exhibit", read_only=True)
    item_sha256 = serializers.CharField(source="item.blob_id", read_only=True)
    claim = serializers.IntegerField(source="version.claim.number", read_only=True)
    graded_by = person()
    added_by = person()

    class Meta:
        model = Citation
        fields = [
            "id", "claim", "order", "item", "exhibit", "item_sha256", "stance", "access", "indicator", "selector_type",
            "exact",
            "prefix", "suffix", "start", "end", "page", "region", "region_sha256", "verified", "verified_at", "nearest",
            "translation", "translator", "descriptor", "credibility", "credibility_rationale", "graded_by",
            "disposition", "disposition_note", "added_by", "added_at", "edit_version",
        ]  # fmt: skip
        read_only_fields = fields


class VersionSerializer(serializers.ModelSerializer):
    """A claim as its newest (or the named) version says it."""

    claim = serializers.IntegerField(source="claim.number", read_only=True)
    version = serializers.IntegerField(source="number", read_only=True)
    label = serializers.CharField(source="__str__", read_only=True)
    author = person()
    submitted_by = person()
    single_source_by = person()

    class Meta:
        model = ClaimVersion
        fields = [
            "id", "claim", "version", "label", "state", *FIELDS, *CORRECTION_FIELDS, "single_source_label",
            "single_source_reason", "single_source_by", "author", "recorded_at", "edited_at", "edit_version",
            "submitted_at", "submitted_by", "content_sha256", "needs_attention",
        ]  # fmt: skip
        read_only_fields = fields


class VersionDetailSerializer(VersionSerializer):
    """A version with its citations and the claims it rests on."""

    citations = serializers.SerializerMethodField()
    rests_on = serializers.SerializerMethodField()

    class Meta(VersionSerializer.Meta):
        fields = [*VersionSerializer.Meta.fields, "citations", "rests_on"]
        read_only_fields = fields

    def get_citations(self, version: ClaimVersion) -> list[dict]:
        rows = cited(version).select_related("version__claim", "graded_by", "added_by")
        return CitationSerializer(readable(self.context["request"].user, rows), many=True).data

    def get_rests_on(self, version: ClaimVersion) -> list[int]:
        return list(version.component_links.values_list("component__number", flat=True))


class ReviewSerializer(serializers.ModelSerializer):
    """One verdict on one version."""

    version = serializers.IntegerField(source="version.number", read_only=True)
    reviewed_by = person()

    class Meta:
        model = Review
        fields = [
            "id", "version", "stage", "verdict", "jurisdictions", "comment", "content_sha256", "reviewed_by",
            "reviewed_at",
        ]  # fmt: skip
        read_only_fields = fields


class CitationReviewSerializer(serializers.ModelSerializer):
    """One verdict on one citation."""

    citation = serializers.UUIDField(source="citation_id", read_only=True)
    reviewed_by = person()

    class Meta:
        model = CitationReview
        fields = ["id", "citation", "verdict", "comment", "content_sha256", "reviewed_by", "reviewed_at"]
        read_only_fields = fields


class SentenceCheckSerializer(serializers.ModelSerializer):
    """One verdict on one sentence."""

    reviewed_by = person()
    citations = serializers.ListField(child=serializers.UUIDField(), read_only=True)

    class Meta:
        model = SentenceCheck
        fields = [
            "id", "sentence", "citations", "basis_sha256", "verdict", "comment", "content_sha256", "reviewed_by",
            "reviewed_at",
        ]  # fmt: skip
        read_only_fields = fields


class SentenceSerializer(serializers.Serializer):
    """One sentence of the public text, and the check of it that still holds."""

    position = serializers.IntegerField()
    text = serializers.CharField()
    ticked = serializers.BooleanField(source="is_ticked")
    check_that_holds = SentenceCheckSerializer(source="check", allow_null=True)


class SharedOriginSerializer(serializers.Serializer):
    """What suggests that two sources of a claim are one origin."""

    kind = serializers.ChoiceField(["owner", "bytes", "data", "words", "cites", "picture"])
    first = serializers.UUIDField(source="first.pk")
    first_name = serializers.CharField(source="first.name")
    second = serializers.UUIDField(source="second.pk")
    second_name = serializers.CharField(source="second.name")
    words = serializers.CharField()


class CorrectionSerializer(serializers.ModelSerializer):
    """The public note of a correction or retraction."""

    claim = serializers.IntegerField(source="claim.number", read_only=True)
    from_version = serializers.IntegerField(source="from_version.number", read_only=True)
    corrected_by = person()

    class Meta:
        model = Correction
        fields = ["id", "claim", "kind", "from_version", "cause", "public_note", "corrected_by", "corrected_at"]
        read_only_fields = fields


class PublicationSerializer(serializers.ModelSerializer):
    """A publication without its snapshot."""

    published_by = person()

    class Meta:
        model = Publication
        fields = ["id", "number", "title", "note", "snapshot_sha256", "published_by", "published_at"]
        read_only_fields = fields


class RedactionSerializer(serializers.ModelSerializer):
    """A redacted dossier: why it withholds something and in how many places, never what."""

    places = serializers.SerializerMethodField()
    made_by = person()

    class Meta:
        model = Redaction
        fields = ["id", "number", "kind", "reason", "places", "made_by", "made_at"]
        read_only_fields = fields

    def get_places(self, made: Redaction) -> int:
        return len(made.hidden)


class ChainSerializer(serializers.Serializer):
    """Account → person → role, with the certainty of the weakest link."""

    claims = serializers.SerializerMethodField()
    account = serializers.UUIDField(source="operated.subject_account_id")
    person = serializers.UUIDField(source="operated.object_person_id", allow_null=True)
    organisation = serializers.SerializerMethodField()
    likelihood = serializers.CharField()
    analytic_confidence = serializers.CharField()
    is_published = serializers.BooleanField()
    rivals = serializers.SerializerMethodField()

    def get_claims(self, chain) -> list[int]:
        return [link.claim.number for link in chain.links]

    def get_organisation(self, chain) -> str | None:
        return str(chain.role.object_organisation_id) if chain.role and chain.role.object_organisation_id else None

    def get_rivals(self, chain) -> list[int]:
        return [rival.claim.number for rival in chain.rivals]
