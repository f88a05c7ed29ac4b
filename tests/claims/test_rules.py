"""Each rule of the gate with what meets it and what does not: pure functions over facts."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from claims.gate.docs import render
from claims.gate.evaluation import FAILED, NOT_APPLICABLE, PASSED, judge
from claims.gate.facts import PersonFacts, ReleaseFacts
from claims.gate.registry import Rule, register, registered
from tests.claims import reply_facts
from tests.claims.facts import (
    EARLIER,
    NOW,
    account,
    attributed,
    citation,
    claim,
    component,
    coordinated,
    exception,
    in_campaign,
    item,
    media,
    montage,
    named,
    record,
    review,
    role,
    sign_off,
    source,
    trace,
    with_citation,
    with_items,
    with_sentence,
    with_sources,
)

OFFICIAL = PersonFacts("person-1", "Esmira Xalil", "official")
LONG_AGO = NOW - timedelta(days=31)
CAVEAT = "In 2014 she headed the press service; her current role could not be confirmed."
OVERRIDE = {
    "single_source_by": "editor",
    "single_source_label": True,
    "single_source_reason": "The committee publishes no list of its staff at all.",
    "public_text": "It is very likely that she operates the account (single source).",
}


def of_2014(*, exact="A 2014 news report described her as the head", prefix="", suffix="", **fields):
    """A role that an article of 2024 repeats from a report of 2014."""
    cited = [citation(n, exact=exact, prefix=prefix, suffix=suffix, access="repeater") for n in (1, 2)]
    return role(citations=tuple(cited), **fields)


def one_origin(**fields):
    """Two citations of two sources that nobody has told apart."""
    cited = [replace(citation(n), source=source(f"Source {n}", origin="")) for n in (1, 2)]
    return claim(citations=tuple(cited), **fields)


def alone(**fields):
    """One citation only."""
    return claim(citations=(citation(1, **fields),))


def self_declared(**fields):
    bio = source("Profile", kind="social_account")
    return {"access": "self", "indicator": "own_profile", "source": bio} | fields


def sure(**fields):
    """A claim with high confidence, which two sound origins carry."""
    return claim(**({"analytic_confidence": "high"} | fields))


def doubted(**fields):
    """Two origins, and nobody grades what they say better than doubtful."""
    return claim(citations=tuple(citation(n, credibility="4") for n in (1, 2)), **fields)


CORRECTED = {"supersedes": "version-0", "correction_cause": "The year was wrong.", "correction_note": "We said 2015."}
MEETS = {
    "G-01": [claim(), claim(citations=(citation(selector_type="region", exact="", region="xywh=percent:1,2,3,4"),))],
    "G-02": [
        claim(),
        with_citation(claim(), selector_type="region", region="xywh=percent:1,2,3,4", region_sha256="b" * 64),
    ],
    "G-03": [claim(), with_items(claim(), original_url="", kind="document")],
    "G-04": [claim()],
    "G-05": [
        claim(),
        with_items(claim(), published_at=None, no_date_reason="The page has none."),
        with_items(claim(), author=""),
        with_items(claim(), language="en-GB"),
        with_citation(with_items(claim(), language="az"), translation="A passage", translator="L. Translator"),
    ],
    "G-06": [
        claim(),
        with_sources(claim(), reliability="F"),
        with_citation(claim(), credibility="6"),
        with_sources(claim(), kind="witness", graders=("author", "editor")),
        with_sources(claim(), kind="witness", created_by="editor", graders=("editor", "author", "checker")),
    ],
    "G-07": [
        claim(),
        claim(citations=(citation(1, source=source("Registry", kind="official_record"), access="issuer"),)),
        replace(one_origin(), **OVERRIDE),
        role(citations=(citation(1, **self_declared(source=source("She", kind="witness"))),)),
        role(citations=(citation(1, **self_declared()),), components=(component(),)),
    ],
    "G-08": [
        claim(),
        with_sources(claim(), origin="", origin_decided_by="", origin_reason=""),
        # That one's own sources are one origin takes nothing for granted, nor where one would do.
        with_sources(claim(), origin="origin-Source 2", origin_decided_by="author"),
        with_sources(claim(predicate="account_status"), origin_decided_by="author"),
    ],
    "G-09": [claim(), with_citation(claim(), credibility="1")],
    "G-20": [
        claim(),
        # One article with a name and a picture: two sorts of link of one origin.
        claim(
            citations=(
                citation(1, indicator="same_picture"),
                citation(2, source=source("Radio"), indicator="named_in_report"),
            )
        ),
        claim(citations=(citation(1), citation(2, indicator="named_in_report"))),
        with_citation(claim(), access="self"),
        claim(citations=(citation(1, **self_declared()), citation(2, indicator="same_picture"))),
    ],
    "G-24": [
        claim(),
        role(identifying_specifics=("Born in Baku.", "Head of press since 2014.", "Her picture.")),
    ],
    "G-30": [
        coordinated(),
        coordinated(public_text="It is very likely that they acted together. It is not known who they were run by."),
        coordinated(public_text="It is very likely that they acted together, “run by nobody”, as one put it."),
    ],
    "G-31": [
        in_campaign("shared_hashtag", "same_timing"),
        in_campaign("platform_disclosure"),
        in_campaign("instruction", "same_narrative"),
    ],
    "G-32": [
        attributed(),
        attributed("behavioural", "technical", state_responsibility="state-shaped", eeas_category="state_linked"),
        attributed(attributed_as="beneficiary", public_text="It is very likely that the bureau gains from it."),
    ],
    "G-41": [
        sure(),
        sure(key_assumptions=("One.", "Two.")),
        sure(citations=(citation(1), citation(2), citation(3, source=source("Blog", reliability="E")))),
        sure(citations=(citation(1), citation(2), citation(3, stance="contradicts", disposition="explained"))),
    ],
    "G-42": [
        claim(),
        claim(public_text="She appears to operate the account."),
        claim(public_text="Elle semble tenir le compte.", language="fr"),
        sure(public_text="She operates the account."),
        alone(source=source("Registry", kind="official_record"), access="issuer"),
        replace(alone(), public_text="According to the radio, she operates the account."),
        replace(alone(), public_text="Selon la radio, elle tient le compte.", language="fr"),
        replace(doubted(), public_text="It is unconfirmed whether she operates the account."),
        claim(public_text="It is almost certainly hers."),
    ],
    "G-43": [claim(), claim(source_summary="No register was open to us.")],
    "G-73": [
        claim(),
        claim(model_use="used", model_name="A translator", model_version="4.1", model_task="A first translation."),
    ],
    "G-80": [
        claim(**CORRECTED),
        claim(**CORRECTED, traces=(replace(named("waived"), places=("correction note",)), named("redacted"))),
    ],
    "G-81": [claim(), claim(release=ReleaseFacts(1, logged=True, covered=True))],
    "G-21": [
        claim(),
        claim(ends_in_words=("At least 86 accounts", "write to desk@news.example")),
        claim(accounts=(account(platform_user_id="", id_unknown_reason="Suspended before we looked."),)),
        claim(accounts=(account(statuses=("active",), reuse_checked_at=None, reuse_checked_by=""),)),
        claim(accounts=(account(platform="bluesky", platform_user_id="did:plc:abc"),)),
    ],
    "G-22": [
        role(),
        of_2014(as_of=date(2014, 1, 1), public_text=CAVEAT),
        of_2014(as_of=None, valid_from=date(2014, 1, 1), public_text=CAVEAT),
        role(as_of=None, valid_from=date(2024, 1, 1)),
        role(as_of=date(2024, 6, 7)),
        role(as_of=date(2024, 12, 31), as_of_precision="year"),
        with_items(role(as_of=date(2024, 12, 31)), published_precision="year"),
        role(as_of=date(2024, 1, 1), citations=(citation(1, prefix="In 2014 she joined it. ", exact="She heads it"),)),
    ],
    "G-23": [claim(components=(component(),)), claim(components=(component(state="approved"),))],
    "G-40": [
        claim(),
        claim(public_text="It is very likely. Our confidence in this is moderate."),
        claim(public_text="In May 2024 the account, it is very likely, was hers. This could not be confirmed."),
        with_citation(
            claim(public_text='He said it "might possibly" be hers; it is very likely.'),
            exact="It might  possibly be hers, he said.",
        ),
        claim(public_text="According to the radio, the account was reportedly hers. It is very likely."),
        claim(public_text="It is very likely that Эльвин (Elvin/Эльвин) is she, the radio was told by a clerk."),
    ],
    "G-33": [claim(), coordinated()],
    "G-60": [
        claim(),
        claim(people=(PersonFacts("person-2", "Elvin Ordinary", "private_individual"),)),
        claim(traces=(named(),)),
        claim(traces=(named("redacted", interest_since=None),)),
        claim(traces=(named(""),), withheld_then=("Elvin Ordinary",)),
        claim(traces=(named(kind="minor"),), approvals=(*claim().approvals, sign_off("another", at=NOW))),
    ],
    "G-61": [claim(), claim(traces=(trace(kind="name"),)), claim(traces=(trace("waived"), trace("redacted")))],
    "G-62": [
        claim(),
        claim(record=record(review_at=NOW.date())),
        claim(names_a_party=True, record=record(special_ground="journalism")),
    ],
    "G-63": [
        claim(),
        role(),
        claim(approvals=(*claim().approvals[:2], sign_off("another", jurisdictions=("FR", "GB")))),
        claim(people=(), named=(OFFICIAL,)),
    ],
    "G-64": [claim(), with_items(claim(), sensitivity="normal")],
    "G-70": [
        claim(),
        claim(adverse=False, approvals=(review(),)),
        claim(approvals=(review("fact_check", "author2"), review())),
        # A fact-checker may let something stand; the one who approves may not.
        claim(single_source_label=True, single_source_by="checker"),
        claim(exceptions=(exception("G-75", "checker"),)),
        claim(single_source_label=False, single_source_by="editor"),
    ],
    "G-71": [
        with_citation(claim(), verdict="supports_claim"),
        with_citation(claim(), verdict="partly"),
        with_citation(claim(), verdict="does_not_support", disposition="explained", disposition_note="Shown."),
        with_sentence(claim()),
        with_sentence(with_citation(claim(), stance="contradicts")),
    ],
    "G-72": [claim()],
    "G-74": [
        montage(media()),
        montage(media(original_search="not_found"), media(2, is_subject=False, authenticity="")),
    ],
    "G-75": [
        claim(),
        claim(predicate="account_status", as_of=date(2024, 5, 30)),
        with_items(claim(), kind="link", archived_url="https://archive.example/1"),
    ],
}

MISSES = {
    "G-01": [
        claim(citations=()),
        with_citation(claim(), exact=" "),
        alone(stance="contradicts"),
        with_citation(claim(), selector_type="region", region="somewhere"),
    ],
    "G-02": [
        with_citation(claim(), verified=False),
        with_citation(claim(), found=False),
        with_citation(claim(), selector_type="region", region="xywh=percent:1,2,3,4", found=False),
    ],
    "G-03": [
        with_items(claim(), sha256=""),
        with_items(claim(), state="withdrawn"),
        with_items(claim(), fixity="changed"),
        with_items(claim(), fixity="unchecked", fixity_checked_at=None),
        with_items(claim(), fixity_checked_at=LONG_AGO),
        with_items(claim(), tool_version=""),
        with_items(claim(), kind="page", original_url=""),
    ],
    "G-04": [
        with_items(claim(), logged_at=None),
        with_items(claim(), logged_at=NOW + timedelta(seconds=1)),
        with_items(claim(), captured_at=NOW + timedelta(days=1)),
    ],
    "G-05": [
        with_items(claim(), author="", publisher=""),
        with_items(claim(), published_at=None),
        with_items(claim(), language=""),
        with_items(claim(), title=""),
        with_citation(claim(), source=None),
        with_items(claim(), language="az"),
        with_citation(with_items(claim(), language="az"), translation="A passage"),
    ],
    "G-06": [
        with_citation(claim(), credibility=""),
        with_citation(claim(), credibility_rationale=" "),
        with_citation(claim(), graded_by=""),
        with_sources(claim(), reliability=""),
        with_sources(claim(), rationale=""),
        with_sources(claim(), kind="witness", graders=("author",)),
        # Whoever held the interview, for a source that somebody else had brought in.
        with_sources(with_items(claim(), collector="checker"), kind="anonymous", graders=("checker", "author")),
    ],
    "G-07": [
        role(subject_person="", citations=(citation(1),)),  # a name typed as words is a name
        one_origin(),
        alone(),
        claim(citations=()),
        alone(**self_declared()),
        alone(source=source("Registry", kind="official_record"), access="repeater"),
        role(citations=(citation(1, **self_declared()),)),
        role(citations=(citation(1, **self_declared()),), components=(component(state="draft"),)),
        role(citations=(citation(1, **self_declared()),), components=(component(object_person="another"),)),
        replace(one_origin(), **OVERRIDE | {"single_source_reason": "Too short."}),
        replace(one_origin(), **OVERRIDE | {"single_source_by": "author"}),
        replace(one_origin(), **OVERRIDE | {"public_text": "Not a single source denies that she operates it."}),
        replace(one_origin(), **OVERRIDE | {"public_text": "It is very likely that she operates the account."}),
        with_items(with_sources(claim(), origin="origin-Source 2"), exhibit=1),
        claim(citations=(citation(1), citation(2, item=item(2, sha256=item(1).sha256)))),
    ],
    "G-08": [
        with_sources(claim(), origin_decided_by="author"),
        with_sources(claim(), origin_reason=""),
        with_sources(claim(), origin_decided_by=""),
        claim(citations=(citation(1), citation(2, item=item(2, sha256=item(1).sha256)))),
    ],
    "G-09": [
        replace(one_origin(), citations=(replace(one_origin().citations[0], credibility="1"),)),
        alone(credibility="1"),
    ],
    "G-24": [
        claim(identifying_specifics=()),
        attributed(blamed_in_words="Jean Dupont of Lyon"),
        claim(identifying_specifics=("Employed at the committee.", " employed at the COMMITTEE. ")),
        role(identifying_specifics=("Born in Baku.", " ")),
        role(namesake_search=" "),
    ],
    "G-30": [
        coordinated(method=""),
        coordinated(parameters=" "),
        coordinated(dataset_sha256=""),
        coordinated(false_positive_check=""),
        coordinated(public_text="It is very likely that the accounts, run by one bureau, acted together."),
        coordinated(public_text="Ces comptes agissent pour le compte du bureau, c'est très probable.", language="fr"),
    ],
    "G-31": [
        in_campaign(),
        in_campaign("", ""),
        in_campaign("shared_hashtag"),
        in_campaign("shared_link", "shared_picture", "same_narrative"),
        with_citation(in_campaign("same_timing", "shared_hashtag"), found=False),
    ],
    "G-32": [
        attributed("technical"),
        attributed("technical", "technical"),
        attributed("", ""),
        with_sources(attributed(), origin="origin-Source 2"),
        attributed(attributed_as=""),
        attributed(state_responsibility=""),
        attributed(eeas_category=""),
        attributed(attributed_as="sponsor"),
        attributed(attributed_as="beneficiary", public_text="It is very likely that the bureau is behind it."),
    ],
    "G-41": [
        replace(one_origin(), analytic_confidence="high"),
        sure(citations=(citation(1), citation(2, source=source("Blog", reliability="D")))),
        sure(citations=(citation(1), citation(2, source=source("Blog", reliability="F")))),
        sure(citations=(citation(1), citation(2), citation(3, stance="contradicts"))),
        sure(key_assumptions=("One.", "Two.", "Three.")),
    ],
    "G-42": [
        claim(public_text="She operates the account."),
        claim(public_text='She operates the account, which is "very likely" hers.'),
        claim(public_text="Elle tient le compte.", language="fr"),
        claim(public_text="It is very likely hers; clearly she posted."),
        replace(alone(), public_text="It is very likely that she operates the account."),
        replace(doubted(), public_text="According to the radio, she operates the account."),
        sure(analytic_confidence="moderate", public_text="The account is hers."),
        sure(likelihood="likely", public_text="The account is hers."),
    ],
    "G-43": [claim(source_summary=""), role(source_summary=" ")],
    "G-73": [
        claim(model_use=""),
        claim(model_use="used"),
        claim(model_use="used", model_name="A translator", model_version=" ", model_task="A translation."),
        with_items(
            claim(model_use="used", model_name="A writer", model_version="1", model_task="A summary."),
            author="a Writer",
        ),
        with_sources(
            claim(model_use="used", model_name="A writer", model_version="1", model_task="A summary."), name="A writer"
        ),
    ],
    "G-80": [
        claim(supersedes="version-0"),
        claim(supersedes="version-0", correction_cause="The year was wrong."),
        claim(supersedes="version-0", correction_cause=" ", correction_note="We said 2015."),
        claim(**CORRECTED, traces=(replace(named("redacted"), places=("public text", "correction note")),)),
        claim(**CORRECTED, traces=(replace(trace(), places=("correction cause",)),)),
    ],
    "G-81": [
        claim(log_is_signed=False),
        claim(release=ReleaseFacts(1, logged=False, covered=False)),
        claim(release=ReleaseFacts(1, logged=True, covered=False)),
    ],
    "G-20": [
        claim(citations=(citation(1), citation(2, indicator=""))),
        claim(citations=(citation(1), citation(2, indicator="name_match"))),
        claim(citations=(citation(1), citation(2, source=source("Radio"), indicator="named_in_report"))),
        claim(citations=(citation(1, indicator="own_profile"), citation(2, indicator="own_profile"))),
        claim(object_person="", has_object=False),
        claim(object_person="", has_object=True, blamed_in_words="a troll farm"),
        alone(),
        claim(citations=(citation(1, **self_declared()), citation(2, **self_declared()))),
        claim(citations=(citation(1), replace(citation(1), id="again"))),
    ],
    "G-21": [
        claim(accounts=(), ends_in_words=("The account @esmirak",)),
        claim(accounts=(account(platform_user_id=""),)),
        claim(accounts=(account(platform_user_id="esmirak"),)),
        claim(accounts=(account(handles=()),)),
        claim(accounts=(account(first_observed_at=None),)),
        claim(accounts=(account(reuse_checked_at=None),)),
        claim(accounts=(account(statuses=("active",), handles=("a", "b"), reuse_checked_at=None),)),
    ],
    "G-22": [
        role(has_object=False),
        role(role_title=" "),
        role(as_of=None),
        with_items(with_items(role(citations=(citation(1),)), published_at=None), no_date_reason="None."),
        of_2014(as_of=date(2014, 1, 1)),
        of_2014(as_of=None, valid_from=date(2014, 1, 1)),
        of_2014(as_of=None, valid_to=date(2014, 1, 1)),
        of_2014(as_of=date(2024, 5, 31)),
        of_2014(as_of=None, valid_from=date(2024, 1, 1)),
        of_2014(as_of=date(2024, 5, 31), prefix="A 2014 news report ", exact="described her as the head"),
        of_2014(as_of=date(2024, 5, 31), exact="She was described as the head", suffix=", in 2014, of its service."),
        role(as_of=date(2024, 6, 8)),
        role(as_of=date(2025, 1, 1), as_of_precision="year"),
        role(as_of=date(2019, 1, 1), public_text="In 2019 she headed it at the time."),
        of_2014(as_of=date(2014, 1, 1), public_text="She headed the press service in 2014."),
        of_2014(as_of=date(2014, 1, 1), public_text="At the time she headed the press service."),
        of_2014(as_of=date(2014, 1, 1), public_text="Since 2014 she was officially its head."),
        of_2014(as_of=date(2014, 1, 1), public_text="Her current position, of 2014, is that of its head."),
        of_2014(as_of=date(2014, 1, 1), public_text="As of today she heads it, as in 2014."),
        of_2014(as_of=date(2014, 1, 1), public_text="In 20145 she headed it at the time."),
        role(as_of=date(2023, 5, 15), citations=(citation(1, exact="In May 2023 she headed it"),)),
        role(as_of=date(2022, 6, 1), conduct_date=None, citations=(citation(1, exact="She headed it in 2022"),)),
    ],
    "G-23": [
        claim(components=(component(state="draft"),)),
        claim(components=(component(state="retracted"),)),
        claim(components=(component(likelihood="likely"),)),
        claim(components=(component(analytic_confidence="low"),)),
        claim(components=(component(likelihood=""),)),
    ],
    "G-40": [
        claim(likelihood=""),
        claim(analytic_confidence=""),
        claim(confidence_factors=("Two reports.", " ", "Stable.")),
        claim(public_text=""),
        claim(public_text="It is very likely, with moderate confidence, that it is hers."),
        claim(public_text="It is highly probable that it is hers."),
        claim(public_text="It is almost certain that it is hers."),
        claim(public_text="The account may be hers."),
        claim(public_text="The account might be hers."),
        claim(public_text="The account could be hers."),
        claim(public_text="The account is possibly hers."),
        claim(public_text="The account is reportedly hers."),
        claim(public_text="This proves that the account is hers."),
        claim(public_text="She is said to run it. It is very likely."),
        claim(public_text="It is very likely that the alleged operator is she."),
        claim(public_text="It is very likely, pos\u00adsibly, hers."),
        claim(public_text="It is very likely; she m\u0430y run it."),
        # Marks around words that nobody said, or that were not found, do not make them a quotation.
        claim(public_text='It is very likely. The account "may possibly" be hers.'),
        with_citation(claim(public_text='It is very likely. It "might" be hers.'), exact="It might be", found=False),
    ],
    "G-61": [claim(traces=(trace(),)), claim(traces=(trace("waived"), trace()))],
    "G-64": [
        claim(sensitive_ends=(5,)),
        with_items(claim(), sensitivity="sensitive"),
        with_items(role(), sensitivity="sensitive"),
    ],
    "G-33": [
        claim(public_interest=""),
        claim(who_is_harmed=" "),
        claim(proportionality=""),
        claim(gentler_ways=""),
        coordinated(public_interest=""),
        coordinated(adverse=False),
        claim(adverse=False),
        claim(adverse=False, object_person="", blamed_in_words="Jean Dupont"),
    ],
    "G-60": [
        # He was private when the editor approved, and somebody made him public since.
        claim(withheld_then=("Elvin Ordinary",)),
        claim(traces=(named("", passage="Another One"),), withheld_then=("Elvin Ordinary",)),
        claim(traces=(named(interest_since=None),)),
        claim(traces=(named(kind="minor", interest_since=None),)),
        claim(traces=(named(),), approvals=(review("fact_check", "checker"), review())),
        claim(traces=(named(),), approvals=(review(), sign_off("author"))),
        # The lawyer read it before anybody decided to name them, or before it was said why.
        claim(traces=(named(),), approvals=(review(), sign_off(at=EARLIER - timedelta(hours=1)))),
        claim(traces=(named(interest_since=NOW + timedelta(hours=1)),)),
    ],
    "G-62": [
        claim(record=None),
        role(record=None, adverse=False),
        claim(people=(), record=None),
        claim(people=(), accounts=(), named=(OFFICIAL,), record=None),
        claim(record=record(review_at=EARLIER.date())),
        claim(names_a_party=True),
        claim(people=(PersonFacts("person-1", "Esmira Xalil", "party_office_holder"),)),
        claim(people=(), named=(PersonFacts("person-1", "Esmira Xalil", "party_office_holder"),)),
    ],
    "G-63": [
        claim(approvals=claim().approvals[:2]),
        role(approvals=()),
        claim(people=(), named=(OFFICIAL,), approvals=(review(),)),
        claim(approvals=(review(), sign_off("author"))),
        claim(approvals=(review(), sign_off("author2")), writers=frozenset({"author", "author2"})),
        claim(approvals=(review(), sign_off(jurisdictions=()))),
        attributed(people=(), named=(), blamed_in_words="the bureau", approvals=(review(),)),
    ],
    "G-70": [
        claim(approvals=()),
        claim(approvals=(review(),)),
        claim(approvals=(review("fact_check", "editor"), review())),
        claim(approvals=(review("fact_check", "checker"), review(), sign_off("editor"))),
        claim(approvals=(review("fact_check", "checker"), review("editor", "author"))),
        claim(approvals=(review("fact_check", "checker"), review()), writers=frozenset({"author", "editor"})),
        claim(adverse=False, approvals=()),
        claim(single_source_label=True, single_source_by="editor"),
        claim(exceptions=(exception("G-75", "editor"),)),
        claim(exceptions=(exception("G-75", "author"),)),
        claim(traces=(trace("waived", by="editor"),)),
        claim(
            adverse=False,
            approvals=(review(),),
            citations=(citation(1, item=item(1, collector="editor")), citation(2, item=item(2, collector="editor"))),
        ),
    ],
    "G-71": [
        with_citation(claim(), verdict="does_not_support"),
        with_citation(claim(), verdict="question"),
        with_citation(claim(), verdict="does_not_support", disposition="explained", disposition_note=" "),
        with_citation(claim(), verdict="question", disposition="accepted", disposition_note="Yes."),
        with_sentence(claim(), verdict="", citations=()),
        with_sentence(claim(), verdict="question", citations=()),
        with_sentence(with_citation(claim(), found=False)),
        with_sentence(with_items(claim(), state="withdrawn")),
    ],
    "G-72": [
        claim(content_sha256="", content_intact=False, content_current=False),
        claim(content_intact=False),
        claim(content_current=False),
    ],
    "G-74": [
        montage(media(is_subject=False)),
        montage(media(waiting=True)),
        montage(media(unjudged=1)),
        montage(media(unjudged=3)),
        montage(media(), media(2, is_subject=False, unjudged=1)),
        montage(media(authenticity="")),
        montage(media(original_search="")),
        montage(media(parts=())),
    ],
    "G-75": [
        with_items(claim(), kind="link", archived_url="", sha256=""),
        claim(accounts=(account(statuses=("unknown",)),)),
        claim(accounts=(account(statuses=()),)),
        with_items(claim(), kind="post", archived_url="", sha256=""),
        claim(predicate="account_status"),
    ],
}

MEETS |= reply_facts.MEETS
MISSES |= reply_facts.MISSES


def verdict(facts, rule_id: str) -> str:
    return next(entry.verdict for entry in judge(facts).entries if entry.rule.id == rule_id)


def cases_of(table: dict) -> list:
    return [
        pytest.param(rule_id, facts, id=f"{rule_id}-{n}")
        for rule_id, cases in table.items()
        for n, facts in enumerate(cases)
    ]


@pytest.mark.parametrize(("rule_id", "facts"), cases_of(MEETS))
def test_rule_is_met(rule_id, facts):
    entry = next(entry for entry in judge(facts).entries if entry.rule.id == rule_id)
    assert (entry.verdict, entry.problems) == (PASSED, ())


@pytest.mark.parametrize(("rule_id", "facts"), cases_of(MISSES))
def test_rule_is_missed_with_a_sentence_and_a_place(rule_id, facts):
    entry = next(entry for entry in judge(facts).entries if entry.rule.id == rule_id)
    assert entry.verdict == FAILED
    for problem in entry.problems:
        assert problem.text[0].isupper() or problem.text[0] in "“@"
        assert problem.text.endswith((".", "”."))
        assert problem.target


def test_each_rule_has_a_case_that_meets_it_and_two_that_miss_it():
    ids = {rule.id for rule in registered()}
    assert set(MEETS) == set(MISSES) == ids
    assert all(MEETS[rule_id] and len(MISSES[rule_id]) >= 2 for rule_id in ids)


def test_claim_that_meets_every_rule_passes():
    assert judge(claim()).passed
    assert judge(role()).passed


@pytest.mark.parametrize(
    ("rule_id", "facts"),
    [
        ("G-07", claim(predicate="account_status")),
        ("G-20", role()),
        ("G-21", role()),
        ("G-22", claim()),
        ("G-23", claim()),
        ("G-33", claim(adverse=False, object_person="")),
        ("G-62", claim(people=(), accounts=())),
        ("G-63", claim(adverse=False)),
        ("G-63", claim(people=())),
        ("G-74", claim()),
        ("G-74", montage()),
        *cases_of(reply_facts.PASSES_BY),
    ],
)
def test_rule_that_does_not_apply_says_so(rule_id, facts):
    assert verdict(facts, rule_id) == NOT_APPLICABLE


def test_warning_blocks_under_the_strict_policy_only():
    facts = claim(accounts=(account(statuses=("unknown",)),))
    assert judge(facts).passed
    assert [entry.rule.id for entry in judge(facts).warnings] == ["G-75"]
    strict = judge(replace(facts, policy="strict"))
    assert not strict.passed
    assert [entry.rule.id for entry in strict.missing] == ["G-75"]


def test_override_never_lets_a_bare_self_declaration_show_who_operates_an_account():
    """PEERS 5: the editor's exception lifts G-07, and G-20 still refuses."""
    facts = replace(alone(**self_declared()), **OVERRIDE)
    assert verdict(facts, "G-07") == PASSED
    assert verdict(facts, "G-20") == FAILED


def test_articles_that_repeat_one_report_are_one_origin_until_an_unrelated_document_joins():
    """PEERS 4."""
    repeats = tuple(citation(n, source=source(f"Paper {n}", origin="origin-radio")) for n in (1, 2, 3))
    facts = claim(citations=repeats)
    assert (facts.origins, verdict(facts, "G-07")) == (1, FAILED)
    with_document = claim(citations=(*repeats, citation(4)))
    assert (with_document.origins, verdict(with_document, "G-07")) == (2, PASSED)
    shared = claim(citations=(*repeats, citation(4, source=source("Registry", origin="origin-radio"))))
    assert (shared.origins, verdict(shared, "G-07")) == (1, FAILED)


def test_rule_id_is_registered_once():
    with pytest.raises(ValueError, match="already"):

        @register
        class Again(Rule):
            """A rule that is there."""

            id = "G-01"


def test_inputs_hash_changes_with_any_input():
    base = claim().inputs_sha256()
    assert base == claim().inputs_sha256()
    assert base != with_items(claim(), tool_version="2").inputs_sha256()
    assert base != claim(approvals=(review(),)).inputs_sha256()


def test_page_about_the_gate_is_what_the_code_says():
    page = Path(__file__).resolve().parents[2] / "docs" / "gate.md"
    assert page.read_text(encoding="utf-8") == render(), "run: manage.py gate_rules > docs/gate.md"
