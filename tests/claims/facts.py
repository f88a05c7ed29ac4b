"""Facts of a claim that meets every rule, to be spoilt one by one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from claims.alternatives import MINIMUM
from claims.enums import Predicate
from claims.gate.facts import (
    AccountFacts,
    CitationFacts,
    ClaimFacts,
    ComponentFacts,
    ExceptionFacts,
    ItemFacts,
    MediaFacts,
    PartFacts,
    PersonFacts,
    RecordFacts,
    ReviewFacts,
    SentenceFacts,
    SourceFacts,
    TraceFacts,
)
from claims.gate.other_side import HypothesisFacts, PartyFacts, RequestFacts, SendingFacts

NOW = datetime(2024, 6, 10, 12, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(days=3)
NEXT_MONTH = date(2024, 7, 10)


def source(name: str = "Radio", **fields) -> SourceFacts:
    values = {
        "id": f"source-{name}",
        "name": name,
        "kind": "news",
        "reliability": "B",
        "graders": ("grader",),
        "rationale": "It has been right before.",
        "created_by": "author",
        "origin": f"origin-{name}",
        "origin_decided_by": "editor",
        "origin_reason": "Its own reporting.",
    }
    return SourceFacts(**(values | fields))


def item(exhibit: int = 1, **fields) -> ItemFacts:
    values = {
        "id": f"item-{exhibit}",
        "exhibit": exhibit,
        "state": "active",
        "sha256": f"{exhibit:064x}",
        "fixity": "ok",
        "fixity_checked_at": EARLIER,
        "captured_at": EARLIER,
        "recorded_at": EARLIER,
        "logged_at": EARLIER,
        "collector": "author",
        "method": "paste",
        "tool": "caseapp",
        "tool_version": "1",
        "original_url": "https://news.example/1",
        "archived_url": "",
        "kind": "text",
        "title": "A report",
        "author": "A. Reporter",
        "publisher": "Radio",
        "published_at": EARLIER,
        "no_date_reason": "",
        "language": "en",
    }
    return ItemFacts(**(values | fields))


def citation(position: int = 1, **fields) -> CitationFacts:
    values = {
        "id": f"citation-{position}",
        "position": position,
        "stance": "supports",
        "access": "first_hand",
        "selector_type": "quote",
        "exact": f"passage {position}",
        "start": position * 10,
        "end": position * 10 + 9,
        "region": "",
        "region_sha256": "",
        "verified": True,
        "found": True,
        "translation": "",
        "translator": "",
        "credibility": "2",
        "credibility_rationale": "It fits what is known.",
        "graded_by": "author",
        "disposition": "",
        "indicator": "named_in_report" if position == 1 else "named_by_organisation",
        "added_by": "author",
        "item": item(position),
        "source": source("Radio" if position == 1 else f"Source {position}"),
    }
    return CitationFacts(**(values | fields))


def account(**fields) -> AccountFacts:
    values = {
        "id": "account-1",
        "label": "@esmirak",
        "platform": "x",
        "platform_user_id": "1001",
        "id_unknown_reason": "",
        "handles": ("esmirak",),
        "statuses": ("active", "suspended"),
        "first_observed_at": EARLIER,
        "last_observed_at": EARLIER,
        "reuse_checked_at": EARLIER,
        "reuse_checked_by": "author",
    }
    return AccountFacts(**(values | fields))


def component(**fields) -> ComponentFacts:
    values = {
        "claim": "claim-2",
        "number": 2,
        "predicate": "account_operated_by",
        "state": "published",
        "likelihood": "very_likely",
        "analytic_confidence": "high",
        "object_person": "person-1",
    }
    return ComponentFacts(**(values | fields))


def review(stage: str = "editor", reviewer: str = "editor", **fields) -> ReviewFacts:
    return ReviewFacts(stage, reviewer, **{"at": NOW} | fields)


def sign_off(reviewer: str = "lawyer", **fields) -> ReviewFacts:
    """The lawyer's word on this content, under the law of France."""
    return review("legal", reviewer, **{"jurisdictions": ("FR",)} | fields)


def record(**fields) -> RecordFacts:
    """The data-protection record of the case, to be looked at again in a month."""
    values = {"number": 1, "lawful_basis": "legitimate_interests", "special_ground": "", "review_at": NEXT_MONTH}
    return RecordFacts(**values | fields)


def alternative(kind: str = "other", **fields) -> HypothesisFacts:
    """Another explanation, judged with its reason."""
    values = {"statement": f"It was {kind}.", "disposition": "less_likely", "note": "Nothing points to it."}
    return HypothesisFacts(**({"id": f"alternative-{kind}", "kind": kind} | values | fields))


def sending(**fields) -> SendingFacts:
    return SendingFacts(**({"channel": "email", "at": EARLIER} | fields))


def request(**fields) -> RequestFacts:
    """The person whom the claim names was asked three days ago and kept silent."""
    values = {"number": 1, "party": "person:1", "outcome": "no_response", "decided_by": "author"}
    return RequestFacts(**(values | {"sendings": (sending(),), "deadline": EARLIER + timedelta(days=2)} | fields))


def claim(**fields) -> ClaimFacts:
    """A claim about who operates an account, with two independent citations, checked and approved."""
    values = {
        "version_id": "version-1",
        "label": "C-1 v1",
        "state": "submitted",
        "scale": "icd203_row1",
        "policy": "standard",
        "predicate": "account_operated_by",
        "kind": "assessment",
        "adverse": True,
        "subject_person": "",
        "object_person": "person-1",
        "has_object": True,
        "object_organisation": "",
        "role_title": "",
        "valid_from": None,
        "valid_to": None,
        "as_of": None,
        "conduct_date": None,
        "likelihood": "very_likely",
        "analytic_confidence": "moderate",
        "confidence_factors": ("Two reports.", "Read in full.", "Stable."),
        "public_text": "It is very likely that Esmira Xalil operates the account @esmirak.",
        "language": "en",
        "single_source_label": False,
        "single_source_by": "",
        "single_source_reason": "",
        "author": "author",
        "writers": frozenset({"author"}),
        "content_sha256": "a" * 64,
        "content_intact": True,
        "content_current": True,
        "now": NOW,
        "citations": (citation(1), citation(2)),
        "accounts": (account(),),
        "components": (),
        "approvals": (review("fact_check", "checker"), review(), sign_off()),
        "record": record(),
        "people": (PersonFacts("person-1", "Esmira Xalil", "official"),),
        "devils_advocate": "checker",
        "hypotheses": tuple(alternative(kind) for kind in MINIMUM[Predicate.ACCOUNT_OPERATED_BY]),
        "parties": (PartyFacts("person:1", "Esmira Xalil"),),
        "requests": (request(),),
        "identifying_specifics": ("Employed at the committee.", "The same picture as on its page."),
        "namesake_search": "Staff list and two directories, 3 June 2024: nobody else of that name.",
        "source_summary": "Both sources rest on documents; neither spoke to her.",
        "model_use": "none",
        "public_interest": "An office of state is meant to be run in the open.",
        "who_is_harmed": "Whoever is named; more so if the account was taken over.",
        "proportionality": "Only the link is told, and nothing of private life.",
        "gentler_ways": "Leaving the name out would put the whole staff under suspicion.",
    }
    return ClaimFacts(**(values | fields))


def role(**fields) -> ClaimFacts:
    """A claim about a role, in the same condition."""
    values = {
        "predicate": "person_holds_role",
        "subject_person": "person-1",
        "object_person": "",
        "object_organisation": "organisation-1",
        "role_title": "head of the press service",
        "as_of": date(2024, 1, 1),
        "conduct_date": date(2024, 5, 16),
        "public_text": "It is very likely that Esmira Xalil headed the press service of the committee in 2024.",
        "accounts": (),
    }
    return claim(**(values | fields))


def with_items(facts: ClaimFacts, **changes) -> ClaimFacts:
    """The same facts with the item of the first citation changed."""
    first, *others = facts.citations
    return replace(facts, citations=(replace(first, item=replace(first.item, **changes)), *others))


def with_sources(facts: ClaimFacts, **changes) -> ClaimFacts:
    """The same facts with the source of the first citation changed."""
    first, *others = facts.citations
    return replace(facts, citations=(replace(first, source=replace(first.source, **changes)), *others))


def with_citation(facts: ClaimFacts, **changes) -> ClaimFacts:
    """The same facts with the first citation changed."""
    first, *others = facts.citations
    return replace(facts, citations=(replace(first, **changes), *others))


def media(exhibit: int = 1, **fields) -> MediaFacts:
    """A composite that a person has compared with its one origin."""
    known = {"is_subject": True, "waiting": False, "unjudged": 0, "authenticity": "EditedOrCroppedContent"}
    known |= {"original_search": "located", "parts": (PartFacts(9, EARLIER, None),)}
    return MediaFacts(exhibit=exhibit, **known | fields)


def montage(*found: MediaFacts) -> ClaimFacts:
    """A claim about what a picture was put together from."""
    return claim(predicate="media_composed_of", accounts=(), media=found)


def exception(rule: str, by: str) -> ExceptionFacts:
    """A warning that somebody let stand."""
    reason = "The platform shows no status to strangers, and nobody asked for it in 2024."
    return ExceptionFacts(rule, reason, by, NOW)


def with_sentence(facts: ClaimFacts, **fields) -> ClaimFacts:
    """`facts` with one sentence, ticked against the first citation unless `fields` say otherwise."""
    values = {"position": 1, "text": "One sentence.", "verdict": "ticked", "checker": "checker"}
    values |= {"citations": (facts.citations[0].id,)}
    return replace(facts, sentences=(SentenceFacts(**(values | fields)),))


def coordinated(**fields) -> ClaimFacts:
    """A claim that accounts acted together, found by a method that is told."""
    values = {
        "predicate": "accounts_coordinated",
        "object_person": "",
        "method": "Posts of the same text within the same minute.",
        "parameters": "At least 5 such minutes; window 60 s.",
        "dataset_sha256": "d" * 64,
        "false_positive_check": "Of 500 accounts that use the hashtag, the method names 2.",
        "public_text": "It is very likely that the accounts acted together.",
        "hypotheses": tuple(alternative(kind) for kind in MINIMUM[Predicate.ACCOUNTS_COORDINATED]),
    }
    return claim(**(values | fields))


def in_campaign(*indicators: str, **fields) -> ClaimFacts:
    """A claim that an account took part in a campaign, with one citation for each indicator."""
    cited = tuple(citation(n, indicator=each) for n, each in enumerate(indicators, start=1))
    tried = tuple(alternative(kind) for kind in MINIMUM[Predicate.ACCOUNT_IN_CAMPAIGN])
    values = {"predicate": "account_in_campaign", "object_person": "", "citations": cited, "hypotheses": tried}
    values |= {"public_text": "It is very likely that the account took part."}
    return claim(**(values | fields))


def attributed(*indicators: str, **fields) -> ClaimFacts:
    """A claim that a campaign is an organisation's, seen through two lenses."""
    cited = tuple(
        citation(n, indicator=each) for n, each in enumerate(indicators or ("technical", "contextual"), start=1)
    )
    values = {
        "predicate": "campaign_attributed_to",
        "object_person": "",
        "object_organisation": "organisation-1",
        "citations": cited,
        "accounts": (),
        "attributed_as": "operator",
        "state_responsibility": "unknown",
        "eeas_category": "unknown",
        "public_text": "It is very likely that the campaign was operated by the bureau.",
    }
    return claim(**(values | fields))


def trace(settled: str = "", kind: str = "phone", by: str = "checker") -> TraceFacts:
    """A telephone number in the public text; an editor has decided on it where `settled` says how."""
    return TraceFacts(kind, "+994 12 598 19 08", ("public text",), settled, by if settled else "")


def named(settled: str = "waived", **fields) -> TraceFacts:
    """The name of a private individual, of whom an editor decided that the public has to know it."""
    values = {"kind": "name", "passage": "Elvin Ordinary", "places": ("public text",), "person": "person-2"}
    values |= {"decided_by": "checker", "decided_at": EARLIER, "interest_since": EARLIER}
    return TraceFacts(settled=settled, **values | fields)
