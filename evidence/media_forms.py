"""Forms of the media room."""

from django import forms

from evidence.enums import Authenticity, IgnoreReason, MatchKind, MatchVerdict, MediaSearchResult

ANY = [("", "Any")]


class MatchFilterForm(forms.Form):
    """The bar above the list of matches."""

    verdict = forms.ChoiceField(required=False, choices=[*ANY, *MatchVerdict.choices])
    kind = forms.ChoiceField(required=False, choices=[*ANY, *MatchKind.choices])
    exhibit = forms.IntegerField(required=False, min_value=1, label="Exhibit")
    other_case = forms.ChoiceField(
        required=False, choices=[("", "Any"), ("no", "Within this case"), ("yes", "With another case")], label="Where"
    )


class JudgeForm(forms.Form):
    """A verdict on a match, and what was seen."""

    verdict = forms.ChoiceField(choices=MatchVerdict.choices)
    note = forms.CharField(
        max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}), label="What you saw", help_text="Ten characters."
    )


class IgnoreForm(forms.Form):
    """Why one of the two pictures says nothing in this case."""

    side = forms.ChoiceField(choices=[("query", "The picture on the left"), ("stored", "The picture on the right")])
    only = forms.ChoiceField(
        choices=[("region", "Only the matched region of it"), ("whole", "The whole picture")], label="What of it"
    )
    reason = forms.ChoiceField(choices=IgnoreReason.choices, label="Because it is")
    note = forms.CharField(required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 2}))


class LookUpForm(forms.Form):
    """One picture to compare without logging it."""

    file = forms.FileField(label="Picture", widget=forms.FileInput(attrs={"accept": "image/*"}))


class FindingForm(forms.Form):
    """What kind of picture it is, and whether its original was located."""

    authenticity = forms.ChoiceField(choices=Authenticity.choices, label="What kind of picture it is")
    original_search = forms.ChoiceField(choices=MediaSearchResult.choices, label="Its original")
    note = forms.CharField(
        max_length=20_000,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Where",
        help_text="Where the original was found, or where it was looked for in vain.",
    )
