"""The form of a claim: the fields that its predicate needs, in the order in which a person thinks of them."""

import re
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_noop as _

from cases.exceptions import InvalidInput
from cases.models import Case
from cases.moments import as_written
from cases.sentences import in_words
from cases.widgets import DayInput, LongSelect
from claims.enums import (
    AttributedAs,
    ClaimKind,
    Confidence,
    EeasCategory,
    ModelUse,
    StateResponsibility,
    SubjectType,
)
from claims.models import ClaimVersion
from claims.partial_dates import PartialDateField
from claims.scales import steps
from claims.shapes import ATTRIBUTION, COORDINATION, DISCLOSED, EXTRAS, NAMESAKES, PARTICULARS, SHAPES, WEIGHED
from claims.wording import ends, record_choices
from evidence.models import Item

_EXHIBIT = re.compile(r"(?:[eE]-?)?\s*(\d{1,9})")
_LONG = forms.Textarea(attrs={"rows": 4})
_SHORT = forms.Textarea(attrs={"rows": 2})

_WHEN = ("valid_from", "valid_to", "as_of", "conduct_date")
_TEXT = ("public_text", "language", "scope_note", "kind", "adverse")
SECTIONS = (
    ("The link", "", lambda name: name.startswith(("subject", "object", "role_title"))),
    ("Who is meant", "A name that matches never suffices.", lambda name: name in NAMESAKES),
    ("How it was found", "So that somebody else can find it again.", lambda name: name in COORDINATION),
    ("What is attributed", "Technical signs alone name nobody.", lambda name: name in ATTRIBUTION),
    ("When it holds", "In the world, not when it was seen or recorded.", lambda name: name in _WHEN),
    ("The public text", "", lambda name: name in _TEXT),
    ("How likely", "How probable it is that the claim is true.", lambda name: name == "likelihood"),
    (
        "How firm the ground is",
        "Another question: never in one sentence with the likelihood.",
        lambda name: name.startswith(("analytic", "confidence")) or name == "key_assumptions",
    ),
    (
        "What publication does to people",
        "Asked of claims that could harm somebody; published with the claim.",
        lambda name: name in WEIGHED,
    ),
    ("What readers are told of the sources", "Shown in the dossier, with the counts.", lambda name: name in DISCLOSED),
)

_ENDS = {
    "subject": {"": _("Subject"), "exhibit": _("Subject: exhibit"), "text": _("Subject, in words")},
    "object": {"": _("Object"), "exhibit": _("Object: exhibit"), "text": _("Object, in words")},
}


def _short(label: str, help_text: str = "") -> forms.CharField:
    """Two lines that may stay empty: what is missing is the gate's to say."""
    return forms.CharField(required=False, widget=_SHORT, label=label, help_text=help_text)


def _said(choices: type[TextChoices], label: str, help_text: str = "") -> forms.ChoiceField:
    """A choice that may wait."""
    listed = [("", "Not said yet"), *choices.choices]
    return forms.ChoiceField(required=False, choices=listed, label=label, help_text=help_text)


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
        *(name for name in PARTICULARS if name != "identifying_specifics"),
        "public_text",
        "language",
    )
    LINES = ("key_assumptions", "identifying_specifics")

    role_title = forms.CharField(
        required=False, max_length=300, label="Title of the role", help_text="Word for word, in the source's language."
    )
    role_title_en = forms.CharField(required=False, max_length=300, label="Title in English")
    conduct_date = forms.DateField(
        required=False,
        label="Date of the conduct",
        help_text="When the conduct happened that makes the role matter.",
        widget=DayInput(),
    )
    valid_from = PartialDateField(label="True from", help_text="As precise as it is known: 2014, 2014-05, 2014-05-16.")
    valid_to = PartialDateField(label="True until")
    as_of = PartialDateField(label="As of", help_text="The date for which the source says so.")
    scope_note = _short("Scope", "Within which limits this is said.")
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
    confidence_information_base = _short("Information base", "What the judgement rests on.")
    confidence_rigour = _short("Analytical rigour", "How it was examined and challenged.")
    confidence_volatility = _short("Complexity and volatility", "What could change it.")
    key_assumptions = _short("Key assumptions", "One per line.")
    identifying_specifics = _short(
        "What besides the name shows that it is this person",
        "One per line, at least two: an employer, a town, a picture. Published with the claim.",
    )
    namesake_search = _short(
        "Search for namesakes", "Where and when you looked, in which spellings, and whom you ruled out."
    )
    method = _short("Method")
    parameters = _short("Parameters", "Thresholds, time windows, and their values.")
    dataset_sha256 = forms.RegexField(
        r"^[0-9a-f]{64}$",
        required=False,
        label="SHA-256 of the data",
        error_messages={"invalid": "Give the SHA-256 of the data as 64 hexadecimal digits."},
    )
    false_positive_check = _short(
        "Check for false positives", "What the same method finds among accounts that nobody suspects."
    )
    attributed_as = _said(AttributedAs, "The part that is attributed")
    state_responsibility = _said(StateResponsibility, "Responsibility of a state")
    eeas_category = _said(EeasCategory, "Category of the EEAS")
    public_interest = _short("Public interest", "Why the public has to know it.")
    who_is_harmed = _short("Who is harmed", "Also if it is wrong, or grows old.")
    proportionality = _short("Proportion", "Why it says no more than the public has to know.")
    gentler_ways = _short("Gentler ways", "Which ways with less harm were weighed: no name, later, a reply first.")
    source_summary = _short(
        "Weaknesses and gaps of the sources", "Kinds of sources, origins and single sources are counted for you."
    )
    model_use = _said(
        ModelUse,
        "Help of a language or image model",
        "What a model says is never a source.",
    )
    model_name = forms.CharField(required=False, max_length=200, label="Model")
    model_version = forms.CharField(required=False, max_length=100, label="Its version")
    model_task = _short("What it did")
    public_text = forms.CharField(
        required=False, widget=_LONG, label="Public text", help_text="What readers will see, sentence by sentence."
    )
    language = forms.CharField(max_length=35, initial="en", label="Language of the text")
    edit_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, case: Case, predicate: str, **options):
        super().__init__(*args, **options)
        self.case, self.predicate, self.shape = case, predicate, SHAPES[predicate]
        self.fields["likelihood"].choices = [
            ("", _("Not judged yet")),
            *((step.value, step.words) for step in steps(case.likelihood_scale)),
        ]
        records = record_choices(case)
        for side in ("subject", "object"):
            self._add_end(side, getattr(self.shape, side), records)
        for name in EXTRAS - set(self.shape.extra):
            del self.fields[name]
        first = [name for name in self.fields if name.startswith(("subject", "object"))]
        self.order_fields(first)

    def _add_end(self, side: str, kinds: tuple[SubjectType, ...], records: dict[str, list]) -> None:
        groups = [(SubjectType(kind).label, records[kind]) for kind in kinds if kind in records]
        words = _ENDS[side]
        if groups:
            self.fields[side] = forms.ChoiceField(
                required=len(kinds) == 1, choices=[("", _("Choose")), *groups], label=words[""], widget=LongSelect
            )
        if SubjectType.ITEM in kinds:
            self.fields[f"{side}_exhibit"] = forms.CharField(
                required=False, max_length=12, label=words["exhibit"], help_text=_("Its number, such as E-12.")
            )
        if SubjectType.TEXT in kinds:
            label = words["text" if groups or SubjectType.ITEM in kinds else ""]
            self.fields[f"{side}_text"] = forms.CharField(
                required=False, max_length=300, label=label, help_text=_("Where there is no record of its own.")
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
            (heading, hint, [self[name] for name in self.fields if wanted(name)]) for heading, hint, wanted in SECTIONS
        ]

    def values(self) -> dict[str, Any]:
        """What was typed, as `create_claim` and `edit_version` take it; fields that the predicate hides are emptied."""
        cleaned = self.cleaned_data
        empty = {"conduct_date": None, "adverse": False}
        found = {name: cleaned.get(name, empty.get(name, "")) for name in self.PLAIN}
        for name in self.DATES:
            found[name], found[f"{name}_precision"] = cleaned[name]
        for name in self.LINES:
            found[name] = [line.strip() for line in cleaned.get(name, "").splitlines() if line.strip()]
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
        self.add_error(next((name for name in names if name in self.fields), None), in_words(error))

    @classmethod
    def initial_of(cls, version: ClaimVersion) -> dict[str, Any]:
        """A stored version as the form shows it."""
        found: dict[str, Any] = {name: getattr(version, name) for name in cls.PLAIN}
        for name in cls.DATES:
            found[name] = as_written(getattr(version, name), getattr(version, f"{name}_precision"))
        found |= {name: "\n".join(getattr(version, name)) for name in cls.LINES}
        for side in ("subject", "object"):
            kind, row = ends(version, side)
            if kind == SubjectType.TEXT:
                found[f"{side}_text"] = row
            elif kind == SubjectType.ITEM:
                found[f"{side}_exhibit"] = f"E-{row.exhibit}"
            elif kind:
                found[side] = f"{kind}:{row.pk}"
        return found | {"edit_version": version.edit_version}
