"""Saved web pages: the text that a reader of the page could see, its main part, and what the page says about itself.

Nothing is fetched and nothing is run. Text that the page hides (scripts, templates, hidden elements) is left out, so
that nobody cites what no reader saw.
"""

import re
from typing import BinaryIO

import lxml.html
import trafilatura
from lxml import etree

from evidence.parsers.refusals import Refused
from evidence.parsers.texts import LONGEST_BYTES, bounded, clean, decode

DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_.:-]{1,40})""", re.IGNORECASE)
XML_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([a-zA-Z0-9_.:-]{1,40})""")
UNSEEN = {"script", "style", "template", "noscript", "head", "iframe", "object", "svg", "math", "canvas", "select"}
BLOCK_NAMES = """
    address article aside blockquote br caption dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4
    h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead title tr ul
"""
BLOCKS = frozenset(BLOCK_NAMES.split())
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def parse(stream: BinaryIO, *, charset: str = "") -> dict:
    """The visible text as `text`, the article in it as `main`, and what the page says of itself as `about`."""
    content, cut = bounded(stream)
    source, encoding = decode(content, charset or declared_charset(content), cut=cut)
    tree, too_deep = _tree(source)
    text, problems = clean(visible_text(tree))
    if too_deep:
        problems.append("Parts of the page are nested too deep to be read.")
    if cut:
        problems.append(f"Only the first {LONGEST_BYTES // 1024**2} MB of the page were read.")
    facts = {"text": text, "encoding": encoding, "problems": problems, "pages": [[0, len(text)]]}
    _drop_unseen(tree)
    article = _article(tree)
    if not text:  # the page hides all of itself
        article["main"] = ""
    return facts | article


def declared_charset(content: bytes) -> str:
    """What the page says its own encoding is."""
    found = XML_DECLARED.search(content[:200]) or DECLARED.search(content[:4096])
    return found.group(1).decode("ascii").lower() if found else ""


def _tree(source: str) -> tuple[etree._Element, bool]:
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        tree = lxml.html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise Refused("The page has no content.") from error
    return tree, any("depth" in entry.message.lower() for entry in parser.error_log)


def visible_text(tree: etree._Element) -> str:
    """What a reader sees, block by block, each on its own line."""
    pieces: list[str] = []
    _collect(tree, pieces)
    lines = (re.sub(r"[ \t\f\v\u00a0\r]+", " ", line).strip() for line in "".join(pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _collect(element: etree._Element, pieces: list[str]) -> None:
    if not _unseen(element):
        block = element.tag in BLOCKS
        pieces.append("\n" if block else "")
        pieces.append(_flat(element, element.text))
        for child in element:
            _collect(child, pieces)
        pieces.append("\n" if block else "")
    pieces.append(_flat(element.getparent(), element.tail))


def _flat(within: etree._Element | None, text: str | None) -> str:
    keeps = within is not None and within.tag in ("pre", "textarea")
    return (text or "") if keeps else (text or "").replace("\n", " ")


def _unseen(element: etree._Element) -> bool:
    return (
        element.tag in UNSEEN
        or "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or bool(HIDDEN_STYLE.search(element.get("style", "")))
    )


def _drop_unseen(tree: etree._Element) -> None:
    """Take out what a reader does not see: what looks for the article would take hidden words for a part of it.

    The head stays, and scripts: they are no text to it, and say who wrote the page and when.
    """
    head = set(tree.iterfind("./head//*"))
    unseen = [each for each in tree.iter(etree.Element) if each.tag not in ("head", "script") and _unseen(each)]
    for element in unseen:
        if element not in head and element.getparent() is not None:
            element.drop_tree()


def _article(tree: etree._Element) -> dict:
    found = trafilatura.bare_extraction(tree, with_metadata=True, include_comments=False, as_dict=False)
    if found is None:
        return {"main": "", "about": {"title": (tree.findtext(".//title") or "").strip()}}
    about = {"title": found.title, "author": found.author, "date": found.date, "publisher": found.sitename}
    about |= {"description": found.description, "language": tree.get("lang") or found.language}
    return {"main": clean(found.text or "")[0], "about": {key: str(value) for key, value in about.items() if value}}
