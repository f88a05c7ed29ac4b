"""`/api/v1/cases/{ref}/people/`, `/organisations/` and `/names/`."""

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases import subject_lists
from cases.actions.merges import merge, unmerge
from cases.actions.names import Spelling, add_name, end_name
from cases.actions.organisations import create_organisation, update_organisation
from cases.actions.people import create_person, update_person
from cases.api.base import CaseScopedViewSet
from cases.api.strict import Reason, RowInCase, StrictSerializer
from cases.enums import NameKind, OrganisationKind, Script, SubjectTier
from cases.models import Name, Organisation, Person
from cases.permissions import Permission
from cases.reasons import MAX_TEXT

MERGED = ["merged_into", "merged_at", "merged_by", "merge_reason", "created_at", "created_by", "version"]


class NameSerializer(serializers.ModelSerializer):
    """One spelling, kept verbatim; ended ones stay."""

    ended_by = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = Name
        fields = [
            "id",
            "person",
            "organisation",
            "value",
            "script",
            "language",
            "kind",
            "ended_at",
            "ended_by",
            "end_reason",
        ]
        read_only_fields = fields


class PersonSerializer(serializers.ModelSerializer):
    """A person as the case calls them, with all their names."""

    names = NameSerializer(many=True, read_only=True)
    created_by = serializers.SlugRelatedField(slug_field="username", read_only=True)
    merged_by = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = Person
        fields = ["id", "label", "subject_tier", "disambiguation", "note", "names", *MERGED]
        read_only_fields = fields


class OrganisationSerializer(serializers.ModelSerializer):
    """An organisation, what it belongs to, and all its names."""

    names = NameSerializer(many=True, read_only=True)
    created_by = serializers.SlugRelatedField(slug_field="username", read_only=True)
    merged_by = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = Organisation
        fields = ["id", "label", "kind", "parent", "note", "names", *MERGED]
        read_only_fields = fields


class SpellingInput(StrictSerializer):
    """A spelling; a script that is left out is guessed from the letters."""

    value = serializers.CharField(max_length=300)
    kind = serializers.ChoiceField(
        [choice for choice in NameKind.choices if choice[0] != NameKind.PRIMARY], default=NameKind.ALIAS
    )
    script = serializers.ChoiceField(Script.choices, required=False)
    language = serializers.CharField(required=False, allow_blank=True, max_length=35, help_text="BCP 47.")


class NameCreate(SpellingInput):
    person = RowInCase(Person, required=False)
    organisation = RowInCase(Organisation, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A name belongs to one subject."""
        if ("person" in attrs) == ("organisation" in attrs):
            raise serializers.ValidationError({"person": ["Name either a person or an organisation."]})
        return attrs


def _note() -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=MAX_TEXT)


class PersonUpdate(StrictSerializer):
    label = serializers.CharField(max_length=300, required=False)
    subject_tier = serializers.ChoiceField(SubjectTier.choices, required=False)
    disambiguation = _note()
    note = _note()


class PersonCreate(PersonUpdate):
    label = serializers.CharField(max_length=300)
    script = serializers.ChoiceField(Script.choices, required=False)
    language = serializers.CharField(required=False, allow_blank=True, max_length=35)
    names = SpellingInput(many=True, required=False, max_length=50)


class OrganisationUpdate(StrictSerializer):
    label = serializers.CharField(max_length=300, required=False)
    kind = serializers.ChoiceField(OrganisationKind.choices, required=False)
    parent = RowInCase(Organisation, required=False, allow_null=True)
    note = _note()


class OrganisationCreate(OrganisationUpdate):
    label = serializers.CharField(max_length=300)
    script = serializers.ChoiceField(Script.choices, required=False)
    language = serializers.CharField(required=False, allow_blank=True, max_length=35)
    names = SpellingInput(many=True, required=False, max_length=50)


class PersonMerge(StrictSerializer):
    into = RowInCase(Person)
    reason = serializers.CharField(max_length=MAX_TEXT)


class OrganisationMerge(StrictSerializer):
    into = RowInCase(Organisation)
    reason = serializers.CharField(max_length=MAX_TEXT)


class PersonFilters(django_filters.FilterSet):
    subject_tier = django_filters.ChoiceFilter(choices=SubjectTier.choices)

    class Meta:
        model = Person
        fields: list[str] = []


class OrganisationFilters(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=OrganisationKind.choices)
    parent = django_filters.UUIDFilter(field_name="parent_id")

    class Meta:
        model = Organisation
        fields: list[str] = []


class NameFilters(django_filters.FilterSet):
    person = django_filters.UUIDFilter(field_name="person_id")
    organisation = django_filters.UUIDFilter(field_name="organisation_id")
    script = django_filters.ChoiceFilter(choices=Script.choices)

    class Meta:
        model = Name
        fields: list[str] = []


class NamedViewSet(CaseScopedViewSet):
    """What persons and organisations have in common: they are edited, merged, searched by any name, never deleted."""

    needs = {
        "create": Permission.SUBJECT_WRITE,
        "partial_update": Permission.SUBJECT_WRITE,
        "merge": Permission.SUBJECT_MERGE,
        "unmerge": Permission.SUBJECT_MERGE,
    }
    default_order = "label"
    orderings = {"label": "label", "created_at": "created_at"}
    # Searched through the names as well, by `subject_lists`.
    search_fields = ("label",)

    def narrow(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("created_by", "merged_by").prefetch_related("names__ended_by")

    def narrowed(self, rows: QuerySet) -> QuerySet:
        search = self.request.query_params.get("search", "")
        rows = subject_lists.named(rows, self.model._meta.model_name, search)
        filterset = self.filterset_class(self.request.query_params, queryset=rows, request=self.request)
        if not filterset.is_valid():
            raise serializers.ValidationError(filterset.errors)
        return filterset.qs

    @action(detail=True, methods=["post"])
    def merge(self, request: Request, ref: str, id: UUID) -> Response:
        """Make this entry point to another one that is the same."""
        return self.respond(merge(actor=request.user, duplicate=self.get_object(), **self.validated()))

    @action(detail=True, methods=["post"])
    def unmerge(self, request: Request, ref: str, id: UUID) -> Response:
        """Undo a merge."""
        return self.respond(unmerge(actor=request.user, duplicate=self.get_object(), **self.validated()))

    def with_spellings(self) -> dict[str, Any]:
        """The input of a creation, with its names as the action takes them."""
        data = self.validated()
        return data | {"names": [Spelling(**spelling) for spelling in data.get("names", [])]}


class PersonViewSet(NamedViewSet):
    """Persons; what they did and which roles they hold are claims."""

    model = Person
    serializer_class = PersonSerializer
    filterset_class = PersonFilters
    write_serializers = {
        "create": PersonCreate,
        "partial_update": PersonUpdate,
        "merge": PersonMerge,
        "unmerge": Reason,
    }

    def create(self, request: Request, ref: str) -> Response:
        return self.created(create_person(actor=request.user, case=self.case, **self.with_spellings()))

    def partial_update(self, request: Request, ref: str, id: UUID) -> Response:
        expected, data = self.expected_version(), self.validated()
        person = self.get_object()
        return self.respond(update_person(actor=request.user, person=person, expected_version=expected, **data))


class OrganisationViewSet(NamedViewSet):
    """Organisations under what they belong to."""

    model = Organisation
    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilters
    write_serializers = {
        "create": OrganisationCreate,
        "partial_update": OrganisationUpdate,
        "merge": OrganisationMerge,
        "unmerge": Reason,
    }

    def create(self, request: Request, ref: str) -> Response:
        return self.created(create_organisation(actor=request.user, case=self.case, **self.with_spellings()))

    def partial_update(self, request: Request, ref: str, id: UUID) -> Response:
        expected, data = self.expected_version(), self.validated()
        shown = self.get_object()
        return self.respond(
            update_organisation(actor=request.user, organisation=shown, expected_version=expected, **data)
        )


class NameViewSet(CaseScopedViewSet):
    """Names are added and ended, never rewritten or deleted."""

    model = Name
    serializer_class = NameSerializer
    filterset_class = NameFilters
    write_serializers = {"create": NameCreate, "end": Reason}
    needs = {"create": Permission.SUBJECT_WRITE, "end": Permission.SUBJECT_WRITE}
    default_order = "value"
    orderings = {"value": "value"}
    search_fields = ("value",)
    http_method_names = ["get", "post", "head"]

    def narrow(self, rows: QuerySet[Name]) -> QuerySet[Name]:
        return rows.select_related("ended_by")

    def create(self, request: Request, ref: str) -> Response:
        data = self.validated()
        subject = data.pop("person", None) or data.pop("organisation")
        return self.created(add_name(actor=request.user, subject=subject, spelling=Spelling(**data)))

    @action(detail=True, methods=["post"])
    def end(self, request: Request, ref: str, id: UUID) -> Response:
        """Say that a name is not, or no longer, the subject's."""
        reason = self.validated()["reason"]
        return self.respond(end_name(actor=request.user, name=self.get_object(), reason=reason))
