"""What makes a published dossier whole: its files, its claims, its quotes and its place in the signed log.

Python's standard library and `audit/offline.py` only, for Python 3.8 and later: below its import block this file is
copied as it stands into each dossier's `verify.py`, so a reader checks with the same code as `verify_dossier`.
"""

from __future__ import annotations

from audit.offline import Refused, follow_keys, leaf_hash, parse_vkey, read_time_stamp, split_proof, verify_proof
from claims.dossier.commitments import REDACTIONS, check_commitment, read_redactions
from claims.dossier.files import Damaged, Note, canonical, parse, sha256
from claims.dossier.since import LATER, check_corrections

# --- copied into verify.py from here on

MANIFEST_FORMAT = "caseapp-dossier/1"
SNAPSHOT_FORMAT = "caseapp-publication/2"
# Before, the log's entries of a claim's steps did not name the content that they were about.
UNBOUND_FORMAT = "caseapp-publication/1"
MANIFEST = "manifest.json"
CLAIMS = "claims.json"
EVIDENCE = "evidence-manifest.json"
CHECKPOINT = "audit/checkpoint"
VKEY = "audit/vkey"
FIRST_VKEY = "audit/first-vkey"
KEY_CHANGE = "audit/key-"
TIME_STAMP = "audit/checkpoint.tsr"
PAGES = ("index.html", "dossier.css", CLAIMS, EVIDENCE, "verify.py")
SEALED = "dossier_sealed"
MADE = "publication_made"
LOGGED = "item_logged"
STEPS = ("claim_submitted", "claim_approved", "claim_published")
APPROVALS = {"editor": "claim_approved", "fact_check": "claim_checked", "legal": "claim_cleared"}


def body_digest(files):
    """One hash over what a reader reads; the log signs it, so that pages and proof cannot be changed together."""
    return sha256(canonical([[name, sha256(files[name])] for name in [*PAGES, LATER, REDACTIONS] if name in files]))


def manifest_digest(entries):
    return sha256(canonical(entries))


# --- checking


def check(files, vkey=None):
    """Check a whole dossier and return the sentences of the report; raise Damaged with the first bad file."""
    report = check_files(files)
    files = {name: files[name] for name in [*parse(files, MANIFEST)["files"], MANIFEST]}
    snapshot = parse(files, CLAIMS)
    hidden, root = read_redactions(files, snapshot)
    report.append(check_claims(snapshot, hidden))
    report.append(check_evidence(snapshot, parse(files, EVIDENCE)))
    report.extend(check_audit(files, snapshot, vkey, hidden, root))
    return report


def check_files(files):
    """What the manifest lists is there and unchanged; strangers are named, and nothing further reads them."""
    manifest = parse(files, MANIFEST)
    entries = manifest.get("files") if isinstance(manifest, dict) else None
    expected = {"format": MANIFEST_FORMAT, "files": entries, "digest": manifest_digest(entries)}
    if manifest != expected or not isinstance(entries, dict):
        raise Damaged(MANIFEST, "its own digest does not fit: the list of files was changed")
    for name in sorted(set(entries) - set(files)):
        raise Damaged(name, "is missing")
    for name in sorted(entries):
        if entries[name] != sha256(files[name]):
            raise Damaged(name, f"was changed: its SHA-256 is {sha256(files[name])}, not {entries[name]}")
    for name in PAGES:
        if name not in entries:
            raise Damaged(name, "is missing")
    strangers = sorted(set(files) - set(entries) - {MANIFEST})
    return [
        f"{len(entries)} files, each with the SHA-256 that the manifest lists; none missing",
        *(Note(f"{name} does not belong to the dossier; it was not looked at") for name in strangers),
    ]


def check_claims(snapshot, hidden=frozenset()):
    """Each claim carries the content that was approved, and what is shown of it is in that content.

    Of a claim with something withheld, the commitments vouch instead of the hash of its content.
    """
    try:
        if snapshot["format"] not in (SNAPSHOT_FORMAT, UNBOUND_FORMAT):
            raise Damaged(CLAIMS, "is of a format that this program does not know")
        for index, claim in enumerate(snapshot["claims"]):
            _check_claim(claim, f"/claims/{index}/content/salt" in hidden)
        quotes = sum(len(claim["citations"]) for claim in snapshot["claims"])
        return (
            f"{len(snapshot['claims'])} claims with {quotes} citations; the content of each has the hash that its "
            "review by somebody other than its author names"
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise Damaged(CLAIMS, f"lacks a part that every dossier has: {error!r}") from error


def _check_claim(claim, is_redacted):
    name = "claim C-{}".format(claim["number"])
    if not is_redacted and sha256(canonical(claim["content"])) != claim["content_sha256"]:
        raise Damaged(CLAIMS, f"{name}: its content is not what its hash says was approved")
    words = set(_strings(claim["content"]))
    shown = [claim["public_text"]] + [text for one in claim["citations"] for text in (one["exact"], one["region"])]
    for text in shown:
        if text and text not in words:
            raise Damaged(CLAIMS, f"{name}: shows words that are not in the approved content: {text[:60]!r}")
    approvals = [
        review
        for review in claim["reviews"]
        if review["verdict"] == "approved" and review["content_sha256"] == claim["content_sha256"]
    ]
    if not any(review["reviewed_by"] != claim["author"] for review in approvals):
        raise Damaged(CLAIMS, f"{name}: nobody but its author approved exactly this content")


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def check_evidence(snapshot, manifest):
    """Every citation points into a listed exhibit and is the passage that is recorded there."""
    try:
        if manifest != {"format": snapshot["format"], "exhibits": snapshot["exhibits"], "sources": snapshot["sources"]}:
            raise Damaged(EVIDENCE, "does not list the exhibits and sources of claims.json")
        passages = {
            (exhibit["exhibit"], passage["citation"]): passage
            for exhibit in manifest["exhibits"]
            for passage in exhibit["passages"]
        }
        for claim in snapshot["claims"]:
            for citation in claim["citations"]:
                _check_citation(claim, citation, passages)
        return (
            f"{len(manifest['exhibits'])} exhibits by hash; every quote is the passage recorded for its exhibit "
            "(the preserved copies are not in the dossier: compare the quote with a copy that has the hash)"
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise Damaged(EVIDENCE, f"lacks a part that every dossier has: {error!r}") from error


def _check_citation(claim, citation, passages):
    passage = passages.get((citation["exhibit"], citation["id"]))
    keys = ("exact", "prefix", "suffix", "start", "end", "page", "region", "region_sha256")
    if passage is None or any(passage[key] != citation[key] for key in keys):
        raise Damaged(
            EVIDENCE,
            "claim C-{}: a quote is not at its place in exhibit E-{}".format(claim["number"], citation["exhibit"]),
        )


def check_audit(files, snapshot, vkey=None, hidden=frozenset(), root=""):
    """Every entry is in the signed log, the chain of each object is unbroken, and the log sealed these very pages."""
    key = _read_vkey(files, VKEY)
    vkeys = _follow_keys(files, key)
    _check_trusted(vkeys, vkey)
    entries = _read_entries(files)
    opened = [_check_entry(files, name, key) for name in entries]
    if not opened:
        raise Damaged(CHECKPOINT, "the dossier carries no entry of the log")
    _check_chains(opened)
    seal = next((entry for _, entry, _ in opened if _seals(entry, files)), None)
    if seal is None:
        raise Damaged("index.html", "the signed log did not seal these pages: they were changed after publication")
    _check_publication(opened, snapshot, seal)
    steps = _check_steps([entry for _, entry, _ in opened], snapshot, hidden)
    when = {entry["recorded_at"] for _, entry, _ in opened}
    followed = [f"the key in use follows {vkeys[0]} by {len(vkeys) - 1} signed changes of key"] if vkeys[1:] else []
    return [
        f"{len(opened)} entries of the log, each proven to be in it (from {min(when)} to {max(when)})",
        f"checkpoint of {opened[0][2]} entries, signed by the key {key}",
        *followed,
        *_check_time_stamp(files),
        "pages, claims and evidence list sealed in the log at {}".format(seal["recorded_at"]),
        "the log's own entry of this publication names exactly these claims by their hashes",
        steps,
        *check_commitment(opened, seal, hidden, root),
        *check_corrections(files, [entry for _, entry, _ in opened], snapshot),
        *_gaps([entry for _, entry, _ in opened]),
    ]


def _check_publication(opened, snapshot, seal):
    """The entry that the log holds of the publication pins the same claims as the pages show."""
    shown = sorted(claim["content_sha256"] for claim in snapshot["claims"])
    made = [entry for _, entry, _ in opened if entry["action"] == MADE and entry["object"] == seal["object"]]
    if not any(sorted(entry["evidence"]) == shown for entry in made):
        raise Damaged(CLAIMS, "the signed log holds no publication of exactly these claims")


def _check_steps(entries, snapshot, hidden=frozenset()):
    """The log holds, for exactly this content, each step to its publication, and each exhibit with its hash."""
    if snapshot["format"] == UNBOUND_FORMAT:
        return Note("of an older make: the log's entries of submissions and approvals do not name their content")
    known = {(entry["object"], entry["action"], digest) for entry in entries for digest in entry["evidence"]}
    for claim in snapshot["claims"]:
        its = [e for e in entries if e["object"] == "claim:" + claim["id"] and claim["content_sha256"] in e["evidence"]]
        _check_claim_steps(claim, {(entry["action"], entry["actor"]) for entry in its})
    for index, exhibit in enumerate(snapshot["exhibits"]):
        is_shown = exhibit["sha256"] and f"/exhibits/{index}/sha256" not in hidden
        if is_shown and ("item:" + exhibit["item"], LOGGED, exhibit["sha256"]) not in known:
            raise Damaged(EVIDENCE, "exhibit E-{}: no proof that it was logged".format(exhibit["exhibit"]))
    return (
        "for exactly the content of each claim: submitted, approved by somebody who neither wrote nor "
        "submitted it, and published, each in the log; each exhibit logged there with its hash"
    )


def _check_claim_steps(claim, done):
    """`done` holds (action, actor) of the entries that name the claim's content."""
    name = "claim C-{}".format(claim["number"])
    for action in STEPS:
        if action not in {each for each, _ in done}:
            raise Damaged(CLAIMS, f"{name}: no proof of its {action} with exactly this content")
    for review in claim["reviews"]:
        is_approval = review["verdict"] == "approved" and review["content_sha256"] == claim["content_sha256"]
        if is_approval and (APPROVALS.get(review["stage"]), review["reviewed_by"]) not in done:
            raise Damaged(CLAIMS, f"{name}: shows a review that the log does not prove")
    writers = {claim["author"]} | {actor for action, actor in done if action == "claim_submitted"}
    if not {actor for action, actor in done if action == "claim_approved"} - writers:
        raise Damaged(CLAIMS, f"{name}: the log does not prove that somebody else approved it")


def _gaps(entries):
    """Steps of each object that this dossier does not hold: which they were, the newsroom can be asked."""
    shown = {}
    for entry in entries:
        shown.setdefault(entry["object"], set()).add(entry["object_seq"])
    for name in sorted(shown):
        missing = [str(step) for step in range(1, max(shown[name])) if step not in shown[name]]
        if missing:
            yield Note(f"{name}: {len(missing)} earlier steps in the log are not shown here ({', '.join(missing)})")


def _read_vkey(files, name):
    try:
        found = files[name].decode("ascii")
        parse_vkey(found.strip())
    except KeyError:
        raise Damaged(name, "is missing") from None
    except (Refused, UnicodeDecodeError) as error:
        raise Damaged(name, f"is not a verifier key: {error}") from error
    if found != found.strip() + "\n":
        raise Damaged(name, "is not written as a verifier key is")
    return found.strip()


def _follow_keys(files, key):
    """The keys of the log in their order, up to the one that signed this dossier."""
    changes = _key_changes(files)
    if not changes:
        return [key]
    try:
        vkeys = follow_keys(
            _read_vkey(files, FIRST_VKEY), [(files[f"{name}.json"], files[f"{name}.tlog-proof"]) for name in changes]
        )
    except KeyError as error:
        raise Damaged(error.args[0], "is missing") from None
    except Refused as error:
        raise Damaged(FIRST_VKEY, f"does not lead to the key of this dossier: {error}") from error
    if vkeys[-1] != key:
        raise Damaged(VKEY, "is not the key to which the log's changes of key lead")
    return vkeys


def _key_changes(files):
    count = sum(name.startswith(KEY_CHANGE) and name.endswith(".json") for name in files)
    return [f"{KEY_CHANGE}{number}" for number in range(1, count + 1)]


def _check_trusted(vkeys, given):
    """One of the keys that the reader knows must be among those of this log."""
    if given is not None and not set(given.split()) & set(vkeys):
        raise Damaged(VKEY, "is not the key that you gave: another log signed this dossier")


def _read_entries(files):
    changes = _key_changes(files)
    every = sorted(name[: -len(".json")] for name in files if name.startswith("audit/") and name.endswith(".json"))
    names = [name for name in every if name not in changes]
    known = {CHECKPOINT, VKEY, TIME_STAMP} | {
        name + end for name in [*changes, *names] for end in (".json", ".tlog-proof")
    }
    if changes:
        known.add(FIRST_VKEY)
    for name in sorted(name for name in files if name.startswith("audit/")):
        if name not in known:
            raise Damaged(name, "does not belong to an entry of the log")
    for name in names:
        if name + ".tlog-proof" not in files:
            raise Damaged(name + ".tlog-proof", "is missing")
    if CHECKPOINT not in files:
        raise Damaged(CHECKPOINT, "is missing")
    return names


def _check_time_stamp(files):
    """What an outside authority says of the checkpoint; its signature is for openssl, which knows certificates."""
    if TIME_STAMP not in files:
        return []
    try:
        imprint, when = read_time_stamp(files[TIME_STAMP])
    except Refused as error:
        raise Damaged(TIME_STAMP, f"is not a time stamp: {error}") from error
    if imprint != sha256(files[CHECKPOINT]):
        raise Damaged(TIME_STAMP, "is the time stamp of another checkpoint")
    return [
        f"the time stamp names the SHA-256 of audit/checkpoint and {when}; check the authority's signature with: "
        "openssl ts -verify -in audit/checkpoint.tsr -data audit/checkpoint -CAfile AUTHORITY.pem"
    ]


def _check_entry(files, name, key):
    """Return (index in the log, entry, size of the log)."""
    data, proof = files[name + ".json"], files[name + ".tlog-proof"]
    try:
        if split_proof(proof)[2] != files[CHECKPOINT]:
            raise Damaged(name + ".tlog-proof", "ends in another checkpoint than audit/checkpoint")
        index, size = verify_proof(data, proof, [key])
    except Refused as error:
        raise Damaged(name + ".tlog-proof", f"does not prove its entry: {error}") from error
    return index, parse(files, name + ".json"), size


def _check_chains(opened):
    """Where two entries of one object follow each other, the later one must name the hash of the earlier."""
    leaves = {(entry["object"], entry["object_seq"]): leaf_hash(canonical(entry)).hex() for _, entry, _ in opened}
    for index, entry, _ in opened:
        before = leaves.get((entry["object"], entry["object_seq"] - 1))
        if before is not None and entry["object_prev"] != before:
            raise Damaged(f"audit/{index}.json", "does not follow the entry before it")


def _seals(entry, files):
    return entry["action"] == SEALED and {sha256(files[CLAIMS]), body_digest(files)} <= set(entry["evidence"])
