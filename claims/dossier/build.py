"""Building a dossier: the pages, the seal in the log, the proofs, the folder and the zip file.

Nothing here reads what may change later: the snapshot is frozen, and log entries, leaves and checkpoints are
append-only. So the same release builds the same bytes again, whenever it is asked, until one of its claims is corrected
or retracted: a dossier made from then on says so, under a seal of its own. An outside time stamp of its checkpoint,
which may come later, is added once. Dossiers that were handed out before stay as they are and verify as they did.
"""

import io
import json
import os
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.db import transaction

from audit.canonical import canonical
from audit.log import format_time
from audit.models import Event
from audit.waiting import wait_for_inclusion
from cases.actions.time_stamps import ask_after
from cases.history import object_string, record
from cases.models import User
from claims.dossier import checks, program, proofs, render
from claims.dossier.commitments import MARK, REDACTIONS
from claims.dossier.later import as_file, corrections_since, without_words
from claims.dossier.redaction import masked, opening
from claims.dossier.since import LATER
from claims.dossier.snapshot import thaw
from claims.dossier.vouched import check_vouched
from claims.models import Publication, Redaction

_CSS = Path(__file__).with_name("dossier.css")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can hold: the same in every build


@dataclass(frozen=True)
class Dossier:
    """The files of one dossier by name, and what it is called outside."""

    name: str
    files: dict[str, bytes]

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest, which names the whole dossier."""
        return checks.sha256(self.files[checks.MANIFEST])

    @cached_property
    def zip(self) -> bytes:
        """The dossier as a zip file, the same bytes in every build: stored, sorted, without times."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for name in sorted(self.files):
                member = zipfile.ZipInfo(f"{self.name}/{name}", _EPOCH)
                member.external_attr = 0o100644 << 16
                member.create_system = 3
                archive.writestr(member, self.files[name])
        return buffer.getvalue()


def build(*, actor: User, publication: Publication, redaction: Redaction | None = None) -> Dossier:
    """Seal the pages of `publication` in the log, unless they are, and return the dossier with its proofs.

    With `redaction`, what that one withholds is not in it.

    Call it outside a transaction: it waits until a signed checkpoint covers the seal, and raises NotIncluded when that
    takes too long. Nothing is lost then: the next call finds the seal and goes on from there. Raises NotVouchedFor as
    `seal` does.
    """
    pages = pages_of(publication, redaction)
    event = seal(actor=actor, publication=publication, pages=pages)
    wait_for_inclusion([event.event_id])
    exhibits = checks.parse(pages, checks.CLAIMS)["exhibits"]
    # The log's entry of an exhibit names the hash of its file: where that is withheld, so is the entry.
    items = [exhibit["item"] for exhibit in exhibits if exhibit["sha256"] != MARK]
    files = pages | proofs.collect(publication, event, items, is_redacted=redaction is not None)
    entries = {name: checks.sha256(files[name]) for name in sorted(files)}
    manifest = {"format": checks.MANIFEST_FORMAT, "files": entries, "digest": checks.manifest_digest(entries)}
    files[checks.MANIFEST] = checks.canonical(manifest)
    suffix = f"-redacted-{redaction.number}" if redaction else ""
    return Dossier(f"{publication.case.ref}-dossier-{publication.number}{suffix}", files)


@transaction.atomic
def seal(*, actor: User, publication: Publication, pages: dict[str, bytes]) -> Event:
    """Return the event by which the log vouches for these pages, recording it the first time.

    Raises NotVouchedFor when the log does not tell of this publication as its rows have it.
    """
    publication = Publication.objects.select_for_update(of=("self",)).select_related("case").get(pk=publication.pk)
    check_vouched(publication)
    wanted = [checks.sha256(pages[checks.CLAIMS]), checks.body_digest(pages)]
    earlier = Event.objects.filter(object=object_string(publication), action=checks.SEALED).order_by("id")
    for event in earlier:
        if json.loads(bytes(event.entry))["evidence"] == wanted:
            return event
    sealed = record(actor, checks.SEALED, publication, evidence=wanted)
    ask_after(sealed)
    return sealed


def store(dossier: Dossier) -> Path:
    """Keep the dossier as a folder under DATA_DIR/dossiers/<digest> and return it; whole or not at all."""
    home = Path(settings.DATA_DIR) / "dossiers"
    target = home / dossier.digest
    if target.is_dir():
        return target
    home.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=home))
    try:
        for name, content in dossier.files.items():
            path = draft / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        draft.chmod(0o750)
        _rename(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _rename(draft: Path, target: Path) -> None:
    try:
        os.rename(draft, target)
    except OSError:
        # Another request stored the same bytes meanwhile; anything else is an error.
        if not target.is_dir():
            raise


def pages_of(publication: Publication, redaction: Redaction | None = None) -> dict[str, bytes]:
    """What a reader reads and runs: everything of a dossier but the proofs and the manifest."""
    snapshot, later, files = thaw(publication.snapshot), corrections_since(publication), {}
    if redaction:
        secret = bytes(publication.commitment.secret)
        files[REDACTIONS] = checks.canonical(opening(snapshot, secret, redaction.hidden, redaction.pseudonyms))
        snapshot = masked(snapshot, redaction.hidden, redaction.pseudonyms)
        later = [without_words(row) for row in later]
    if later:
        files[LATER] = canonical(as_file(later))
    evidence = {"format": snapshot["format"], "exhibits": snapshot["exhibits"], "sources": snapshot["sources"]}
    withheld = {"kind": redaction.get_kind_display(), "mark": MARK} if redaction else None
    if redaction and redaction.pseudonyms:
        withheld |= {"has_pseudonyms": True}
    index = render.page(snapshot, published_at=format_time(publication.published_at), later=later, withheld=withheld)
    return files | {
        "index.html": index.encode(),
        "dossier.css": _CSS.read_bytes(),
        checks.CLAIMS: canonical(snapshot),
        checks.EVIDENCE: canonical(evidence),
        "verify.py": program.source().encode(),
    }
