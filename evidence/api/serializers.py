"""Evidence as the API shows it and takes it. What is taken is text, and checked by `evidence.intake` like a form."""

from typing import Any

from rest_framework import serializers

from cases.api.strict import RowInCase, StrictSerializer
from evidence.enums import Reliability, Sensitivity, SourceKind
from evidence.intake import FIELDS
from evidence.models import CustodyEvent, Item, OriginGroup, Source, SourceGrade, TextLayer, Upload


class SourceBriefSerializer(serializers.ModelSerializer):
    """A source inside its exhibit."""

    class Meta:
        model = Source
        fields = ["id", "name", "kind", "reliability", "origin_group"]
        read_only_fields = fields


class ItemSerializer(serializers.ModelSerializer):
    """An exhibit: what was preserved, and what is said of it. The preserved bytes are at `original`."""

    source = SourceBriefSerializer(read_only=True, allow_null=True)
    collector = serializers.SlugRelatedField(slug_field="username", read_only=True)
    sha256 = serializers.CharField(source="blob.sha256", default=None, read_only=True)
    sha512 = serializers.CharField(source="blob.sha512", default=None, read_only=True)
    bytes = serializers.IntegerField(source="blob.size", default=None, read_only=True)
    media_type = serializers.CharField(source="blob.media_type", default=None, read_only=True)
    fixity = serializers.CharField(source="blob.fixity", default=None, read_only=True)
    file_metadata = serializers.SerializerMethodField()

    class Meta:
        model = Item
        fields = [
            "id",
            "exhibit",
            "kind",
            "state",
            "superseded_by",
            "title",
            "author",
            "publisher",
            "original_url",
            "archived_url",
            "published_at",
            "published_precision",
            "no_date_reason",
            "language",
            "relevance_note",
            "sensitivity",
            "graphic",
            "source",
            "file_name",
            "captured_at",
            "collector",
            "method",
            "tool",
            "tool_version",
            "sha256",
            "sha512",
            "bytes",
            "media_type",
            "fixity",
            "fixity_checked_at",
            "width",
            "height",
            "file_metadata",
            "has_gps",
            "derived_at",
            "parse_problem",
            "recorded_at",
            "version",
        ]
        read_only_fields = fields

    def get_file_metadata(self, item: Item) -> dict[str, Any]:
        """What the file says of itself; of a sensitive one only `text` and `original` tell, and they are on record."""
        return {} if item.sensitivity == Sensitivity.SENSITIVE else item.exif


class DetailsSerializer(StrictSerializer):
    """What a person says of an exhibit; dates as 2024, 2024-05, 2024-05-16 or a time with its zone."""

    title = serializers.CharField(required=False, allow_blank=True)
    author = serializers.CharField(required=False, allow_blank=True)
    publisher = serializers.CharField(required=False, allow_blank=True)
    original_url = serializers.CharField(required=False, allow_blank=True)
    archived_url = serializers.CharField(required=False, allow_blank=True)
    published_at = serializers.CharField(required=False, allow_blank=True)
    no_date_reason = serializers.CharField(required=False, allow_blank=True)
    language = serializers.CharField(required=False, allow_blank=True)
    relevance_note = serializers.CharField(required=False, allow_blank=True)
    kind = serializers.CharField(required=False, allow_blank=True)
    sensitivity = serializers.CharField(required=False, allow_blank=True)
    graphic = serializers.BooleanField(required=False)
    source = serializers.CharField(required=False, allow_blank=True, help_text="Id of a source of this case.")

    @staticmethod
    def details(values: dict[str, Any]) -> dict[str, Any]:
        """The part of validated data that describes an exhibit."""
        return {name: value for name, value in values.items() if name in FIELDS}


class ItemCreate(DetailsSerializer):
    """A `file` (multipart), or `text`, or neither: then `original_url` is noted as a link without a copy."""

    captured_at = serializers.CharField(required=False, allow_blank=True)
    file = serializers.FileField(required=False, allow_empty_file=True, max_length=None)
    text = serializers.CharField(required=False, trim_whitespace=False, max_length=5_000_000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "file" in attrs and "text" in attrs:
            raise serializers.ValidationError({"text": ["Send a file or a text, not both."]})
        return attrs


class ItemUpdate(DetailsSerializer):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class EvidenceReason(StrictSerializer):
    reason = serializers.CharField(max_length=2000)


class SupersedeSerializer(EvidenceReason):
    by = RowInCase(Item)


class ReadAgainSerializer(StrictSerializer):
    charset = serializers.CharField(max_length=40)


class TextLayerSerializer(serializers.ModelSerializer):
    """A text that was read from an exhibit; `pages` holds [start, end] in code points."""

    class Meta:
        model = TextLayer
        fields = ["id", "text", "pages", "tool", "sha256"]
        read_only_fields = fields


class CustodySerializer(serializers.ModelSerializer):
    """One handling of an exhibit."""

    actor = serializers.SlugRelatedField(slug_field="username", read_only=True)
    exhibit = serializers.IntegerField(source="item.exhibit", read_only=True)

    class Meta:
        model = CustodyEvent
        fields = ["id", "item", "exhibit", "action", "actor", "purpose", "result_sha256", "at"]
        read_only_fields = fields


class UploadSerializer(serializers.ModelSerializer):
    """A file on its way in: go on from `received`."""

    class Meta:
        model = Upload
        fields = ["id", "file_name", "size", "received", "state", "item", "started_at", "updated_at"]
        read_only_fields = fields


class UploadCreate(DetailsSerializer):
    file_name = serializers.CharField(max_length=10_000, allow_blank=True, trim_whitespace=False)
    size = serializers.IntegerField(min_value=0)
    captured_at = serializers.CharField(required=False, allow_blank=True)


class SourceSerializer(serializers.ModelSerializer):
    """Who speaks. `origin_group` is null while its independence is undetermined."""

    class Meta:
        model = Source
        fields = [
            "id",
            "name",
            "kind",
            "owner",
            "country",
            "url",
            "note",
            "reliability",
            "origin_group",
            "created_at",
            "version",
        ]
        read_only_fields = fields


class SourceCreate(StrictSerializer):
    name = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(SourceKind.choices)
    owner = serializers.CharField(required=False, allow_blank=True, max_length=200)
    country = serializers.CharField(required=False, allow_blank=True, max_length=2)
    url = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    note = serializers.CharField(required=False, allow_blank=True, max_length=20_000)


class SourceUpdate(StrictSerializer):
    name = serializers.CharField(required=False, max_length=200)
    kind = serializers.ChoiceField(SourceKind.choices, required=False)
    owner = serializers.CharField(required=False, allow_blank=True, max_length=200)
    country = serializers.CharField(required=False, allow_blank=True, max_length=2)
    url = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    note = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class GradeCreate(StrictSerializer):
    reliability = serializers.ChoiceField(Reliability.choices)
    rationale = serializers.CharField(max_length=20_000)


class GradeSerializer(serializers.ModelSerializer):
    graded_by = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = SourceGrade
        fields = ["id", "reliability", "rationale", "graded_by", "graded_at"]
        read_only_fields = fields


class SplitSerializer(EvidenceReason):
    label = serializers.CharField(required=False, allow_blank=True, max_length=200)


class OriginGroupSerializer(serializers.ModelSerializer):
    """Sources that go back to one origin and count once."""

    sources = SourceBriefSerializer(many=True, read_only=True)

    class Meta:
        model = OriginGroup
        fields = ["id", "label", "sources", "created_at"]
        read_only_fields = fields


class JoinSerializer(EvidenceReason):
    sources = serializers.ListField(child=RowInCase(Source), min_length=1, max_length=500)
    group = RowInCase(OriginGroup, required=False, allow_null=True)
    label = serializers.CharField(required=False, allow_blank=True, max_length=200)
