"""Forms of cases, members, tokens and the audit trail; what they mean is decided by the actions."""

import re
from datetime import timedelta

from django import forms
from django.utils import timezone

from cases.enums import JobState, LikelihoodScale, Policy, Role, Tlp, TokenScope
from cases.exceptions import CaseworkError
from cases.models import Case
from cases.policies import NAMES, Thresholds, house_level
from cases.sentences import in_words
from cases.widgets import DayInput

ANY = [("", "Any")]
_OBJECT = re.compile(r"[a-z][a-z0-9_]*(:[A-Za-z0-9._-]+)?")


def show_refusal(form: forms.Form, error: CaseworkError) -> None:
    """Put the sentence of a refusal beside the field it is about, or on top."""
    field = getattr(error, "field", "")
    form.add_error(field if field in form.fields else None, in_words(error))


class CaseFilterForm(forms.Form):
    """What the list of one's cases is narrowed by."""

    q = forms.CharField(required=False, max_length=200, label="Reference or title")
    role = forms.ChoiceField(required=False, choices=[*ANY, *Role.choices], label="Your role")
    tlp = forms.ChoiceField(required=False, choices=[*ANY, *Tlp.choices], label="Sharing")


class MemberFilterForm(forms.Form):
    """What the list of members is narrowed by."""

    q = forms.CharField(required=False, max_length=200, label="Name or username")
    # Not `role`: the page has another field of that name, which gives one.
    as_role = forms.ChoiceField(required=False, choices=[*ANY, *Role.choices], label="Role")


class JobFilterForm(forms.Form):
    """What a list of jobs is narrowed by."""

    q = forms.CharField(required=False, max_length=200, label="Job")
    state = forms.ChoiceField(required=False, choices=[*ANY, *JobState.choices])


class CaseSettingsForm(forms.Form):
    title = forms.CharField(max_length=200)
    scope = forms.CharField(
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What is investigated, and what is not.",
    )
    tlp = forms.ChoiceField(
        choices=Tlp.choices, initial=Tlp.AMBER, label="Sharing", help_text="Traffic Light Protocol 2.0."
    )
    likelihood_scale = forms.ChoiceField(
        choices=LikelihoodScale.choices, help_text="The one scale of estimative language that this case uses."
    )


class CaseForm(CaseSettingsForm):
    ref = forms.CharField(
        max_length=40,
        label="Reference",
        help_text="Letters, digits and hyphens, e.g. NC-2024. It never changes.",
    )
    policy = forms.ChoiceField(choices=Policy.choices, label="Editorial gate", initial=house_level)
    field_order = ["ref", "title", "scope", "tlp", "likelihood_scale", "policy"]


class VersionedSettingsForm(CaseSettingsForm):
    """Settings as an edit of one version."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    @classmethod
    def of(cls, case: Case, **kwargs) -> "VersionedSettingsForm":
        names = ("title", "scope", "tlp", "likelihood_scale", "version")
        return cls(initial={name: getattr(case, name) for name in names}, **kwargs)


class PolicyForm(forms.Form):
    """What the editorial gate asks of a case; a threshold left empty is the house's."""

    level = forms.ChoiceField(choices=Policy.choices, label="Strictness")
    fixity_days = forms.IntegerField(
        required=False, min_value=1, max_value=3650, label="Days", help_text="Since the last fixity check (G-03)."
    )
    role_months = forms.IntegerField(
        required=False, min_value=1, max_value=1200, label="Months", help_text="From a role to the conduct (G-22)."
    )
    reply_hours = forms.IntegerField(
        required=False, min_value=1, max_value=8760, label="Hours", help_text="To answer an allegation (G-50)."
    )
    reason = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="At least 20 characters; it stays on record.",
    )

    def __init__(self, *args, house: Thresholds, **options):
        super().__init__(*args, **options)
        for name in NAMES:
            field = self.fields[name]
            field.help_text = f"{field.help_text} Empty: {getattr(house, name)}, as the house has it."


class MemberForm(forms.Form):
    user = forms.CharField(
        max_length=254,
        label="Username or e-mail address",
        help_text="Exactly as the person signs in: there is no list to choose from.",
    )
    role = forms.ChoiceField(choices=Role.choices)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)


class LeadForm(forms.Form):
    user = forms.CharField(max_length=254, label="Username or e-mail address of an editor")


class TokenForm(forms.Form):
    name = forms.CharField(max_length=100, help_text="What will use it, e.g. the capture machine.")
    scopes = forms.MultipleChoiceField(
        choices=TokenScope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="A token can never do more than you can.",
    )
    days = forms.IntegerField(
        min_value=1, max_value=365, initial=90, label="Days until it expires", help_text="At most a year."
    )

    def expires_at(self):
        return timezone.now() + timedelta(days=self.cleaned_data["days"])


class AuditFilterForm(forms.Form):
    """What the audit trail is narrowed by; empty fields narrow nothing."""

    actor = forms.CharField(required=False, max_length=254, label="Who", help_text="A username.")
    action = forms.CharField(required=False, max_length=60, label="Action")
    object = forms.CharField(required=False, max_length=200, label="Object")
    since = forms.DateField(required=False, widget=DayInput())
    until = forms.DateField(required=False, widget=DayInput())

    def clean_object(self) -> str:
        value = self.cleaned_data["object"]
        if value and not _OBJECT.fullmatch(value):
            raise forms.ValidationError("Write a kind of object, such as claim, or one object, such as claim:0190…")
        return value
