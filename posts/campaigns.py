"""One campaign as a reporter reads it in a minute: what was asked, its figures, and everything that its page names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from cases.enums import Platform
from cases.exceptions import NotVisible
from cases.models import Account, Case, User
from cases.platforms import WITH_SERVERS
from posts.enums import Level
from posts.figures import handles_of, parted, posts_by, posts_named
from posts.identity import quoted_id, tracked_under
from posts.looks import Answers, Shown, alongside
from posts.methods import WHOLE
from posts.models import Analysis, Dataset, Post
from posts.names import user_of
from posts.questions import Question
from posts.states import AnalysisMethod

# Asked where a case has no analysis yet.
DEFAULT = {"coshare": ["text"]}
UNITS = ("day", "hour", "minute")
LISTED = 50
CLUSTERS = 25
EDGES = 50
TIES = 8


@dataclass(frozen=True)
class Page:
    """What a page was asked for; no question is "whatever was asked last"."""

    question: Question | None = None
    dataset: Dataset | None = None
    unit: str = ""
    phrase: str = ""


@dataclass(frozen=True)
class Named:
    """An account of the posts: a name to show, one of its posts, and the tracked account that it is, if any."""

    key: str
    handle: str
    post: Post | None = None
    tracked: Account | None = None

    @property
    def label(self) -> str:
        """Its handle, with the platform where the page is of several: two accounts may have one."""
        platform, account = parted(self.key)
        name = f"@{self.handle}" if self.handle else account
        return f"{name} ({Platform(platform).label.partition(' (')[0]})" if platform else name


@dataclass
class Campaign:
    """The answers to one question of a case's posts. `report` is None where nothing is there; of very many posts it
    has the first figures alone (`is_quick`), and a job counts the rest.
    """

    actor: User
    case: Case
    page: Page
    question: Question
    answers: Answers
    shown: dict[str, Shown] = field(default_factory=dict)

    @property
    def report(self) -> Shown | None:
        return self.shown.get(AnalysisMethod.CAMPAIGN)

    @property
    def is_quick(self) -> bool:
        return self.report is not None and self.report.is_quick

    @property
    def analysis(self) -> Analysis | None:
        """The kept analysis whose numbers these are."""
        return self.report.analysis if self.report else None

    def kept(self, method: str) -> Analysis | None:
        """The kept analysis of a method."""
        shown = self.shown.get(method)
        return shown.analysis if shown else None

    @property
    def coverage(self) -> dict[str, Any]:
        """What the report rests on; without one, what a report would."""
        return self.report.coverage if self.report else self.answers.coverage

    @property
    def is_brushed(self) -> bool:
        return bool(self.question.start or self.question.end)

    @property
    def unit(self) -> str:
        """The unit that was asked for, else the finest that still shows the whole at a glance."""
        if self.page.unit in self.timelines:
            return self.page.unit
        fitting = [unit for unit in UNITS if 12 <= len(self.timelines.get(unit, ())) <= 400]
        return fitting[0] if fitting else next(iter(self.timelines), UNITS[0])

    @property
    def exported_timeline(self) -> list[dict[str, Any]]:
        """The buckets of the chosen part alone, as a file takes them; a page shows the whole around it."""
        own = self.report.result["timeline"] if self.report else {}
        return own[self.unit] if self.unit in own else self.timelines.get(self.unit, [])

    @cached_property
    def timelines(self) -> dict[str, list[dict[str, Any]]]:
        """The posts over time of the whole question, of which a brush shows a part; minutes of the part alone."""
        own = self.report.result["timeline"] if self.report else {}
        if not self.is_brushed:
            return own
        whole = replace(self.question, start="", end="")
        kept = self.answers.kept([whole]).get(AnalysisMethod.CAMPAIGN)
        if kept:
            return own | kept.result["timeline"]
        return own | self.answers.timelines(whole)

    @property
    def levels(self) -> list[str]:
        """The levels of likeness that were asked for, the strictest first."""
        return [level.value for level in Level if self.report and level.value in self.report.result["clusters"]]

    def listed(self, count: int, most: int) -> int:
        """How many of `count` entries a list of at most `most` holds."""
        return min(count, most, self.question.limit)


def questions_of(question: Question, phrase: str = "") -> list[Question]:
    """What a campaign page asks: its question, and what the profiles of the same accounts say."""
    asked = [question, alongside(question, AnalysisMethod.LOCATIONS), alongside(question, AnalysisMethod.CREATIONS)]
    if question.tag or question.start or question.query:
        asked.append(alongside(question, AnalysisMethod.EARLIER_TAGS))
    if phrase:
        asked.append(alongside(question, AnalysisMethod.BIOS, phrase=phrase))
    return asked


def lists_of(question: Question) -> list[Question]:
    """What is kept beside a campaign so that the numbers of its long lists can be cited too; a page never counts it."""
    settings = {"levels": list(question.levels), "threshold": question.threshold}
    asked = [alongside(question, AnalysisMethod.CLUSTERS, limit=CLUSTERS, **settings)]
    if question.coshare:
        names = ("window", "min_participation", "quantile")
        settings = {"coshare": list(question.coshare)} | {name: getattr(question, name) for name in names}
        asked.append(alongside(question, AnalysisMethod.COSHARE, limit=EDGES, **settings))
    return asked


def asked_of(actor: User, case: Case, page: Page) -> Campaign:
    """What a page asks, not answered yet."""
    answers = Answers(actor, case, page.dataset)
    newest = None if page.question else answers.newest()
    question = page.question or Question.of(AnalysisMethod.CAMPAIGN, newest.parameters if newest else DEFAULT)
    return Campaign(actor, case, page, question, answers)


def campaign_of(actor: User, case: Case, page: Page) -> Campaign:
    """Answer a page: from kept analyses where they are, else by counting, where that is quick."""
    campaign = asked_of(actor, case, page)
    answers, question = campaign.answers, campaign.question
    if not answers.datasets:
        return campaign
    asked = questions_of(question, page.phrase)
    campaign.shown = answers.kept([*asked, *lists_of(question)])
    missing = [one for one in asked if one.method not in campaign.shown]
    if missing and answers.may_look(question):
        campaign.shown |= {one.method: answers.look(one) for one in missing if answers.may_look(one)}
    if campaign.report is None:
        campaign.shown[question.method] = answers.quick(question)
    return campaign


def part_of(actor: User, case: Case, page: Page, name: str) -> Campaign:
    """The campaign of a page with what one of its lists (L0 ... L3, edges, else any) needs; the rest is not counted."""
    campaign = asked_of(actor, case, page)
    answers, question = campaign.answers, campaign.question
    campaign.shown = answers.kept([question, *lists_of(question)])
    wanted = _asked_for(question, "").get(name, replace(question, levels=(Level.L0.value,), coshare=()))
    if campaign.report is None:
        found = answers.look(wanted) if answers.may_look(wanted) else answers.quick(question)
        campaign.shown |= {question.method: found}
    return campaign


# --- what the page names


@dataclass
class Names:
    """The accounts and posts that results name by the platform's ids, for people to read."""

    accounts: dict[str, Named]
    posts: dict[str, Post]

    def account(self, key: str | None) -> Named | None:
        return self.accounts.get(key, Named(key, "")) if key else None


def names_in(campaign: Campaign, told: Iterable[dict[str, Any]], accounts: Iterable[str] = ()) -> Names:
    """Everyone and every post that entries name: `told` have the id of a post, its author and what ties with it.

    A handful of queries, however many they are.
    """
    posts = [one for first in told for one in (first, *first.get("ties", ())[:TIES])]
    authors = [one["author"] for one in posts if one["author"]]
    found = posts_named(campaign.case, [one.pk for one in campaign.answers.datasets], [one["id"] for one in posts])
    return Names(_named(campaign.case, [*authors, *accounts], found.values()), found)


def _named(case: Case, accounts: Sequence[str], known: Iterable[Post]) -> dict[str, Named]:
    handles = handles_of(case, accounts)
    keys = {account: parted(account) for account in handles}
    posts = _by_account(known)
    posts |= _by_account(posts_by(case, [key for platform, key in keys.values() if (platform, key) not in posts]))
    names = {key for _, key in keys.values()}
    ids = names | {user_of(platform, name)[0] for name in names for platform in WITH_SERVERS}
    tracked = {
        (one.platform, one.platform_user_id, one.instance): one
        for one in Account.objects.filter(case=case, platform_user_id__in=ids - {""}, merged_into=None)
    }
    hashed = _hashed(case, posts.values())
    named = {}
    for account, key in keys.items():
        post = posts.get(key)
        handle = handles[account] or (post.handle if post else "")
        whose = (post.platform, *user_of(post.platform, post.account)) if post else None
        known = post and (tracked.get(whose) or hashed.get((post.platform, post.account)))
        named[account] = Named(account, handle, post, known)
    return named


def _hashed(case: Case, posts: Iterable[Post]) -> dict[tuple[str, str], Account]:
    """The tracked accounts of authors whose ids the export hashed; one query for each platform with such."""
    wanted: dict[str, set[str]] = {}
    for post in posts:
        if quoted_id(post.platform, post.account):
            wanted.setdefault(post.platform, set()).add(post.account)
    found = {platform: tracked_under(case, platform, names) for platform, names in wanted.items()}
    return {(platform, name): account for platform, rows in found.items() for name, account in rows.items()}


def _by_account(posts: Iterable[Post]) -> dict[tuple[str, str], Post]:
    """Posts by their accounts, as names with their platform and those without it ask for them."""
    return {(platform, post.account): post for post in posts for platform in (post.platform, "")}


@dataclass(frozen=True)
class Entry:
    """One entry of a list with its posts, None where there is none; and the analysis that keeps it, if one does."""

    group: Any
    analysis: Analysis | None


def entry_of(actor: User, case: Case, page: Page, name: str, place: int) -> Entry:
    """Find one entry of the lists of a page without counting the rest. Raises NotVisible for a list there is not."""
    campaign = asked_of(actor, case, page)
    question = campaign.question
    wanted = _asked_for(question, campaign.page.phrase).get(name)
    if wanted is None:
        raise NotVisible("There is no such list of posts.")
    asked = question if wanted.method == question.method else wanted
    kept = campaign.answers.kept([asked]).get(asked.method)
    if kept:
        return Entry(kept.group(name, place), kept.analysis)
    found = campaign.answers.look(wanted).group(name, place) if campaign.answers.may_look(wanted) else None
    return Entry(found, None)


def _asked_for(question: Question, phrase: str) -> dict[str, Question]:
    """The question whose answer has each list, as small as it can be."""
    wanted = {level: replace(question, levels=(level,), coshare=()) for level in question.levels}
    wanted |= {f"{level}{WHOLE}": asked for level, asked in wanted.items()}
    wanted["edges"] = wanted["network"] = replace(question, levels=(Level.L0.value,))
    wanted["top"] = replace(question, levels=(Level.L0.value,), coshare=())
    wanted["locations"] = wanted["profiles"] = alongside(question, AnalysisMethod.LOCATIONS)
    wanted["earlier"] = wanted["earlier_tags"] = alongside(question, AnalysisMethod.EARLIER_TAGS)
    wanted["burst"] = wanted["months"] = wanted["created"] = alongside(question, AnalysisMethod.CREATIONS)
    if phrase:
        wanted["bios"] = alongside(question, AnalysisMethod.BIOS, phrase=phrase)
    return wanted
