"""Forms of accounts, observations, persons and organisations; what they mean is decided by the actions."""

from datetime import datetime

from django import forms
from django.utils import timezone

from cases.actions.accounts import Seen
from cases.enums import AccountStatus, NameKind, OrganisationKind, Platform, Script, SubjectTier
from cases.exceptions import InvalidInput
from cases.forms import ANY
from cases.models import Organisation
from cases.moments import combine, parse_zone
from cases.reasons import MAX_TEXT, MIN_REASON
from cases.status import end_of_day
from cases.widgets import DayInput

ZONES = ["UTC", "Asia/Baku", "Europe/Paris", "Pacific/Noumea", "Europe/London", "America/New_York", "+04:00"]


def long_text(label: str, help_text: str = "", rows: int = 3) -> forms.CharField:
    """A text of several lines that may stay empty."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=MAX_TEXT,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class ReasonForm(forms.Form):
    """The sentence that a step owes."""

    reason = forms.CharField(
        max_length=MAX_TEXT,
        min_length=MIN_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"At least {MIN_REASON} characters; it stays in the audit trail.",
    )


class VersionedForm(forms.Form):
    """An edit of one version."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


# --- accounts


class ObservationForm(forms.Form):
    """What somebody saw. The date is kept as precisely as it is written."""

    # Refusals of these are told beside those fields.
    beside = {"observed_at": "observed_on", "observed_precision": "observed_on"}
    side_by_side = (
        ("platform_user_id", "id_unknown_reason"),
        ("observed_on", "observed_time", "zone"),
        ("display_name", "location"),
        ("followers", "following"),
    )

    handle = forms.CharField(
        required=False,
        max_length=2_000,
        label="Handle or address",
        help_text="As seen: @name, or the address of the profile or of a post.",
    )
    observed_on = forms.CharField(
        max_length=20, label="Seen on", help_text="2024-05-16; only 2024-05 or 2024 if no more is known."
    )
    observed_time = forms.CharField(
        required=False, max_length=20, label="At", help_text="12:21 or 12:21:07; empty if unknown."
    )
    zone = forms.CharField(
        required=False,
        max_length=64,
        initial="UTC",
        label="Time zone",
        help_text="UTC, +04:00 or a name such as Asia/Baku. Without a time of day the date is taken as in UTC.",
        widget=forms.TextInput(attrs={"list": "zones"}),
    )
    status = forms.ChoiceField(
        choices=AccountStatus.choices,
        initial=AccountStatus.UNKNOWN,
        help_text="What the platform showed at that moment; choose Unknown if the status was not seen.",
    )
    display_name = forms.CharField(required=False, max_length=300)
    bio = long_text("Bio", "Word for word, in its own language.")
    location = forms.CharField(
        required=False, max_length=300, help_text="As the profile declares it, misspellings too."
    )
    followers = forms.IntegerField(required=False, min_value=0)
    following = forms.IntegerField(required=False, min_value=0)
    evidence_item = forms.CharField(
        required=False, max_length=40, label="Evidence", help_text="The number of the exhibit that shows it, e.g. E-12."
    )
    note = long_text("Note", "Who says so, if you did not see it yourself.")

    def clean(self) -> dict:
        """Join the parts of the date; a mistake in one of them is told beside it."""
        data = super().clean()
        if "observed_on" not in data or "observed_time" not in data:
            return data
        try:
            zone = parse_zone(data.get("zone") or "UTC")
            moment = combine(data["observed_on"], data["observed_time"], zone, field="observed_on")
            data["observed_at"], data["observed_precision"] = moment
        except InvalidInput as error:
            self.add_error(error.field, str(error))
        return data

    def seen(self) -> Seen:
        """What the form tells, for the action."""
        names = (
            "handle",
            "display_name",
            "bio",
            "location",
            "followers",
            "following",
            "status",
            "evidence_item",
            "note",
        )
        return Seen(
            observed_at=self.cleaned_data["observed_at"],
            observed_precision=self.cleaned_data["observed_precision"],
            **{name: self.cleaned_data[name] for name in names},
        )

    @property
    def zones(self) -> list[str]:
        """Zones that the field offers."""
        return ZONES


class NewAccountForm(ObservationForm):
    """An account and its first observation on one page."""

    platform = forms.ChoiceField(
        required=False,
        choices=[("", "As the address says"), *Platform.choices],
        help_text="Needed for a handle without its address.",
    )
    platform_user_id = forms.CharField(
        required=False,
        max_length=100,
        label="Platform's own id",
        help_text="The number or code that survives renaming; archives and exports show it.",
    )
    id_unknown_reason = forms.CharField(
        required=False,
        max_length=300,
        label="Why the id is unknown",
        help_text="E.g. suspended before it was looked up, and no archive shows it.",
    )
    instance = forms.CharField(
        required=False,
        max_length=100,
        label="Server",
        help_text="Only for other federated platforms; Mastodon's is in its handle.",
    )
    is_another = forms.BooleanField(
        required=False, label="The handle is known here, but its holder is somebody else", widget=forms.CheckboxInput
    )
    field_order = [
        "handle",
        "platform",
        "is_another",
        "platform_user_id",
        "id_unknown_reason",
        "instance",
        "observed_on",
        "observed_time",
        "zone",
    ]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handle"].required = True

    def account_fields(self) -> dict[str, object]:
        """What the form tells of the account itself."""
        names = ("platform_user_id", "id_unknown_reason", "instance", "is_another")
        return {name: self.cleaned_data[name] for name in names} | {"platform": self.cleaned_data["platform"]}


class AccountForm(VersionedForm):
    """What is known of the account itself."""

    beside = {"created_at_platform": "created_on"}
    side_by_side = (("platform_user_id", "id_unknown_reason"),)

    platform_user_id = forms.CharField(required=False, max_length=100, label="Platform's own id")
    id_unknown_reason = forms.CharField(required=False, max_length=300, label="Why the id is unknown")
    instance = forms.CharField(
        required=False, max_length=100, label="Server", help_text="Only for federated platforms."
    )
    created_on = forms.CharField(
        required=False,
        max_length=40,
        label="Created on the platform",
        help_text="2023-07-06, or a moment with its zone such as 2023-07-06T10:00:00Z.",
    )
    note = long_text("Note")
    reason = forms.CharField(
        required=False,
        max_length=MAX_TEXT,
        help_text="Only if a known platform id changes: how you know the right one.",
    )


class ReuseCheckForm(forms.Form):
    """The signature under a check of who else held a handle."""

    note = forms.CharField(
        label="What was checked",
        max_length=MAX_TEXT,
        min_length=MIN_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Where you looked for other holders of these handles, and what you found.",
    )


class AccountFilterForm(forms.Form):
    """What the list of accounts is narrowed by."""

    search = forms.CharField(
        required=False,
        max_length=200,
        label="Search",
        widget=forms.TextInput(attrs={"placeholder": "@handle, address, name or id"}),
    )
    platform = forms.ChoiceField(required=False, choices=[*ANY, *Platform.choices])
    status = forms.ChoiceField(required=False, choices=[*ANY, *AccountStatus.choices])
    as_of = forms.DateField(required=False, label="As of", widget=DayInput())

    def clean_as_of(self):
        """Keep to days that can have been seen."""
        return check_as_of(self.cleaned_data["as_of"])

    def moment(self) -> datetime:
        """The end of the day asked for, or now."""
        return moment_of(self.cleaned_data.get("as_of"))


class AsOfForm(forms.Form):
    """The day that a page looks back to."""

    as_of = forms.DateField(required=False, label="As of", widget=DayInput())

    def clean_as_of(self):
        """Keep to days that can have been seen."""
        return check_as_of(self.cleaned_data["as_of"])


def check_as_of(day):
    """Return `day` when it lies between 1990 and 2100."""
    if day is not None and not 1990 <= day.year <= 2100:
        raise forms.ValidationError("Choose a day between 1990 and 2100.")
    return day


def moment_of(day) -> datetime:
    """Return the end of `day` in UTC; now without a day."""
    return end_of_day(day) if day else timezone.now()


# --- persons and organisations


class NameForm(forms.Form):
    """One more spelling."""

    value = forms.CharField(max_length=300, label="Name")
    kind = forms.ChoiceField(choices=NameKind.choices, initial=NameKind.ALIAS)
    script = forms.ChoiceField(
        required=False, choices=[("", "As the letters say"), *Script.choices], help_text="Guessed when left open."
    )
    language = forms.CharField(required=False, max_length=35, help_text="A BCP 47 tag such as az, ru or fr.")

    def clean_kind(self) -> str:
        """A second primary name is what changing the label is for."""
        if self.cleaned_data["kind"] == NameKind.PRIMARY:
            raise forms.ValidationError("The primary name is the label: edit that instead.")
        return self.cleaned_data["kind"]


class PersonForm(VersionedForm):
    """A person as the case calls them."""

    label = forms.CharField(
        max_length=300, label="Name", help_text="As the case writes it; other spellings are added later."
    )
    subject_tier = forms.ChoiceField(
        choices=SubjectTier.choices,
        initial=SubjectTier.PRIVATE_INDIVIDUAL,
        label="How public",
        help_text="Private individuals and minors are pseudonymised in publications unless the case shows why not.",
    )
    disambiguation = long_text(
        "What tells namesakes apart", "Employer, town, year of birth: specifics besides the name."
    )
    note = long_text("Note")


class NewPersonForm(PersonForm):
    """A person with the script and language of the name."""

    side_by_side = (("script", "language"),)
    version = None
    script = forms.ChoiceField(required=False, choices=[("", "As the letters say"), *Script.choices])
    language = forms.CharField(
        required=False, max_length=35, help_text="Of the name: a BCP 47 tag such as az, ru or fr."
    )
    field_order = ["label", "script", "language", "subject_tier"]


class OrganisationForm(VersionedForm):
    """An organisation and what it belongs to."""

    label = forms.CharField(
        max_length=300,
        label="Name",
        help_text="As the case writes it; acronyms and other spellings are added later.",
    )
    kind = forms.ChoiceField(choices=OrganisationKind.choices, initial=OrganisationKind.OTHER)
    parent = forms.ModelChoiceField(Organisation.objects.none(), required=False, empty_label="None", label="Belongs to")
    note = long_text("Note")

    def __init__(self, *args, parents, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents


class NewOrganisationForm(OrganisationForm):
    """An organisation with the script and language of the name."""

    side_by_side = (("script", "language"),)
    version = None
    script = forms.ChoiceField(required=False, choices=[("", "As the letters say"), *Script.choices])
    language = forms.CharField(
        required=False, max_length=35, help_text="Of the name: a BCP 47 tag such as az, ru or fr."
    )
    field_order = ["label", "script", "language", "kind"]


class PersonFilterForm(forms.Form):
    """What the list of persons is narrowed by."""

    search = forms.CharField(required=False, max_length=200, widget=forms.TextInput(attrs={"placeholder": "Any name"}))
    tier = forms.ChoiceField(required=False, choices=[*ANY, *SubjectTier.choices], label="How public")


class OrganisationFilterForm(forms.Form):
    """What the list of organisations is narrowed by."""

    search = forms.CharField(required=False, max_length=200, widget=forms.TextInput(attrs={"placeholder": "Any name"}))
    kind = forms.ChoiceField(required=False, choices=[*ANY, *OrganisationKind.choices])


# --- merging


class MergeForm(ReasonForm):
    """Which entry goes on, and how one knows that the two are one."""

    into = forms.ModelChoiceField(queryset=None, empty_label="Choose", widget=forms.HiddenInput)

    def __init__(self, *args, candidates, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = candidates

    def clean(self) -> dict:
        """A choice that cannot be made is told on top: its field is hidden."""
        if "into" in self.errors:
            raise forms.ValidationError("Choose the entry that goes on from the list.")
        return super().clean()
