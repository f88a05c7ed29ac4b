"""Forms of evidence; what they mean, and what they refuse, is decided by the actions and `evidence.intake`."""

from django import forms
from django.utils.translation import gettext_noop as _

from cases.models import Case, User
from cases.moments import as_written
from evidence.enums import FixityState, ItemKind, ItemState, Reliability, Sensitivity, SourceKind
from evidence.intake import FIELDS
from evidence.models import Item, OriginGroup, Source

ANY = [("", "Any")]
# Nothing is judged for somebody: a list that began with A would grade what is sent unread as completely reliable.
LETTERS = [("", "Choose")] + [(value, f"{value} – {label}") for value, label in Reliability.choices]
FILE_KINDS = [("", "As the content tells")] + [
    (value, label) for value, label in ItemKind.choices if value not in (ItemKind.LINK, ItemKind.ANALYSIS)
]
DATE_HELP = "As precisely as known: 2024, 2024-05, 2024-05-16, or a time with its zone."


def _text(label: str = "", help_text: str = "", *, rows: int = 0, longest: int = 20_000) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(required=False, max_length=longest, label=label, help_text=help_text, widget=widget)


class DetailsForm(forms.Form):
    """What a person says about an exhibit."""

    title = _text("Title", longest=500)
    author = _text("Author", longest=300)
    publisher = _text("Publisher", longest=300)
    original_url = _text("Address", "Where it was found. Kept as text, never opened by this application.", longest=2000)
    archived_url = _text("Archived at", longest=2000)
    published_at = _text("Published", DATE_HELP, longest=40)
    no_date_reason = _text("Why there is no date", "Only where no date is known.", longest=300)
    language = _text("Language", "A code such as fr, az or en.", longest=35)
    source = forms.ChoiceField(required=False, label="Source", help_text="Who speaks, not who hosts it.")
    kind = forms.ChoiceField(required=False, choices=FILE_KINDS)
    sensitivity = forms.ChoiceField(required=False, choices=Sensitivity.choices)
    graphic = forms.BooleanField(required=False, label="Graphic: blurred until a person clicks")
    relevance_note = _text("Why it matters", rows=3)

    def __init__(self, *args, case: Case, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        rows = Source.objects.filter(case=case).order_by("name").values_list("pk", "name")
        self.fields["source"].choices = [("", _("Not named yet")), *((str(pk), name) for pk, name in rows)]

    def details(self) -> dict[str, object]:
        """The cleaned values as `evidence.intake` takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name in FIELDS}


class UploadForm(DetailsForm):
    """Details that hold for every file that is dropped with them."""

    field_order = ["source", "original_url", "published_at", "author", "publisher", "language"]


class PasteForm(DetailsForm):
    text = forms.CharField(
        strip=False, max_length=5_000_000, widget=forms.Textarea(attrs={"rows": 16}), help_text="Preserved as it is."
    )
    field_order = ["title", "text"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = True
        del self.fields["kind"]


class LinkForm(DetailsForm):
    field_order = ["original_url", "title"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["original_url"].required = True
        del self.fields["kind"]


class ItemForm(DetailsForm):
    """An edit of one version of an exhibit's description."""

    reason = _text("Reason for the change", longest=2000)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args, item: Item, **kwargs) -> None:
        super().__init__(*args, case=item.case, **kwargs)
        self.fields["title"].required = True
        kinds = [choice for choice in ItemKind.choices if (choice[0] == ItemKind.LINK) == (item.blob_id is None)]
        self.fields["kind"].choices = kinds

    @staticmethod
    def initial_of(item: Item) -> dict[str, object]:
        """The description as it is now, in the words that the form takes."""
        values = {name: getattr(item, name) for name in FIELDS if name not in ("source", "published_at", "captured_at")}
        values |= {"source": str(item.source_id or ""), "published_at": date_text(item), "version": item.version}
        return values


def date_text(item: Item) -> str:
    """The date of publication as it is written in forms, in the precision it is known in."""
    return as_written(item.published_at, item.published_precision)


class SourceFilterForm(forms.Form):
    """The bar above the sources; the order is that within each origin."""

    q = forms.CharField(required=False, max_length=200, label="Name or owner", widget=forms.SearchInput())
    kind = forms.ChoiceField(required=False, choices=ANY + SourceKind.choices)
    reliability = forms.ChoiceField(
        required=False, choices=[*ANY, *Reliability.choices, ("none", "Not graded")], label="Grade"
    )
    order = forms.ChoiceField(
        required=False,
        choices=[("", "Name"), ("reliability", "Best grade"), ("-item_count", "Most exhibits"), ("-pk", "Newest")],
    )


class ItemFilterForm(forms.Form):
    """The bar above the evidence wall."""

    q = forms.CharField(required=False, max_length=200, label="Words", widget=forms.SearchInput())
    kind = forms.ChoiceField(required=False, choices=ANY + ItemKind.choices)
    state = forms.ChoiceField(required=False, choices=ANY + ItemState.choices)
    reliability = forms.ChoiceField(required=False, choices=ANY + Reliability.choices, label="Source grade")
    fixity = forms.ChoiceField(required=False, choices=ANY + FixityState.choices)
    order = forms.ChoiceField(
        required=False,
        choices=[
            ("-exhibit", "Newest exhibit"),
            ("exhibit", "Oldest exhibit"),
            ("-published", "Latest published"),
            ("published", "Earliest published"),
            ("title", "Title"),
        ],
        label="Order",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class SupersedeForm(ReasonForm):
    by = forms.IntegerField(min_value=1, label="Exhibit number of the better copy")


class ReadAgainForm(forms.Form):
    charset = forms.CharField(max_length=40, label="Encoding", help_text="For example windows-1251 or iso-8859-1.")


class SourceForm(forms.Form):
    name = forms.CharField(max_length=200)
    kind = forms.ChoiceField(choices=SourceKind.choices)
    owner = _text("Owner", longest=200)
    country = _text("Country", "Two letters, for example FR.", longest=2)
    url = _text("Address", longest=2000)
    note = _text("Note", rows=3)


class SourceEditForm(SourceForm):
    reason = _text("Reason for the change", longest=2000)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class GradeForm(forms.Form):
    """The letter rates the originator. F means that it cannot be judged, not that it is bad."""

    reliability = forms.ChoiceField(choices=LETTERS)
    rationale = forms.CharField(max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}))


class SplitForm(ReasonForm):
    label = _text("Name of the origin", "Left empty: the source's own name.", longest=200)


class JoinForm(ReasonForm):
    """Sources that go back to one origin."""

    sources = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    group = forms.ChoiceField(required=False, label="Origin", help_text="An origin that is there, or a new one.")
    label = _text("Name of the new origin", longest=200)
    field_order = ["sources", "group", "label", "reason"]

    def __init__(self, *args, actor: User, case: Case, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        sources = Source.objects.visible_to(actor).filter(case=case).order_by("name").values_list("pk", "name")
        groups = OriginGroup.objects.visible_to(actor).filter(case=case).order_by("label").values_list("pk", "label")
        self.fields["sources"].choices = [(str(pk), name) for pk, name in sources]
        self.fields["group"].choices = [("", _("A new origin")), *((str(pk), label) for pk, label in groups)]
