"""Datasets, posts and analyses as the API shows and takes them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.api.strict import RowInCase, StrictSerializer
from cases.enums import Platform
from posts.formats.registry import FORMATS
from posts.models import (
    Analysis,
    Dataset,
    FollowEntry,
    FollowList,
    Post,
    Recomputation,
    RejectedRecord,
    Sighting,
)
from posts.models.follows import DIRECTIONS
from posts.states import AnalysisMethod


class DatasetSerializer(serializers.ModelSerializer):
    """One file of posts: read = accepted + duplicate + rejected, always."""

    exhibit = serializers.IntegerField(source="item.exhibit", read_only=True)
    sha256 = serializers.CharField(source="item.blob_id", read_only=True)
    run = serializers.UUIDField(source="run_id", read_only=True, allow_null=True, help_text="The job that reads it.")
    created_by = serializers.SlugRelatedField(slug_field="username", read_only=True)
    mapping = serializers.DictField(child=serializers.CharField(), read_only=True)
    lacks = serializers.ListField(child=serializers.CharField(), read_only=True)
    reasons = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    kinds = serializers.DictField(child=serializers.IntegerField(), read_only=True)

    class Meta:
        model = Dataset
        fields = [
            "id", "number", "exhibit", "sha256", "state", "run", "problem", "format", "zone", "platform", "server",
            "mapping", "reader_version", "replaces", "title", "source_note", "query", "gaps", "lacks", "read",
            "accepted", "duplicate", "known", "rejected", "reasons", "posts", "accounts", "kinds", "first_at",
            "last_at", "undated", "created_by", "created_at", "imported_at",
        ]  # fmt: skip
        read_only_fields = fields


class DatasetCreate(StrictSerializer):
    """An exhibit to read as posts, how, and what is known of it."""

    exhibit = serializers.IntegerField(min_value=1)
    format = serializers.ChoiceField(choices=["auto", "mapping", *FORMATS], default="auto")
    zone = serializers.CharField(max_length=64, default="UTC", help_text="Of times that carry none.")
    platform = serializers.ChoiceField(choices=Platform.choices, default=Platform.OTHER)
    server = serializers.CharField(
        max_length=100, required=False, allow_blank=True, help_text="Whose ids those are that name none: gab.com."
    )
    encoding = serializers.CharField(max_length=40, required=False, allow_blank=True)
    mapping = serializers.DictField(child=serializers.CharField(max_length=300), required=False)
    title = serializers.CharField(max_length=300, required=False, allow_blank=True)
    source_note = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    query = serializers.CharField(max_length=5_000, required=False, allow_blank=True)
    gaps = serializers.CharField(max_length=20_000, required=False, allow_blank=True)


class DatasetReread(StrictSerializer):
    """What may be said of a file that is read again."""

    server = serializers.CharField(
        max_length=100, required=False, allow_blank=True, help_text="Whose ids those are that name none: gab.com."
    )


class RejectedSerializer(serializers.ModelSerializer):
    """A record that was not taken, with its beginning."""

    raw = serializers.SerializerMethodField()

    class Meta:
        model = RejectedRecord
        fields = ["dataset", "line", "item", "code", "reason", "raw"]
        read_only_fields = fields

    def get_raw(self, row: RejectedRecord) -> str:
        return bytes(row.raw).decode("utf-8", "replace")


class FollowListSerializer(serializers.ModelSerializer):
    """Whom an account followed, or who followed it, as one file showed it; `words` is what may be said of it."""

    exhibit = serializers.IntegerField(source="item.exhibit", read_only=True)
    sha256 = serializers.CharField(source="item.blob_id", read_only=True)
    created_by = serializers.SlugRelatedField(slug_field="username", read_only=True)
    words = serializers.CharField(read_only=True)

    class Meta:
        model = FollowList
        fields = [
            "id", "number", "exhibit", "sha256", "platform", "account", "direction", "observed_at",
            "observed_precision", "is_complete", "words", "source_note", "gaps", "read", "members", "by_handle_only",
            "duplicates", "rejected", "created_by", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class FollowListCreate(StrictSerializer):
    """An exhibit to keep as a follow list. What its file says itself may be left out, and must not be contradicted."""

    exhibit = serializers.IntegerField(min_value=1)
    is_complete = serializers.BooleanField(help_text="Whether nobody is missing, by your word.")
    platform = serializers.ChoiceField(choices=Platform.choices, required=False)
    account = serializers.CharField(
        max_length=200,
        required=False,
        help_text="The platform's own id, with its server where there are many: 13179@mastodon.social, 5@weibo.com.",
    )
    direction = serializers.ChoiceField(choices=DIRECTIONS, required=False)
    observed_at = serializers.CharField(
        max_length=40, required=False, help_text="2024-05-16, or a moment with its zone."
    )
    source_note = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    gaps = serializers.CharField(max_length=20_000, required=False, allow_blank=True)


class FollowEntrySerializer(serializers.ModelSerializer):
    """One account on a list, with handle and name as the list showed them."""

    class Meta:
        model = FollowEntry
        fields = ["list", "account", "author_id", "handle", "display_name", "line", "place"]
        read_only_fields = fields


class PostSerializer(serializers.ModelSerializer):
    """One post as it is told; `telling` is "" for how it was told first. `at` is the time that orders: the claim,
    unless in doubt.
    """

    hashtags = serializers.ListField(child=serializers.CharField(), read_only=True)
    urls = serializers.ListField(child=serializers.CharField(), read_only=True)
    mentions = serializers.ListField(child=serializers.CharField(), read_only=True)
    clock_flags = serializers.ListField(child=serializers.CharField(), read_only=True)
    media = serializers.ListField(child=serializers.ListField(child=serializers.CharField()), read_only=True)

    class Meta:
        model = Post
        fields = [
            "id", "platform", "native_id", "telling", "author_id", "handle", "account", "text", "kind", "at",
            "claimed_at", "observed_at", "clock_flags", "claimed_text", "lang", "url", "repost_of", "quote_of",
            "reply_to", "hashtags", "tag_source", "urls", "mentions", "media",
        ]  # fmt: skip
        read_only_fields = fields


class SightingSerializer(serializers.ModelSerializer):
    """One record of a post; `post` is the id of the telling that it is of."""

    post = serializers.UUIDField(source="post_id", read_only=True)
    metrics = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    notes = serializers.ListField(child=serializers.CharField(), read_only=True)
    dataset = serializers.IntegerField(source="dataset.number", read_only=True)
    raw = serializers.SerializerMethodField(help_text="The record, as UTF-8.")

    class Meta:
        model = Sighting
        fields = ["post", "dataset", "line", "item", "collected_at", "metrics", "notes", "raw"]
        read_only_fields = fields

    def get_raw(self, row: Sighting) -> str:
        return bytes(row.raw).decode("utf-8", "replace")


class PostDetailSerializer(PostSerializer):
    """The same with every record of the post, whichever way it tells it."""

    sightings = serializers.SerializerMethodField()

    class Meta(PostSerializer.Meta):
        fields = [*PostSerializer.Meta.fields, "sightings"]
        read_only_fields = fields

    @extend_schema_field(SightingSerializer(many=True))
    def get_sightings(self, post: Post) -> list[dict[str, Any]]:
        return SightingSerializer(self.context["sightings"], many=True).data


class RecomputationSerializer(serializers.ModelSerializer):
    """An analysis made once more."""

    made_by = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = Recomputation
        fields = ["same", "result_sha256", "input_sha256", "code_version", "made_by", "made_at"]
        read_only_fields = fields


class AnalysisSerializer(serializers.ModelSerializer):
    """A question and its answer; `result` is null until it is made. The answer is also an exhibit, byte for byte."""

    exhibit = serializers.IntegerField(source="item.exhibit", read_only=True, allow_null=True, default=None)
    run = serializers.UUIDField(source="run_id", read_only=True, allow_null=True)
    created_by = serializers.SlugRelatedField(slug_field="username", read_only=True)
    datasets = serializers.ListField(child=serializers.UUIDField(), read_only=True)
    lists = serializers.ListField(child=serializers.UUIDField(), read_only=True)
    parameters = serializers.DictField(read_only=True)
    result = serializers.DictField(read_only=True, allow_null=True)
    coverage = serializers.CharField(source="item.relevance_note", read_only=True, allow_null=True, default=None)
    stale = serializers.SerializerMethodField(
        help_text="Files came into the case, or went out of use, since it was asked."
    )
    recomputations = RecomputationSerializer(many=True, read_only=True)

    class Meta:
        model = Analysis
        fields = [
            "id", "number", "method", "parameters", "of_whole_case", "datasets", "lists", "state", "problem", "run",
            "exhibit", "coverage", "stale", "input_sha256", "result_sha256", "code_version", "result", "recomputations",
            "created_by", "created_at", "made_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_stale(self, analysis: Analysis) -> bool:
        return analysis.pk in self.context["stale"]


class AnalysisCreate(StrictSerializer):
    """A question: its method, its settings, and the datasets (for `follows` the follow lists), all in use if none."""

    method = serializers.ChoiceField(choices=AnalysisMethod.choices)
    parameters = serializers.DictField(required=False)
    datasets = serializers.ListField(child=RowInCase(Dataset), required=False, max_length=100)
    lists = serializers.ListField(child=RowInCase(FollowList), required=False, max_length=1_000)
