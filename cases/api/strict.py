"""Serializers that take what they name and nothing else."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from rest_framework import serializers

UNKNOWN_FIELD = "Unknown field."
NO_SUCH_ROW = "Nothing in this case has this id."


class StrictSerializer(serializers.Serializer):
    """For input: a key that is not a writable field is an error that names it."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, Mapping):
            known = {name for name, field in self.fields.items() if not field.read_only}
            if unknown := sorted(str(key) for key in data if key not in known):
                raise serializers.ValidationError({key: [UNKNOWN_FIELD] for key in unknown})
        return super().to_internal_value(data)


class Nothing(StrictSerializer):
    """For named actions without input."""


class Reason(StrictSerializer):
    """For steps whose reason people will read later."""

    reason = serializers.CharField(max_length=20_000)


class RowInCase(serializers.UUIDField):
    """The id of a row in the case of the URL; foreign and unknown ids get the same answer."""

    def __init__(self, model: type[Model], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model = model

    def to_internal_value(self, data: Any) -> Model:
        pk = super().to_internal_value(data)
        rows = self.model.objects.visible_to(self.context["request"].user).filter(case=self.context["case"])
        try:
            return rows.get(pk=pk)
        except self.model.DoesNotExist as error:
            raise serializers.ValidationError(NO_SUCH_ROW) from error

    def to_representation(self, value: Any) -> str:
        return super().to_representation(getattr(value, "pk", value))
