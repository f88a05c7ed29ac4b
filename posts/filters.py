"""What lists of posts and analyses can be narrowed by, for the pages and the API alike."""

import django_filters

from cases.enums import Platform
from posts.enums import Kind
from posts.models import Analysis, Dataset, FollowEntry, FollowList, Post, RejectedRecord
from posts.models.follows import DIRECTIONS
from posts.states import AnalysisMethod, AnalysisState, DatasetState


class PostFilter(django_filters.FilterSet):
    """The parts of `posts.listing.Narrowing`, which applies them."""

    dataset = django_filters.CharFilter(label="Of this dataset: D-1")
    tag = django_filters.CharFilter(label="Under this hashtag, however it is spelt")
    query = django_filters.CharFilter(
        label="Text with these words in a row; case, width and the Turkic i do not matter"
    )
    account = django_filters.CharFilter(label="Author's id, or @handle where there is none")
    platform = django_filters.ChoiceFilter(choices=Platform.choices, label="Platform")
    kind = django_filters.ChoiceFilter(choices=[(kind.value, kind.value) for kind in Kind], label="Kind")
    repost_of = django_filters.CharFilter(label="Reposts of the post with this id")
    flagged = django_filters.CharFilter(label="1: only posts whose clock is in doubt")
    retold = django_filters.CharFilter(label="1: only posts that records tell in more than one way")
    undated = django_filters.CharFilter(label="1: only posts without a time")
    start = django_filters.CharFilter(label="From this day or time on")
    end = django_filters.CharFilter(label="Before this day or time")
    zone = django_filters.CharFilter(label="Zone of start and end")
    group = django_filters.CharFilter(label="Behind an entry of an analysis: N-3/L2/0")

    class Meta:
        model = Post
        fields = []


class DatasetFilter(django_filters.FilterSet):
    """Datasets by state and format."""

    state = django_filters.ChoiceFilter(choices=DatasetState.choices, label="State")
    format = django_filters.CharFilter(label="Format")

    class Meta:
        model = Dataset
        fields = []


class RejectedFilter(django_filters.FilterSet):
    """Rejected records by dataset and reason."""

    dataset = django_filters.UUIDFilter(field_name="dataset_id", label="Of this dataset")
    code = django_filters.CharFilter(label="Reason, as the dataset counts them")

    class Meta:
        model = RejectedRecord
        fields = []


class FollowListFilter(django_filters.FilterSet):
    """Follow lists by the account whose they are."""

    platform = django_filters.ChoiceFilter(choices=Platform.choices, label="Platform")
    account = django_filters.CharFilter(label="The platform's id of the account whose list it is")
    direction = django_filters.ChoiceFilter(choices=DIRECTIONS, label="Direction")

    class Meta:
        model = FollowList
        fields = []


class FollowEntryFilter(django_filters.FilterSet):
    """Accounts on lists, by list and by account."""

    list = django_filters.UUIDFilter(field_name="list_id", label="On this list")
    account = django_filters.CharFilter(label="The platform's id, or @handle where there is none")

    class Meta:
        model = FollowEntry
        fields = []


class AnalysisFilter(django_filters.FilterSet):
    """Analyses by method and state."""

    method = django_filters.ChoiceFilter(choices=AnalysisMethod.choices, label="Method")
    state = django_filters.ChoiceFilter(choices=AnalysisState.choices, label="State")

    class Meta:
        model = Analysis
        fields = []
