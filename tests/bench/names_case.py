"""A case of ten thousand made-up people and the spellings under which each may be asked for, the same in every run.

Names are given name and family name of everyday stock, so that nearly everyone has a hundred half-namesakes; spellings
follow the rules by which passports and newspapers of several countries write Azerbaijani names.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from random import Random

PEOPLE = 10_000

_MEN = """
Rəşad Elçin Vüqar Xəyal Çingiz Şamil Hüseyn Həsən Orxan Cavid Cavad Ramil Ramiz İlqar İlham Heydər Qəhrəman
Zülfüqar Ağamirzə Əkbər Ələkbər Məhərrəm Yaqub Yusif Həmid Hikmət Müşfiq Nicat Nihad Tofiq Tural Turan Fərid Fərhad
Xalid Xəlil Səməd Cəfər Cəlal Cəmil Şahin Şəhriyar Əsəd Əsgər Üzeyir Ülvi Bəxtiyar Kamran Kamil
"""
_WOMEN = """
Esmira Elmira Gülşən Gülnarə Günel Könül Nigar Nərgiz Nərmin Şəhla Cəmilə Aygün Aynur Aytən Aytac Sevinc Sevda
Leyla Lalə Mehriban Təhminə Fəridə Xədicə Xatirə Pərvanə Mətanət Vüsalə Samirə Səmayə Ülviyyə Zöhrə Zərifə Hicran
Jalə Röya Ləman Mirvari Qönçə Rübabə Südabə Şəbnəm Tünzalə Ulduz Yeganə Çiçək Əsmət Afaq Bənövşə
"""
_FAMILIES = """
Əliyev Məmmədov Hüseynov Həsənov Quliyev Hacıyev Rəhimov Rəhmanov Kərimov Qasımov Kazımov Cəfərov Xəlilov Xalıqov
Əhmədov Abbasov İsmayılov Ağayev Bağırov Babayev Bayramov Mustafayev Süleymanov Sadıqov Şükürov Səfərov Çobanov
Əsgərov Ələkbərov Axundov Baxşəliyev Cavadov Cəlilov Eyyubov Fətəliyev Göyçayev Hümbətov İbrahimov Kəngərlov
Qarayev Qurbanov Mahmudov Məhərrəmov Mirzəyev Nağıyev Nəcəfov Orucov Paşayev Rüstəmov Rzayev Şahverdiyev Tağıyev
Usubov Vəliyev Xudiyev Yusifov Zülfüqarov Əmirov Ömərov Üzümov Şirinov Salmanov Nəbiyev Mövsümov Lətifov Kamalov
Hətəmov Həmidov Fərzəliyev Dadaşov Cəbrayılov Binnətov Behbudov Aslanov Atakişiyev Allahverdiyev Ağalarov
Xankişiyev Xıdırov Qəhrəmanov Qənbərov Qədirov Pənahov Novruzov Nəsirov Muradov Mütəllibov Musayev Məlikov Mehdiyev
Abdullayev Cabbarov Dəmirov Əzizov Fərəcov Gözəlov Heydərov İmanov Kazıyev Osmanov Pirverdiyev Qafarov Rəcəbov
Sultanov Şəfiyev Tahirov Ümidov Vahabov Xanlarov Yaqubov Zeynalov
"""

_LATIN = "ə:{e} ç:ch ş:sh x:kh c:{j} q:{q} ğ:{g} ö:{o} ü:{u} ı:{i} j:zh"
# How each country writes an Azerbaijani letter; < and > are the start and the end of a word.
_WAYS = {
    "passport": _LATIN.format(e="a", j="j", q="g", g="gh", o="o", u="u", i="i"),
    "stripped": "ə:e ç:c ş:s ğ:g ö:o ü:u ı:i",
    "stripped with a": "ə:a ç:c ş:s ğ:g ö:o ü:u ı:i",
    "Turkish": "ə:e x:h q:k c:c",
    "French": "ə:a ç:tch ş:ch x:kh c:dj q:gu ğ:g ö:o ü:ou u:ou ı:i y:ï",
    "German": "ə:a ç:tsch ş:sch x:ch c:dsch q:g ğ:g ö:ö ü:ü ı:y y:j v:w z:s",
    "Russian": (
        "iye:ие ıye:ые əye:ае aye:ае ay:ай əy:ей ey:ей oy:ой uy:уй ya:я yu:ю yü:ю ye:е a:а b:б c:дж ç:ч d:д e:е ə:а f:ф"
        " g:г ğ:г h:г x:х ı:ы i:и j:ж k:к q:г l:л m:м n:н o:о ö:о p:п r:р s:с ş:ш t:т u:у ü:ю v:в y:й z:з"
    ),
    "Azerbaijani Cyrillic": (
        "a:а b:б c:ҹ ç:ч d:д e:е ə:ә f:ф g:ҝ ğ:ғ h:һ x:х ı:ы i:и j:ж k:к q:г l:л m:м n:н o:о ö:ө p:п r:р s:с ş:ш t:т"
        " u:у ü:ү v:в y:ј z:з"
    ),
    "Persian": (
        "b:ب c:ج ç:چ d:د f:ف g:گ ğ:غ h:ه x:خ j:ژ k:ک q:ق l:ل m:م n:ن o:و ö:و p:پ r:ر s:س ş:ش t:ت u:و ü:و v:و y:ی z:ز"
        " a:ا ə: e: ı:ی i:ی <a:آ <ə:ا <e:ا <i:ای <o:او <ö:او <u:او <ü:او ə>:ه"
    ),
}


@dataclass(frozen=True)
class Asked:
    """A spelling, the way it follows, and the number of the person who is meant."""

    text: str
    way: str
    person: int


def people() -> list[str]:
    """Return the names of the case, each once."""
    men = [f"{given} {family}" for given, family in product(_MEN.split(), _FAMILIES.split())]
    women = [f"{given} {family}a" for given, family in product(_WOMEN.split(), _FAMILIES.split())]
    names = men + women
    Random(2024).shuffle(names)
    return names[:PEOPLE]


def asked(names: list[str], *, every: int, start: int = 0) -> Iterator[Asked]:
    """Yield one spelling in each way for every so-manieth person from `start` on; the ways take turns in swapping the
    order.
    """
    for number in range(start, len(names), every):
        for turn, (way, rules) in enumerate(_WAYS.items()):
            written = write(names[number], rules)
            words = written.split()
            text = f"{words[1]} {words[0]}" if (number // every + turn) % 3 == 0 else written
            yield Asked(text, way, number)
        given, family = write(names[number], _WAYS["stripped with a"]).lower().split()
        yield Asked(f"@{given}{family}", "handle", number)
        yield Asked(f"@{family}_{given}{number % 100}", "handle, parted", number)


def second_set() -> dict[str, list[str]]:
    """Return the names of other people, each with its spellings, which no rule was made from."""
    lines = Path(__file__).with_name("names_second.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(": ") for line in lines if not line.startswith("#"))
    return {name: spellings.split(" | ") for name, _, spellings in pairs}


def write(name: str, rules: str) -> str:
    """Return a name as the rules spell it: letters left of a colon become those on its right, the longest first."""
    table = {"<": "", ">": ""} | dict(rule.split(":") for rule in rules.split())
    longest = max(map(len, table))
    text, at = "", 0
    small = " ".join(f"<{word}>" for word in name.replace("İ", "i").replace("I", "ı").lower().split())
    while at < len(small):
        group = next((small[at : at + n] for n in range(longest, 1, -1) if small[at : at + n] in table), small[at])
        text += table.get(group, group)
        at += len(group)
    return text.title() if text.isascii() or "ə" not in rules else " ".join(w[:1].upper() + w[1:] for w in text.split())
