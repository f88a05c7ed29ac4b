"""Template tags of the interface: icons, badges, sort headers, form controls. Load them with `{% load ui %}`."""

import difflib
import json
import re
from datetime import date, datetime

from django import template
from django.forms import CheckboxInput, CheckboxSelectMultiple, ClearableFileInput, RadioSelect, Select
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext

from caseapp.badges import badge_for
from cases.enums import BY, Precision
from cases.models import Case
from cases.permissions import Permission, can

register = template.Library()

CHECKS = (CheckboxInput, CheckboxSelectMultiple, RadioSelect)


@register.simple_tag
def icon(name, css=""):
    """An icon of the sprite, hidden from screen readers: the words beside it say what it means."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def badge(kind, value, label=""):
    """A badge for a value of a kind in `caseapp.badges`; `label` replaces its word, not its tone.

    Pages show hundreds of them: written here, for a template of their own takes ten times as long.
    """
    found = badge_for(kind, value)
    title = format_html(' title="{}"', found.meaning) if found.meaning else ""
    return format_html(
        '<span class="badge-ui tone-{}" data-kind="{}"{}>{}</span>', found.tone, kind, title, label or found.label
    )


@register.inclusion_tag("components/grade.html")
def grade(reliability, credibility=""):
    """The two Admiralty axes side by side, B2: the letter rates the source, the digit this statement."""
    return {
        "reliability": reliability,
        "credibility": credibility,
        "reliability_badge": badge_for("reliability", reliability),
        "credibility_badge": badge_for("credibility", credibility) if credibility else None,
    }


@register.inclusion_tag("components/sort_th.html", takes_context=True)
def sort_th(context, label, field, css=""):
    """A column heading that sorts by `field` through `?sort=field`, then `?sort=-field`; the cursor starts anew."""
    current = context["request"].GET.get("sort", "")
    state = "ascending" if current == field else "descending" if current == f"-{field}" else "none"
    query = context["request"].GET.copy()
    query.pop("cursor", None)
    query["sort"] = f"-{field}" if state == "ascending" else field
    return {"label": label, "state": state, "url": f"?{query.urlencode()}", "css": css}


@register.simple_tag
def control(field, **attrs):
    """A bound field's widget with the classes of the design; Django itself ties help and errors by aria-describedby."""
    widget = field.field.widget
    if isinstance(widget, CHECKS):
        css = "form-check-input"
    elif isinstance(widget, Select):
        css = "form-select"
    else:
        css = "form-control"
    css = f"{css} is-invalid" if field.errors else css
    own = widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{css} {own}".strip(), **attrs})


# What is known of a moment decides what is shown of it; a time of day always names its zone.
PRECISIONS = {"year": "Y", "month": "M Y", "day": "j M Y", "minute": "j M Y, H:i e", "second": "j M Y, H:i:s e"}


@register.simple_tag
def when(moment, precision="minute"):
    """A date or a moment as a `<time>`, no more precise than it is known; a dash for none."""
    if moment is None:
        return "–"
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    elif isinstance(moment, date) and precision in {"minute", "second"}:
        precision = "day"
    shown = format_date(moment, PRECISIONS[Precision.DAY if precision == BY else precision])
    shown = gettext("%(day)s at the latest") % {"day": shown} if precision == BY else shown
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), shown)


WORDS = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")


@register.simple_tag
def word_diff(before, after):
    """Two texts as one, with what was taken out in `<del>` and what came in in `<ins>`."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    parts = []
    for step, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            parts.append(format_html("{}", "".join(old[i:j])))
            continue
        if i < j:
            parts.append(format_html("<del>{}</del>", "".join(old[i:j])))
        if k < m:
            parts.append(format_html("<ins>{}</ins>", "".join(new[k:m])))
    return format_html_join("", "{}", ((part,) for part in parts))


@register.filter
def in_language(words):
    """A label that is kept in English, such as `get_kind_display`, in the language of the page."""
    return gettext(str(words)) if words else ""


@register.filter
def all_new(changes):
    """Whether every change sets what was not there before, so that a column for it would stand empty."""
    return all(change["before"] is None for change in changes)


@register.filter
def as_stored(value):
    """A value of the log as text: lists and objects as JSON, as the log holds them; the rest as it is."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


@register.filter
def is_check(field):
    """Whether a bound field is one tick box, which stands before its label."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_choice_list(field):
    """Whether a bound field is a list of ticks or radio buttons, which needs a fieldset and a legend."""
    return isinstance(field.field.widget, CheckboxSelectMultiple | RadioSelect)


@register.filter
def is_file(field):
    """Whether a bound field takes files."""
    return isinstance(field.field.widget, ClearableFileInput)


@register.filter
def short_hash(value, length=12):
    """The first characters of a hash, as a person compares them; the full one belongs in a title or a copy button."""
    return str(value)[:length]


@register.simple_tag(takes_context=True)
def may(context, permission: str) -> bool:
    """Whether the person who looks may do this in the case of the page; of the gallery's sample case anything."""
    case = context["case"]
    return not isinstance(case, Case) or can(context["request"].user, case, Permission(permission))
