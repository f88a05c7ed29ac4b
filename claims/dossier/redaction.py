"""What of a publication is withheld in a redacted dossier: finding it, masking it, and proving the rest (ADR 0020).

Pure functions over a snapshot; the verifier's half is `claims/dossier/commitments.py`.
"""

import hmac
import re
import unicodedata
from collections.abc import Iterable, Mapping
from copy import deepcopy
from types import MappingProxyType
from urllib.parse import quote

from claims.dossier import commitments
from claims.dossier.commitments import MARK, kind_and_pieces, leaves, pieces_of, salt_of

# By the pointer of a leaf, which of its pieces are withheld.
Hidden = Mapping[str, Iterable[int]]
# By the pointer of a leaf, what stands in the place of some of these pieces, by their numbers as JSON keys.
Instead = Mapping[str, Mapping[str, str]]
NOTHING: Instead = MappingProxyType({})
# Hashes over what is withheld: with them anybody could try out what it was.
_OF_CLAIM = re.compile(r"/claims/\d+/content/")
# Vocabularies, ids, hashes and moments: the page and the proof are made from them.
_FIXED = re.compile(
    r"/(id|item|version_id|content_sha256|reviewed_by|graded_by|verdict|stage|stance|kind|state|predicate|source|citation|"
    r"selector|selector_type|access|credibility|reliability|value|term|band|confidence|disposition|fit|outcome|language|"
    r"media_type|format|type|\w+_at|\w*precision)$|^/claims/\d+(/content)?/author$|/case/ref$"
)
_HASH = re.compile(r"/(?:\w*sha256|sha512|salt)$")
_OF_EXHIBIT = ("sha256", "sha512", "text_sha256")
# Between the words of a name: blanks, and what stands for them in the address of a page.
_IN_ADDRESSES = r"(?:\s|[-_.+]|%20)+"
# Shorter words of a name are too often words of their own.
SHORTEST_PART = 4
_DIGESTS = re.compile(r"[0-9a-f]{64,}|^[A-Za-z0-9+/=]{44,}$", re.MULTILINE)


def seed_of(secret: bytes, pointer: str) -> bytes:
    """The 32 bytes from which the salts of one leaf are made; one of them tells nothing of another."""
    return hmac.digest(secret, pointer.encode(), "sha256")


def root(snapshot: dict, secret: bytes) -> str:
    """The commitment to every leaf of a snapshot, for the log."""
    return commitments.root_of(
        {
            pointer: commitments.whole_leaf(pointer, value, seed_of(secret, pointer))
            for pointer, value in leaves(snapshot)
        }
    )


def is_salted(snapshot: dict) -> bool:
    """Whether no hash over the snapshot or over one of its contents gives words of it away; not so in older ones."""
    return "salt" in snapshot and all("salt" in claim["content"] for claim in snapshot["claims"])


def pattern(words: Iterable[str], between: str = r"\s+") -> re.Pattern:
    """Finds any of `words` in either case, composed or not, as text or in an address, over blanks of any kind."""
    forms = {form for text in words for form in _forms(text.strip())}
    joined = (between.join(map(re.escape, form.split())) for form in sorted(forms, key=lambda form: (-len(form), form)))
    return re.compile("|".join(joined), re.IGNORECASE)


def _forms(text: str) -> set[str]:
    plain = {unicodedata.normalize(form, text) for form in ("NFC", "NFD")} | {text}
    return plain | {quote(form, safe="") for form in plain} | {quote(form) for form in plain}


def places(snapshot: dict, words: Iterable[str]) -> dict[str, list[int]]:
    """Where any of `words` stands: by the pointer of each leaf the pieces that hold a part of it."""
    wanted = pattern(words)
    found = {pointer: _touched(value, wanted) for pointer, value in leaves(snapshot) if isinstance(value, str)}
    return {pointer: touched for pointer, touched in found.items() if touched}


def _touched(text: str, wanted: re.Pattern) -> list[int]:
    spans = [match.span() for match in wanted.finditer(text)]
    touched, at = [], 0
    for index, piece in enumerate(pieces_of(text)):
        end = at + len(piece)
        if piece.strip() and any(start < end and at < stop for start, stop in spans):
            touched.append(index)
        at = end
    return touched


def pseudonyms_in(snapshot: dict, names: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Where the names of people stand, and what stands there instead: `names` maps each spelling to a pseudonym.

    The first piece of a name becomes the pseudonym, the others nothing; marks before and after the name stay.
    """
    by_pseudonym: dict[str, list[str]] = {}
    for name, pseudonym in names.items():
        by_pseudonym.setdefault(pseudonym, []).append(name)
    wanted = [(pattern(spelt, _IN_ADDRESSES), pseudonym) for pseudonym, spelt in by_pseudonym.items()]
    found = {pointer: _instead(value, wanted) for pointer, value in leaves(snapshot) if isinstance(value, str)}
    return {pointer: instead for pointer, instead in found.items() if instead}


def _instead(text: str, wanted: Iterable[tuple[re.Pattern, str]]) -> dict[str, str]:
    spans = sorted((*match.span(), said) for found, said in wanted for match in found.finditer(text))
    if not spans:
        return {}
    instead: dict[str, str] = {}
    at = 0
    for index, piece in enumerate(pieces_of(text)):
        start, at = at, at + len(piece)
        over = next(((begin, stop, said) for begin, stop, said in spans if begin < at and start < stop), None)
        if over is None:
            continue
        begin, stop, said = over
        before, after = text[start : max(start, begin)], text[min(at, stop) : at]
        shown = f"{_marks(before)}{said}" if begin >= start else ""
        instead[str(index)] = shown + _marks(after)
    return instead


def _marks(text: str) -> str:
    """Brackets and full stops around a name; endings and words that are joined to it go with it."""
    return text if re.fullmatch(r"[^\w\s]*", text) else ""


def parts_of_names(names: Iterable[str], spared: Iterable[str]) -> set[str]:
    """The words of full names, by which people are known too, but for those of `spared` names and short ones."""
    kept = {word.casefold() for name in spared for word in name.split()}
    words = {word for name in names if " " in name.strip() for word in name.split()}
    return {word for word in words if len(word) >= SHORTEST_PART and word.casefold() not in kept}


def parts_in(snapshot: dict, parts: Iterable[str]) -> dict[str, list[int]]:
    """Where one of `parts` stands as a whole word with its capital, in whatever may be withheld."""
    forms = {form for part in parts for form in (part, part.upper(), part.title()) if form[:1].isupper()}
    if not forms:
        return {}
    wanted = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(forms)))})(?!\w)")
    found = {p: _touched(value, wanted) for p, value in leaves(snapshot) if isinstance(value, str) and not is_fixed(p)}
    return {pointer: touched for pointer, touched in found.items() if touched}


def together(*hidden: Hidden) -> dict[str, list[int]]:
    """All that any of them withholds."""
    found: dict[str, set[int]] = {}
    for one in hidden:
        for pointer, pieces in one.items():
            found.setdefault(pointer, set()).update(pieces)
    return {pointer: sorted(pieces) for pointer, pieces in found.items()}


def with_digests(snapshot: dict, hidden: Hidden) -> dict[str, list[int]]:
    """`hidden`, and every hash in the snapshot by which somebody could try out what is withheld."""
    digests = {"/salt", *(p for p, _ in leaves(snapshot) if p.endswith("/gate/inputs_sha256"))}
    for pointer in hidden:
        parts = pointer.split("/")
        if _OF_CLAIM.match(pointer):
            digests.add("/".join([*parts[:4], "salt"]))
        digests |= _of_passage(snapshot, parts)
    return {pointer: list(pieces) for pointer, pieces in hidden.items()} | {pointer: [0] for pointer in digests}


def _of_passage(snapshot: dict, parts: list[str]) -> set[str]:
    """The hashes of the exhibit, where something of its words or picture is withheld, wherever they stand."""
    if parts[1] != "exhibits" or parts[3] != "passages":
        return set()
    exhibit, found = snapshot["exhibits"][int(parts[2])]["exhibit"], set()
    for index, one in enumerate(snapshot["exhibits"]):
        if one["exhibit"] == exhibit:
            found |= {f"/exhibits/{index}/{name}" for name in _OF_EXHIBIT if one[name]}
            found |= {
                f"/exhibits/{index}/passages/{n}/region_sha256"
                for n, passage in enumerate(one["passages"])
                if passage["region_sha256"]
            }
    for number, claim in enumerate(snapshot["claims"]):
        found |= _of_citations(f"/claims/{number}", claim, exhibit)
    return found


def _of_citations(at: str, claim: dict, exhibit: int) -> set[str]:
    cited = enumerate(claim["content"]["citations"])
    inside = [(index, one) for index, one in cited if one["item"]["exhibit"] == exhibit]
    found = {f"{at}/content/citations/{index}/item/sha256" for index, one in inside if one["item"]["sha256"]}
    found |= {f"{at}/content/citations/{index}/region_sha256" for index, one in inside if one["region_sha256"]}
    shown = [index for index, one in enumerate(claim["citations"]) if one["exhibit"] == exhibit]
    found |= {f"{at}/citations/{index}/region_sha256" for index in shown if claim["citations"][index]["region_sha256"]}
    return found | ({f"{at}/content/salt"} if inside else set())


def masked(snapshot: dict, hidden: Hidden, instead: Instead = NOTHING, mark: str = MARK) -> dict:
    """The snapshot with a pseudonym or a mark in the place of each piece that is withheld."""
    copy = deepcopy(snapshot)
    for pointer, pieces in hidden.items():
        *path, last = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
        parent = copy
        for part in path:
            parent = parent[int(part) if isinstance(parent, list) else part]
        key = int(last) if isinstance(parent, list) else last
        _, every = kind_and_pieces(parent[key])
        gone, said = set(pieces), instead.get(pointer, {})
        shown = (said.get(str(index), mark) if index in gone else piece for index, piece in enumerate(every))
        parent[key] = "".join(shown)
    return copy


def without_withheld(snapshot: dict, hidden: Hidden, instead: Instead = NOTHING) -> dict:
    """The same for formats that prove nothing: a hash that is withheld is left empty, as where there never was one."""
    shown = masked(snapshot, hidden, instead)
    digests = {pointer: pieces for pointer, pieces in hidden.items() if _HASH.search(pointer)}
    return masked(shown, digests, mark="")


def opening(snapshot: dict, secret: bytes, hidden: Hidden, instead: Instead = NOTHING) -> dict:
    """redactions.json: the salts of all that is shown; of all that is not, the commitments and any pseudonym."""
    found = dict(leaves(snapshot))
    return {
        "format": commitments.REDACTION_FORMAT,
        "seeds": {pointer: seed_of(secret, pointer).hex() for pointer in found if pointer not in hidden},
        "hidden": {
            pointer: _opened(found[pointer], seed_of(secret, pointer), set(pieces), instead.get(pointer, {}))
            for pointer, pieces in hidden.items()
        },
    }


def _opened(value: object, seed: bytes, withheld: set[int], instead: Mapping[str, str]) -> dict:
    kind, pieces = kind_and_pieces(value)
    salts = [salt_of(seed, index) for index in range(len(pieces))]
    told = [
        ["", commitments.commit(salt, piece), *([instead[str(index)]] if str(index) in instead else [])]
        if index in withheld
        else [salt.hex(), piece]
        for index, (salt, piece) in enumerate(zip(salts, pieces, strict=True))
    ]
    return {"kind": kind, "pieces": told}


def still_there(files: Mapping[str, bytes], words: Iterable[str]) -> list[str]:
    """Names of files in which one of `words` still stands; the program and its look hold no word of a case.

    Hashes and salts are passed over: three letters may stand in them by chance.
    """
    wanted = pattern(words)
    return sorted(
        name
        for name, content in files.items()
        if name not in ("verify.py", "dossier.css") and wanted.search(_DIGESTS.sub("", content.decode()))
    )


def is_fixed(pointer: str) -> bool:
    """Whether page and proof are made from this leaf, so that it cannot be withheld."""
    return bool(_FIXED.search(pointer))
