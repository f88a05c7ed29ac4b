"""Forms of claims, citations, reviews and publications; they turn what people type into arguments of actions."""

import re
from typing import Any

from django import forms

from cases.exceptions import InvalidInput
from cases.models import Case
from cases.moments import as_written
from cases.widgets import LongSelect
from claims.enums import (
    Access,
    ClaimKind,
    Confidence,
    Credibility,
    Predicate,
    Stance,
    SubjectType,
    VersionState,
)
from claims.models import ClaimVersion
from claims.partial_dates import PartialDateField
from claims.scales import steps
from claims.shapes import SHAPES
from claims.wording import ends, record_choices
from evidence.models import Item

_EXHIBIT = re.compile(r"(?:[eE]-?)?\s*(\d{1,9})")
_LONG = forms.Textarea(attrs={"rows": 4})
_SHORT = forms.Textarea(attrs={"rows": 2})


_WHEN = ("valid_from", "valid_to", "as_of", "conduct_date")
_TEXT = ("public_text", "language", "scope_note", "kind", "adverse")
_SECTIONS = (
    ("The link", "", lambda name: name.startswith(("subject", "object", "role_title"))),
    ("When it holds", "In the world, not when it was seen or recorded.", lambda name: name in _WHEN),
    ("The public text", "", lambda name: name in _TEXT),
    ("How likely", "How probable it is that the claim is true.", lambda name: name == "likelihood"),
    (
        "How firm the ground is",
        "Another question: never in one sentence with the likelihood.",
        lambda name: name.startswith(("analytic", "confidence")) or name == "key_assumptions",
    ),
)


class ClaimForm(forms.Form):
    """One claim version: the fields that its predicate needs, with records and words of its case only."""

    DATES = ("valid_from", "valid_to", "as_of")
    PLAIN = (
        "role_title",
        "role_title_en",
        "conduct_date",
        "scope_note",
        "kind",
        "adverse",
        "likelihood",
        "analytic_confidence",
        "confidence_information_base",
        "confidence_rigour",
        "confidence_volatility",
        "public_text",
        "language",
    )

    role_title = forms.CharField(
        required=False, max_length=300, label="Title of the role", help_text="Word for word, in the source's language."
    )
    role_title_en = forms.CharField(required=False, max_length=300, label="Title in English")
    conduct_date = forms.DateField(
        required=False,
        label="Date of the conduct",
        help_text="When the conduct happened that makes the role matter.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    valid_from = PartialDateField(label="True from", help_text="As precise as it is known: 2014, 2014-05, 2014-05-16.")
    valid_to = PartialDateField(label="True until")
    as_of = PartialDateField(label="As of", help_text="The date for which the source says so.")
    scope_note = forms.CharField(
        required=False, label="Scope", widget=_SHORT, help_text="Within which limits this is said."
    )
    kind = forms.ChoiceField(choices=ClaimKind.choices, initial=ClaimKind.ASSESSMENT, label="Kind of statement")
    adverse = forms.BooleanField(
        required=False, initial=True, label="It could harm the standing of somebody named in it"
    )
    likelihood = forms.ChoiceField(required=False, label="Likelihood")
    analytic_confidence = forms.ChoiceField(
        required=False,
        choices=[("", "Not judged yet"), *Confidence.choices],
        label="Analytic confidence",
        help_text="How sound the ground is; another question than how likely the claim is.",
    )
    confidence_information_base = forms.CharField(
        required=False, widget=_SHORT, label="Information base", help_text="What the judgement rests on."
    )
    confidence_rigour = forms.CharField(
        required=False, widget=_SHORT, label="Analytical rigour", help_text="How it was examined and challenged."
    )
    confidence_volatility = forms.CharField(
        required=False, widget=_SHORT, label="Complexity and volatility", help_text="What could change it."
    )
    key_assumptions = forms.CharField(required=False, widget=_SHORT, label="Key assumptions", help_text="One per line.")
    public_text = forms.CharField(
        required=False, widget=_LONG, label="Public text", help_text="What readers will see, sentence by sentence."
    )
    language = forms.CharField(max_length=35, initial="en", label="Language of the text")
    edit_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, case: Case, predicate: str, **options):
        super().__init__(*args, **options)
        self.case, self.predicate, self.shape = case, predicate, SHAPES[predicate]
        self.fields["likelihood"].choices = [
            ("", "Not judged yet"),
            *((step.value, step.words) for step in steps(case.likelihood_scale)),
        ]
        records = record_choices(case)
        for side in ("subject", "object"):
            self._add_end(side, getattr(self.shape, side), records)
        for name in {"role_title", "role_title_en", "conduct_date"} - set(self.shape.extra):
            del self.fields[name]
        first = [name for name in self.fields if name.startswith(("subject", "object"))]
        self.order_fields(first)

    def _add_end(self, side: str, kinds: tuple[SubjectType, ...], records: dict[str, list]) -> None:
        groups = [(SubjectType(kind).label, records[kind]) for kind in kinds if kind in records]
        word = side.capitalize()
        if groups:
            self.fields[side] = forms.ChoiceField(
                required=len(kinds) == 1, choices=[("", "Choose"), *groups], label=word, widget=LongSelect
            )
        if SubjectType.ITEM in kinds:
            self.fields[f"{side}_exhibit"] = forms.CharField(
                required=False, max_length=12, label=f"{word}: exhibit", help_text="Its number, such as E-12."
            )
        if SubjectType.TEXT in kinds:
            label = f"{word}, in words" if groups or SubjectType.ITEM in kinds else word
            self.fields[f"{side}_text"] = forms.CharField(
                required=False, max_length=300, label=label, help_text="Where there is no record of its own."
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for side in ("subject", "object"):
            given = [name for name in self._end_fields(side) if cleaned.get(name)]
            if len(given) > 1:
                self.add_error(given[1], f"A claim has one {side}: leave all but one of these empty.")
            if f"{side}_exhibit" in given:
                self._find_exhibit(side)
        return cleaned

    def _find_exhibit(self, side: str) -> None:
        found = _EXHIBIT.fullmatch(self.cleaned_data[f"{side}_exhibit"])
        item = Item.objects.filter(case=self.case, exhibit=found[1]).first() if found else None
        if item is None:
            self.add_error(f"{side}_exhibit", "There is no exhibit of this number in this case.")
        self.cleaned_data[f"{side}_item"] = item

    def _end_fields(self, side: str) -> list[str]:
        return [name for name in (side, f"{side}_exhibit", f"{side}_text") if name in self.fields]

    @property
    def sections(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """The fields in the order in which a person thinks of them: heading, hint, fields."""
        return [
            (heading, hint, [self[name] for name in self.fields if wanted(name)]) for heading, hint, wanted in _SECTIONS
        ]

    def values(self) -> dict[str, Any]:
        """What was typed, as `create_claim` and `edit_version` take it; fields that the predicate hides are emptied."""
        cleaned = self.cleaned_data
        empty = {"conduct_date": None, "adverse": False}
        found = {name: cleaned.get(name, empty.get(name, "")) for name in self.PLAIN}
        for name in self.DATES:
            found[name], found[f"{name}_precision"] = cleaned[name]
        lines = cleaned["key_assumptions"].splitlines()
        found["key_assumptions"] = [line.strip() for line in lines if line.strip()]
        for side in ("subject", "object"):
            found |= self._end_values(side)
        return found

    def _end_values(self, side: str) -> dict[str, Any]:
        cleaned = self.cleaned_data
        kinds = ("account", "person", "organisation", "item")
        found: dict[str, Any] = {f"{side}_{kind}": None for kind in kinds}
        found[f"{side}_text"] = cleaned.get(f"{side}_text", "")
        found[f"{side}_item"] = cleaned.get(f"{side}_item")
        kind, _, key = cleaned.get(side, "").partition(":")
        if key:
            relation = ClaimVersion._meta.get_field(f"{side}_{kind}")
            found[f"{side}_{kind}"] = relation.related_model.objects.get(case=self.case, pk=key)
        return found

    def refuse(self, error: InvalidInput) -> None:
        """Show an action's refusal beside the field that it names."""
        side, _, kind = error.field.partition("_")
        names = [error.field, side if kind else "", f"{side}_exhibit" if kind == "item" else "", f"{side}_text"]
        self.add_error(next((name for name in names if name in self.fields), None), str(error))

    @classmethod
    def initial_of(cls, version: ClaimVersion) -> dict[str, Any]:
        """A stored version as the form shows it."""
        found: dict[str, Any] = {name: getattr(version, name) for name in cls.PLAIN}
        for name in cls.DATES:
            found[name] = as_written(getattr(version, name), getattr(version, f"{name}_precision"))
        found["key_assumptions"] = "\n".join(version.key_assumptions)
        for side in ("subject", "object"):
            kind, row = ends(version, side)
            if kind == SubjectType.TEXT:
                found[f"{side}_text"] = row
            elif kind == SubjectType.ITEM:
                found[f"{side}_exhibit"] = f"E-{row.exhibit}"
            elif kind:
                found[side] = f"{kind}:{row.pk}"
        return found | {"edit_version": version.edit_version}


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
        self.fields["subject"].choices = [("", "Any subject"), *groups]
        people = case.memberships.filter(ended_at__isnull=True).select_related("user")
        names = {str(member.user_id): str(member.user) for member in people}
        self.fields["author"].choices = [("", "Anybody"), *sorted(names.items(), key=lambda pair: pair[1].casefold())]


class CitationForm(forms.Form):
    """A passage or a region of one exhibit, and what it says for or against a claim."""

    claim = forms.ChoiceField(label="Claim")
    stance = forms.ChoiceField(choices=Stance.choices, widget=forms.RadioSelect, initial=Stance.SUPPORTS)
    access = forms.ChoiceField(
        choices=Access.choices, initial=Access.UNKNOWN, label="How near the source is to the fact"
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
    claims = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label="Approved claims",
        error_messages={"required": "Choose at least one approved claim."},
    )

    def __init__(self, *args, versions: list[tuple[str, str]], **options):
        super().__init__(*args, **options)
        self.fields["claims"].choices = versions


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
