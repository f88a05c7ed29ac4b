"""Template tags of the pages of posts: numbers that lead to their posts, and texts as they stand in them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join

from cases.lookalikes import marks
from posts.campaigns import Named
from posts.numbers import Number

register = template.Library()


@register.simple_tag
def number(one: Number, what: str = "", digits: int | None = None):
    """A number as a link to what it counts, with the mark that cites it; `what` is said to screen readers.

    One that is not whole is shown with at most `digits` behind the point; the analysis has all of them.
    """
    if one.value is None:
        return "–"
    written = f"{one.value:,}" if digits is None else f"{one.value:,.{digits}f}".rstrip("0").rstrip(".")
    shown = format_html('<span class="figure">{}</span>', written)
    if one.url:
        shown = format_html('<a class="figure" href="{}">{}</a>', one.url, written)
    if not one.cite:
        return shown
    return format_html(
        '<span class="number">{} <a class="cite-one" href="{}" title="Cite this number">'
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#quote"></use></svg>'
        '<span class="visually-hidden">Cite {} {}</span></a></span>',
        shown,
        one.cite,
        static("vendor/icons.svg"),
        written,
        what,
    )


@register.filter
def odd_letters(name: str) -> str:
    """A mark behind a name with letters that cannot be seen, turn the text around or pose as others; else nothing."""
    found = list(dict.fromkeys(f"{mark.code} {mark.reason}" for mark in marks(name or "")))
    if not found:
        return ""
    return format_html(' <span class="badge-ui tone-warn" title="{}">odd letters</span>', ", ".join(found[:5]))


@register.simple_tag(takes_context=True)
def account(context, who: Named | None):
    """An account of the posts, with the one click that makes it one of the case's; the form is the page's own."""
    if who is None:
        return format_html('<span class="none">not in these files</span>')
    if who.tracked:
        address = reverse("cases:account", args=[context["case"].ref, who.tracked.pk])
        return format_html('<a href="{}" title="Tracked in this case">{}</a>', address, who.label)
    name = format_html('<bdi class="who" title="{}">{}</bdi>{}', who.key, who.label, odd_letters(who.label))
    if who.post is None or not context.get("may_track"):
        return name
    # What the page asks goes along, to come back to.
    address = f"{reverse('posts:track', args=[context['case'].ref, who.post.pk])}?{context.get('query', '')}"
    return format_html(
        '{} <button type="submit" form="track" formaction="{}" class="track" title="Make this account one of the '
        'case’s, with its profiles as observations">Track<span class="visually-hidden"> {}</span></button>',
        name,
        address,
        who.label,
    )


@register.simple_tag
def share_bar(width: float):
    """How long a row is beside the longest, as a bar; the number stands beside it."""
    return format_html(
        '<svg class="share-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect width="{}" height="4"></rect></svg>',
        width,
    )


@register.filter
def bucket_words(bucket: str) -> str:
    """A bucket of a timeline for people: "16 May 2024", or "16 May 2024, 14:00 (+04:00)"."""
    if len(bucket) == len("2024-05-16"):
        return format_date(date.fromisoformat(bucket), "j M Y")
    return f"{format_date(datetime.fromisoformat(bucket), 'j M Y, H:i')} ({bucket[16:]})"


@register.filter
def buckets_words(buckets: Iterable[str]) -> str:
    """Several of them."""
    return "; ".join(bucket_words(bucket) for bucket in buckets)


@register.filter
def moment_words(written: str) -> str:
    """A moment in UTC as results write it, for people."""
    return format_date(datetime.fromisoformat(written), "j M Y, H:i e")


@register.simple_block_tag(takes_context=True)
def fold(context, content: str, entries: str):
    """Rows that are fetched when the fold is opened, under what stands in the block; without scripts a link to them."""
    address = f"{reverse('posts:rows', args=[context['case'].ref, entries])}?{context['query']}"
    return format_html(
        '<details class="fold" hx-get="{}" hx-trigger="toggle once" hx-target="find .fold-body"><summary>{}</summary>'
        '<div class="fold-body"><p><a href="{}">Show them</a></p></div></details>',
        address,
        content,
        address,
    )


MONTH_BARS = (400, 90)


@register.simple_tag
def month_bars(months: list[dict[str, Any]]):
    """Accounts by month as columns, months without any between them; the table beside them says the same."""
    if not months:
        return ""
    wide, tall = MONTH_BARS
    places = [_month(one["bucket"]) for one in months]
    step = wide / (places[-1] - places[0] + 1)
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}"><title>{}: {}</title></rect>',
        (
            (
                round((place - places[0]) * step, 2),
                round(tall - tall * one["width"] / 100, 2),
                round(max(step * 0.9, 1), 2),
                round(tall * one["width"] / 100, 2),
                one["bucket"],
                one["accounts"],
            )
            for place, one in zip(places, months, strict=True)
        ),
    )
    return format_html(
        '<svg class="month-bars" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true" focusable="false">{}'
        '</svg><p class="month-ends" aria-hidden="true"><span>{}</span><span>{}</span></p>',
        wide,
        tall,
        bars,
        months[0]["bucket"],
        months[-1]["bucket"],
    )


def _month(bucket: str) -> int:
    return int(bucket[:4]) * 12 + int(bucket[5:7])
