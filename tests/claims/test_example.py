"""The example case says only what its notes say, and shows what the gate lets through and what it does not."""

import json
import re
import tomllib

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase

from cases.models import Account, Observation, Person, User
from claims.example.loader import FILE, load
from claims.gate import evaluation
from claims.models import Claim, ClaimVersion, Publication
from claims.queries import rivals_of
from evidence.models import Item

TOLD = tomllib.loads(FILE.read_text(encoding="utf-8"))


def missing(version: ClaimVersion) -> set[str]:
    return {entry.rule.id for entry in evaluation.evaluate(version).missing}


def version_of(example, key: str) -> ClaimVersion:
    return ClaimVersion.objects.get(claim=example.rows[key])


def test_every_quote_stands_once_in_the_note_it_cites():
    texts = {entry["key"]: entry["text"] for entry in TOLD["items"]}
    counts = {
        (claim["key"], quote["exact"]): texts[quote["item"]].count(quote["exact"])
        for claim in TOLD["claims"]
        for quote in claim["citations"]
    }
    assert len(counts) > 20
    assert {place for place, count in counts.items() if count != 1} == set()


def test_every_note_says_what_it_is_and_where_the_original_is():
    for entry in TOLD["items"]:
        assert entry["text"].startswith("Reading note on")
        assert entry["publisher"]
        assert entry["no_date_reason"] if "published_at" not in entry else entry["published_at"].year in (2024, 2025)


def test_people_whose_office_the_record_does_not_give_are_private():
    tiers = {entry["key"]: entry["subject_tier"] for entry in TOLD["people"]}
    assert {key for key, tier in tiers.items() if tier == "private_individual"} == {"abbasov", "quliyeva", "sahmurad"}


# What the record has two readings of (STANDARDS 6), by the quotes that have to stand against each other.
TWO_READINGS = {
    "first poster": ("@bafadarovislam", "@esmirakhahil"),
    "posts or accounts": ("at least 86 accounts on X", "at least 86 posts by profiles"),
    "80 on Facebook or in all": ("a total of 80 people", "about 80 accounts"),
    "who ordered the campaign of 2023": ("orchestrated the campaign", "attributes the campaign to the regime"),
    "denial": ("1,686 accounts", "denied that the party or the authorities were behind"),
    "counter-claim": ("1,686 accounts", "harassment campaign led by VIGINUM"),
}


@pytest.mark.parametrize("name", TWO_READINGS)
def test_each_contradiction_of_the_record_stands_in_one_claim_with_both_readings(name):
    told, against = TWO_READINGS[name]
    quotes = [
        [[quote["exact"] for quote in claim["citations"] if (quote.get("stance") == "contradicts") is stance]
         for stance in (False, True)]
        for claim in TOLD["claims"]
    ]  # fmt: skip
    assert any(
        any(told in quote for quote in speaking) and any(against in quote for quote in contradicting)
        for speaking, contradicting in quotes
    )


def test_three_windows_of_observation_are_kept_apart():
    scope = next(claim["scope_note"] for claim in TOLD["claims"] if claim["key"] == "posters_viginum")
    assert all(window in scope for window in ("15 and 16 May", "16 to 22 May", "13 to 19 May"))


def test_hashtags_are_kept_as_they_were_spelt_beside_the_usual_spelling():
    texts = "\n".join(entry["text"] for entry in TOLD["items"])
    for spelt, usual in (
        ("#RecognizeNewCalendonia", "#RecognizeNewCaledonia"),
        ("#EndFrenchColonialsm", "#EndFrenchColonialism"),
    ):
        assert spelt in texts
        assert usual in texts


@pytest.mark.parametrize("person", ["sahmurad", "agayev"])
def test_nothing_is_said_of_a_person_that_the_record_does_not_say(person):
    """The record gives neither a sex nor a second spelling of these two."""
    names = next(entry for entry in TOLD["people"] if entry["key"] == person)["names"]
    assert len(names) == 1
    surname = names[0]["value"].split()[-1]
    paragraphs = [part for entry in TOLD["items"] for part in entry["text"].split("\n\n") if surname in part]
    texts = [claim["public_text"] for claim in TOLD["claims"] if surname in claim["public_text"]]
    assert paragraphs
    assert [text for text in paragraphs + texts if re.search(r"\b(he|she|his|her|him)\b", text)] == []


@pytest.mark.xdist_group("example")
class TestLoadedExample(TestCase):
    """Loaded once for all of them; what it costs is in the loading."""

    @classmethod
    def setUpTestData(cls):
        cls.example = load()

    def test_example_ends_in_one_publication_with_published_and_unpublished_claims(self):
        states = set(ClaimVersion.objects.values_list("state", flat=True))
        assert states == {"draft", "submitted", "changes_requested", "published"}
        wanted = {claim["key"] for claim in TOLD["claims"] if claim["stage"] == "published"}
        published = {version.claim_id for version in ClaimVersion.objects.filter(state="published")}
        assert published == {self.example.rows[key].pk for key in wanted}
        assert self.example.publication.entries.count() == len(wanted)

    def test_example_has_everybody_and_everything_the_file_names(self):
        assert Person.objects.count() == len(TOLD["people"])
        assert Account.objects.count() == len(TOLD["accounts"])
        assert Item.objects.count() == len(TOLD["items"])
        assert Claim.objects.count() == len(TOLD["claims"])
        assert Observation.objects.filter(status="suspended").count() == 6

    def test_gate_refuses_to_link_handle_and_person_on_one_origin(self):
        assert "G-07" in missing(version_of(self.example, "operates_xalil"))
        assert "G-07" in missing(version_of(self.example, "operates_bafadarov"))

    def test_gate_refuses_a_bio_as_proof_of_who_operates_an_account(self):
        assert "G-07" in missing(version_of(self.example, "operates_behbud"))

    def test_gate_refuses_an_old_office_without_its_year(self):
        assert "G-22" in missing(version_of(self.example, "role_xalil"))
        assert "G-22" not in missing(version_of(self.example, "role_seyidova"))

    def test_account_that_an_article_rests_on_is_a_record_and_nobody_is_named_as_its_holder(self):
        seen = Observation.objects.get(handle="NeuroneIntel")
        assert (seen.account, seen.status) == (self.example.rows["acc_neurone"], "unknown")
        assert seen.evidence_item == self.example.rows["big_note"].pk
        assert not ClaimVersion.objects.filter(subject_account=seen.account).exists()

    def test_everybody_the_record_gives_an_office_has_a_claim_that_says_since_when_it_is_known(self):
        version = version_of(self.example, "role_abbasov")
        assert (version.subject_person.label, version.object_organisation.label) == (
            "Abbas Abbasov",
            "Baku Initiative Group",
        )
        assert (version.as_of.year, version.as_of_precision, version.state) == (2024, "year", "submitted")
        # The record tells nothing of namesakes and gives him no office, and so the example does not either.
        assert missing(version) == {"G-07", "G-11", "G-24", "G-33", "G-50", "G-63", "G-70", "G-71"}
        named = {claim["subject"] for claim in TOLD["claims"] if claim["predicate"] == "person_holds_role"}
        assert {"abbasov", "xalil", "seyidova", "sahmurad", "agayev"} <= named

    def test_reports_that_disagree_on_the_first_poster_stand_side_by_side(self):
        pair = [version_of(self.example, key) for key in ("first_xalil", "first_bafadarov")]
        assert [version.state for version in pair] == ["published", "published"]
        assert {found.pk for found in rivals_of(pair[0])} == {pair[1].pk}
        assert pair[0].object_account_id != pair[1].object_account_id
        assert all(version.citations.filter(stance="contradicts", disposition="explained").exists() for version in pair)

    def test_other_readings_are_rivals_in_the_desk_and_on_the_pages(self):
        for one, other in (("posters_viginum", "posters_europapress"), ("olympics_individual", "olympics_regime")):
            assert [found.claim for found in rivals_of(version_of(self.example, one))] == [self.example.rows[other]]


# The sequencer signs in as a role of its own, in a thread.
@pytest.mark.django_db(transaction=True, databases=["default", "sequencer"])
def test_command_prints_a_password_per_person_and_refuses_to_load_twice(capsys):
    call_command("load_example", as_json=True)
    passwords = json.loads(capsys.readouterr().out)["passwords"]
    assert set(passwords) == set(User.objects.values_list("username", flat=True))
    assert all(User.objects.get(username=name).check_password(secret) for name, secret in passwords.items())
    before = Claim.objects.count()
    with pytest.raises(CommandError, match="here already"):
        call_command("load_example")
    assert (Claim.objects.count(), Publication.objects.count()) == (before, 1)


@pytest.mark.django_db(transaction=True)
def test_loading_leaves_nothing_when_a_claim_cannot_be_published():
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    next(claim for claim in told["claims"] if claim["key"] == "splice")["citations"][0]["exact"] = "not in the note"
    with pytest.raises(Exception, match="G-0"):
        load(told)
    assert (User.objects.count(), Claim.objects.count(), Item.objects.count()) == (0, 0, 0)
