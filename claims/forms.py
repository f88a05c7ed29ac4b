"""Forms of claims, citations, reviews and publications; they turn what people type into arguments of actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_noop as _

from cases.models import Case
from cases.widgets import LongSelect
from claims.enums import (
    Access,
    Credibility,
    Predicate,
    RedactionKind,
    Settled,
    Stance,
    SubjectType,
    TraceKind,
    VersionState,
)
from claims.letters import LANGUAGES
from claims.shapes import SHAPES
from claims.wording import record_choices

_LONG = forms.Textarea(attrs={"rows": 4})
_SHORT = forms.Textarea(attrs={"rows": 2})


class PredicateForm(forms.Form):
    """The first step of a new claim: what kind of link it makes."""

    predicate = forms.ChoiceField(
        choices=[(value, f"… {label} …") for value, label in Predicate.choices],
        label="What does the claim say?",
        help_text="One link per claim. “An account belongs to an official of a party” is two claims.",
    )


class ClaimFilter(forms.Form):
    """The bar above the list of claims."""

    q = forms.CharField(required=False, max_length=200, label="Words")
    state = forms.ChoiceField(required=False, choices=[("", "Any state"), *VersionState.choices])
    predicate = forms.ChoiceField(required=False, choices=[("", "Any link"), *Predicate.choices], label="Link")
    subject = forms.ChoiceField(required=False, label="Subject", widget=LongSelect)
    author = forms.ChoiceField(required=False)
    gate = forms.ChoiceField(
        required=False,
        choices=[("", "Any"), ("passed", "Lets it through"), ("blocked", "Blocks"), ("unasked", "Not asked yet")],
    )

    def __init__(self, *args, case: Case, **options):
        super().__init__(*args, **options)
        records = record_choices(case)
        groups = [(SubjectType(kind).label, choices) for kind, choices in records.items() if choices]
        self.fields["subject"].choices = [("", _("Any subject")), *groups]
        people = case.memberships.filter(ended_at__isnull=True).select_related("user")
        names = {str(member.user_id): str(member.user) for member in people}
        self.fields["author"].choices = [
            ("", _("Anybody")),
            *sorted(names.items(), key=lambda pair: pair[1].casefold()),
        ]


def _indicators() -> list[tuple[str, Any]]:
    """The indicators under the link of which they speak."""
    groups = [
        (f"… {Predicate(predicate).label} …", [(one.value, one.label) for one in shape.indicators])
        for predicate, shape in SHAPES.items()
        if shape.indicators
    ]
    return [("", _("Not said")), *groups]


class CitationForm(forms.Form):
    """A passage or a region of one exhibit, and what it says for or against a claim."""

    claim = forms.ChoiceField(label="Claim")
    stance = forms.ChoiceField(choices=Stance.choices, widget=forms.RadioSelect, initial=Stance.SUPPORTS)
    access = forms.ChoiceField(
        choices=Access.choices, initial=Access.UNKNOWN, label="How near the source is to the fact"
    )
    indicator = forms.ChoiceField(
        required=False,
        choices=_indicators,
        label="What sort of link it shows",
        help_text="Of claims about who operates an account, takes part in a campaign or stands behind one.",
    )
    exact = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Quote",
        help_text="Word for word. Select it in the copy, or paste it: the server looks it up.",
    )
    prefix = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput, strip=False)
    suffix = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput, strip=False)
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    region = forms.CharField(
        required=False, max_length=90, label="Region", help_text="Drawn on the picture: xywh=percent:x,y,w,h."
    )
    credibility = forms.ChoiceField(
        required=False,
        choices=[("", "Not graded yet"), *((value, f"{value} {label}") for value, label in Credibility.choices)],
        label="Credibility of this statement",
    )
    rationale = forms.CharField(required=False, widget=_SHORT, label="Why this grade")
    translation = forms.CharField(required=False, widget=_SHORT)
    translator = forms.CharField(required=False, max_length=200)
    descriptor = forms.CharField(
        required=False, widget=_SHORT, label="What may affect its quality", help_text="Age, completeness, interest."
    )
    disposition = forms.ChoiceField(
        required=False,
        label="If it contradicts",
        choices=[
            ("", "Not dealt with yet"),
            ("accepted", "Accepted"),
            ("explained", "Explained"),
            ("disputed", "Shown as disputed"),
        ],
    )
    disposition_note = forms.CharField(required=False, widget=_SHORT, label="How it was dealt with")
    edit_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    PARTS = (
        "stance",
        "access",
        "indicator",
        "translation",
        "translator",
        "descriptor",
        "disposition",
        "disposition_note",
    )

    def __init__(self, *args, claims: list[tuple[str, str]] | None = None, has_text: bool = True, **options):
        super().__init__(*args, **options)
        if claims is None:
            del self.fields["claim"]
        else:
            self.fields["claim"].choices = claims
        if has_text:
            self.fields["region"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("credibility") and not cleaned.get("rationale"):
            self.add_error("rationale", "Say why: a grade without a reason is worth nothing.")
        if not cleaned.get("exact") and not cleaned.get("region"):
            self.add_error("exact" if "exact" in self.fields else None, "Quote a passage or draw a region.")
        return cleaned

    def passage(self) -> dict[str, Any]:
        """The locator, as the actions take it: a region, or a quote with the words around it."""
        cleaned = self.cleaned_data
        if cleaned["region"] and not cleaned["exact"]:
            return {"region": cleaned["region"]}
        return {name: cleaned[name] for name in ("exact", "prefix", "suffix", "start")}

    def parts(self) -> dict[str, Any]:
        """Everything else that is said of the passage."""
        return {name: self.cleaned_data[name] for name in self.PARTS}


class PublishForm(forms.Form):
    """Which approved claims leave the house together, under which title."""

    title = forms.CharField(max_length=200)
    note = forms.CharField(required=False, widget=_LONG, help_text="Shown under the title of the dossier.")
    language = forms.ChoiceField(
        choices=LANGUAGES, label="Language of the dossier", help_text="Of its headings and explanations."
    )
    claims = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label="Approved claims",
        error_messages={"required": "Choose at least one approved claim."},
    )

    def __init__(self, *args, versions: list[tuple[str, str]], **options):
        super().__init__(*args, **options)
        self.fields["claims"].choices = versions


class RedactForm(forms.Form):
    """What a redacted dossier of a publication withholds, and why."""

    words = forms.CharField(
        widget=_LONG,
        max_length=20_000,
        label="Withhold",
        help_text="One passage a line. Each place where it stands is withheld, in any spelling of capitals.",
    )
    kind = forms.ChoiceField(choices=RedactionKind.choices, label="Readers are told")
    reason = forms.CharField(widget=_LONG, help_text="Kept in the audit trail, not published; at least 20 characters.")


class TraceForm(forms.Form):
    """A decision on one passage that leads to a person."""

    kind = forms.ChoiceField(choices=TraceKind.choices)
    passage = forms.CharField(max_length=4000, strip=False)
    settled = forms.ChoiceField(choices=Settled.choices, label="Decision")
    reason = forms.CharField(max_length=4000)

    def in_one_line(self) -> str:
        """All that is wrong with it, each with the name of its field."""
        return " ".join(f"{self[name].label}: {each[0]}" for name, each in self.errors.items())


class CorrectionForm(forms.Form):
    """Why a published claim is corrected or withdrawn, and what readers are told."""

    cause = forms.CharField(widget=_LONG, label="What was wrong", help_text="Published with the correction.")
    public_note = forms.CharField(widget=_LONG, label="Note to readers")


class ReasonForm(forms.Form):
    """A step that needs no more than its reason."""

    reason = forms.CharField(widget=_LONG)


class LinksForm(forms.Form):
    """Which claims a version rests on."""

    components = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, label="Rests on")

    def __init__(self, *args, claims: list[tuple[str, str]], **options):
        super().__init__(*args, **options)
        self.fields["components"].choices = claims
