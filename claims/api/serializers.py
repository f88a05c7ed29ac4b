"""How claims are shown to and taken from programs."""

from typing import Any

from rest_framework import serializers

from cases.api.strict import RowInCase, StrictSerializer
from cases.enums import DATE_PRECISIONS
from cases.models import Account, Organisation, Person
from claims.actions.drafts import CORRECTION_FIELDS, FIELDS
from claims.canonical import cited
from claims.enums import (
    Access,
    AttributedAs,
    CitationVerdict,
    ClaimKind,
    Confidence,
    Credibility,
    EeasCategory,
    Indicator,
    Likelihood,
    ModelUse,
    Predicate,
    RedactionKind,
    ReviewStage,
    SentenceVerdict,
    Stance,
    StateResponsibility,
)
from claims.letters import LANGUAGES
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
from evidence.models import Item
from posts.models import Analysis

LONG = 20_000


def person() -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField(slug_field="username", read_only=True)


def _text(limit: int = LONG) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=limit)


def _lines() -> serializers.ListField:
    words = serializers.CharField(max_length=500)
    return serializers.ListField(child=words, required=False, allow_empty=True, max_length=50)


def _choice(values) -> serializers.ChoiceField:
    return serializers.ChoiceField(values.choices, required=False, allow_blank=True)


def _date() -> serializers.DateField:
    return serializers.DateField(required=False, allow_null=True)


def _row(model) -> RowInCase:
    return RowInCase(model, required=False, allow_null=True)


# --- what is shown


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
        fields = ["id", "version", "stage", "verdict", "comment", "content_sha256", "reviewed_by", "reviewed_at"]
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


# --- what is taken


class VersionUpdate(StrictSerializer):
    """The parts of a claim that people write; subjects and objects by id, or in words."""

    predicate = serializers.ChoiceField(Predicate.choices, required=False)
    subject_account, object_account = _row(Account), _row(Account)
    subject_person, object_person = _row(Person), _row(Person)
    subject_organisation, object_organisation = _row(Organisation), _row(Organisation)
    subject_item, object_item = _row(Item), _row(Item)
    subject_text, object_text = _text(300), _text(300)
    role_title, role_title_en = _text(300), _text(300)
    valid_from, valid_to, as_of, conduct_date = _date(), _date(), _date(), _date()
    valid_from_precision = serializers.ChoiceField(DATE_PRECISIONS, required=False)
    valid_to_precision = serializers.ChoiceField(DATE_PRECISIONS, required=False)
    as_of_precision = serializers.ChoiceField(DATE_PRECISIONS, required=False)
    scope_note = _text()
    kind = serializers.ChoiceField(ClaimKind.choices, required=False)
    adverse = serializers.BooleanField(required=False)
    likelihood, analytic_confidence = _choice(Likelihood), _choice(Confidence)
    confidence_information_base, confidence_rigour, confidence_volatility = _text(), _text(), _text()
    key_assumptions, identifying_specifics = _lines(), _lines()
    namesake_search, method, parameters, false_positive_check = _text(), _text(), _text(), _text()
    dataset_sha256 = _text(64)
    attributed_as = _choice(AttributedAs)
    state_responsibility, eeas_category = _choice(StateResponsibility), _choice(EeasCategory)
    public_interest, who_is_harmed, proportionality, gentler_ways = _text(), _text(), _text(), _text()
    source_summary, model_task = _text(), _text()
    model_use = _choice(ModelUse)
    model_name, model_version = _text(200), _text(100)
    public_text = _text()
    language = _text(35)
    correction_cause, correction_note = _text(), _text()


class VersionCreate(VersionUpdate):
    predicate = serializers.ChoiceField(Predicate.choices)
    correction_cause = correction_note = None


class CitationUpdate(StrictSerializer):
    exact = _text(10_000)
    prefix, suffix = _text(200), _text(200)
    start = serializers.IntegerField(required=False, allow_null=True, min_value=0)
    region = _text(90)
    stance = serializers.ChoiceField(Stance.choices, required=False)
    access = serializers.ChoiceField(Access.choices, required=False)
    indicator = serializers.ChoiceField(Indicator.choices, required=False, allow_blank=True)
    translation, descriptor, disposition_note = _text(), _text(), _text()
    translator = _text(200)
    disposition = serializers.ChoiceField(["accepted", "explained", "disputed"], required=False, allow_blank=True)
    order = serializers.IntegerField(required=False, min_value=0, max_value=10_000)


class CitationCreate(CitationUpdate):
    """A passage or region of an `item`, or the number of an `analysis` that a JSON `pointer` names in its result."""

    item = RowInCase(Item, required=False)
    analysis = RowInCase(Analysis, required=False)
    pointer = serializers.CharField(max_length=500, required=False, help_text="For example /peak_day/posts.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("item" in attrs) == ("analysis" in attrs) or ("analysis" in attrs) != ("pointer" in attrs):
            raise serializers.ValidationError({"item": ["Name an item, or an analysis with a pointer."]})
        if "analysis" in attrs and (extra := sorted({"exact", "prefix", "suffix", "start", "region"} & set(attrs))):
            raise serializers.ValidationError({extra[0]: ["The number itself is what is cited."]})
        return attrs


class CitationGrade(StrictSerializer):
    credibility = serializers.ChoiceField(Credibility.choices)
    rationale = serializers.CharField(max_length=LONG)


class CitationTranslation(StrictSerializer):
    translation = serializers.CharField(max_length=LONG)
    translator = serializers.CharField(max_length=200)


class CitationJudgement(StrictSerializer):
    verdict = serializers.ChoiceField(CitationVerdict.choices)
    comment = _text()


class Approval(StrictSerializer):
    """`content_sha256` is the hash of the content that was read: nothing else is approved."""

    content_sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    stage = serializers.ChoiceField(ReviewStage.choices, required=False)
    comment = _text()


class CheckedSentence(StrictSerializer):
    """Sentence `position`, from 1, of the content that was read, held against citations of the version."""

    position = serializers.IntegerField(min_value=1)
    citations = serializers.ListField(child=serializers.UUIDField(), max_length=500)
    content_sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    verdict = serializers.ChoiceField(SentenceVerdict.choices, required=False)
    comment = _text()


class ChangeRequest(StrictSerializer):
    comment = serializers.CharField(max_length=LONG)
    stage = serializers.ChoiceField(ReviewStage.choices, required=False)


class OptionalReason(StrictSerializer):
    reason = _text()


class PublicNote(StrictSerializer):
    cause = serializers.CharField(max_length=LONG)
    public_note = serializers.CharField(max_length=LONG)


class Links(StrictSerializer):
    """The numbers of the claims on which a version rests, in order."""

    rests_on = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=50)


class PublicationCreate(StrictSerializer):
    """The numbers of the approved claims that leave the house together."""

    title = serializers.CharField(max_length=200)
    note = _text()
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    claims = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=500)


class RedactionCreate(StrictSerializer):
    """The passages that are withheld wherever they stand in the dossier."""

    words = serializers.ListField(child=serializers.CharField(max_length=500), min_length=1, max_length=200)
    kind = serializers.ChoiceField(RedactionKind.choices)
    reason = serializers.CharField(max_length=LONG)
