"""The aids of an exhibit in words: what each found, and the sentence on what it cannot tell."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.exceptions import InvalidInput
from cases.moments import parse_moment
from evidence.enums import FrameKind
from evidence.media.aids import CANNOT_TELL
from evidence.models import Fingerprint, Frame, Item, MediaReport

CREDENTIALS = {
    "absent": "The file carries no content credentials (C2PA).",
    "present": "The file carries content credentials (C2PA) that could not be checked.",
    "valid": "The content credentials (C2PA) are intact, and their signer is on the list of trusted ones.",
    "untrusted": "The content credentials (C2PA) are intact; whether their signer is who it says was not checked.",
    "invalid": "The content credentials (C2PA) do not fit the file: it was changed after it was signed, or they were.",
}


@dataclass(frozen=True)
class Hint:
    """One aid: its name, what it found in sentences, and what it cannot tell; `tables` are those of a JPEG."""

    key: str
    title: str
    found: tuple[str, ...]
    cannot: str
    tables: dict | None = None
    notable: bool = False


def hints_of(item: Item, report: MediaReport, seams: list[list[float]]) -> list[Hint]:
    """The hints of an exhibit in the order in which they are shown."""
    facts = report.facts
    return [
        _hint("error_level", "Error level", ["Brighter is what saving the picture again changes more."]),
        _quantisation(facts.get("quantisation")),
        _savings(facts.get("quantisation"), facts.get("earlier_savings") or []),
        _metadata(item, facts.get("contradictions") or []),
        _credentials(facts.get("credentials") or {"state": "absent"}),
        _seams(seams),
    ]


def seams_of(frames: Sequence[Frame]) -> list[list[float]]:
    """The panels that the fingerprints found in an exhibit's own picture, as [x, y, w, h]."""
    images = [frame.pk for frame in frames if frame.kind == FrameKind.IMAGE]
    rows = Fingerprint.objects.filter(frame__in=images, algorithm="pdq").exclude(region=None)
    return list(rows.values_list("region", flat=True))


def _hint(key: str, title: str, found: list[str], **more) -> Hint:
    return Hint(key, title, tuple(found), CANNOT_TELL[key], **more)


def _quantisation(facts: dict | None) -> Hint:
    if facts is None:
        return _hint("quantisation", "JPEG quality", ["The file is no JPEG."])
    quality = f"about {facts['quality']} of 100" if facts["quality"] else "unknown"
    layout = "progressive" if facts["progressive"] else "baseline"
    text = f"Last saved as {layout} JPEG of quality {quality}, colours {facts['subsampling']}."
    return _hint("quantisation", "JPEG quality", [text], tables=facts["tables"])


def _savings(facts: dict | None, qualities: list[int]) -> Hint:
    if facts is None:
        found = ["The file is no JPEG."]
    elif qualities:
        found = [f"It seems to have been saved before at a quality of about {', '.join(map(str, qualities))}."]
    else:
        found = ["No trace of an earlier saving at a lower quality."]
    return _hint("double_compression", "Earlier savings", found, notable=bool(qualities))


def _metadata(item: Item, found: list[str]) -> Hint:
    found = [*found, *_times(item)]
    return _hint("metadata", "What the file says of itself", found or ["No contradiction found."], notable=bool(found))


def _times(item: Item) -> list[str]:
    """EXIF's time of exposure against the time at which the picture is claimed to have been published."""
    said = item.exif.get("exif", {}).get("DateTimeOriginal") or item.exif.get("exif", {}).get("DateTime")
    if not said or item.published_at is None:
        return []
    try:
        taken, _ = parse_moment(said[:10].replace(":", "-"), field="exif")
    except InvalidInput:
        return []
    if taken.date() > item.published_at.date():
        return [f"EXIF says taken on {taken:%d %B %Y}, after the claimed publication on {item.published_at:%d %B %Y}."]
    days = (item.published_at.date() - taken.date()).days
    if days > 30:
        return [f"EXIF says taken on {taken:%d %B %Y}, {days} days before the claimed publication."]
    return []


def _credentials(facts: dict) -> Hint:
    found = [CREDENTIALS[facts["state"]]]
    named = [("signer", "Signed by"), ("signed_at", "at"), ("made_with", "made with")]
    about = ", ".join(f"{word} {facts[name]}" for name, word in named if facts.get(name))
    found += [f"{about[0].upper()}{about[1:]}."] if about else []
    found += [f"The check says: {facts['note']}."] if facts.get("note") else []
    return _hint("credentials", "Content credentials", found, notable=facts["state"] == "invalid")


def _seams(seams: list[list[float]]) -> Hint:
    if not seams:
        return _hint("seams", "Seams and panels", ["No straight seam, gutter or border was found."])
    count = len(seams)
    text = f"{count} part{'' if count == 1 else 's'} set off by straight lines, drawn on the picture."
    return _hint("seams", "Seams and panels", [text], notable=True)
