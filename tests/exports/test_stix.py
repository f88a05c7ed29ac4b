"""The STIX bundle: valid by the OASIS schemas and rules, with stable ids, graded, and complete."""

import dataclasses
import hashlib
import json
from importlib import import_module
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stix2.v21 import File, UserAccount

from claims.exports.material import Material, gather
from claims.exports.stix import bundle, lasting_id, observable_id

pytestmark = pytest.mark.xdist_group("exports")

# Vendored, so that nothing is fetched: OASIS cti-stix2-json-schemas 2.1, BSD-3-Clause (see LICENSE there).
SCHEMAS = str(Path(__file__).parent / "stix-2.1" / "schemas")


def check_valid(data: bytes) -> list[str]:
    """Raise with the first errors unless OASIS' validator takes the bundle; return its warnings."""
    # It compiles grammars for a second when it is imported: here, and not in each process that collects tests.
    validator = import_module("stix2validator")
    result = validator.validate_instance(
        json.loads(data), validator.ValidationOptions(version="2.1", schema_dir=SCHEMAS)
    )
    assert result.is_valid, [str(error) for error in result.errors][:5]
    return [str(warning) for warning in result.warnings]


def objects_of(material: Material, kind: str) -> list[dict]:
    return [made for made in json.loads(bundle(material))["objects"] if made["type"] == kind]


def only_claim(material: Material, number: int, **changes: object) -> Material:
    """The material with one claim alone, changed."""
    claim = next(claim for claim in material.claims if claim["number"] == number)
    return dataclasses.replace(material, claims=[claim | changes])


@pytest.mark.parametrize("scope", ["published", "case"])
def test_bundle_is_valid_without_a_warning(story, scope):
    assert check_valid(bundle(gather(story.case, scope))) == []


def test_the_validator_would_refuse_what_is_wrong(published):
    broken = json.loads(bundle(published))
    next(made for made in broken["objects"] if made["type"] == "relationship")["source_ref"] = "Esmira"
    with pytest.raises(AssertionError, match="source_ref"):
        check_valid(json.dumps(broken).encode())


def test_same_claims_give_the_same_bytes(story):
    assert bundle(gather(story.case, "published")) == bundle(gather(story.case, "published"))


def test_account_person_and_link(published):
    (account,) = [made for made in objects_of(published, "user-account") if made["account_login"] == "esmirak"]
    assert (account["account_type"], account["user_id"], account["is_disabled"]) == ("twitter", "1001", True)
    (person,) = [made for made in objects_of(published, "identity") if made["identity_class"] == "individual"]
    link = next(made for made in objects_of(published, "relationship") if made["source_ref"] == account["id"])
    assert (link["target_ref"], link["relationship_type"]) == (person["id"], "related-to")
    # "likely" is 70 on the DNI scale and "moderate" 50: the less of the two.
    assert link["confidence"] == 50
    grades = next(iter(link["extensions"].values()))
    assert (grades["origins"], grades["admiralty"]) == (2, ["B2", "C3", "A2", "F6"])
    assert grades["content_sha256"] == published.claims[0]["content_sha256"]


def test_accounts_of_two_servers_with_one_number_are_two(published):
    """Each server of Mastodon counts from 1, and the id of an object is made of the account's."""
    claim = next(claim for claim in published.claims if (claim["subject"] or {}).get("platform_user_id"))
    found = set()
    for server in ("a.example", "b.example"):
        there = {"platform": "Mastodon", "label": "Mastodon account 1001", "instance": server}
        (made,) = objects_of(only_claim(published, claim["number"], subject=claim["subject"] | there), "user-account")
        assert made["user_id"] == f"1001@{server}"
        found.add(made["id"])
    assert len(found) == 2


def test_evidence_against_a_claim_is_an_opinion(published):
    (opinion,) = objects_of(published, "opinion")
    assert (opinion["opinion"], opinion["authors"]) == ("disagree", ["A blog"])
    assert opinion["object_refs"][0].startswith("relationship--")


def test_report_names_every_object_and_nothing_else(published):
    made = {row["id"] for row in json.loads(bundle(published))["objects"]}
    (report,) = objects_of(published, "report")
    around = {"report", "marking-definition", "extension-definition"}
    named = {name for name in made if name.partition("--")[0] not in around} - {lasting_id("identity", "maker")}
    assert set(report["object_refs"]) == named


@pytest.mark.parametrize(
    ("likelihood", "confidence", "expected"),
    [("almost_certain", "low", 15), ("even", "high", 50), ("remote", "high", 5), ("almost_certain", "high", 85)],
)
def test_confidence_is_the_less_of_both_axes(published, likelihood, confidence, expected):
    graded = {"value": likelihood, "term": "", "band": ""}
    material = only_claim(published, 1, likelihood=graded, confidence=confidence)
    assert objects_of(material, "relationship")[0]["confidence"] == expected


def test_claim_without_grades_has_no_confidence(published):
    material = only_claim(published, 1, likelihood=None, confidence="")
    assert "confidence" not in objects_of(material, "relationship")[0]


@pytest.mark.parametrize(("passed", "kinds"), [(True, ["attributed-to"] * 2), (False, ["related-to"])])
def test_campaign_is_attributed_only_where_the_gate_let_it(published, passed, kinds):
    committee = {"type": "organisation", "id": str(UUID(int=7)), "label": "State Committee"}
    material = only_claim(
        published,
        1,
        predicate="campaign_attributed_to",
        subject={"type": "text", "label": "The May campaign"},
        object=committee,
        gate={"passed": passed, "gate_version": "1"},
    )
    assert [made["relationship_type"] for made in objects_of(material, "relationship")] == kinds
    assert len(objects_of(material, "threat-actor")) == passed
    assert check_valid(bundle(material)) == []


def test_period_ends_with_the_last_moment_of_what_is_known(published):
    dates = {"valid_from": "2014-01-01", "valid_from_precision": "year", "valid_to": "2016-02-01"}
    material = only_claim(published, 1, **dates, valid_to_precision="month")
    (link,) = objects_of(material, "relationship")
    assert (link["start_time"], link["stop_time"]) == ("2014-01-01T00:00:00.000Z", "2016-02-29T23:59:59.999Z")
    assert check_valid(bundle(material)) == []


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_observable_ids_are_those_of_the_reference_library(user_id, handle):
    key = {"account_type": "twitter", "user_id": user_id, "account_login": handle}
    assert observable_id("user-account", key) == UserAccount(**key).id


def test_file_has_the_id_that_the_reference_library_gives_its_hash():
    hashes = {"SHA-256": hashlib.sha256(b"x").hexdigest()}
    assert observable_id("file", {"hashes": hashes}) == File(hashes=hashes).id


@given(st.text(), st.text())
def test_lasting_ids_look_like_random_ones_and_are_not(one, other):
    made = UUID(lasting_id("identity", one).partition("--")[2])
    assert (made.version, made.variant) == (4, "specified in RFC 4122")
    assert (lasting_id("identity", one) == lasting_id("identity", other)) == (one == other)
