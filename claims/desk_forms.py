"""What a checker or an editor says at the desk: of the whole, of one sentence, of one citation."""

from uuid import UUID

from django import forms

from claims.enums import CitationVerdict, ReviewStage, SentenceVerdict


class ReviewForm(forms.Form):
    """An editor's answer to a version, bound to the content that was on the desk."""

    content_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    stage = forms.ChoiceField(choices=ReviewStage.of_editors(), initial=ReviewStage.EDITOR, label="As")
    comment = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}), label="Comment to the author")


class VerdictForm(forms.Form):
    """A reviewer's verdict on one citation."""

    verdict = forms.ChoiceField(choices=CitationVerdict.choices)
    comment = forms.CharField(required=False, max_length=4000)


class _Ids(forms.TypedMultipleChoiceField):
    """Ids whose rows the action looks for."""

    def valid_value(self, value: str) -> bool:
        return True


class SentenceForm(forms.Form):
    """A checker's verdict on one sentence of the public text."""

    position = forms.IntegerField(min_value=1, max_value=10_000)
    content_sha256 = forms.RegexField("^[0-9a-f]{64}$")
    citations = _Ids(coerce=UUID, required=False)
    verdict = forms.ChoiceField(choices=SentenceVerdict.choices)
    comment = forms.CharField(required=False, max_length=4000)

    def in_one_line(self) -> str:
        """All that is wrong with it, each with the name of its field; empty where nothing is."""
        return " ".join(f"{self[name].label}: {each[0]}" for name, each in self.errors.items())
