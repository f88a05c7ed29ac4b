"""Dates as precise as they are known, as people type and read them: 2014, 2014-05, 2014-05-16."""

import re
from datetime import date

from django import forms

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


class PartialDateField(forms.CharField):
    """A date as precise as it is known: 2014, 2014-05 or 2014-05-16; cleans to (date, precision) or (None, "day")."""

    def __init__(self, **options):
        super().__init__(required=False, max_length=10, **options)
        self.widget.attrs |= {"placeholder": "2024-05-16", "inputmode": "numeric", "autocomplete": "off"}

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None, "day"
        found = _PARTIAL.fullmatch(text)
        try:
            year, month, day = (int(part) if part else None for part in found.groups())
            found_date = date(year, month or 1, day or 1)
        except (AttributeError, ValueError) as error:
            raise forms.ValidationError("Write a date as 2024-05-16, 2024-05 or 2024.") from error
        return found_date, "day" if day else "month" if month else "year"


def partial_date(value: date | None, precision: str) -> str:
    """A stored date as `PartialDateField` shows it."""
    return value.isoformat()[: {"year": 4, "month": 7}.get(precision, 10)] if value else ""
