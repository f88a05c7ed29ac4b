"""The line beneath a picture that leaves the page: what was asked, of which posts, and what cannot be seen in them."""

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from cases.enums import Platform
from posts.campaigns import Campaign
from posts.questions import Question


def caption(found: Campaign, counted: int, question: Question) -> str:
    """What `counted` posts in a picture rest on; `question` is the campaign's, or what of it the picture shows."""
    files = ", ".join(f"{one['dataset']} ({one['posts']:,})" for one in found.coverage["datasets"])
    asked = ", ".join(_asked(question)) or _("all posts")
    source = f"{found.case.ref} {found.analysis.label}" if found.analysis else found.case.ref
    caution = found.coverage["caution"]
    parts = [
        _("%(source)s. Asked: %(asked)s.") % {"source": source, "asked": asked},
        _("Time zone: %(zone)s.") % {"zone": question.zone},
        _("%(counted)s posts counted, of those in %(files)s.") % {"counted": f"{counted:,}", "files": files},
        _(caution),
        _("Files: %(line)s") % {"line": found.coverage["line"]},
    ]
    lacks = dict.fromkeys(lack for one in found.coverage["datasets"] for lack in one["cannot_show"])
    if lacks:
        parts.append(_("What they cannot show: %(lacks)s") % {"lacks": " ".join(lacks)})
    return " ".join(parts)


def whole_timeline_caption(found: Campaign) -> str:
    """That of the page's own picture, which shows the whole question around a part that is chosen."""
    counted = sum(one["posts"] for one in found.timelines.get(found.unit, ()))
    return caption(found, counted, replace(found.question, start="", end="") if found.is_brushed else found.question)


def timeline_caption(found: Campaign) -> str:
    """That of the timeline of the chosen part."""
    return caption(found, sum(one["posts"] for one in found.exported_timeline), found.question)


def network_caption(found: Campaign, joined: str) -> str:
    """That of the network; `joined` says by what."""
    words = _("%(joined)s within %(window)s seconds.") % {"joined": joined, "window": found.question.window}
    return f"{words} {caption(found, found.report.result['posts'] if found.report else 0, found.question)}"


def _asked(question: Question) -> Iterator[str]:
    if question.tag:
        yield f"#{question.tag}"
    if question.query:
        yield f"“{question.query}”"
    if question.platform:
        yield Platform(question.platform).label
    if question.start:
        yield _("from %(start)s") % {"start": question.start}
    if question.end:
        yield _("before %(end)s") % {"end": question.end}
