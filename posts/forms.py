"""Forms of the posts room; what they mean is decided by the actions."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import Platform
from cases.models import Case, User
from evidence.actions.items import log_file
from evidence.details import Details
from evidence.enums import ItemKind
from evidence.models import Item
from posts.actions.following import Said
from posts.actions.importing import About, How
from posts.enums import Kind, Level, ObjectKind
from posts.formats.mapping import NO_COLUMNS, Mapping
from posts.formats.registry import FORMATS
from posts.formats.times import DAY_FIRST, MONTH_FIRST, UNSAID
from posts.models import Dataset, FollowList
from posts.models.follows import DIRECTIONS
from posts.states import AnalysisMethod

ANY = [("", "Any")]
ZONES = [(name, name.replace("_", " ")) for name in sorted(available_timezones())]
PARTS = [one.name for one in fields(Mapping) if one.name not in NO_COLUMNS]
# Every part of `Mapping` that is a column.
LABELS = {
    "post_id": _("Id of the post"),
    "author_id": _("Id of the author"),
    "handle": _("Handle"),
    "display_name": _("Display name"),
    "text": _("Text"),
    "time": _("Time"),
    "lang": _("Language"),
    "url": _("Address of the post"),
    "hashtags": _("Hashtags"),
    "urls": _("Addresses in the text"),
    "mentions": _("Mentions"),
    "repost_of": _("Reposted post (id)"),
    "quote_of": _("Quoted post (id)"),
    "reply_to": _("Answered post (id)"),
    "is_repost": _("Whether it is a repost"),
    "bio": _("Bio"),
    "location": _("Location"),
    "followers": _("Followers"),
    "following": _("Accounts it follows"),
    "author_created": _("When the account was created"),
    "likes": _("Likes"),
    "reposts": _("Count of reposts"),
    "replies": _("Count of replies"),
    "views": _("Count of views"),
    "collected_at": _("When it was collected"),
    "object_id": _("Shared object"),
}


class SendForm(forms.Form):
    """One file of posts, or of who follows whom."""

    file = forms.FileField(label="File", help_text="CSV, TSV, XLSX, JSON or NDJSON, as the tool wrote it.")

    def log(self, actor: User, case: Case) -> Item:
        """The file as an exhibit."""
        file = self.cleaned_data["file"]
        details = Details(kind=ItemKind.DATASET)
        return log_file(actor=actor, case=case, stream=file, file_name=file.name, details=details)


class OfSourceForm(forms.Form):
    """What is known of where a file is from, which the coverage line repeats."""

    source_note = forms.CharField(
        required=False,
        max_length=20_000,
        label="Where it is from",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Which tool, whose account, which access. Printed with each number.",
    )
    gaps = forms.CharField(
        required=False, max_length=20_000, label="What is known to be missing", widget=forms.Textarea(attrs={"rows": 2})
    )


class HowForm(OfSourceForm):
    """How a file is read, and what is known of it. Its columns are offered where no format is recognised."""

    field_order = ("format", "zone", "platform", "server", "encoding", "title", "source_note", "query", "gaps")
    format = forms.ChoiceField(choices=[], help_text="Recognised by its header or keys, never by its name.")
    zone = forms.ChoiceField(choices=ZONES, initial="UTC", label="Time zone of times that carry none")
    platform = forms.ChoiceField(
        choices=Platform.choices, initial=Platform.OTHER, label="Platform, if the file says none"
    )
    server = forms.CharField(
        required=False,
        max_length=100,
        label="Server whose ids these are, if the file says none",
        help_text="A server of Mastodon such as mastodon.social; of another service its domain, such as weibo.com.",
    )
    encoding = forms.CharField(required=False, max_length=40, help_text="Only for text that is not UTF-8.")
    day_order = forms.ChoiceField(
        required=False,
        choices=[
            (UNSAID, "Not said"),
            (DAY_FIRST, "The day first: 31/12/2024"),
            (MONTH_FIRST, "The month first: 12/31/2024"),
        ],
        label="Order of day and month",
        help_text="For times such as 12/05/2024 in a file that is read by its columns.",
    )
    title = forms.CharField(required=False, max_length=300)
    query = forms.CharField(required=False, max_length=5_000, label="What was asked of the platform")

    def __init__(self, *args: Any, columns: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(name, one.label) for name, one in FORMATS.items()]
        self.fields["format"].choices = [("auto", "Find out"), ("mapping", "By the columns below"), *known]
        choices = [("", "–"), *((column, column) for column in columns)]
        for part in PARTS:
            self.fields[f"column_{part}"] = forms.ChoiceField(required=False, choices=choices, label=LABELS[part])

    @property
    def about_fields(self) -> list:
        """The fields without the columns and what is asked of them."""
        return [one for one in self.visible_fields() if not one.name.startswith("column_") and one.name != "day_order"]

    @property
    def column_fields(self) -> list:
        return [field for field in self.visible_fields() if field.name.startswith("column_")]

    def how(self) -> How:
        """Raises BadMapping where the columns say too little."""
        said = self.cleaned_data
        chosen = {part: said[f"column_{part}"] for part in PARTS if said[f"column_{part}"]}
        mapping = None
        if said["format"] == "mapping":
            mapping = Mapping.from_json(chosen | {name: said[name] for name in NO_COLUMNS})
        named = ("format", "zone", "platform", "server", "encoding")
        return How(mapping=mapping, **{name: said[name] for name in named})

    def about(self) -> About:
        return About(**{one.name: self.cleaned_data[one.name] for one in fields(About)})


class RereadForm(forms.Form):
    """What may be said of a file that is read again, and could not be said when it was read first."""

    server = forms.CharField(
        required=False,
        max_length=100,
        label="Server whose ids these are, if the file says none",
        help_text="A server of Mastodon such as mastodon.social; of another service its domain, such as weibo.com.",
    )


class FollowForm(OfSourceForm):
    """What a person says of a follow list; what the file says itself is filled in."""

    field_order = ("platform", "account", "direction", "observed_at", "is_complete", "source_note", "gaps")
    platform = forms.ChoiceField(choices=[("", "–"), *Platform.choices])
    account = forms.CharField(
        max_length=200,
        label="Whose list it is",
        help_text="The platform's own id of the account: handles pass from one holder to the next. "
        "On Mastodon with its server: 13179@mastodon.social; of another service with its domain: 5@weibo.com.",
    )
    direction = forms.ChoiceField(choices=[("", "–"), *DIRECTIONS], label="What it lists")
    observed_at = forms.CharField(
        max_length=40,
        label="As of",
        help_text="When the platform showed it: 2024-05-16, or 2024-05-16T12:21:00+04:00.",
    )
    is_complete = forms.ChoiceField(
        choices=[("", "Partial: others may be missing"), ("1", "Complete: nobody is missing")],
        required=False,
        label="Completeness",
        help_text="“Follows only 3” can be said of a complete list alone.",
    )

    def said(self) -> Said:
        return Said(**self.cleaned_data | {"is_complete": bool(self.cleaned_data["is_complete"])})


class PostFilterForm(forms.Form):
    """The bar above the list of posts."""

    query = forms.CharField(required=False, max_length=500, label="Words")
    tag = forms.CharField(required=False, max_length=500, label="Hashtag")
    account = forms.CharField(required=False, max_length=500)
    platform = forms.ChoiceField(required=False, choices=[*ANY, *Platform.choices])
    dataset = forms.ChoiceField(required=False, choices=[])
    kind = forms.ChoiceField(required=False, choices=[*ANY, *((kind.value, kind.value.capitalize()) for kind in Kind)])
    start = forms.CharField(required=False, max_length=40, label="From")
    end = forms.CharField(required=False, max_length=40, label="Before")
    zone = forms.ChoiceField(required=False, choices=[("", "UTC"), *ZONES])
    flagged = forms.ChoiceField(required=False, choices=[*ANY, ("1", "In doubt")], label="Clock")
    order = forms.ChoiceField(required=False, choices=[("", "Earliest first"), ("newest", "Latest first")])

    def __init__(self, *args: Any, datasets: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dataset"].choices = [*ANY, *((name, name) for name in datasets)]


class AskForm(forms.Form):
    """A question to the posts."""

    method = forms.ChoiceField(choices=AnalysisMethod.choices, label="What")
    datasets = forms.MultipleChoiceField(
        required=False, choices=[], widget=forms.CheckboxSelectMultiple, help_text="All in use if none is chosen."
    )
    lists = forms.MultipleChoiceField(
        required=False,
        choices=[],
        widget=forms.CheckboxSelectMultiple,
        label="Follow lists",
        help_text="For the question of who follows whom; all in use if none is chosen.",
    )
    tag = forms.CharField(required=False, max_length=500, label="Hashtag")
    query = forms.CharField(required=False, max_length=500, label="Words")
    platform = forms.ChoiceField(required=False, choices=[*ANY, *Platform.choices])
    start = forms.CharField(required=False, max_length=40, label="From", help_text="2024-05-16, or with a time.")
    end = forms.CharField(required=False, max_length=40, label="Before")
    zone = forms.ChoiceField(choices=ZONES, initial="UTC", label="Time zone of days and hours")
    levels = forms.MultipleChoiceField(
        required=False,
        choices=[(level.value, level.value) for level in Level],
        widget=forms.CheckboxSelectMultiple,
        label="Levels of likeness",
    )
    coshare = forms.MultipleChoiceField(
        required=False,
        choices=[(kind.value, kind.value.capitalize()) for kind in ObjectKind],
        widget=forms.CheckboxSelectMultiple,
        label="Shared objects",
    )
    window = forms.IntegerField(required=False, min_value=0, label="Window in seconds")
    min_participation = forms.IntegerField(required=False, min_value=1, label="Least participation")
    quantile = forms.FloatField(required=False, min_value=0, max_value=1)
    loops = forms.BooleanField(required=False, label="With pairs of one account's own posts")
    shared_object = forms.CharField(required=False, max_length=500, label="All pairs that shared this object")
    min_weight = forms.IntegerField(required=False, min_value=1, label="Least own posts of a directed edge")
    threshold = forms.FloatField(required=False, min_value=0.5, max_value=0.8, label="Likeness of near-duplicates")
    unit = forms.ChoiceField(
        required=False, choices=[("", "–"), ("day", "Day"), ("hour", "Hour"), ("minute", "Minute")]
    )
    form = forms.ChoiceField(
        required=False,
        choices=[("", "–"), ("L1", "L1: normalised"), ("L2", "L2: without hashtags too")],
        label="Texts that are compared in pairs",
    )
    phrase = forms.CharField(required=False, max_length=200, label="Phrase in bios")
    days = forms.IntegerField(required=False, min_value=1, label="Days of a burst")
    limit = forms.IntegerField(required=False, min_value=1, max_value=1_000, label="Entries of each list")
    among = forms.CharField(
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Campaigns whose accounts are compared",
        help_text="One a line: a hashtag with its sign, a dataset such as D-1, or words; each dataset if none.",
    )
    population = forms.IntegerField(
        required=False,
        min_value=1,
        label="Accounts that could have taken part",
        help_text="All with posts in the files if no number is given.",
    )

    def __init__(self, *args: Any, datasets: Sequence[Dataset], lists: Sequence[FollowList], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = {"datasets": list(datasets), "lists": list(lists)}
        self.fields["datasets"].choices = [(str(one.number), f"{one.label} {one.title}") for one in datasets]
        self.fields["lists"].choices = [(str(one.number), str(one)) for one in lists]
        for name, rows in self.sources.items():
            if not rows:
                del self.fields[name]

    def clean_among(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["among"].splitlines() if line.strip()]

    def chosen(self) -> dict[str, list[Any]]:
        """The datasets and the follow lists that were chosen."""
        said = {name: self.cleaned_data.get(name, ()) for name in self.sources}
        return {name: [one for one in rows if str(one.number) in said[name]] for name, rows in self.sources.items()}

    def settings(self, known: set[str]) -> dict[str, Any]:
        """What was said, of what the chosen method looks at."""
        said = {name: value for name, value in self.cleaned_data.items() if name in known}
        return {name: value for name, value in said.items() if value not in (None, "", [])}
