"""Every stored value that a page shows as a badge has its word and its tone."""

import pytest

from caseapp.badges import BADGES, badge_for
from cases.enums import AccountStatus, CaseStatus, Role, Tlp
from claims.enums import Confidence, Credibility, Disposition, Stance, VersionState
from evidence.enums import FixityState, Reliability

TONES = {"neutral", "info", "ok", "warn", "stop", "quiet"}


@pytest.mark.parametrize(
    ("kind", "enum"),
    [
        ("claim_state", VersionState),
        ("reliability", Reliability),
        ("credibility", Credibility),
        ("confidence", Confidence),
        ("account_status", AccountStatus),
        ("role", Role),
        ("fixity", FixityState),
        ("stance", Stance),
        ("tlp", Tlp),
        ("case_status", CaseStatus),
        ("alternative", Disposition),
    ],
)
def test_badges_cover_every_value_of_the_vocabulary(kind, enum):
    assert set(BADGES[kind]) == set(enum.values)


def test_badges_use_only_the_tones_of_the_design():
    assert {badge.tone for values in BADGES.values() for badge in values.values()} <= TONES


def test_badge_of_a_value_nobody_foresaw_shows_its_own_words():
    badge = badge_for("claim_state", "legal_cleared")
    assert (badge.label, badge.tone) == ("Legal cleared", "neutral")


def test_likelihood_is_shown_in_words_without_a_tone():
    badge = badge_for("likelihood", "very likely")
    assert (badge.label, badge.tone) == ("Very likely", "neutral")


def test_cannot_judge_is_not_shown_as_the_worst_grade():
    assert badge_for("reliability", "F").tone == badge_for("credibility", "6").tone == "quiet"
