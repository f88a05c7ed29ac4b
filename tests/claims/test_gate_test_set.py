"""The gate's own test set: six claims of the articles, each refused or let through for the reason that is known."""

from dataclasses import replace
from datetime import date

from claims.gate.evaluation import judge
from tests.claims.facts import citation, claim, component, in_campaign, role, source

RADIO = source("RFE/RL")
PROFILE = source("Profile", kind="social_account")


def missing(facts) -> set[str]:
    return {entry.rule.id for entry in judge(facts).missing}


def test_behbud_bio_alone_shows_nobody_as_the_operator():
    bio = citation(1, access="self", indicator="own_profile", source=PROFILE)
    again = citation(2, access="self", indicator="own_profile", source=PROFILE)
    assert {"G-07", "G-20"} <= missing(claim(citations=(bio, again)))


def test_xalil_role_of_2014_is_published_with_its_year_and_a_caveat():
    old = tuple(citation(n, exact="A 2014 news report described her as the head", access="repeater") for n in (1, 2))
    said = "It is very likely that she headed the press service in 2014"
    bare = role(citations=old, as_of=date(2014, 1, 1), public_text=f"{said}.")
    assert missing(bare) == {"G-22"}
    assert missing(replace(bare, public_text=f"{said}; her current role could not be confirmed.")) == set()


def test_seyidova_article_with_a_photograph_is_a_link_and_needs_a_second_origin():
    named = citation(1, source=RADIO, indicator="named_in_report")
    pictured = citation(2, source=RADIO, indicator="same_picture")
    text = "According to RFE/RL it is very likely that Ramila Seyidova operates the account."
    assert missing(claim(citations=(named, pictured), public_text=text)) == {"G-07"}
    second = citation(3, source=source("Registry"), indicator="named_by_organisation")
    assert missing(claim(citations=(named, pictured, second))) == set()


def test_quliyeva_own_account_speaks_for_her_once_it_is_shown_to_be_hers():
    own = citation(1, access="self", source=PROFILE, exact="member of YAP since 2024")
    said = role(citations=(own,), public_text="In 2024, according to her account, she was very likely a member.")
    assert missing(said) == {"G-07"}
    shown = replace(said, components=(component(state="published", analytic_confidence="moderate"),))
    assert missing(shown) == set()


def test_first_publisher_of_two_reports_is_not_said_with_high_confidence_while_they_disagree():
    against = citation(3, stance="contradicts", source=source("VIGINUM"))
    first = claim(
        predicate="first_known_publisher", citations=(citation(1), citation(2), against), analytic_confidence="high"
    )
    assert "G-41" in missing(first)
    explained = replace(against, disposition="explained", disposition_note="Another scope: one hashtag there.")
    assert "G-41" not in missing(replace(first, citations=(citation(1), citation(2), explained)))


def test_list_of_accounts_from_a_hashtag_makes_none_of_them_part_of_a_campaign():
    assert missing(in_campaign("shared_hashtag", "shared_picture")) == {"G-31"}
    assert missing(in_campaign("shared_hashtag", "same_timing")) == set()
