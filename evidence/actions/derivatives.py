"""Reading text out of originals and making renditions: always in the parsers' child process, always repeatable."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases.actions.job_runs import start_job
from cases.exceptions import InvalidInput
from cases.history import record
from cases.models import JobRun, User
from evidence import custody, stores
from evidence.actions.fixity import open_or_report
from evidence.enums import CustodyAction, DerivativeOperation
from evidence.models import Blob, Derivative, Item, TextLayer
from evidence.parsers import media_types, sandbox, texts
from evidence.parsers.sandbox import Parsed, ParserFailed
from evidence.permissions import check_log_evidence
from evidence.queries import get_item_by_id
from evidence.seals import seal_row

DERIVE = "evidence.derive_item"
PROBLEM_LONGEST = Item._meta.get_field("parse_problem").max_length
WEBP = "image/webp"
ENCODED = (media_types.TEXT, media_types.HTML)


@dataclass
class Findings:
    """What a parser gave: facts for the item, texts by tool, pictures by operation; or why it gave nothing."""

    facts: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, tuple[str, list]] = field(default_factory=dict)
    pictures: dict[str, tuple[str, int, list[int]]] = field(default_factory=dict)
    problem: str = ""


def defer_derivation(item: Item, actor: User) -> None:
    """Enqueue the reading of an item, in the transaction that logs it."""
    _start(item, actor, f"Read E-{item.exhibit}")


@transaction.atomic
def read_again(*, actor: User, item: Item, charset: str) -> JobRun:
    """Enqueue another reading of a text or web page, in the encoding that a person declares."""
    check_log_evidence(actor, item.case)
    if item.blob_id is None or item.blob.media_type not in ENCODED:
        raise InvalidInput("Only plain text and web pages have an encoding to declare.")
    if not texts.is_encoding(charset):
        raise InvalidInput(f"There is no encoding {charset!r}; windows-1251 and iso-8859-1 are some.", field="charset")
    return _start(item, actor, f"Read E-{item.exhibit} again as {charset}", charset=charset)


def _start(item: Item, actor: User, title: str, **how: str) -> JobRun:
    arguments = {"item_id": str(item.pk), "actor_id": str(actor.pk), **how}
    return start_job(actor=actor, task=DERIVE, title=title, case=item.case, arguments=arguments)


def derive_item(*, actor: User, item: Item, charset: str = "") -> Item:
    """Read the text of an exhibit and make its renditions; again, with a declared encoding, where it could not be read.

    A parser that refuses, breaks down or runs out of time leaves the exhibit as it is, with the reason beside it.
    Raises BlobMissing or BlobChanged when the original itself is damaged.
    """
    check_log_evidence(actor, item.case)
    findings = read_item(actor, item, charset)
    return keep_findings(actor=actor, item=item, findings=findings, charset=charset)


def keep_text(blob: Blob, text: str, pages: list, tool: str) -> TextLayer:
    """Keep one reading of a blob; the same reading again is the same row."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    layer = seal_row(TextLayer(blob=blob, tool=tool, text=text, pages=pages, sha256=digest))
    TextLayer.objects.bulk_create([layer], ignore_conflicts=True)
    return TextLayer.objects.get(blob=blob, tool=tool)


def read_item(actor: User, item: Item, charset: str = "") -> Findings:
    """The first half of derive_item: what the parser gives. Writes no row, unless the original is damaged."""
    parser = PARSERS.get(item.blob.media_type) if item.blob else None
    if parser is None:
        return Findings()
    module, collect = parser
    options = {"charset": charset} if charset and item.blob.media_type in ENCODED else {}
    with open_or_report(actor, item) as stream:
        try:
            with sandbox.run(f"evidence.parsers.{module}", stream, **options) as parsed:
                return collect(parsed)
        except ParserFailed as failure:
            return Findings(problem=failure.reason)


@transaction.atomic
def keep_findings(*, actor: User, item: Item, findings: Findings, charset: str = "") -> Item:
    """The second half of derive_item: keep what the parser gave."""
    item = get_item_by_id(actor, item.pk, for_update=True)
    made = [keep_text(item.blob, text, pages, tool).sha256 for tool, (text, pages) in findings.texts.items()]
    for operation, (sha256, size, shape) in findings.pictures.items():
        facts = {"sha256": sha256, "size": size, "width": shape[0], "height": shape[1], "media_type": WEBP}
        Derivative.objects.update_or_create(
            parent=item.blob, operation=operation, tool=f"Pillow {version('pillow')}", defaults=facts
        )
        made.append(sha256)
    for name, value in findings.facts.items():
        setattr(item, name, value)
    item.readings = [*(tool for tool in item.readings if tool not in findings.texts), *findings.texts]
    item.parse_problem, item.derived_at = findings.problem[:PROBLEM_LONGEST], timezone.now()
    item.save(update_fields=[*findings.facts, "readings", "parse_problem", "derived_at"])
    purpose = f"Read again as {charset}" if charset else "Text layer and renditions"
    for sha256 in made:
        custody.note(item, CustodyAction.DERIVE, actor, purpose=purpose, result_sha256=sha256)
    after = {"made": made, "problem": item.parse_problem, "charset": charset}
    record(actor, "item_derived", item, after=after, evidence=[item.blob_id] if item.blob_id else [])
    return item


# --- what each parser's answer becomes


def _plain_text(parsed: Parsed) -> Findings:
    facts = parsed.facts
    tool = f"plain text, {facts['encoding']}"
    return Findings(texts={tool: (facts["text"], facts["pages"])}, problem=" ".join(facts["problems"]))


def _web_page(parsed: Parsed) -> Findings:
    facts = parsed.facts
    found = {}
    if facts["main"]:
        tool = f"main text (trafilatura {version('trafilatura')}, hidden parts left out)"
        found[tool] = (facts["main"], [[0, len(facts["main"])]])
    tool = f"visible text, {facts['encoding']} (lxml {version('lxml')})"
    found[tool] = (facts["text"], facts["pages"])
    return Findings({"exif": {"about": facts["about"]}}, found, problem=" ".join(facts["problems"]))


def _pdf(parsed: Parsed) -> Findings:
    facts = parsed.facts
    found = {f"PDF text (pypdfium2 {version('pypdfium2')})": (facts["text"], facts["pages"])}
    about = facts["about"] | {"pages": str(facts["page_count"])}
    return Findings({"exif": {"about": about}}, found, problem=" ".join(facts["problems"]))


def _picture(parsed: Parsed) -> Findings:
    facts = parsed.facts
    store = stores.derivatives()
    pictures = {
        operation: (*store.put(parsed.file(f"{operation}.webp")), facts[operation])
        for operation in (DerivativeOperation.RENDITION, DerivativeOperation.THUMBNAIL)
    }
    about = {"format": facts["format"], **({"animated": "yes"} if facts["animated"] else {}), **facts["notes"]}
    found = {
        "width": facts["width"],
        "height": facts["height"],
        "exif": {"about": about, "exif": facts["exif"], "gps": facts["gps"]},
        "has_gps": bool(facts["gps"]) or facts["gps_in_xmp"],
    }
    return Findings(found, pictures=pictures)


PARSERS: dict[str, tuple[str, Callable[[Parsed], Findings]]] = {
    media_types.TEXT: ("texts", _plain_text),
    media_types.HTML: ("web_pages", _web_page),
    media_types.PDF: ("pdfs", _pdf),
    **dict.fromkeys(media_types.PICTURES, ("images", _picture)),
}
