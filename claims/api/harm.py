"""What the API tells and takes of passages that lead to people (G-61)."""

from rest_framework import serializers

from cases.api.strict import StrictSerializer
from claims.actions.harm import traces_of
from claims.enums import Settled, TraceKind
from claims.harm.decisions import decisions_on
from claims.models import ClaimVersion


class TraceSerializer(serializers.Serializer):
    """A passage that leads to somebody, where it stands, and what was decided on it."""

    kind = serializers.ChoiceField(TraceKind.choices)
    passage = serializers.CharField()
    places = serializers.ListField(child=serializers.CharField())
    settled = serializers.ChoiceField(Settled.choices, allow_blank=True)
    reason = serializers.CharField()
    decided_by = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)


class TraceInput(StrictSerializer):
    """An editor's decision on one passage; the reason has at least 40 characters and stays in the house."""

    kind = serializers.ChoiceField(TraceKind.choices)
    passage = serializers.CharField(max_length=4000)
    settled = serializers.ChoiceField(Settled.choices)
    reason = serializers.CharField(max_length=4000)


def told_traces(version: ClaimVersion) -> list[dict]:
    """Each passage as `TraceSerializer` shows it."""
    decided = decisions_on([version]).get(version.pk, {})
    return [_told(one, decided.get((one.kind, one.passage))) for one in traces_of(version)]


def _told(found, decision) -> dict:
    return {
        "kind": found.kind,
        "passage": found.passage,
        "places": list(found.places),
        "settled": decision.settled if decision else "",
        "reason": decision.reason if decision else "",
        "decided_by": decision.decided_by.username if decision else "",
        "decided_at": decision.decided_at if decision else None,
    }
