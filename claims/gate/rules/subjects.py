"""G-21 to G-23 and G-75: are account, role and chain recorded so that the statement is exact and up to date?"""

from collections.abc import Iterator
from datetime import date

from cases.enums import AccountStatus, Platform, Precision
from claims.enums import Predicate, VersionState
from claims.gate.facts import AccountFacts, CitationFacts, ClaimFacts, ComponentFacts
from claims.gate.registry import WARNS, Problem, Rule, Sentence, register
from claims.phrasing import handles_named, has_status_caveat, in_its_sentences, mentions_year, years_named
from claims.scales import confidence_rank, rank
from evidence.enums import ItemKind

NUMERIC_IDS = frozenset({Platform.X, Platform.FACEBOOK, Platform.INSTAGRAM, Platform.TIKTOK, Platform.VK})
REUSE_RISK = frozenset({AccountStatus.SUSPENDED, AccountStatus.RENAMED})
_PERISHABLE = frozenset({ItemKind.LINK, ItemKind.PAGE, ItemKind.POST})
_PARTS: dict[str, int] = {Precision.YEAR: 1, Precision.MONTH: 2}
PUBLISHABLE = frozenset({VersionState.APPROVED, VersionState.PUBLISHED})


@register
class AccountIdentified(Rule):
    """An account is recorded by platform and numeric id (or why that is unknown), with a handle and the interval in
    which it was observed. Suspended and renamed accounts need a check whether the handle was taken over. An account
    that a claim names by its handle is a record, not words."""

    id = "G-21"
    title = "Accounts are identified"
    basis = "STIX 2.1, user-account id"

    def applies(self, facts: ClaimFacts) -> bool:
        return bool(facts.accounts or _typed(facts))

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        for handle in _typed(facts):
            yield Problem(
                Sentence("%(handle)s is named in words only: record the account and choose it.", handle=handle),
                "version",
            )
        for account in facts.accounts:
            for text in self._missing(account):
                yield Problem(Sentence("%(label)s %(text)s", label=account.label, text=text), f"account:{account.id}")

    def _missing(self, account: AccountFacts) -> Iterator[str]:
        if not (account.platform_user_id or account.id_unknown_reason.strip()):
            yield "has neither the platform's own id nor the reason why it is unknown."
        if account.platform in NUMERIC_IDS and account.platform_user_id and not account.platform_user_id.isdecimal():
            yield "has a handle where the platform's numeric id belongs."
        if not account.handles:
            yield "has no observed handle: record an observation."
        if account.first_observed_at is None:
            yield "was never observed: record when it was seen."
        risky = REUSE_RISK & set(account.statuses) or len(set(account.handles)) > 1
        if risky and not (account.reuse_checked_at and account.reuse_checked_by):
            yield "was suspended or renamed: check whether somebody else took over the handle."


def _typed(facts: ClaimFacts) -> list[str]:
    return handles_named(" ".join(facts.ends_in_words))


@register
class RoleIsDated(Rule):
    """A role names its organisation, its title in the original words, a beginning, an end or a date for which it is
    said, and the date of its source. Each of these dates is shown by what is cited: a sentence that names years
    speaks for those years, even where a later article repeats it; one without a year speaks for the year, and up
    to the day, of its publication. A beginning shows the role at that time and not later. Where the latest date
    for which the role is shown is older than the conduct by more than the months that the policy sets (12,
    unless it says otherwise), the text says the year and that the present position is not known."""

    id = "G-22"
    title = "Roles have a title and a date"
    basis = "BBC accuracy; New Caledonia, a role of 2014"

    def applies(self, facts: ClaimFacts) -> bool:
        return facts.predicate == Predicate.PERSON_HOLDS_ROLE

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        if not facts.has_object:
            yield Problem("Name the organisation at which the role is held.", "version")
        if not facts.role_title.strip():
            yield Problem("Give the title of the role in the words of the source.", "version")
        if not (facts.valid_from or facts.valid_to or facts.as_of):
            yield Problem("Say from when, until when or as of when the role was held.", "version")
        if not any(citation.item.published_at for citation in facts.counted):
            yield Problem("No counted source says when it was published.", "citations")
        yield from self._not_shown(facts)
        yield from self._stale(facts)

    def _not_shown(self, facts: ClaimFacts) -> Iterator[Problem]:
        for words, day, precision in role_dates(facts):
            if facts.counted and not any(shows(citation, day, precision) for citation in facts.counted):
                years = sorted({year for citation in facts.counted for year in years_of(citation)})
                yield Problem(
                    Sentence(
                        "No counted passage speaks for %(words)s %(year)s, or it is later than its publication: what "
                        "is cited speaks for %(value)s.",
                        words=words,
                        year=day.year,
                        value=", ".join(map(str, years)) or "no known date",
                    ),
                    "version",
                )

    def _stale(self, facts: ClaimFacts) -> Iterator[Problem]:
        latest = latest_role_evidence(facts)
        conduct = facts.conduct_date or facts.now.date()
        if latest is None or not is_older(latest, conduct, months=facts.role_months):
            return
        if not mentions_year(facts.public_text, latest.year):
            yield Problem(
                Sentence(
                    "The latest evidence of this role is of %(year)s, more than %(role_months)s months before "
                    "%(conduct)s: the text must name the year %(year)s.",
                    year=latest.year,
                    role_months=facts.role_months,
                    conduct=conduct.strftime("%B %Y"),
                ),
                "version",
            )
        if not has_status_caveat(facts.public_text, latest.year):
            yield Problem('The text must say that the present position is not known, e.g. "at the time".', "version")


def latest_role_evidence(facts: ClaimFacts) -> date | None:
    """The latest day for which the record shows the role; a beginning shows nothing later than itself."""
    return max((day for day in (facts.as_of, facts.valid_to) if day), default=facts.valid_from)


def role_dates(facts: ClaimFacts) -> list[tuple[str, date, str]]:
    """What the record says of the time of a role: words, day, precision."""
    said = (
        ("the beginning in", facts.valid_from, facts.valid_from_precision),
        ("the end in", facts.valid_to, facts.valid_to_precision),
        ("the role as of", facts.as_of, facts.as_of_precision),
    )
    return [(words, day, precision) for words, day, precision in said if day]


def years_of(citation: CitationFacts) -> frozenset[int]:
    """The years for which a passage speaks: those that its sentences name, else the year of its publication."""
    published = citation.item.published_at
    named = years_named(in_its_sentences(citation.prefix, citation.exact, citation.suffix))
    if published is not None:
        named = {year for year in named if year <= published.year} or {published.year}
    return frozenset(named)


def shows(citation: CitationFacts, day: date, precision: str) -> bool:
    """Whether a passage speaks for `day`; never for one after its publication, at the coarser of the two precisions."""
    published = citation.item.published_at
    if published is not None:
        parts = min(_PARTS.get(precision, 3), _PARTS.get(citation.item.published_precision, 3))
        if (day.year, day.month, day.day)[:parts] > (published.year, published.month, published.day)[:parts]:
            return False
    return day.year in years_of(citation)


def is_older(earlier: date, later: date, *, months: int) -> bool:
    """Whether `earlier` lies more than `months` before `later`."""
    years, month = divmod(later.year * 12 + later.month - 1 - months, 12)
    return (years, month + 1, later.day) > (earlier.year, earlier.month, earlier.day)


@register
class ChainIsNoStronger(Rule):
    """A claim that rests on others is published only with them, and shows no more likelihood and confidence than the
    weakest of them."""

    id = "G-23"
    title = "A chain is as strong as its weakest link"
    basis = "logic"

    def applies(self, facts: ClaimFacts) -> bool:
        return bool(facts.components)

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        for component in facts.components:
            target = f"claim:{component.number}"
            if component.state not in PUBLISHABLE:
                yield Problem(
                    Sentence("C-%(number)s, on which this rests, is not approved.", number=component.number), target
                )
            elif stronger := self._stronger(facts, component):
                yield Problem(
                    Sentence(
                        "This shows more %(stronger)s than C-%(number)s, on which it rests.",
                        stronger=stronger,
                        number=component.number,
                    ),
                    "version",
                )

    def _stronger(self, facts: ClaimFacts, component: ComponentFacts) -> str:
        names = ["likelihood"] * (rank(facts.likelihood) > rank(component.likelihood))
        names += ["confidence"] * (
            confidence_rank(facts.analytic_confidence) > confidence_rank(component.analytic_confidence)
        )
        return " and ".join(names)


@register
class StatusObserved(Rule):
    """A link, page or post is archived or its snapshot is kept; the status of each account has a date of observation,
    and a claim about a status says when it was seen."""

    id = "G-75"
    level = WARNS
    title = "Links are archived, statuses are dated"
    basis = "Berkeley Protocol"
    version = 2

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        for citation in facts.citations:
            item = citation.item
            if item.kind in _PERISHABLE and not (item.archived_url or item.sha256):
                yield Problem(
                    Sentence("%(label)s is a link that nobody archived.", label=item.label), f"item:{item.exhibit}"
                )
        if facts.predicate == Predicate.ACCOUNT_STATUS and not (facts.as_of or facts.valid_from):
            yield Problem("Say when the status was seen.", "version")
        for account in facts.accounts:
            if not set(account.statuses) - {AccountStatus.UNKNOWN}:
                yield Problem(
                    Sentence("The status of %(label)s was never observed.", label=account.label),
                    f"account:{account.id}",
                )
