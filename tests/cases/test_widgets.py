"""Controls of our own beside the ones of Django that they stand for."""

from datetime import date

import pytest
from django import forms
from django.test.html import parse_html
from django.utils.translation import override

from cases.widgets import DayInput, LongSelect

CHOICES = [("", "Any"), ("1", "One & only"), ("People", [("2", "<Two>"), ("3", "Three")])]


@pytest.mark.parametrize("value", [None, "", "1", "3", 3, "<unknown>"])
@pytest.mark.parametrize("attrs", [{}, {"id": "id_subject", "class": "form-select is-invalid", "required": True}])
def test_long_select_is_written_as_a_select_is(value, attrs):
    long, plain = (kind(choices=CHOICES, attrs={"data-x": "1"}) for kind in (LongSelect, forms.Select))
    assert parse_html(long.render("subject", value, attrs)) == parse_html(plain.render("subject", value, attrs))


def test_long_select_takes_what_was_sent():
    class Form(forms.Form):
        subject = forms.ChoiceField(choices=CHOICES, widget=LongSelect)

    assert Form({"subject": "3"}).is_valid()
    assert not Form({"subject": "People"}).is_valid()
    assert '<option value="3" selected>' in str(Form({"subject": "3"})["subject"])


@pytest.mark.parametrize("language", ["en-gb", "fr"])
def test_day_is_written_as_browsers_take_it_in_every_language(language):
    with override(language):
        assert DayInput().render("day", date(2024, 6, 3)) == '<input type="date" name="day" value="2024-06-03">'
