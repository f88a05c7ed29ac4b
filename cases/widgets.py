"""Form controls that hold more than Django's own are made for."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext


class DayInput(forms.DateInput):
    """A day in the browser's own picker, which takes one form of a date in all languages and drops any other."""

    input_type = "date"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class LongSelect(forms.Select):
    """A drop-down of thousands: its options are written at once, where Django renders a template for each of them."""

    def render(self, name: str, value: Any, attrs: dict | None = None, renderer: Any = None) -> SafeString:
        chosen = frozenset(self.format_value(value))
        attributes = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html("<select{}>{}</select>", flatatt(attributes), _options(self.choices, chosen))


def _options(choices: Iterable[tuple[Any, Any]], chosen: Collection[str]) -> SafeString:
    """Options, and groups of options where a choice names a list of them."""
    return format_html_join("\n", "{}", ((_entry(value, label, chosen),) for value, label in choices))


def _entry(value: Any, label: Any, chosen: Collection[str]) -> SafeString:
    if isinstance(label, list | tuple):
        return format_html('<optgroup label="{}">{}</optgroup>', gettext(value), _options(label, chosen))
    if not value:
        # What stands there before somebody chooses; all others are names of records.
        label = gettext(label)
    selected = SafeString(" selected") if str(value) in chosen else ""
    return format_html('<option value="{}"{}>{}</option>', value, selected, label)
