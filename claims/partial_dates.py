"""The form field for dates as precise as they are known; `cases.moments` reads and writes them."""

from datetime import UTC

from django import forms

from cases.enums import Precision
from cases.exceptions import InvalidInput
from cases.moments import combine


class PartialDateField(forms.CharField):
    """A date as precise as it is known: 2014, 2014-05 or 2014-05-16; cleans to (date, precision) or (None, "day")."""

    def __init__(self, **options):
        super().__init__(required=False, max_length=10, **options)
        self.widget.attrs |= {"placeholder": "2024-05-16", "inputmode": "numeric", "autocomplete": "off"}

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None, Precision.DAY.value
        try:
            moment, precision = combine(text, "", UTC)
        except InvalidInput as error:
            raise forms.ValidationError("Write a date as 2024-05-16, 2024-05 or 2024.") from error
        return moment.date(), str(precision)
