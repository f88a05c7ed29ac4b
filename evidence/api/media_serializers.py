"""Matches, ignored pictures and look-ups as the API shows and takes them. Regions are [x, y, w, h] as fractions."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.api.strict import StrictSerializer
from evidence.enums import FrameKind, IgnoreReason, MatchVerdict
from evidence.models import Fingerprint, Frame, IgnoredPicture, LookUp, Match
from evidence.reuse import Shown, part_of


class PictureSerializer(serializers.Serializer):
    """A picture by the exhibits that hold it, as far as the reader may see them."""

    sha256 = serializers.CharField(help_text="Of the file that holds it.")
    kind = serializers.ChoiceField(choices=FrameKind.choices)
    position = serializers.IntegerField()
    part = serializers.CharField(allow_blank=True)
    exhibits = serializers.ListField(child=serializers.CharField())


def picture(shown: Shown | None, frame: Frame) -> dict[str, Any]:
    """One picture as PictureSerializer describes it."""
    return {
        "sha256": frame.blob_id,
        "kind": frame.kind,
        "position": frame.position,
        "part": part_of(frame),
        "exhibits": [appearance.label for appearance in shown.appearances] if shown else [],
    }


class MatchSerializer(serializers.ModelSerializer):
    """Two pictures that show the same: a suggestion until somebody has judged it."""

    query = serializers.SerializerMethodField()
    stored = serializers.SerializerMethodField()
    other_case = serializers.SlugRelatedField(slug_field="ref", read_only=True)

    class Meta:
        model = Match
        fields = [
            "id", "query", "stored", "other_case", "kind", "mirrored", "score", "regions", "verdict", "version",
            "found_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(PictureSerializer)
    def get_query(self, match: Match) -> dict[str, Any]:
        return picture(self.context["pictures"].get(match.query_id), match.query)

    @extend_schema_field(PictureSerializer)
    def get_stored(self, match: Match) -> dict[str, Any]:
        return picture(self.context["pictures"].get(match.stored_id), match.stored)


class JudgeSerializer(StrictSerializer):
    """A verdict, and what was seen, in at least ten characters."""

    verdict = serializers.ChoiceField(choices=MatchVerdict.choices)
    note = serializers.CharField(max_length=20_000)


class IgnoredSerializer(serializers.ModelSerializer):
    """An entry of the ignore list."""

    sha256 = serializers.CharField(source="frame.blob_id", read_only=True)
    kind = serializers.CharField(source="frame.kind", read_only=True)
    position = serializers.IntegerField(source="frame.position", read_only=True)
    added_by = serializers.SlugRelatedField(slug_field="username", read_only=True)
    ended_by = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = IgnoredPicture
        fields = [
            "id", "sha256", "kind", "position", "region", "reason", "note", "added_by", "added_at", "ended_by",
            "ended_at",
        ]  # fmt: skip
        read_only_fields = fields


class IgnoreCreate(StrictSerializer):
    """A picture of an exhibit of the case, or a region of it."""

    exhibit = serializers.IntegerField(min_value=1)
    kind = serializers.ChoiceField(choices=FrameKind.choices, default=FrameKind.IMAGE)
    position = serializers.IntegerField(min_value=0, default=0)
    region = serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4, required=False)
    reason = serializers.ChoiceField(choices=IgnoreReason.choices)
    note = serializers.CharField(max_length=20_000, required=False, allow_blank=True)


class EndIgnoring(StrictSerializer):
    """Why it matters after all."""

    reason = serializers.CharField(max_length=20_000)


class LookUpCreate(StrictSerializer):
    """One picture; its bytes are not kept."""

    file = serializers.FileField()


class LookUpMatchSerializer(PictureSerializer):
    """One picture that was found, and how."""

    match = serializers.CharField(help_text="exact, whole, panel or region.")
    mirrored = serializers.BooleanField()
    score = serializers.FloatField()
    regions = serializers.ListField(child=serializers.DictField())


class LookUpResultSerializer(serializers.Serializer):
    """What was found among the exhibits that the asker may see, best first, and the regions that were not."""

    matches = LookUpMatchSerializer(many=True)
    unexplained = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))


class LookUpSerializer(serializers.ModelSerializer):
    """A look-up of one's own."""

    result = serializers.SerializerMethodField()

    class Meta:
        model = LookUp
        fields = ["id", "sha256", "size", "at", "result"]
        read_only_fields = fields

    @extend_schema_field(LookUpResultSerializer(allow_null=True))
    def get_result(self, row: LookUp) -> dict[str, Any] | None:
        if row.result is None:
            return None
        pictures = self.context["pictures"]
        found = [one for one in row.result["matches"] if one["frame"] in pictures]
        lines = [
            picture(pictures[one["frame"]], pictures[one["frame"]].frame)
            | {"match": one["kind"]}
            | {name: one[name] for name in ("mirrored", "score", "regions")}
            for one in found
        ]
        return {"matches": lines, "unexplained": row.result["unexplained"]}


class FingerprintSerializer(serializers.ModelSerializer):
    """One hash of a picture or of a panel of it; ImageHash's and PDQ's hexadecimal forms."""

    hash = serializers.SerializerMethodField()

    class Meta:
        model = Fingerprint
        fields = ["algorithm", "version", "region", "hash", "quality"]
        read_only_fields = fields

    def get_hash(self, row: Fingerprint) -> str:
        return bytes(row.bits).hex()


class FrameSerializer(serializers.ModelSerializer):
    """A picture that an exhibit holds, with its hashes for other tools."""

    fingerprints = FingerprintSerializer(many=True, read_only=True)

    class Meta:
        model = Frame
        fields = [
            "kind", "position", "page", "second", "reason", "width", "height", "sha256", "blank", "flat",
            "fingerprints",
        ]  # fmt: skip
        read_only_fields = fields
