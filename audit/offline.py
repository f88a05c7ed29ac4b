"""Check a record of the audit log with the Python standard library alone: no network, no other file, Python 3.8+.

An entry is proven when its hash leads, by the hashes of its proof, to the root of a checkpoint that the log signed
(RFC 6962 tree, C2SP signed note, tlog-checkpoint and tlog-proof, Ed25519 of RFC 8032). This file is copied as it
stands into each published dossier. Everything is parsed strictly: one flipped bit anywhere must be refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re

PROOF_HEADER = "c2sp.org/tlog-proof@v1"
ED25519_NOTE = 1
MAX_SIGNATURES = 100
KEY_CHANGED = "audit_key_changed"
EMPTY_ROOT = hashlib.sha256(b"").digest()


class Refused(ValueError):
    """What was shown does not prove what it claims; the text says which check failed."""


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def verify_inclusion(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> None:
    """Raise Refused unless `proof` shows `leaf` at `index` of the tree of `size` leaves with this `root`."""
    if not 0 <= index < size:
        raise Refused("the index lies outside the tree")
    node, position, last = leaf, index, size - 1
    for sibling in proof:
        if last == 0:
            raise Refused("the proof has too many hashes")
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise Refused("the proof has too few hashes")
    if node != root:
        raise Refused("the hashes do not lead to the signed root")


def verify_consistency(old_size: int, new_size: int, proof: list[bytes], old_root: bytes, new_root: bytes) -> None:
    """Raise Refused unless the tree of `new_size` leaves only added to the tree of `old_size` leaves."""
    if not 0 < old_size <= new_size:
        raise Refused("the older tree is empty or larger than the newer one")
    if old_size == new_size:
        if proof or old_root != new_root:
            raise Refused("two different trees of one size")
        return
    path = list(proof)
    if not old_size & (old_size - 1):
        path.insert(0, old_root)
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    if not path:
        raise Refused("the proof has too few hashes")
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise Refused("the proof has too many hashes")
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    if last or old != old_root or new != new_root:
        raise Refused("the newer tree does not contain the older one unchanged")


def decode_base64(text: str, length: int | None = None) -> bytes:
    """Decode standard base64 in its one canonical spelling, of `length` bytes when given."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise Refused("not base64") from error
    if base64.b64encode(data).decode() != text or length not in (None, len(data)):
        raise Refused("base64 of the wrong length or spelling")
    return data


def parse_vkey(vkey: str) -> tuple[str, bytes, bytes]:
    """Return (name, key id, public key) of a C2SP verifier key `<name>+<key id>+<base64>`."""
    match = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)", vkey)
    if not match:
        raise Refused("not a verifier key")
    name, key_id = match.group(1), bytes.fromhex(match.group(2))
    data = decode_base64(match.group(3), 33)
    if data[0] != ED25519_NOTE or hashlib.sha256(name.encode() + b"\n" + data).digest()[:4] != key_id:
        raise Refused("not an Ed25519 verifier key, or its key id does not fit")
    return name, key_id, data[1:]


def split_note(note: bytes) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """Return the text of a signed note and its signatures as (name, key id, signature), none of them checked yet."""
    try:
        text = note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("the note is not UTF-8") from error
    if any(char < " " and char != "\n" for char in text):
        raise Refused("the note holds control characters")
    body, separator, tail = text.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise Refused("the note has no signatures or is cut off")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise Refused("the note has too many signatures")
    return body + "\n", [_parse_signature(line) for line in lines]


def _parse_signature(line: str) -> tuple[str, bytes, bytes]:
    match = re.fullmatch("\u2014 ([^\\s+]+) ([A-Za-z0-9+/=]+)", line)
    if not match:
        raise Refused("a signature line is malformed")
    data = decode_base64(match.group(2))
    if len(data) < 5:
        raise Refused("a signature is too short")
    return match.group(1), data[:4], data[4:]


def open_note(note: bytes, vkeys: list[str], check=None) -> str:
    """Return the text of `note` when one of `vkeys` signed it; refuse it when a signature of one of them is wrong.

    `check(public key, message, signature)` answers whether a signature holds; by default `check_ed25519`.
    """
    text, signatures = split_note(note)
    known = {(name, key_id): public for name, key_id, public in map(parse_vkey, vkeys)}
    signers = [(known[name, key_id], signature) for name, key_id, signature in signatures if (name, key_id) in known]
    if not signers:
        raise Refused("the note is not signed by a known key")
    for public, signature in signers:
        if not (check or check_ed25519)(public, text.encode(), signature):
            raise Refused("a signature is wrong")
    return text


def parse_checkpoint(text: str) -> tuple[str, int, bytes]:
    """Return (origin, number of entries, root) of a checkpoint's text."""
    match = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([^\n]+)\n", text, re.ASCII)
    if not match:
        raise Refused("not a checkpoint")
    return match.group(1), int(match.group(2)), decode_base64(match.group(3), 32)


def open_checkpoint(note: bytes, vkeys: list[str], check=None) -> tuple[int, bytes]:
    """Return (number of entries, root) of a checkpoint signed by one of `vkeys`, whose name must be its origin."""
    origin, size, root = parse_checkpoint(open_note(note, vkeys, check))
    if origin not in [parse_vkey(vkey)[0] for vkey in vkeys]:
        raise Refused("the checkpoint is of another log")
    return size, root


def split_proof(proof: bytes) -> tuple[int, list[bytes], bytes]:
    """Return (index, hashes from leaf to root, checkpoint) of a tlog-proof."""
    head, separator, checkpoint = proof.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise Refused("the proof is not ASCII") from error
    if not separator or len(lines) < 2 or lines[0] != PROOF_HEADER:
        raise Refused("not a tlog-proof")
    match = re.fullmatch(r"index (0|[1-9][0-9]{0,18})", lines[1], re.ASCII)
    if not match:
        raise Refused("the proof names no index")
    return int(match.group(1)), [decode_base64(line, 32) for line in lines[2:]], checkpoint


def verify_proof(entry: bytes, proof: bytes, vkeys: list[str], check=None) -> tuple[int, int]:
    """Return (index, size of the tree) when `proof` shows `entry` in the log of `vkeys`; raise Refused when not."""
    index, hashes, checkpoint = split_proof(proof)
    size, root = open_checkpoint(checkpoint, vkeys, check)
    verify_inclusion(leaf_hash(entry), index, size, hashes, root)
    return index, size


def read_key_change(entry: bytes, vkey: str, check=None) -> str:
    """Return the verifier key that takes the place of `vkey` by this entry of the log.

    The entry's reason is a note about the new key, signed by both: by the old one, since nobody else may name its
    successor, and by the new one, since somebody must hold it. Raises Refused when it is not.
    """
    try:
        fields = json.loads(entry.decode("utf-8"))
        if fields["action"] != KEY_CHANGED:
            raise Refused("the entry does not change the key")
        note, name = fields["reason"].encode(), parse_vkey(vkey)[0]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(f"the entry does not change the key: {error}") from error
    match = re.fullmatch(r"([^\n]+)\nnew key\n([^\n]+)\n", open_note(note, [vkey], check))
    if not match or match.group(1) != name or parse_vkey(match.group(2))[0] != name or match.group(2) == vkey:
        raise Refused("the signed note names no new key of this log")
    open_note(note, [match.group(2)], check)
    return match.group(2)


def follow_keys(vkey: str, changes: list[tuple[bytes, bytes]], check=None) -> list[str]:
    """Return the keys of the log from `vkey` on, in their order.

    `changes` are the entries that changed the key, each with the proof of its place in the log under the key before.
    """
    vkeys = [vkey]
    for entry, proof in changes:
        verify_proof(entry, proof, vkeys[-1:], check)
        vkeys.append(read_key_change(entry, vkeys[-1], check))
    return vkeys


def verify_payload(payload_sha256: str, salt: bytes, body: bytes) -> None:
    """Raise Refused unless `salt` and `body` are what an entry committed to as its `payload_sha256`."""
    if len(salt) != 32 or hashlib.sha256(salt + body).hexdigest() != payload_sha256:
        raise Refused("the payload is not the one that the entry commits to")


# What a time stamp says (RFC 3161, in DER). Its signature needs certificates, which this file knows nothing of.

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_TST_INFO = bytes.fromhex("2a864886f70d0109100104")
_SHA256 = bytes.fromhex("608648016503040201")


def read_time_stamp(response: bytes) -> tuple[str, str]:
    """Return (SHA-256 in hex, time as "YYYY-MM-DD HH:MM:SS UTC") that a granted RFC 3161 response states."""
    status, token = _der(_der(response, 0x30)[0], 0x30, 0x30)
    if _der(status, 0x02)[0] != b"\x00":
        raise Refused("the authority did not grant it")
    kind, signed = _der(token, 0x06, 0xA0)
    _, _, content = _der(_der(signed, 0x30)[0], 0x02, 0x31, 0x30)
    inner, wrapped = _der(content, 0x06, 0xA0)
    if (kind, inner) != (_SIGNED_DATA, _TST_INFO):
        raise Refused("it holds something else than a time stamp")
    info = _der(_der(wrapped, 0x04)[0], 0x30)[0]
    _, _, imprint, _, time = _der(info, 0x02, 0x06, 0x30, 0x02, 0x18)
    algorithm, digest = _der(imprint, 0x30, 0x04)
    if _der(algorithm, 0x06)[0] != _SHA256:
        raise Refused("it is made over another hash than SHA-256")
    match = re.fullmatch(rb"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z", time)
    if not match:
        raise Refused("its time is malformed")
    return digest.hex(), "{}-{}-{} {}:{}:{} UTC".format(*(part.decode() for part in match.groups()))


def _der(data: bytes, *tags: int) -> list[bytes]:
    """Return the contents of the first values in `data`, which must have these `tags`; optional ones may follow."""
    found, at = [], 0
    for tag in tags:
        head = data[at : at + 2]
        if len(head) < 2 or head[0] != tag:
            raise Refused("it is not built as a time stamp is")
        length, at = head[1], at + 2
        if length & 0x80:
            count = length & 0x7F
            length, at = int.from_bytes(data[at : at + count], "big"), at + count
        if at + length > len(data):
            raise Refused("it is cut off")
        found.append(data[at : at + length])
        at += length
    return found


# Ed25519 (RFC 8032, section 5.1), verification only. Slow and plain: nothing here is secret.

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)


def _add(a: tuple, b: tuple) -> tuple:
    x = (a[1] - a[0]) * (b[1] - b[0]) % _P
    y = (a[1] + a[0]) * (b[1] + b[0]) % _P
    t = 2 * a[3] * b[3] * _D % _P
    z = 2 * a[2] * b[2] % _P
    e, f, g, h = y - x, z - t, z + t, y + x
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _multiply(scalar: int, point: tuple) -> tuple:
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point = _add(point, point)
        scalar >>= 1
    return result


def _decompress(data: bytes) -> tuple | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _compress(point: tuple) -> bytes:
    inverse = pow(point[2], _P - 2, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


_BASE = _decompress((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))


def check_ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Answer whether `signature` (64 bytes) of `message` holds under the `public` key (32 bytes)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    point, scalar = _decompress(public), int.from_bytes(signature[32:], "little")
    if point is None or scalar >= _L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    negative = (_P - point[0], point[1], point[2], _P - point[3])
    return _compress(_add(_multiply(scalar, _BASE), _multiply(challenge, negative))) == signature[:32]
