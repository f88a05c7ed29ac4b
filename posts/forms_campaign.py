"""The bar of the campaign page: what is asked of the posts."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_noop as _

from cases.enums import Platform
from cases.exceptions import InvalidInput
from cases.models import Case, User
from posts.campaigns import DEFAULT, UNITS, Campaign, Page
from posts.enums import ObjectKind
from posts.formats.times import zone_named
from posts.queries import datasets_in_use
from posts.questions import Question
from posts.states import AnalysisMethod

NOTHING = "none"
OBJECTS = [
    (ObjectKind.TEXT.value, "the same text"),
    (ObjectKind.URL.value, "the same link"),
    (ObjectKind.DOMAIN.value, "links to the same site"),
    (ObjectKind.HASHTAG.value, "the same hashtag"),
    (ObjectKind.MENTION.value, "the same mention"),
    (ObjectKind.REPLY.value, "a reply to the same post"),
    (ObjectKind.REPOST.value, "a repost of the same post"),
    (ObjectKind.IMAGE.value, "the same image"),
    (ObjectKind.OBJECT.value, "what a file names as shared"),
    (NOTHING, "nothing: no network"),
]
# Names of the form for the settings of a question.
SETTINGS = (
    "tag", "query", "platform", "start", "end", "zone", "threshold", "coshare", "window", "min_participation",
    "quantile",
)  # fmt: skip


class CampaignForm(forms.Form):
    """Everything a question has, and how the page shows it; an empty form asks what was asked last."""

    dataset = forms.ChoiceField(required=False, label="Files")
    tag = forms.CharField(required=False, max_length=200, label="Hashtag")
    query = forms.CharField(required=False, max_length=500, label="Words in the text")
    platform = forms.ChoiceField(required=False, choices=[("", "All"), *Platform.choices])
    start = forms.CharField(
        required=False, max_length=40, label="From", widget=forms.TextInput(attrs={"placeholder": "2024-05-16"})
    )
    end = forms.CharField(
        required=False, max_length=40, label="Before", widget=forms.TextInput(attrs={"placeholder": "2024-05-23"})
    )
    zone = forms.CharField(
        required=False, max_length=64, label="Time zone", widget=forms.TextInput(attrs={"list": "zones"})
    )
    phrase = forms.CharField(required=False, max_length=200, label="Words in bios")
    threshold = forms.FloatField(
        required=False,
        min_value=0.5,
        max_value=0.8,
        label="Likeness of near-duplicates",
        help_text="0.5 to 0.8: how many letter groups two texts share. Lower finds more, and joins more by chance.",
        widget=forms.NumberInput(attrs={"step": "0.05"}),
    )
    coshare = forms.MultipleChoiceField(
        required=False, choices=OBJECTS, label="Accounts are joined by", widget=forms.CheckboxSelectMultiple
    )
    window = forms.IntegerField(required=False, min_value=0, label="within seconds")
    min_participation = forms.IntegerField(required=False, min_value=1, label="Least such posts of an account")
    quantile = forms.FloatField(
        required=False,
        min_value=0,
        max_value=1,
        label="Threshold of pairs (quantile)",
        widget=forms.NumberInput(attrs={"step": "0.01"}),
    )
    unit = forms.ChoiceField(required=False, choices=[("", "Automatic"), *((unit, unit) for unit in UNITS)])

    def __init__(self, actor: User, case: Case, data: Any = None) -> None:
        super().__init__(data)
        self.datasets = {one.label: one for one in datasets_in_use(actor, case)}
        choices = [(label, f"{label} {one.title}"[:80]) for label, one in self.datasets.items()]
        self.fields["dataset"].choices = [("", _("All files")), *choices]

    def clean_zone(self) -> str:
        """A zone that there is; raises a ValidationError that names it."""
        zone = self.cleaned_data["zone"].strip() or "UTC"
        try:
            zone_named(zone)
        except InvalidInput as error:
            raise forms.ValidationError(str(error)) from error
        return zone

    def clean(self) -> dict[str, Any]:
        """Read the settings as one question, each complaint beside its field."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                cleaned["question"] = self._question(cleaned)
            except InvalidInput as error:
                field = {"from": "start", "to": "end"}.get(error.field, error.field)
                self.add_error(field if field in self.fields else None, str(error))
        return cleaned

    def _question(self, cleaned: dict[str, Any]) -> Question | None:
        said = {name: cleaned[name] for name in SETTINGS if cleaned[name] not in (None, "", [])}
        if said == {"zone": "UTC"} and not any(name in self.data for name in SETTINGS):
            return None
        if "coshare" not in self.data:
            said["coshare"] = DEFAULT["coshare"]
        said["coshare"] = [kind for kind in said["coshare"] if kind != NOTHING]
        return Question.of(AnalysisMethod.CAMPAIGN, said)

    def page(self) -> Page:
        """What a page was asked for; of a form with errors, the default."""
        if not self.is_valid():
            return Page()
        cleaned = self.cleaned_data
        dataset = self.datasets.get(cleaned["dataset"])
        return Page(cleaned["question"], dataset, cleaned["unit"], cleaned["phrase"].strip())


def query_of(campaign: Campaign, **changed: str) -> str:
    """The query string that asks for this page again, with what is `changed`; it never means "what was asked last"."""
    question, defaults = campaign.question, Question(AnalysisMethod.CAMPAIGN)
    said: dict[str, Any] = {name: getattr(question, name) for name in SETTINGS if name not in ("zone", "coshare")}
    said = {name: value for name, value in said.items() if value != getattr(defaults, name)}
    said |= {"zone": question.zone, "coshare": list(question.coshare) or NOTHING}
    said |= {"dataset": campaign.page.dataset.label if campaign.page.dataset else ""}
    said |= {"unit": campaign.page.unit, "phrase": campaign.page.phrase} | changed
    return urlencode({name: value for name, value in said.items() if value != ""}, doseq=True)
