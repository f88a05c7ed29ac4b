"""How alternatives are shown to and taken from programs."""

from typing import Any

from rest_framework import serializers

from cases.api.strict import StrictSerializer
from cases.models import User
from cases.queries import members_of
from claims.enums import Disposition, Fit, HypothesisKind


class FitSerializer(StrictSerializer):
    citation = serializers.UUIDField()
    fit = serializers.ChoiceField(choices=Fit.choices)


class AlternativeInput(StrictSerializer):
    """An alternative; with `id` the stored one is changed."""

    id = serializers.UUIDField(required=False, allow_null=True)
    kind = serializers.ChoiceField(choices=HypothesisKind.choices, required=False)
    statement = serializers.CharField(max_length=500)
    disposition = serializers.ChoiceField(choices=Disposition.choices, required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    fits = FitSerializer(many=True, required=False)


class MemberField(serializers.CharField):
    """A member of the case by user name."""

    def to_internal_value(self, data: Any) -> User:
        name = super().to_internal_value(data)
        found = members_of(self.context["case"]).filter(user__username=name).first()
        if found is None:
            raise serializers.ValidationError("No member of this case has this name.")
        return found.user


class AlternativesInput(StrictSerializer):
    """All alternatives of a draft: what is not named is taken out. `seen` is what was read before."""

    seen = serializers.CharField(max_length=64)
    devils_advocate = MemberField(required=False, allow_null=True)
    alternatives = AlternativeInput(many=True)


class AlternativeSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    statement = serializers.CharField()
    disposition = serializers.CharField()
    note = serializers.CharField()
    fits = FitSerializer(many=True)


class AlternativesSerializer(serializers.Serializer):
    seen = serializers.CharField()
    devils_advocate = serializers.CharField()
    alternatives = AlternativeSerializer(many=True)
