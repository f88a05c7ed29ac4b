"""What of a publication is withheld in a redacted dossier: finding it, masking it, and proving the rest (ADR 0020).

Pure functions over a snapshot; the verifier's half is `claims/dossier/commitments.py`.
"""

import hmac
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from types import MappingProxyType
from urllib.parse import quote

from cases.lookalikes import as_read
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
_QUOTE = ("prefix", "exact", "suffix")
_OF_EXHIBIT = ("sha256", "sha512", "text_sha256")
# Between the words of a name: blanks, seen or not, what stands for them in an address, and the comma of lists.
_BETWEEN = r"(?:[\s\-_.+,\u00ad\u200b-\u200d\u2060]|%20)"
_WORDS_OF_NAME = re.compile(r"[\s\-_.+,\u00ad\u200b-\u200d\u2060]+")
# A name of so many letters is seen in a handle that writes it in one word; of fewer, in too much else.
SHORTEST_IN_ONE = 8
# Words of a name that are words of their own too often to be withheld: particles, short words of English and French.
_NO_PART = frozenset({
    "al", "an", "and", "ap", "are", "as", "at", "au", "aux", "be", "ben", "bin", "but", "by", "ce", "ces", "da",
    "das", "de", "del", "der", "des", "di", "do", "dos", "du", "el", "elle", "en", "est", "et", "eux", "for", "he",
    "her", "his", "how", "ibn", "if", "il", "ils", "in", "is", "it", "its", "je", "la", "las", "le", "les", "leur",
    "los", "lui", "ma", "mac", "mais", "mc", "me", "mes", "mon", "my", "ne", "no", "non", "nos", "not", "of", "on",
    "or", "ou", "our", "par", "pas", "que", "qui", "sa", "san", "se", "ses", "she", "si", "so", "son", "st", "sur",
    "ta", "te", "ten", "ter", "tes", "the", "to", "ton", "tu", "un", "une", "up", "us", "va", "van", "von", "vos",
    "was", "we", "who", "y", "you", "zu"
})  # fmt: skip
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


def pattern(words: Iterable[str]) -> re.Pattern:
    """Finds any of `words` in either case, composed or not, as text or in an address, over blanks of any kind."""
    forms = {form for text in words for form in _forms(text.strip())}
    joined = (r"\s+".join(map(re.escape, form.split())) for form in sorted(forms, key=lambda form: (-len(form), form)))
    return re.compile("|".join(joined), re.IGNORECASE)


def pattern_of_name(name: str) -> str:
    """Finds a name as people write it: family name first or last, in any case, with accents or without, composed or
    not, with hyphens or blanks, as text, in an address or in a handle.
    """
    between = _BETWEEN + ("*" if sum(map(len, words_of_name(name))) >= SHORTEST_IN_ONE else "+")
    return "|".join(between.join(map(spelt, order)) for order in orders_of_name(name))


def orders_of_name(name: str) -> list[list[str]]:
    """The words of a name as they are recorded, and with the last one first."""
    words = words_of_name(name)
    return [words] if len(words) == 1 else [words, [words[-1], *words[:-1]]]


def words_of_name(name: str) -> list[str]:
    """The words of a name; a hyphen parts them too."""
    return [word for word in _WORDS_OF_NAME.split(name) if word] or [name]


def spelt(word: str) -> str:
    """A word of a name in each form that a text may give it; in addresses, letters in bytes know no case."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))
    forms = sorted(_forms(word) | _forms(word.lower()) | {bare}, key=lambda form: (-len(form), form))
    return f"(?:{'|'.join(map(re.escape, forms))})"


def _forms(text: str) -> set[str]:
    plain = {unicodedata.normalize(form, text) for form in ("NFC", "NFD")} | {text}
    return plain | {quote(form, safe="") for form in plain} | {quote(form) for form in plain}


def places(snapshot: dict, words: Iterable[str]) -> dict[str, list[int]]:
    """Where any of `words` stands: by the pointer of each leaf the pieces that hold a part of it."""
    wanted = pattern(words)
    found = {}
    for text, parts in stretches(snapshot):
        spans = _spans(wanted, text)
        for pointer, value, at in parts if spans else ():
            found[pointer] = _touched(value, [(start - at, stop - at) for start, stop in spans])
    return {pointer: touched for pointer, touched in found.items() if touched}


def stretches(snapshot: Mapping) -> Iterator[tuple[str, list[tuple[str, str, int]]]]:
    """Every text with the leaves that it consists of, as (pointer, text, where it begins).

    A quote is one text with the words before and after it, as in its exhibit: the edge may run through a name.
    """
    texts = {pointer: value for pointer, value in leaves(snapshot) if isinstance(value, str)}
    for pointer, value in texts.items():
        parent, _, key = pointer.rpartition("/")
        quote = [f"{parent}/{name}" for name in _QUOTE] if key in _QUOTE else []
        if not quote or not all(one in texts for one in quote):
            yield value, [(pointer, value, 0)]
        elif key == "exact":
            before, exact, _ = parts = [texts[one] for one in quote]
            begins = (0, len(before), len(before) + len(exact))
            yield "".join(parts), list(zip(quote, parts, begins, strict=True))


def _spans(wanted: re.Pattern, text: str) -> list[tuple[int, int]]:
    """Where it stands in `text`, as it is written or as the eye reads it."""
    spans = {match.span() for match in wanted.finditer(text)}
    read, at = as_read(text)
    if read != text:
        spans |= {(at[match.start()], at[match.end() - 1] + 1) for match in wanted.finditer(read)}
    return sorted(spans)


def _touched(text: str, spans: Iterable[tuple[int, int]]) -> list[int]:
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
    wanted = [
        (re.compile("|".join(map(pattern_of_name, sorted(spelt, key=len, reverse=True))), re.IGNORECASE), pseudonym)
        for pseudonym, spelt in by_pseudonym.items()
    ]
    found = {}
    for text, parts in stretches(snapshot):
        spans = sorted((*span, said) for name, said in wanted for span in _spans(name, text))
        for pointer, value, at in parts if spans else ():
            # What began before this leaf begins anew in it.
            found[pointer] = _instead(value, [(max(start - at, 0), stop - at, said) for start, stop, said in spans])
    return {pointer: instead for pointer, instead in found.items() if instead}


def _instead(text: str, spans: Iterable[tuple[int, int, str]]) -> dict[str, str]:
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
    """The words of full names, by which people are known too, but for those of `spared` names and particles."""
    kept = {word.casefold() for name in spared for word in name.split()}
    words = {word for name in names if " " in name.strip() for word in name.split()}
    return {word for word in words if len(word) > 1 and word.casefold() not in kept | _NO_PART}


def parts_in(snapshot: dict, parts: Iterable[str]) -> dict[str, list[int]]:
    """Where one of `parts` stands as a whole word with its capital, in whatever may be withheld."""
    forms = {form for part in parts for form in (part, part.upper(), part.title()) if form[:1].isupper()}
    if not forms:
        return {}
    wanted = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(forms)))})(?!\w)")
    texts = ((p, value) for p, value in leaves(snapshot) if isinstance(value, str) and not is_fixed(p))
    found = {p: _touched(value, _spans(wanted, value)) for p, value in texts}
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
