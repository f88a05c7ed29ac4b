"""What suggests that two sources of a claim go back to one origin (G-08): hints for an editor, who joins or separates.

A hint decides nothing. Independence is declared by a named editor with a reason; what is found here is what they should
have looked at before.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlsplit
from uuid import UUID

from cases.models import User
from cases.platforms import PLATFORM_OF_HOST, SHORTENERS, SUBDOMAINS
from claims.canonical import cited
from claims.enums import Stance
from claims.models import ClaimVersion
from claims.phrasing import shortened
from claims.reading import readable
from evidence.enums import MatchVerdict
from evidence.models import Item, Match, Source
from evidence.queries import texts_by_item
from posts.models import Analysis

# Words in a shingle, and characters of each exhibit that are read: a wire report is copied by the sentence.
SHINGLE = 8
READ = 200_000
# A passage of 20 words in a row, or a fifth of the shorter text: shared quotations of a sentence are no copy.
LONGEST_CHANCE = 20
COPIED_SHARE = 0.2
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Text:
    """What is read of an exhibit."""

    exhibit: int
    sha256: str
    address: str
    text: str

    @property
    def label(self) -> str:
        return f"E-{self.exhibit}"


@dataclass(frozen=True)
class Voice:
    """A source, the exhibits by which it speaks for the claim, and what they rest on."""

    source: Source
    texts: tuple[Text, ...]
    datasets: frozenset[UUID] = frozenset()

    @property
    def digests(self) -> set[str]:
        return {text.sha256 for text in self.texts if text.sha256}


@dataclass(frozen=True)
class Hint:
    """Why `first` and `second` may be one origin, in a sentence that a person can check."""

    kind: str
    first: Source
    second: Source
    words: str


def hints(actor: User, version: ClaimVersion) -> list[Hint]:
    """What suggests that supporting sources which count as different are one, as far as `actor` may read them."""
    voices = _voices(actor, version)
    pictures = _pictures(version, {digest for voice in voices for digest in voice.digests})
    found: list[Hint] = []
    for first, second in combinations(voices, 2):
        if first.source.origin_group_id is None or first.source.origin_group_id != second.source.origin_group_id:
            reasons = [*compare(first, second), *_same_picture(first, second, pictures)]
            found += [Hint(kind, first.source, second.source, words) for kind, words in reasons]
    return found


def compare(first: Voice, second: Voice) -> list[tuple[str, str]]:
    """The reasons that the sources, their texts and addresses give, as kind and sentence."""
    return [reason for look in _LOOKS for reason in look(first, second)]


def _same_owner(first: Voice, second: Voice) -> Iterator[tuple[str, str]]:
    owner = first.source.owner.strip()
    if owner and owner.casefold() == second.source.owner.strip().casefold():
        yield "owner", f"Both belong to {owner}."


def _same_bytes(first: Voice, second: Voice) -> Iterator[tuple[str, str]]:
    for one in first.texts:
        for other in second.texts:
            if one.sha256 and one.sha256 == other.sha256:
                yield "bytes", f"{one.label} and {other.label} are the same file, byte for byte."


def _same_data(first: Voice, second: Voice) -> Iterator[tuple[str, str]]:
    if first.datasets & second.datasets:
        yield "data", "Both rest on the same file of posts."


def _same_words(first: Voice, second: Voice) -> Iterator[tuple[str, str]]:
    for one in first.texts:
        for other in second.texts:
            if one.sha256 != other.sha256 and (shared := shared_passage(one.text, other.text)):
                share, passage = shared
                words = f"{one.label} and {other.label} have {share:.0%} of the shorter text in common"
                yield "words", f"{words}, the longest passage being “{_shown(passage)}”."


def _cites(first: Voice, second: Voice) -> Iterator[tuple[str, str]]:
    for voice, named in ((first, second), (second, first)):
        for text in voice.texts:
            if words := _names(text.text, named):
                yield "cites", f"{text.label} ({voice.source.name}) names {named.source.name}: “{words}”."


_LOOKS: tuple[Callable[[Voice, Voice], Iterator[tuple[str, str]]], ...] = (
    _same_owner, _same_bytes, _same_data, _same_words, _cites,
)  # fmt: skip


def shared_passage(one: str, other: str) -> tuple[float, str] | None:
    """The share of the shorter text that stands in the longer, and the longest passage of `other` that `one` has too.

    None where both are below what chance and quotation give. Shingles of words and their containment: A. Broder, On the
    resemblance and containment of documents, 1997.
    """
    known = {shingle for shingle, _ in _shingles(one)}
    theirs = list(_shingles(other))
    hits = [shingle in known for shingle, _ in theirs]
    if not any(hits):
        return None
    distinct = {shingle for shingle, _ in theirs}
    share = len(distinct & known) / min(len(distinct), len(known))
    first, length = _longest_run(hits)
    if share < COPIED_SHARE and length + SHINGLE - 1 < LONGEST_CHANCE:
        return None
    return share, other[theirs[first][1][0] : theirs[first + length - 1][1][1]]


def _shingles(text: str) -> Iterator[tuple[tuple[str, ...], tuple[int, int]]]:
    """Each run of SHINGLE words, and where it begins and ends."""
    words = [(match[0].casefold(), match.start(), match.end()) for match in _WORD.finditer(text[:READ])]
    for at in range(len(words) - SHINGLE + 1):
        run = words[at : at + SHINGLE]
        yield tuple(word for word, _, _ in run), (run[0][1], run[-1][2])


def _longest_run(hits: Sequence[bool]) -> tuple[int, int]:
    """Where the longest run of True begins, and its length."""
    best, start = (0, 0), None
    for at, hit in enumerate([*hits, False]):
        if hit and start is None:
            start = at
        elif not hit and start is not None:
            best = max(best, (start, at - start), key=lambda run: run[1])
            start = None
    return best


def _names(text: str, named: Voice) -> str:
    """The words around the first place where `text` names a source, or links to it; empty where it does neither."""
    name = named.source.name.strip()
    patterns = [rf"(?<!\w){re.escape(name)}(?!\w)"] if len(name) > 2 else []
    patterns += [rf"(?<![\w.-]){re.escape(address)}(?![\w-])" for address in _addresses(named)]
    for pattern in patterns:
        if found := re.search(pattern, text[:READ]):
            return _shown(text[max(0, found.start() - 40) : found.end() + 60])
    return ""


def _addresses(voice: Voice) -> list[str]:
    """What a text that links to a source contains: its host, or the whole address where a platform is its host."""
    found = []
    for address in filter(None, [voice.source.url, *(text.address for text in voice.texts)]):
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
        bare = host.partition(".")[2] if host.partition(".")[0] in SUBDOMAINS else host
        is_shared = bare in PLATFORM_OF_HOST or bare in SHORTENERS
        path = f"{parts.netloc}{parts.path}".rstrip("/")
        found.append(path if is_shared else bare)
    return list(dict.fromkeys(filter(None, found)))


def _shown(passage: str) -> str:
    return shortened(" ".join(passage.split()), 200)


# --- from the database


def _voices(actor: User, version: ClaimVersion) -> list[Voice]:
    """The sources behind the citations that support a claim and are open to `actor`, by name."""
    open_to = [one for one in readable(actor, cited(version)) if not one.closed and one.stance == Stance.SUPPORTS]
    by_source: dict[Source, dict[UUID, Item]] = {}
    for citation in open_to:
        if citation.item.source:
            by_source.setdefault(citation.item.source, {})[citation.item_id] = citation.item
    exhibits = [item for items in by_source.values() for item in items.values()]
    texts, datasets = texts_by_item(exhibits), _datasets([item.pk for item in exhibits])
    return [
        Voice(
            source=source,
            texts=tuple(_text(item, texts.get(item.pk, "")) for item in items.values()),
            datasets=frozenset().union(*(datasets.get(pk, ()) for pk in items)),
        )
        for source, items in sorted(by_source.items(), key=lambda pair: pair[0].name)
    ]


def _text(item: Item, text: str) -> Text:
    return Text(item.exhibit, item.blob_id or "", item.original_url, text[:READ])


def _datasets(items: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    rows = Analysis.objects.filter(item__in=items).values_list("item", "datasets")
    return {item: set(datasets) for item, datasets in rows}


def _pictures(version: ClaimVersion, digests: set[str]) -> list[tuple[set[str], str]]:
    """Pairs of these files whose pictures match within the case, unless a person has rejected it; with the kind."""
    rows = Match.objects.filter(
        case=version.case_id, other_case=None, query__blob__in=digests, stored__blob__in=digests, ignored=None
    ).exclude(verdict=MatchVerdict.REJECTED)
    return [({one, other}, kind) for one, other, kind in rows.values_list("query__blob", "stored__blob", "kind")]


def _same_picture(first: Voice, second: Voice, pictures: Sequence[tuple[set[str], str]]) -> Iterator[tuple[str, str]]:
    for pair, kind in pictures:
        if len(pair) == 2 and pair & first.digests and pair & second.digests and pair <= first.digests | second.digests:
            yield "picture", f"They show the same picture, or a part of it ({kind} match)."
            return
