"""What the rules may look at: one frozen value per claim version, loaded once (`claims/gate/loading.py`).

Rules see nothing else, so that a stored evaluation can be repeated from its inputs.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256

from audit.canonical import canonical
from claims.enums import Access, CitationVerdict, Predicate, ReviewStage, Settled, Stance
from claims.gate.exposed import PersonFacts, RecordFacts, TraceFacts
from claims.gate.other_side import HypothesisFacts, PartyFacts, RequestFacts
from claims.origins import count_origins
from evidence.enums import FixityState, ItemState, Sensitivity, SourceKind


@dataclass(frozen=True)
class SourceFacts:
    """An originator, its grade, and how its origin was determined."""

    id: str
    name: str
    kind: str
    reliability: str = ""
    graders: tuple[str, ...] = ()
    rationale: str = ""
    created_by: str = ""
    origin: str = ""
    origin_decided_by: str = ""
    origin_reason: str = ""


@dataclass(frozen=True)
class ItemFacts:
    """An exhibit: its preserved copy, its bibliography and how it was collected."""

    id: str
    exhibit: int
    state: str
    sha256: str
    fixity: str
    fixity_checked_at: datetime | None
    captured_at: datetime
    recorded_at: datetime
    logged_at: datetime | None
    collector: str
    method: str
    tool: str
    tool_version: str
    original_url: str
    archived_url: str
    kind: str
    title: str
    author: str
    publisher: str
    published_at: datetime | None
    no_date_reason: str
    language: str
    published_precision: str = "day"
    sensitivity: str = Sensitivity.NORMAL

    @property
    def label(self) -> str:
        return f"E-{self.exhibit}"


@dataclass(frozen=True)
class CitationFacts:
    """A pointer into an exhibit; `found` says that the passage stands in the preserved copy at this moment."""

    id: str
    position: int
    stance: str
    access: str
    selector_type: str
    exact: str
    start: int | None
    end: int | None
    region: str
    region_sha256: str
    verified: bool
    found: bool
    translation: str
    translator: str
    credibility: str
    credibility_rationale: str
    graded_by: str
    disposition: str
    added_by: str
    item: ItemFacts
    source: SourceFacts | None
    verdict: str = ""
    indicator: str = ""
    disposition_note: str = ""
    prefix: str = ""
    suffix: str = ""

    @property
    def label(self) -> str:
        return f"Citation {self.position} ({self.item.label})"

    @property
    def counts(self) -> bool:
        """Whether it supports the claim, and stands."""
        return self.stance == Stance.SUPPORTS and self.stands

    @property
    def stands(self) -> bool:
        """Whether its passage is found in an unharmed copy in use, and no checker objects."""
        return (
            self.verified
            and self.found
            and not self.is_objected_to
            and bool(self.item.sha256)
            and self.item.state == ItemState.ACTIVE
            and self.item.fixity not in (FixityState.CHANGED, FixityState.MISSING)
        )

    @property
    def is_objected_to(self) -> bool:
        """Whether the newest verdict of a checker is that it does not support the claim, or asks the author."""
        return self.verdict in CitationVerdict.objections()

    @property
    def is_open_contradiction(self) -> bool:
        """Whether it speaks against the claim and nobody has said what follows from that."""
        return self.stance == Stance.CONTRADICTS and not self.disposition

    @property
    def origin(self) -> str:
        """The origin that stands behind it; "" while nobody has determined one."""
        return self.source.origin if self.source else ""

    @property
    def is_issued_record(self) -> bool:
        """An official record, cited from whoever issues it and not from somebody who repeats it."""
        return (
            self.source is not None
            and self.source.kind == SourceKind.OFFICIAL_RECORD
            and self.access in (Access.ISSUER, Access.SELF)
        )


@dataclass(frozen=True)
class AccountFacts:
    """An account that the claim names, with what was observed of it."""

    id: str
    label: str
    platform: str
    platform_user_id: str
    id_unknown_reason: str
    handles: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    first_observed_at: datetime | None = None
    last_observed_at: datetime | None = None
    reuse_checked_at: datetime | None = None
    reuse_checked_by: str = ""


@dataclass(frozen=True)
class ComponentFacts:
    """A claim that this one rests on, in its best standing version."""

    claim: str
    number: int
    predicate: str = ""
    state: str = ""
    likelihood: str = ""
    analytic_confidence: str = ""
    subject_person: str = ""
    object_person: str = ""


@dataclass(frozen=True)
class PartFacts:
    """A picture that a confirmed match names, and its earliest known appearance: observed, and as claimed."""

    exhibit: int
    observed_at: datetime
    claimed_at: datetime | None


@dataclass(frozen=True)
class MediaFacts:
    """An exhibit that the claim is about, and what was found out about its picture."""

    exhibit: int
    is_subject: bool
    waiting: bool
    unjudged: int
    authenticity: str
    original_search: str
    parts: tuple[PartFacts, ...] = ()


@dataclass(frozen=True)
class SentenceFacts:
    """A sentence of the public text, and the check that holds of it: by whom, and against which citations."""

    position: int
    text: str
    verdict: str = ""
    checker: str = ""
    citations: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReviewFacts:
    """An approval bound to the present content; a legal one names the states whose law was looked at."""

    stage: str
    reviewer: str
    at: datetime
    jurisdictions: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExceptionFacts:
    """A warning that an editor lets stand for this content, and why."""

    rule: str
    reason: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True)
class ReleaseFacts:
    """The publication in which a version left the house, and whether the audit log holds and covers it."""

    number: int
    logged: bool
    covered: bool


@dataclass(frozen=True)
class ClaimFacts:
    """Everything that decides about one version."""

    version_id: str
    label: str
    state: str
    scale: str
    policy: str
    predicate: str
    kind: str
    adverse: bool
    subject_person: str
    object_person: str
    has_object: bool
    object_organisation: str
    role_title: str
    valid_from: date | None
    valid_to: date | None
    as_of: date | None
    conduct_date: date | None
    likelihood: str
    analytic_confidence: str
    confidence_factors: tuple[str, str, str]
    public_text: str
    language: str
    single_source_label: bool
    single_source_by: str
    single_source_reason: str
    author: str
    writers: frozenset[str]
    content_sha256: str
    content_intact: bool
    content_current: bool
    now: datetime
    citations: tuple[CitationFacts, ...] = ()
    accounts: tuple[AccountFacts, ...] = ()
    components: tuple[ComponentFacts, ...] = ()
    approvals: tuple[ReviewFacts, ...] = ()
    media: tuple[MediaFacts, ...] = ()
    sentences: tuple[SentenceFacts, ...] = ()
    valid_from_precision: str = "day"
    valid_to_precision: str = "day"
    as_of_precision: str = "day"
    key_assumptions: tuple[str, ...] = ()
    identifying_specifics: tuple[str, ...] = ()
    namesake_search: str = ""
    method: str = ""
    parameters: str = ""
    dataset_sha256: str = ""
    false_positive_check: str = ""
    attributed_as: str = ""
    state_responsibility: str = ""
    eeas_category: str = ""
    public_interest: str = ""
    who_is_harmed: str = ""
    proportionality: str = ""
    gentler_ways: str = ""
    source_summary: str = ""
    model_use: str = ""
    model_name: str = ""
    model_version: str = ""
    model_task: str = ""
    supersedes: str = ""
    correction_cause: str = ""
    correction_note: str = ""
    # The thresholds of the case's policy.
    fixity_days: int = 30
    role_months: int = 12
    reply_hours: int = 48
    # Whether the audit log is being signed at this moment.
    log_is_signed: bool = True
    release: ReleaseFacts | None = None
    exceptions: tuple[ExceptionFacts, ...] = ()
    # What stands at either end in words only, and of these who is blamed: maybe by a person's name.
    ends_in_words: tuple[str, ...] = ()
    blamed_in_words: str = ""
    # Numbers of the exhibits marked sensitive that the claim itself is about.
    sensitive_ends: tuple[int, ...] = ()
    # Persons at either end, and those whose full name stands in the text.
    people: tuple[PersonFacts, ...] = ()
    named: tuple[PersonFacts, ...] = ()
    # Whether a political party stands at an end: that is an opinion, which GDPR Art. 9 protects.
    names_a_party: bool = False
    record: RecordFacts | None = None
    traces: tuple[TraceFacts, ...] = ()
    # Names that were withheld when the editor approved this content, as the run of that moment saw them.
    withheld_then: tuple[str, ...] = ()
    devils_advocate: str = ""
    hypotheses: tuple[HypothesisFacts, ...] = ()
    parties: tuple[PartyFacts, ...] = ()
    requests: tuple[RequestFacts, ...] = ()

    @cached_property
    def counted(self) -> tuple[CitationFacts, ...]:
        return tuple(citation for citation in self.citations if citation.counts)

    @cached_property
    def origins(self) -> int:
        """The number of independent origins behind the counted citations."""
        return count_origins((c.source.origin if c.source else "", c.item.sha256) for c in self.counted)

    @property
    def granters(self) -> frozenset[str]:
        """Editors whose exceptions stand for this content."""
        single = {self.single_source_by} if self.single_source_label else set()
        waived = {one.decided_by for one in self.traces if one.settled == Settled.WAIVED}
        return frozenset(single | waived | {one.decided_by for one in self.exceptions}) - {""}

    @property
    def sign_offs(self) -> tuple[ReviewFacts, ...]:
        """Legal sign-offs on this content by somebody who wrote no part of it."""
        legal = (one for one in self.approvals if one.stage == ReviewStage.LEGAL)
        return tuple(one for one in legal if one.reviewer not in self.writers)

    @property
    def is_about_a_person(self) -> bool:
        """Whether a person stands at an end, maybe in words only, or is named in the text; a pseudonym hides nobody."""
        return bool(self.people or self.named or self.blamed_in_words)

    @property
    def approved_at(self) -> datetime:
        """When the last approval was given; now, while none is."""
        return max((approval.at for approval in self.approvals), default=self.now)

    @property
    def needs_two_origins(self) -> bool:
        """G-07's list of predicates. Whoever holds a role counts as named, also by words alone."""
        return self.predicate in (
            Predicate.ACCOUNT_OPERATED_BY,
            Predicate.PERSON_HOLDS_ROLE,
            Predicate.ACCOUNTS_COORDINATED,
            Predicate.CAMPAIGN_ATTRIBUTED_TO,
        )

    def exception_for(self, rule: str) -> ExceptionFacts | None:
        """The exception that an editor granted of a rule, for exactly this content."""
        return next((one for one in self.exceptions if one.rule == rule), None)

    def inputs(self) -> bytes:
        """All that the rules saw, as canonical JSON; `claims/gate/replay.py` reads it back."""
        return canonical(_plain(asdict(self)))

    def inputs_sha256(self) -> str:
        """The hash of all that the rules saw."""
        return sha256(self.inputs()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int) else str(value)
