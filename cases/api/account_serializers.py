"""What the API says of accounts and observations, and what it takes."""

from typing import Any

from rest_framework import serializers

from cases.actions.accounts import Seen
from cases.api.strict import RowInCase, StrictSerializer
from cases.enums import AccountStatus, Platform
from cases.exceptions import InvalidInput
from cases.models import Account, Observation
from cases.moments import parse_moment
from cases.reasons import MAX_TEXT


class AccountSerializer(serializers.ModelSerializer):
    """An account; handles, names and status are its observations."""

    created_by = serializers.SlugRelatedField(slug_field="username", read_only=True)
    handle_reuse_checked_by = serializers.SlugRelatedField(slug_field="username", read_only=True)
    merged_by = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = Account
        fields = [
            "id",
            "platform",
            "instance",
            "platform_user_id",
            "id_unknown_reason",
            "created_at_platform",
            "handle_reuse_checked_at",
            "handle_reuse_checked_by",
            "handle_reuse_note",
            "note",
            "merged_into",
            "merged_at",
            "merged_by",
            "merge_reason",
            "created_at",
            "created_by",
            "version",
        ]
        read_only_fields = fields


class ObservationSerializer(serializers.ModelSerializer):
    """What was seen of an account at one moment; it never changes."""

    recorded_by = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = Observation
        fields = [
            "id",
            "account",
            "handle",
            "handle_key",
            "display_name",
            "bio",
            "location",
            "followers",
            "following",
            "status",
            "observed_at",
            "observed_precision",
            "evidence_item",
            "note",
            "recorded_at",
            "recorded_by",
        ]
        read_only_fields = fields


class MomentField(serializers.CharField):
    """A moment as precisely as it is written: 2024, 2024-05, 2024-05-16 or an RFC 3339 time with its zone."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "2024, 2024-05, 2024-05-16, or an RFC 3339 time with its zone.")
        super().__init__(max_length=40, **kwargs)

    def to_internal_value(self, data: Any) -> tuple:
        text = super().to_internal_value(data)
        try:
            return parse_moment(text)
        except InvalidInput as error:
            raise serializers.ValidationError(str(error)) from error


def _text(limit: int, **kwargs: Any) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=limit, **kwargs)


class SeenInput(StrictSerializer):
    """What one observation tells."""

    observed_at = MomentField()
    handle = _text(2_000, help_text="As seen, with or without @, or the address of the profile or of a post.")
    display_name = _text(300)
    bio = _text(MAX_TEXT)
    location = _text(300)
    followers = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=2**63 - 1)
    following = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=2**63 - 1)
    status = serializers.ChoiceField(AccountStatus.choices, default=AccountStatus.UNKNOWN)
    evidence_item = serializers.CharField(
        required=False, allow_null=True, max_length=40, help_text="An exhibit of the case, by id or as E-12."
    )
    note = _text(MAX_TEXT)

    @staticmethod
    def seen(data: dict[str, Any]) -> Seen:
        """What the action takes."""
        at, precision = data["observed_at"]
        return Seen(**(data | {"observed_at": at, "observed_precision": precision}))


class ObservationCreate(SeenInput):
    account = RowInCase(Account)


class AccountCreate(StrictSerializer):
    platform = serializers.ChoiceField(Platform.choices, required=False)
    platform_user_id = _text(100)
    id_unknown_reason = _text(300)
    instance = _text(100)
    created_at_platform = MomentField(required=False, allow_null=True)
    note = _text(MAX_TEXT)
    seen = SeenInput(required=False, help_text="A first observation; its handle may be an address that says the rest.")
    is_another = serializers.BooleanField(
        required=False, help_text="The handle is known in the case, but its holder is somebody else."
    )


class AccountUpdate(StrictSerializer):
    platform_user_id = _text(100)
    id_unknown_reason = _text(300)
    instance = _text(100)
    created_at_platform = MomentField(required=False, allow_null=True)
    note = _text(MAX_TEXT)
    reason = _text(MAX_TEXT, help_text="Needed when a known platform id changes.")


class ReuseCheck(StrictSerializer):
    note = serializers.CharField(max_length=MAX_TEXT, help_text="Where other holders were looked for, and the outcome.")


class AccountMerge(StrictSerializer):
    into = RowInCase(Account)
    reason = serializers.CharField(max_length=MAX_TEXT)


class AnswerSerializer(serializers.Serializer):
    """What was last seen at or before the moment, and what bounds it; null where nothing does."""

    value = serializers.CharField(help_text="Empty when nothing was seen by then.")
    last_seen = serializers.DateTimeField(allow_null=True)
    last_precision = serializers.CharField(allow_null=True)
    next_value = serializers.CharField()
    next_seen = serializers.DateTimeField(allow_null=True)
    next_precision = serializers.CharField(allow_null=True)
    observation = serializers.UUIDField(allow_null=True)


class AsOfSerializer(serializers.Serializer):
    """An account as of a day."""

    as_of = serializers.DateField()
    interval = serializers.CharField(help_text="The status over all time, in words.")
    in_words = serializers.CharField(help_text="The status then, with its bounds, in words.")
    status = AnswerSerializer()
    handle = AnswerSerializer()
    display_name = AnswerSerializer()


class RenameSerializer(serializers.Serializer):
    old = serializers.CharField()
    new = serializers.CharField()
    after = serializers.UUIDField(help_text="The last observation under the old handle.")
    by = serializers.UUIDField(help_text="The first observation under the new one.")


class SharedHandleSerializer(serializers.Serializer):
    handle_key = serializers.CharField()
    earlier = serializers.UUIDField()
    later = serializers.UUIDField()
    overlap_start = serializers.DateTimeField(allow_null=True)
    overlap_end = serializers.DateTimeField(allow_null=True)


class HandlesSerializer(serializers.Serializer):
    """Renames of one account, and handles that it shares with other accounts."""

    renames = RenameSerializer(many=True)
    shared = SharedHandleSerializer(many=True)
