"""What lists of evidence can be narrowed by, for the pages and the API alike."""

import django_filters
from django.db.models import QuerySet

from evidence.enums import (
    FixityState,
    ItemKind,
    ItemState,
    MatchKind,
    MatchVerdict,
    Reliability,
    Sensitivity,
    SourceKind,
)
from evidence.models import CustodyEvent, Item, Match, Source


class ItemFilter(django_filters.FilterSet):
    """Exhibits by kind, state, source, grade, fixity, sensitivity and date."""

    kind = django_filters.ChoiceFilter(choices=ItemKind.choices, label="Kind")
    state = django_filters.ChoiceFilter(choices=ItemState.choices, label="State")
    source = django_filters.UUIDFilter(field_name="source_id", label="Source")
    reliability = django_filters.ChoiceFilter(
        field_name="source__reliability", choices=Reliability.choices, label="Source grade"
    )
    fixity = django_filters.ChoiceFilter(field_name="blob__fixity", choices=FixityState.choices, label="Fixity")
    sensitivity = django_filters.ChoiceFilter(choices=Sensitivity.choices, label="Sensitivity")
    graphic = django_filters.BooleanFilter(label="Graphic")
    exhibit = django_filters.NumberFilter(label="Exhibit number")
    sha256 = django_filters.CharFilter(method="by_sha256", label="SHA-256")
    published_after = django_filters.DateFilter(field_name="published_at", lookup_expr="date__gte", label="From")
    published_before = django_filters.DateFilter(field_name="published_at", lookup_expr="date__lte", label="To")

    class Meta:
        model = Item
        fields = []

    def by_sha256(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Exhibits of exactly these bytes, within the rows that the actor may see."""
        return rows.filter(blob_id=value.strip().lower())


class SourceFilter(django_filters.FilterSet):
    """Sources by kind, grade and origin."""

    kind = django_filters.ChoiceFilter(choices=SourceKind.choices, label="Kind")
    reliability = django_filters.ChoiceFilter(choices=Reliability.choices, label="Grade")
    origin_group = django_filters.UUIDFilter(field_name="origin_group_id", label="Origin group")
    undetermined = django_filters.BooleanFilter(
        field_name="origin_group", lookup_expr="isnull", label="Origin undetermined"
    )

    class Meta:
        model = Source
        fields = []


class CustodyFilter(django_filters.FilterSet):
    """Handlings by exhibit and kind."""

    item = django_filters.UUIDFilter(field_name="item_id", label="Item")
    action = django_filters.CharFilter(label="Action")

    class Meta:
        model = CustodyEvent
        fields = []


class MatchFilter(django_filters.FilterSet):
    """Matches by verdict and kind, and whether they are with another case."""

    verdict = django_filters.ChoiceFilter(choices=MatchVerdict.choices, label="Verdict")
    kind = django_filters.ChoiceFilter(choices=MatchKind.choices, label="Kind")
    across = django_filters.BooleanFilter(
        field_name="other_case", lookup_expr="isnull", exclude=True, label="With another case"
    )

    class Meta:
        model = Match
        fields = []
