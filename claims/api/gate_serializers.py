"""How the gate's answers, its stored runs and editors' exceptions are shown to programs."""

from rest_framework import serializers

from cases.api.strict import StrictSerializer
from claims.api.serializers import person
from claims.models import GateEvaluation, GateException


class GateProblemSerializer(serializers.Serializer):
    text = serializers.CharField()
    target = serializers.CharField()


class GateEntrySerializer(serializers.Serializer):
    """The verdict of one rule."""

    rule = serializers.CharField()
    level = serializers.CharField()
    title = serializers.CharField()
    basis = serializers.CharField()
    verdict = serializers.CharField()
    blocks = serializers.BooleanField()
    problems = GateProblemSerializer(many=True)
    version = serializers.IntegerField(help_text="Of the rule: goes up whenever it may answer otherwise.")
    exception = serializers.CharField(allow_blank=True, help_text="Why an editor lets it stand.")


class GateReportSerializer(serializers.Serializer):
    """What the gate says of a version at this moment."""

    label = serializers.CharField()
    passed = serializers.BooleanField()
    results = GateEntrySerializer(many=True)


class EvaluationSerializer(serializers.ModelSerializer):
    """One stored run of the gate."""

    evaluated_by = person()

    class Meta:
        model = GateEvaluation
        fields = [
            "id", "content_sha256", "gate_version", "inputs_sha256", "results", "passed", "evaluated_by",
            "evaluated_at",
        ]  # fmt: skip
        read_only_fields = fields


class RepeatedSerializer(serializers.Serializer):
    """One rule of a stored run: its answer then, and its answer to the same inputs now."""

    rule = serializers.CharField()
    then = serializers.CharField()
    now = serializers.CharField(help_text="Empty where there is no such rule any more.")
    same_rule = serializers.BooleanField(help_text="Whether the rule is in the version that answered then.")
    agrees = serializers.BooleanField()


class ReplaySerializer(serializers.Serializer):
    """A stored run of the gate, repeated from its inputs."""

    run = EvaluationSerializer()
    repeated = RepeatedSerializer(many=True, allow_null=True, help_text="null for a run from before inputs were kept")


class AsOf(StrictSerializer):
    as_of = serializers.DateField(required=False, help_text="The last run up to the end of this day (UTC).")


class ExceptionSerializer(serializers.ModelSerializer):
    """An editor's decision to let a warning stand for one content, or to ask the rule again."""

    claim = serializers.IntegerField(source="version.claim.number", read_only=True)
    version = serializers.IntegerField(source="version.number", read_only=True)
    decided_by = person()

    class Meta:
        model = GateException
        fields = ["id", "claim", "version", "content_sha256", "rule", "granted", "reason", "decided_by", "decided_at"]
        read_only_fields = fields


class RuleException(StrictSerializer):
    """Which rule that warns, and why; the reason of an exception has at least 40 characters and is published."""

    rule = serializers.CharField(max_length=10)
    reason = serializers.CharField(max_length=4000)
