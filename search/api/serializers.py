"""What a search answers, who may be the same, and what was decided about it."""

from rest_framework import serializers

from cases.api.strict import StrictSerializer
from cases.reasons import MAX_TEXT
from search.actions.saving import LONGEST
from search.alerts import alerts
from search.enums import Verdict
from search.likeness import OTHERS
from search.models import Likeness, SavedSearch


class PieceSerializer(serializers.Serializer):
    """A piece of a text; `marked` says that it was looked for. It is text, not markup."""

    text = serializers.CharField()
    marked = serializers.BooleanField()


class NamesakeSerializer(serializers.Serializer):
    """Why a name fits: a lead, not a finding."""

    as_written = serializers.CharField(help_text="The name or @handle that fits.")
    score = serializers.FloatField(help_text="0 to 1.")
    verdict = serializers.CharField(help_text="match or possible.")
    why = serializers.CharField()


class HitSerializer(serializers.Serializer):
    """One found thing."""

    type = serializers.CharField(source="document.kind")
    id = serializers.UUIDField(source="document.object_id")
    case = serializers.CharField(source="case_ref")
    part = serializers.IntegerField(source="document.part", help_text="Of a longer text, from 1; else 0.")
    title = serializers.CharField(source="title.text")
    snippet = PieceSerializer(many=True, source="snippet.marked_pieces")
    at = serializers.DateTimeField(allow_null=True)
    status = serializers.CharField(source="document.status")
    platform = serializers.CharField(source="document.platform")
    lang = serializers.CharField(source="document.lang")
    sensitive = serializers.BooleanField(source="document.sensitive")
    place = serializers.DictField(
        source="document.wording.place", help_text="Exhibit, page and offset, or number of a claim."
    )
    url = serializers.CharField(help_text="Its page; of a text, the place in the preserved copy.")
    namesake = NamesakeSerializer(allow_null=True)


class ValueSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()
    number = serializers.IntegerField()


class FacetSerializer(serializers.Serializer):
    """Of what the hits are; send `filter`=`value` to narrow by it."""

    name = serializers.CharField()
    filter = serializers.CharField()
    values = ValueSerializer(many=True)


class FoundPostSerializer(serializers.Serializer):
    """A post; `GET /api/v1/cases/{ref}/posts/{id}/` tells all of it."""

    id = serializers.UUIDField()
    case = serializers.CharField(source="case.ref")
    platform = serializers.CharField()
    handle = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    text = serializers.CharField()


class FoundPostsSerializer(serializers.Serializer):
    total = serializers.IntegerField(help_text="At most 1000: there may be more.")
    results = FoundPostSerializer(many=True, source="rows")


class FoundSerializer(serializers.Serializer):
    """One page of hits."""

    total = serializers.IntegerField()
    results = HitSerializer(many=True, source="hits")
    facets = FacetSerializer(many=True)
    posts = FoundPostsSerializer()
    notes = serializers.ListField(child=serializers.CharField(), help_text="What a person should know of this answer.")
    close = serializers.BooleanField(source="is_close", help_text="Nothing has exactly these words.")
    next = serializers.CharField(help_text="Send it as `cursor` for the next page; empty on the last.")


class LikenessSerializer(serializers.ModelSerializer):
    """One decision about two entries; the newest of a pair holds."""

    decided_by = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = Likeness
        fields = [
            *("id", "left_kind", "left_id", "right_kind", "right_id"),
            *("verdict", "note", "why", "decided_by", "decided_at"),
        ]
        read_only_fields = fields


class AlikeSerializer(serializers.Serializer):
    """Another entry of the case that may be the same: a lead, never a finding."""

    kind = serializers.CharField()
    id = serializers.UUIDField()
    title = serializers.CharField()
    mine = serializers.CharField(help_text="The name or @handle of the entry that is asked about.")
    theirs = serializers.CharField(help_text="The name or @handle that fits it.")
    score = serializers.FloatField(help_text="0 to 1.")
    is_match = serializers.BooleanField(help_text="Else possible.")
    why = serializers.CharField()
    decision = LikenessSerializer(allow_null=True, help_text="What was decided last.")
    is_settled = serializers.BooleanField(help_text="Decided as same or different: no suggestion any more.")


class LikenessCreate(StrictSerializer):
    """Two entries of the case, and what somebody decided about them."""

    subject_kind = serializers.ChoiceField([*OTHERS])
    subject = serializers.UUIDField()
    other_kind = serializers.ChoiceField([*OTHERS])
    other = serializers.UUIDField()
    verdict = serializers.ChoiceField(Verdict.choices)
    note = serializers.CharField(max_length=MAX_TEXT, help_text="How you know, in at least 10 characters.")


class SavedSearchSerializer(serializers.ModelSerializer):
    """A saved search of the token's owner."""

    new = serializers.SerializerMethodField(help_text="Hits that are new or changed; null if it cannot be counted.")

    class Meta:
        model = SavedSearch
        fields = ["id", "name", "query", "filters", "looked_at", "created_at", "new"]
        read_only_fields = fields

    def get_new(self, row: SavedSearch) -> int | None:
        if "new" not in self.context:
            rows = self.parent.instance if self.parent else [row]
            self.context["new"] = {one.search.pk: one.new for one in alerts(self.context["request"].user, rows)}
        return self.context["new"][row.pk]


class SavedSearchCreate(StrictSerializer):
    """`filters` are those of `GET /api/v1/search/` by name."""

    name = serializers.CharField(max_length=LONGEST)
    query = serializers.CharField(max_length=1024, allow_blank=True)
    filters = serializers.DictField(child=serializers.CharField(max_length=200), required=False)
