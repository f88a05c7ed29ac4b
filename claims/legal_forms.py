"""What a lawyer says of a claim, and why a case handles data about people."""

from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cases.widgets import DayInput
from claims.enums import LawfulBasis, Retention, SpecialGround, Verdict


def _in_language(kind: type[TextChoices]) -> list[tuple[str, Any]]:
    """The choices of a vocabulary, each in the language of the page."""
    return [(one.value, _(one.label)) for one in kind]


_LONG = forms.Textarea(attrs={"rows": 4})


class SignOffForm(forms.Form):
    """The lawyer's word on exactly the content that is shown."""

    content_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=_("Verdict"),
        widget=forms.RadioSelect,
        choices=[(Verdict.APPROVED, _("I sign off exactly this")), (Verdict.CHANGES_REQUESTED, _("It has to change"))],
    )
    jurisdictions = forms.CharField(
        required=False,
        max_length=200,
        label=_("States whose law you looked at"),
        help_text=_("Codes of two letters, such as FR GB. Published with the claim."),
    )
    comment = forms.CharField(
        required=False, max_length=20_000, widget=_LONG, label=_("Comment"), help_text=_("It stays in the house.")
    )

    def clean_jurisdictions(self) -> list[str]:
        return self.cleaned_data["jurisdictions"].replace(",", " ").split()


class RecordForm(forms.Form):
    """A data-protection record, for everybody in a case or for one person."""

    public_interest = forms.CharField(
        widget=_LONG,
        label=_("Why the public has to know who this is"),
        help_text=_("At least 40 characters. Of a minor, say how the interests of the child were weighed."),
    )
    purpose = forms.CharField(
        widget=_LONG, label=_("Purpose"), help_text=_("What the data serve; at least 40 characters. It is published.")
    )
    lawful_basis = forms.ChoiceField(choices=_in_language(LawfulBasis), label=_("Lawful basis"))
    special_ground = forms.ChoiceField(
        required=False,
        choices=[("", _("No such data")), *_in_language(SpecialGround)],
        label=_("Political opinions and other special data (Art. 9)"),
        help_text=_("Membership of a party is a political opinion."),
    )
    special_reasoning = forms.CharField(required=False, widget=_LONG, label=_("Why that condition is met"))
    has_criminal_data = forms.BooleanField(required=False, label=_("It tells of criminal offences (Art. 10)"))
    criminal_reasoning = forms.CharField(required=False, widget=_LONG, label=_("What allows that"))
    retention = forms.ChoiceField(choices=_in_language(Retention), label=_("Kept"))
    review_at = forms.DateField(widget=DayInput(), label=_("Looked at again by"))
    transparency = forms.CharField(
        widget=_LONG,
        label=_("How people are told and can object"),
        help_text=_("At least 40 characters. It is published."),
    )
    contact = forms.CharField(
        max_length=300, label=_("Where people write to"), help_text=_("An address of the house. It is published.")
    )

    def __init__(self, *args: Any, is_of_person: bool, **options: Any):
        super().__init__(*args, **options)
        if not is_of_person:
            del self.fields["public_interest"]
