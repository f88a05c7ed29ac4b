"""What may hint at a manipulation: made in the child, from the original, under the limits of all pictures."""

import json
from typing import Any, BinaryIO

import c2pa
from PIL import Image

from evidence.media import aids
from evidence.parsers.images import decoding, opened, save

SHOWN = aids.SIDE
# What c2pa says of a manifest -> what we say. Its own list of trusted signers is not kept up to date here.
STATES = {"Trusted": "valid", "Valid": "untrusted", "Invalid": "invalid"}
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
MOST_TEXT = 300


def parse(stream: BinaryIO) -> dict:
    """Writes error-level.webp; the facts hold the JPEG's tables, earlier savings, contradictions, credentials."""
    with decoding():
        image = opened(stream)
        facts: dict[str, Any] = {"version": aids.VERSION, "format": image.format}
        facts["quantisation"] = aids.quantisation(image)
        facts["contradictions"] = aids.contradictions(image)
        quality = facts["quantisation"] and facts["quantisation"]["quality"]
        facts["earlier_savings"] = aids.earlier_savings(image, quality)
        facts["error_level"] = _error_level(image)
    facts["credentials"] = credentials(stream, TYPES[facts["format"]])
    return facts


def _error_level(image: Image.Image) -> list[int]:
    return save(aids.error_level(image), SHOWN, "error-level.webp")


def credentials(stream: BinaryIO, media_type: str) -> dict[str, Any]:
    """The state of a C2PA manifest: absent, present (and not readable), valid, untrusted or invalid, and who signed."""
    stream.seek(0)
    try:
        with c2pa.Reader(media_type, stream) as reader:
            return _manifest(reader)
    except c2pa.C2paError as error:
        absent = (
            "ManifestNotFound" in type(error).__name__ or "ManifestNotFound" in str(error) or "no JUMBF" in str(error)
        )
        return {"state": "absent" if absent else "present", "note": "" if absent else str(error)[:MOST_TEXT]}


def _manifest(reader: c2pa.Reader) -> dict[str, Any]:
    told = json.loads(reader.json())
    active = told.get("manifests", {}).get(told.get("active_manifest"), {})
    signature = active.get("signature_info", {})
    problems = [str(one.get("code", "")) for one in told.get("validation_status", [])]
    return {
        "state": STATES.get(told.get("validation_state", ""), "present"),
        "signer": str(signature.get("issuer", ""))[:MOST_TEXT],
        "signed_at": str(signature.get("time", ""))[:MOST_TEXT],
        "made_with": _made_with(active)[:MOST_TEXT],
        "note": ", ".join(problems)[:MOST_TEXT],
    }


def _made_with(active: dict[str, Any]) -> str:
    """The programs that wrote the manifest: a list since version 2 of the specification, a text before."""
    programs = [one for one in active.get("claim_generator_info", []) if isinstance(one, dict)]
    names = [f"{one.get('name', '')} {one.get('version', '')}".strip() for one in programs]
    return ", ".join(filter(None, names)) or str(active.get("claim_generator", ""))
