"""What programs send: claims, citations, reviews and publications."""

from typing import Any

from rest_framework import serializers

from cases.api.strict import RowInCase, StrictSerializer
from cases.enums import DATE_PRECISIONS
from cases.models import Account, Organisation, Person
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
    Verdict,
)
from claims.letters import LANGUAGES
from evidence.models import Item
from posts.models import Analysis

LONG = 20_000


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
    stage = serializers.ChoiceField(ReviewStage.of_editors(), required=False)
    comment = _text()


class SignOff(StrictSerializer):
    """The lawyer's word on exactly the content that was read. A sign-off names the states whose law was looked at."""

    content_sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    verdict = serializers.ChoiceField(Verdict.choices)
    jurisdictions = serializers.ListField(child=serializers.CharField(max_length=2), required=False, max_length=50)
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
    stage = serializers.ChoiceField(ReviewStage.of_editors(), required=False)


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
