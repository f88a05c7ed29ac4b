"""Forms of requests for reply and of alternatives; they turn what people type into arguments of actions."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from cases.exceptions import InvalidInput
from cases.forms import show_refusal
from cases.models import Case
from cases.moments import as_written, parse_moment
from cases.widgets import DayInput, LongSelect
from claims.enums import Channel, Disposition, Fit, HypothesisKind, ReplyOutcome, SendingKind, SubjectType
from claims.letters import LANGUAGES
from claims.models import ReplyRequest
from claims.wording import record_choices
from evidence.models import Item

_EXHIBIT_HELP = "Its number, such as E-12. Left empty, the words are preserved as a new exhibit."
_WHEN_HELP = "2024, 2024-05, 2024-05-16, or with its zone: 2024-05-16T12:21:00+04:00."


def _text(label: str, help_text: str = "", *, rows: int = 0, required: bool = False, longest: int = 20_000):
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(required=required, max_length=longest, label=label, help_text=help_text, widget=widget)


class RefusableForm(forms.Form):
    """A form whose action may refuse a field; several of them stand on one page, so each has ids of its own."""

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **{"auto_id": f"{type(self).__name__.lower()}_%s"} | options)

    def refuse(self, error: InvalidInput) -> None:
        show_refusal(self, error)


class MomentField(forms.CharField):
    """A moment as precisely as it is known: cleaned to the moment and its precision."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 60, "help_text": _WHEN_HELP} | options)

    def clean(self, value: str):
        text = super().clean(value)
        if not text:
            return None, ""
        try:
            return parse_moment(text)
        except InvalidInput as error:
            raise forms.ValidationError(str(error)) from error


class ExhibitField(forms.CharField):
    """The number of an exhibit of the case; cleaned to the exhibit, or None."""

    case: Case

    def clean(self, value: str) -> Item | None:
        text = super().clean(value).strip().upper().removeprefix("E-")
        if not text:
            return None
        found = (
            Item.objects.filter(case=self.case, exhibit=text).first() if text.isdecimal() and len(text) < 9 else None
        )
        if found is None:
            raise forms.ValidationError("There is no exhibit of this number in this case.")
        return found


class ClaimsToPutForm(forms.Form):
    """The first step of a request: which claims are put to one party."""

    claim = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label="Claims",
        error_messages={"required": "Choose at least one claim."},
    )

    def __init__(self, *args, claims: list[tuple[str, str]], **options) -> None:
        super().__init__(*args, **options)
        self.fields["claim"].choices = claims


class AskForm(RefusableForm):
    """The second step: the party, the words of each allegation, the language and the deadline."""

    party = forms.ChoiceField(required=False, label="Who is asked", widget=LongSelect)
    party_text = _text("Who is asked, in words", "Where there is no record of them.", longest=300)
    language = forms.ChoiceField(choices=LANGUAGES, label="Language of the letter")
    deadline = MomentField(
        required=False,
        help_text="With its zone: 2024-05-18T12:00:00Z. Empty: after the policy's hours (48 by default).",
    )
    urgency = _text(
        "Why it is urgent", "Only for a deadline before the policy's hours are over; 40 characters.", rows=2
    )
    asked_by = _text(
        "Asked by somebody else",
        "Another newsroom whose request the record tells of. It is shown to readers, and does not count as yours.",
        longest=300,
    )

    def __init__(self, *args, case: Case, suggested: list[tuple[str, str]], allegations: dict[str, tuple], **options):
        super().__init__(*args, **options)
        records = record_choices(case)
        groups = [(SubjectType(kind).label, choices) for kind, choices in records.items() if choices]
        named = [(_("Named by the claim"), suggested)] if suggested else []
        self.fields["party"].choices = [("", _("Choose")), *named, *groups]
        for number, (label, text) in allegations.items():
            self.fields[f"allegation_{number}"] = forms.CharField(
                label=f"C-{number}: what is put to them", help_text=label, max_length=20_000, initial=text,
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if bool(cleaned.get("party")) == bool(cleaned.get("party_text")):
            self.add_error("party", "Say who is asked: choose a record, or write the name in words.")
        return cleaned


class LetterForm(RefusableForm):
    """The letter and its deadline, before it is sent."""

    language = forms.ChoiceField(choices=LANGUAGES)
    letter = _text("Letter", rows=18)
    deadline = MomentField(required=False, help_text="With its zone. Empty: after the policy's hours (48 by default).")
    urgency = _text(
        "Why it is urgent", "Only for a deadline before the policy's hours are over; 40 characters.", rows=2
    )
    edit_version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def initial_of(cls, request: ReplyRequest) -> dict[str, Any]:
        """A stored request as the form shows it."""
        shown = {name: getattr(request, name) for name in ("language", "letter", "urgency", "edit_version")}
        return shown | {"deadline": as_written(request.deadline, "second")}


class SendingForm(RefusableForm):
    """That a letter went out by another way than from here."""

    kind = forms.ChoiceField(choices=SendingKind.choices)
    channel = forms.ChoiceField(choices=Channel.choices)
    address = _text("Where it went", "An address, a number or a name; it stays in the house.", longest=300)
    account = forms.ChoiceField(required=False, label="Account", widget=LongSelect)
    sent_at = MomentField(label="Sent")
    item = ExhibitField(required=False, max_length=12, label="Exhibit", help_text=_EXHIBIT_HELP)

    def __init__(self, *args, case: Case, **options) -> None:
        super().__init__(*args, **options)
        accounts = record_choices(case)[SubjectType.ACCOUNT]
        self.fields["account"].choices = [("", _("Only for a message on a platform")), *accounts]
        self.fields["item"].case = case
        self.fields["sent_at"].initial = timezone.now().isoformat(timespec="seconds")


class EmailForm(RefusableForm):
    """The click that sends."""

    kind = forms.ChoiceField(choices=SendingKind.choices)
    address = forms.EmailField(max_length=300, label="To")
    subject = _text("Subject", required=True, longest=200)


class ReplyForm(RefusableForm):
    """What a party answered."""

    text = _text("The reply, word for word", rows=6, required=True)
    verbatim = forms.BooleanField(required=False, initial=True, label="These are their own words")
    speaker = _text("Who answered for them", longest=300)
    language = _text("Language", "A code such as en, fr or az.", longest=35, required=True)
    translation = _text("Translation", "Where readers need one.", rows=3)
    translator = _text("Translator", longest=200)
    received_at = MomentField(label="Received")
    item = ExhibitField(required=False, max_length=12, label="Exhibit", help_text=_EXHIBIT_HELP)

    def __init__(self, *args, case: Case, **options) -> None:
        super().__init__(*args, **options)
        self.fields["item"].case = case
        self.fields["received_at"].initial = timezone.now().isoformat(timespec="seconds")


class OutcomeForm(RefusableForm):
    """What came of a request that nobody answered."""

    outcome = forms.ChoiceField(
        choices=[(value, ReplyOutcome(value).label) for value in ("no_response", "declined", "unreachable")]
    )
    note = _text("Note", "Of who declined: who said so, when and in which words. Readers are told.", rows=2)


class WithholdForm(RefusableForm):
    """Why a party is not asked."""

    reason = _text("Why they are not asked", "At least 40 characters; it is published.", rows=3, required=True)


class SearchForm(RefusableForm):
    """A look for what a party said in public."""

    searched_on = forms.DateField(label="Searched on", widget=DayInput())
    note = _text("Where", "Sites, accounts, agencies. At least 10 characters.", rows=2, required=True)


class RequestFilter(forms.Form):
    """The bar above the list of requests."""

    STATES = (
        ("due", "Outcome due"),
        ("waiting", "Waiting for an answer"),
        ("unsent", "Not sent yet"),
        ("closed", "Closed"),
    )
    q = forms.CharField(required=False, max_length=200, label="Words")
    state = forms.ChoiceField(required=False, choices=[("", "Any state"), *STATES])
    outcome = forms.ChoiceField(required=False, choices=[("", "Any outcome"), *ReplyOutcome.choices])


class AlternativeForm(forms.Form):
    """One alternative; without a statement it is none, and one that was stored goes."""

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=HypothesisKind.choices, initial=HypothesisKind.OTHER)
    statement = _text("Explanation", longest=500)
    disposition = forms.ChoiceField(choices=Disposition.choices, label="What became of it")
    note = _text("Why", "Shown to readers.", rows=2)


FITS = [("", "–"), *Fit.choices]
