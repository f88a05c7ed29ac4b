"""Family names that are made of a given name and an ending (Kərim: Kərimov, Kərimova, Kərimli), in several scripts."""

import re
from dataclasses import dataclass
from functools import cache

from search.names.alignment import align, spell
from search.names.lexicon import SAME_NAME, are_forms_of_one_name, known_as
from search.names.vocabulary import SHARED_FAMILY_NAMES

# Arabic script leaves the vowels of an ending out or not (علی‌اف, علییف); a lone و ends one only before the feminine ا.
_ENDINGS = {
    "ov": "j(?:ev|ew)|[yй]?(?:ev|ew|eff|ef|ov|ow|of|ов|ев|ёв|єв|јев|իև|եվ|օվ|ով|ევ|ოვ)"
    "|[یيئ]*(?:وف|اف|وو|[یيئ][وف]|ا?و(?=ا$))",
    "li": "l[ıiuüy]|л[ыиую]|ლი|լի|ل[یيو]",
    "zade": "zad[əeäa]h?|sad[ea]h?|задэ|заде|զադե|زاده",
    "yan": "[yji]an|янц|ян|յան|იანი|[یي]ان",
    "bey": "b[əea][yi]l[iı]|b[əea][yi]ov|bekov|беков|бейли|ب[یي]گ?ل[یي]",
}
_FAMILY = re.compile(
    "(?P<stem>.{3,}?)(?:" + "|".join(f"(?P<{kind}>{ending})" for kind, ending in _ENDINGS.items()) + ")(?P<her>[aаəا]?)"
)
_ONE_STEM = 0.3
_SHORTEST_RARE = 6


@dataclass(frozen=True)
class Family:
    """A family name taken apart; `ending` is "" for a word that has none of the endings."""

    stem: str
    ending: str
    feminine: bool


def family_of(sound: str) -> Family:
    """Return a word (as `spell` gives it) as stem and ending."""
    found = _FAMILY.fullmatch(sound)
    if found is None:
        return Family(sound, "", False)
    ending = next(kind for kind in _ENDINGS if found[kind])
    return Family(found["stem"], ending, bool(found["her"]))


def have_other_roots(left: str, right: str) -> bool:
    """Whether two family names are made of two given names that are known to be different."""
    lefts, rights = family_of(left), family_of(right)
    return bool(lefts.ending and rights.ending) and are_forms_of_one_name(lefts.stem, rights.stem) is False


def differ_in_gender(left: str, right: str) -> bool:
    """Whether one is the feminine of the other (Əliyev, Əliyeva): two people, however alike the letters."""
    lefts, rights = family_of(left), family_of(right)
    return bool(lefts.ending and rights.ending) and lefts.feminine != rights.feminine


def have_one_root(left: str, right: str) -> bool:
    """Whether two words have one root and other endings (Kərimov, Kərimli, Kərim), which is no question of spelling."""
    lefts, rights = family_of(left), family_of(right)
    if lefts.ending == rights.ending:
        return False
    one_stem = align(lefts.stem, rights.stem).cost < _ONE_STEM
    return one_stem and are_forms_of_one_name(lefts.stem, rights.stem) is not False


@cache
def few_bear(sound: str) -> bool:
    """Whether a word is a family name that points to few people: long, not made of a given name, and not widespread."""
    if len(sound) < _SHORTEST_RARE or known_as(sound) or known_as(family_of(sound).stem):
        return False
    return all(align(sound, spell(name)).cost >= SAME_NAME for name in SHARED_FAMILY_NAMES)
