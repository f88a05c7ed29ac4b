"""What is asked of posts: one value with every setting, checked, and written down in one form."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, get_args, get_type_hints

from cases.enums import Platform
from posts.clusters import alike, near
from posts.coshare.network import Settings
from posts.counting.timelines import UNITS, bounds
from posts.enums import Level, ObjectKind
from posts.exceptions import InvalidSettings
from posts.formats.times import zone_named
from posts.states import AnalysisMethod
from posts.texts.hashtags import folded

LONGEST_QUERY = 500
MOST_LISTED = 1_000
MOST_CAMPAIGNS = 20
# Beyond it almost nothing but equal texts is alike.
HIGHEST = 0.8
_DATASET = re.compile(r"[Dd]-[0-9]{1,9}")
# The word of a person for each kind of object, beside its own.
PLURALS = {
    "texts": "text", "urls": "url", "links": "url", "link": "url", "domains": "domain", "hashtags": "hashtag",
    "tags": "hashtag", "tag": "hashtag", "mentions": "mention", "replies": "reply", "reposts": "repost",
    "images": "image", "pictures": "image", "phash": "image", "objects": "object",
}  # fmt: skip
# What every method asks of the posts, and what each asks besides.
_ALWAYS = ("tag", "query", "platform", "start", "end", "zone")
# Came when analyses were kept already: written down only where it is said, so that those are made again to the byte.
_IF_SAID = ("platform", "among", "population")
_OF_METHOD: dict[str, tuple[str, ...]] = {
    AnalysisMethod.CAMPAIGN: ("levels", "threshold", "coshare", "window", "min_participation", "quantile", "limit"),
    AnalysisMethod.TIMELINE: ("unit",),
    AnalysisMethod.HASHTAGS: ("limit",),
    AnalysisMethod.EARLIER_TAGS: ("limit",),
    AnalysisMethod.FIRST_POSTERS: ("levels", "threshold", "limit"),
    AnalysisMethod.MOST_SHARED: ("limit",),
    AnalysisMethod.MOST_ACTIVE: ("limit",),
    AnalysisMethod.LOCATIONS: ("limit",),
    AnalysisMethod.BIOS: ("phrase",),
    AnalysisMethod.CREATIONS: ("days",),
    AnalysisMethod.CLUSTERS: ("levels", "threshold", "limit"),
    AnalysisMethod.ALIKE: ("form", "threshold"),
    AnalysisMethod.COSHARE: ("coshare", "window", "min_participation", "quantile", "loops", "shared_object", "limit"),
    AnalysisMethod.DIRECTED: ("coshare", "window", "min_weight", "loops", "limit"),
    AnalysisMethod.SYNCHRONY: ("window", "limit"),
    AnalysisMethod.OVERLAP: ("among", "population"),
}
# Lists of who follows whom hold no posts that could be narrowed.
_OF_LISTS = ("limit",)


@dataclass(frozen=True)
class Question:
    """One question. Times are days or moments in `zone`, [start, end); `tag` is folded and without its sign,
    `platform` one of `cases.enums.Platform`, "" for all.

    `levels` of likeness and `coshare` kinds of objects are sorted; `window` is in seconds. With `loops` an account's
    own posts make pairs too; `shared_object` asks for the pairs of one object, `min_weight` is for directed edges,
    `form` says which form of the texts is compared pair by pair. `among` names campaigns whose accounts are compared:
    "#tag", "D-1" or words, in place of each dataset; `population` is how many accounts could have been in them, 0 for
    all that posted in the files.
    """

    method: str
    tag: str = ""
    query: str = ""
    platform: str = ""
    start: str = ""
    end: str = ""
    zone: str = "UTC"
    levels: tuple[str, ...] = tuple(level.value for level in Level)
    threshold: float = near.THRESHOLD
    coshare: tuple[str, ...] = ()
    window: int = 60
    min_participation: int = 2
    quantile: float = 0.5
    loops: bool = False
    shared_object: str = ""
    min_weight: int = 1
    unit: str = "day"
    form: str = alike.FORMS[-1]
    phrase: str = ""
    days: int = 31
    limit: int = 50
    among: tuple[str, ...] = ()
    population: int = 0

    def checked(self) -> "Question":
        """The same in its one form; raises InvalidSettings or UnknownZone that names what to mend."""
        if self.method not in AnalysisMethod.values:
            raise InvalidSettings(f"{self.method!r:.40} is no analysis.", field="method")
        zone_named(self.zone)
        if len(self.query) > LONGEST_QUERY or "\0" in self.query:
            raise InvalidSettings(f"A query has at most {LONGEST_QUERY} characters.", field="query")
        if self.platform and self.platform not in Platform.values:
            raise InvalidSettings(f"A platform is one of {', '.join(Platform.values)}.", field="platform")
        start, end = self.bounds()
        if start and end and start >= end:
            raise InvalidSettings("The end lies before the start.", field="end")
        if not near.LOWEST <= self.threshold <= HIGHEST:
            raise InvalidSettings(f"The threshold of near-duplicates is {near.LOWEST} to {HIGHEST}.", field="threshold")
        if not 1 <= self.limit <= MOST_LISTED:
            raise InvalidSettings(f"Lists have 1 to {MOST_LISTED:,} entries.", field="limit")
        if self.unit not in UNITS:
            raise InvalidSettings(f"The unit is one of {', '.join(UNITS)}.", field="unit")
        if self.form not in alike.FORMS:
            raise InvalidSettings(f"The form is one of {', '.join(alike.FORMS)}.", field="form")
        if self.method == AnalysisMethod.BIOS and not self.phrase.strip():
            raise InvalidSettings("Give a phrase to look for.", field="phrase")
        if self.method in (AnalysisMethod.COSHARE, AnalysisMethod.DIRECTED) and not self.coshare:
            raise InvalidSettings("Say which objects the accounts shared.", field="coshare")
        if self.min_weight < 1:
            raise InvalidSettings("The least weight is 1.", field="min_weight")
        if self.population < 0:
            raise InvalidSettings("The population is a number of accounts.", field="population")
        self.settings().check()
        tag = next(iter(folded([self.tag])), "") if self.tag.strip() else ""
        levels = tuple(level.value for level in Level if level.value in _known(self.levels, Level, "level"))
        kinds = tuple(sorted(set(_known(self.coshare, ObjectKind, "coshare"))))
        same = {field.name: getattr(self, field.name) for field in fields(self)}
        told = {"tag": tag, "query": self.query.strip(), "levels": levels, "coshare": kinds}
        return Question(**same | told | {"among": _campaigns(self.among, is_narrowed=bool(tag or self.query))})

    def bounds(self) -> tuple[datetime | None, datetime | None]:
        """The moments from which and before which posts count."""
        return bounds(self.start, self.end, self.zone)

    def settings(self) -> Settings:
        """The settings of a co-sharing network."""
        return Settings(self.window, self.min_participation, self.quantile, self.loops)

    def as_json(self) -> dict[str, Any]:
        """Every setting that the method looks at, defaults included but for no platform, without the method."""
        values = {name: value for name, value in asdict(self).items() if name in asked_by(self.method)}
        values = {name: value for name, value in values.items() if value or name not in _IF_SAID}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @classmethod
    def of(cls, method: str, parameters: Mapping[str, Any]) -> "Question":
        """Read what `as_json` wrote, or what a program sent; raises InvalidSettings for anything else."""
        if method not in AnalysisMethod.values:
            raise InvalidSettings(f"{method!r:.40} is no analysis.", field="method")
        if unknown := sorted(set(parameters) - asked_by(method)):
            raise InvalidSettings(f"{unknown[0]!r:.40} is no setting of this analysis.", field=unknown[0][:60])
        return cls(method=method, **{name: _typed(name, value) for name, value in parameters.items()}).checked()


def asked_by(method: str) -> set[str]:
    """The settings that a method looks at."""
    return set(_OF_LISTS) if method == AnalysisMethod.FOLLOWS else {*_ALWAYS, *_OF_METHOD[method]}


_TYPES = get_type_hints(Question)
_WORDS = {int: "a number", float: "a number", bool: "true or false"}


def _typed(name: str, value: Any) -> Any:
    wanted = _TYPES[name]
    if get_args(wanted):
        if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
            return tuple(value)
        raise InvalidSettings(f"{name} is a list of words.", field=name)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        raise InvalidSettings(f"{name} is {_WORDS.get(wanted, 'a text')}.", field=name)
    return value


def _campaigns(names: tuple[str, ...], *, is_narrowed: bool) -> tuple[str, ...]:
    """The campaigns in their one form, each once."""
    if names and is_narrowed:
        raise InvalidSettings("Hashtags and words are what tells these campaigns apart.", field="among")
    kept = dict.fromkeys(_campaign(name.strip()) for name in names if name.strip())
    if names and not 2 <= len(kept) <= MOST_CAMPAIGNS:
        raise InvalidSettings(f"Name 2 to {MOST_CAMPAIGNS} different campaigns.", field="among")
    return tuple(kept)


def _campaign(name: str) -> str:
    if len(name) > LONGEST_QUERY or "\0" in name:
        raise InvalidSettings(f"A campaign has at most {LONGEST_QUERY} characters.", field="among")
    if is_dataset(name):
        return name.upper()
    return f"#{tag}" if name[0] in "#＃" and (tag := next(iter(folded([name])), "")) else name


def is_dataset(name: str) -> bool:
    """Whether a campaign is named as a dataset is: D-1."""
    return bool(_DATASET.fullmatch(name))


def _known(words: tuple[str, ...], vocabulary: type, field: str) -> list[str]:
    known = {one.value.casefold(): one.value for one in vocabulary}
    found = []
    for word in words:
        name = PLURALS.get(word.casefold(), word.casefold())
        if name not in known:
            raise InvalidSettings(f"{word!r:.40} is none of {', '.join(known.values())}.", field=field)
        found.append(known[name])
    if not found and field == "level":
        raise InvalidSettings("Name at least one level.", field=field)
    return found
