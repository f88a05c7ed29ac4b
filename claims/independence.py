"""What suggests that two sources of a claim go back to one origin (G-08): hints for an editor, who joins or separates.

A hint decides nothing. Independence is declared by a named editor with a reason; what is found here is what they should
have looked at before.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlsplit
from uuid import UUID

from cases.models import User
from cases.platforms import PLATFORM_OF_HOST, SHORTENERS, SUBDOMAINS
from claims.canonical import cited
from claims.enums import OriginHintKind, Stance
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
    """Why `first` and `second` may be one origin, in a sentence that a person can check.

    Where one names the other, `first` is who names. `exhibits` are those whose text the sentence repeats.
    """

    kind: OriginHintKind
    first: Source
    second: Source
    words: str
    exhibits: tuple[int, ...] = ()


def hints(actor: User, version: ClaimVersion) -> list[Hint]:
    """What suggests that supporting sources which count as different are one, as far as `actor` may read them."""
    voices = _voices(actor, version)
    pictures = matching_pictures(version.case_id, voices)
    found: list[Hint] = []
    for first, second in combinations(voices, 2):
        if first.source.origin_group_id is None or first.source.origin_group_id != second.source.origin_group_id:
            found += [*compare(first, second), *same_picture(first, second, pictures)]
    return found


def compare(first: Voice, second: Voice, *, read: bool = True) -> list[Hint]:
    """What the sources, their texts and addresses suggest; without `read`, texts are not compared word by word."""
    looks = (_same_owner, _same_bytes, _same_data, *((_same_words,) if read else ()), _cites)
    return [hint for look in looks for hint in look(first, second)]


def _same_owner(first: Voice, second: Voice) -> Iterator[Hint]:
    owner = first.source.owner.strip()
    if owner and owner.casefold() == second.source.owner.strip().casefold():
        yield Hint(OriginHintKind.OWNER, first.source, second.source, f"Both belong to {owner}.")


def _same_bytes(first: Voice, second: Voice) -> Iterator[Hint]:
    for one in first.texts:
        for other in second.texts:
            if one.sha256 and one.sha256 == other.sha256:
                words = f"{one.label} and {other.label} are the same file, byte for byte."
                yield Hint(OriginHintKind.BYTES, first.source, second.source, words)


def _same_data(first: Voice, second: Voice) -> Iterator[Hint]:
    if first.datasets & second.datasets:
        yield Hint(OriginHintKind.DATA, first.source, second.source, "Both rest on the same file of posts.")


def _same_words(first: Voice, second: Voice) -> Iterator[Hint]:
    for one in first.texts:
        for other in second.texts:
            if one.sha256 != other.sha256 and (shared := shared_passage(one.text, other.text)):
                share, passage = shared
                words = f"{one.label} and {other.label} have {share:.0%} of the shorter text in common"
                words += f", the longest passage being “{_shown(passage)}”."
                yield Hint(OriginHintKind.WORDS, first.source, second.source, words, (one.exhibit, other.exhibit))


def _cites(first: Voice, second: Voice) -> Iterator[Hint]:
    for voice, named in ((first, second), (second, first)):
        for text in voice.texts:
            if around := _names(text.text, named):
                words = f"{text.label} ({voice.source.name}) names {named.source.name}: “{around}”."
                yield Hint(OriginHintKind.CITES, voice.source, named.source, words, (text.exhibit,))


def shared_passage(one: str, other: str) -> tuple[float, str] | None:
    """The share of the shorter text that stands in the longer, and the longest passage of `other` that `one` has too.

    None where both are below what chance and quotation give. Shingles of words and their containment: A. Broder, On the
    resemblance and containment of documents, 1997.
    """
    known = {shingle for shingle, _ in shingles(one)}
    theirs = list(shingles(other))
    hits = [shingle in known for shingle, _ in theirs]
    if not any(hits):
        return None
    distinct = {shingle for shingle, _ in theirs}
    share = len(distinct & known) / min(len(distinct), len(known))
    first, length = _longest_run(hits)
    if share < COPIED_SHARE and length + SHINGLE - 1 < LONGEST_CHANCE:
        return None
    return share, other[theirs[first][1][0] : theirs[first + length - 1][1][1]]


def shingles(text: str) -> Iterator[tuple[tuple[str, ...], tuple[int, int]]]:
    """Each run of SHINGLE words, and where it begins and ends."""
    words = [(match[0].casefold(), match.start(), match.end()) for match in _WORD.finditer(text)]
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
    patterns = {name: r"(?<!\w){}(?!\w)"} if len(name) > 2 else {}
    patterns |= dict.fromkeys(_addresses(named), r"(?<![\w.-]){}(?![\w-])")
    for plain, pattern in patterns.items():
        # Nearly all texts name nearly no other source, and `in` says so a hundred times faster.
        if plain in text and (found := re.search(pattern.format(re.escape(plain)), text)):
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
    return voices_of({citation.item_id: citation.item for citation in open_to}.values())


def voices_of(items: Iterable[Item]) -> list[Voice]:
    """The sources that speak by these exhibits, by name; two queries."""
    by_source: dict[Source, list[Item]] = {}
    for item in items:
        if item.source:
            by_source.setdefault(item.source, []).append(item)
    exhibits = [item for items in by_source.values() for item in items]
    texts, datasets = texts_by_item(exhibits), _datasets([item.pk for item in exhibits])
    return [
        Voice(
            source=source,
            texts=tuple(_text(item, texts.get(item.pk, "")) for item in own),
            datasets=frozenset().union(*(datasets.get(item.pk, ()) for item in own)),
        )
        for source, own in sorted(by_source.items(), key=lambda pair: pair[0].name)
    ]


def _text(item: Item, text: str) -> Text:
    return Text(item.exhibit, item.blob_id or "", item.original_url, text[:READ])


def _datasets(items: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    rows = Analysis.objects.filter(item__in=items).values_list("item", "datasets")
    return {item: set(datasets) for item, datasets in rows}


def matching_pictures(case_id: UUID, voices: Iterable[Voice]) -> list[tuple[set[str], str]]:
    """Pairs of their files whose pictures match within the case, unless a person has rejected it; with the kind."""
    digests = {digest for voice in voices for digest in voice.digests}
    rows = Match.objects.filter(
        case=case_id, other_case=None, query__blob__in=digests, stored__blob__in=digests, ignored=None
    ).exclude(verdict=MatchVerdict.REJECTED)
    return [({one, other}, kind) for one, other, kind in rows.values_list("query__blob", "stored__blob", "kind")]


def same_picture(first: Voice, second: Voice, pictures: Sequence[tuple[set[str], str]]) -> Iterator[Hint]:
    """The first of the `pictures` that both have, if there is one."""
    for pair, kind in pictures:
        if len(pair) == 2 and pair & first.digests and pair & second.digests and pair <= first.digests | second.digests:
            words = f"They show the same picture, or a part of it ({kind} match)."
            yield Hint(OriginHintKind.PICTURE, first.source, second.source, words)
            return
