"""Templates compile, hold to the security policy, and make forms and lists that assistive technology understands."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from html import escape, unescape
from pathlib import Path

import pytest
from django import forms
from django.template import engines
from django.template.loader import get_template
from django.test import RequestFactory
from django.urls import get_resolver
from hypothesis import given
from hypothesis import strategies as st

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/json)"),
    "style attribute": re.compile(r"<[^>]+\sstyle\s*="),
    "style element": re.compile(r"<style"),
    "event attribute": re.compile(r"<[^>]+\son[a-z]+\s*="),
    "htmx event attribute": re.compile(r"hx-on"),
    "evaluated htmx values": re.compile(r"hx-(vals|headers)=.js:"),
    "address of another host": re.compile(r"(src|href)=[\"']?(https?:)?//"),
}


def render(source, **context):
    request = context.pop("request", None) or RequestFactory().get("/")
    return engines["django"].from_string("{% load ui %}" + source).render(context, request)


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name):
    assert get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_template_has_nothing_the_policy_forbids(name):
    source = (TEMPLATES / name).read_text()
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(source)] == []


def test_sort_heading_sorts_ascending_first_then_descending():
    first = render(
        '{% sort_th "Title" "title" %}', request=RequestFactory().get("/", {"kind": "page", "cursor": "abc"})
    )
    again = render('{% sort_th "Title" "title" %}', request=RequestFactory().get("/", {"sort": "title"}))
    back = render('{% sort_th "Title" "title" %}', request=RequestFactory().get("/", {"sort": "-title"}))
    assert "?kind=page&amp;sort=title" in first
    assert "aria-sort" not in first
    assert "sort=-title" in again
    assert 'aria-sort="ascending"' in again
    assert "sort=title" in back
    assert 'aria-sort="descending"' in back


class Sample(forms.Form):
    title = forms.CharField(help_text="In its own language.", max_length=5)
    stance = forms.ChoiceField(choices=[("for", "For"), ("against", "Against")], widget=forms.RadioSelect)
    graphic = forms.BooleanField(required=False)


def test_form_ties_help_and_errors_to_the_control():
    html = str(Sample({"title": "too long"}))
    described = re.search(r'name="title"[^>]*aria-describedby="([^"]+)"', html).group(1).split()
    assert described == ["id_title_helptext", "id_title_error"]
    assert all(f'id="{name}"' in html for name in described)
    assert 'aria-invalid="true"' in html


def test_form_groups_choices_under_a_legend():
    html = str(Sample())
    assert re.search(r"<fieldset[^>]*>\s*<legend[^>]*>Stance", html)
    assert html.count('type="radio"') == 2


def test_form_shows_what_concerns_no_single_field():
    form = Sample({"title": "abc", "stance": "for"})
    form.add_error(None, "These two do not fit together.")
    assert 'role="alert"' in str(form)
    assert "These two do not fit together." in str(form)


def test_form_escapes_what_people_typed():
    html = str(Sample({"title": "<b>&"}))
    assert 'value="&lt;b&gt;&amp;"' in html


def test_grade_says_both_axes_in_words():
    html = render('{% grade "B" "6" %}')
    assert "Source usually reliable; Truth cannot be judged" in html


def test_status_interval_shows_both_sightings():
    html = render(
        '{% include "components/status_interval.html" with status="suspended" seen_at=seen last_other="active" '
        "last_other_at=before %}",
        seen=datetime(2024, 6, 3),
        before=datetime(2024, 5, 16),
    )
    words = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert words == "Active 16 May 2024 then Suspended by 3 Jun 2024"


def test_pagination_keeps_filters_and_drops_nothing_else():
    request = RequestFactory().get("/", {"kind": "page", "cursor": "old"})
    html = render('{% include "components/pagination.html" %}', request=request, page={"next": "new"})
    assert 'href="?kind=page&amp;cursor=new"' in html
    assert 'href="?kind=page"' in html


def test_pagination_of_a_single_page_shows_nothing():
    assert render('{% include "components/pagination.html" %}', page={"next": ""}).strip() == ""


def test_preserved_copy_keeps_a_leading_line_break():
    html = render('{% include "components/preserved.html" with id="copy" exhibit=1 text=text %}', text="\nFirst")
    assert "<pre data-text>\n\nFirst</pre>" in html


def test_quote_escapes_what_the_evidence_says():
    html = render('{% include "components/quote.html" with quote=quote exhibit=1 %}', quote="<script>alert(1)</script>")
    assert "<script>" not in html


def test_error_for_an_icon_that_does_not_exist_is_seen_in_the_sprite_test():
    sprite = (TEMPLATES.parent / "static/vendor/icons.svg").read_text()
    used = {name for path in TEMPLATES.rglob("*.html") for name in re.findall(r'{% icon "([^"]+)"', path.read_text())}
    used |= {
        name for path in TEMPLATES.rglob("*.html") for name in re.findall(r'icon_name="([^"]+)"', path.read_text())
    }
    assert {name for name in used if f'id="{name}"' not in sprite} == set()


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        ("year", "2014"),
        ("month", "May 2014"),
        ("day", "16 May 2014"),
        ("minute", "16 May 2014, 12:21 UTC"),
        ("second", "16 May 2014, 12:21:09 UTC"),
        ("by", "16 May 2014 at the latest"),
    ],
)
def test_moment_is_shown_no_more_precisely_than_it_is_known(precision, words):
    html = render("{% when at precision %}", at=datetime(2014, 5, 16, 12, 21, 9, tzinfo=UTC), precision=precision)
    assert re.sub(r"<[^>]+>", "", html) == words


def test_moment_in_another_zone_is_shown_with_the_zone_of_the_page():
    html = render("{% when at %}", at=datetime(2024, 5, 16, 12, 21, tzinfo=timezone(timedelta(hours=11))))
    assert "16 May 2024, 01:21 UTC" in html


def test_date_without_time_shows_no_midnight():
    assert ">16 May 2024<" in render("{% when at %}", at=date(2024, 5, 16))


def test_moment_that_is_not_known_shows_a_dash():
    assert render("{% when at %}", at=None) == "–"


def test_word_diff_marks_only_what_changed():
    html = render("{% word_diff before after %}", before="X is operated by Y.", after="X appears to be operated by Y.")
    assert html == "X <del>is </del><ins>appears to be </ins>operated by Y."


def test_word_diff_escapes_both_texts():
    html = render("{% word_diff before after %}", before="<b>old</b> & same", after="<i>new</i> & same")
    assert "<b>" not in html
    assert "<i>" not in html
    assert "&amp; same" in html


@given(st.text(max_size=60), st.text(max_size=60))
def test_word_diff_holds_both_texts_whole(before, after):
    html = render("{% word_diff before after %}", before=before, after=after)
    old = re.sub(r"<ins>.*?</ins>", "", html, flags=re.DOTALL)
    new = re.sub(r"<del>.*?</del>", "", html, flags=re.DOTALL)
    assert unescape(re.sub(r"</?del>", "", old)) == before
    assert unescape(re.sub(r"</?ins>", "", new)) == after


def test_pages_that_templates_link_to_exist():
    used = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"""{% url ['"]([^'"]+)['"]""", path.read_text())
    }
    assert used - page_names(get_resolver()) == set()


def page_names(resolver, prefix=""):
    names = set()
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            names |= page_names(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif entry.name:
            names.add(prefix + entry.name)
    return names


def test_changes_that_only_set_values_need_no_column_for_before():
    changes = [
        {"field": "title", "before": None, "after": "New"},
        {"field": "ids", "before": None, "after": [{"a": 1}]},
    ]
    html = render("{% include 'components/diff.html' %}", changes=changes)
    assert "Set to" in html
    assert "Before" not in html
    assert escape('[{"a": 1}]') in html


def test_changes_of_values_show_both():
    changes = [{"field": "title", "before": "Old", "after": "New"}, {"field": "note", "before": None, "after": "New"}]
    html = render("{% include 'components/diff.html' %}", changes=changes)
    assert "<del>Old</del>" in html
    assert "Set to" not in html


@pytest.mark.parametrize(("count", "folded"), [(6, False), (7, True)])
def test_long_differences_are_folded(count, folded):
    changes = [{"field": f"f{number}", "before": None, "after": number} for number in range(count)]
    assert ("<details" in render("{% include 'components/diff.html' %}", changes=changes)) is folded
