"""How subjects are called in sentences."""

from datetime import UTC, datetime

from cases.models import Account
from claims.wording import Labels, account_label
from tests.factories.claims import make_draft
from tests.factories.subjects import make_account, make_observation


def test_account_without_handle_is_called_by_the_name_it_was_seen_under(world):
    account = make_account(case=world.case, actor=world.author, handle=None)
    seen_at = datetime(2024, 5, 30, tzinfo=UTC)
    make_observation(
        account=account, actor=world.author, handle="", display_name="Elmeddin Behbud", observed_at=seen_at
    )
    labels = Labels([make_draft(world, cited=False, subject_account=account)])
    assert labels.account(account) == "X (Twitter) account in the name of Elmeddin Behbud"


def test_account_keeps_its_handle_when_a_later_observation_has_none(world):
    later = datetime(2024, 6, 30, tzinfo=UTC)
    make_observation(account=world.account, actor=world.author, handle="", display_name="Somebody", observed_at=later)
    labels = Labels([make_draft(world, cited=False)])
    assert labels.account(world.account) == "@esmirak on X (Twitter)"


def test_account_of_which_nothing_was_seen_is_called_by_its_id():
    assert account_label(Account(platform="x", platform_user_id="42")) == "X (Twitter) account 42"


def test_account_of_one_server_among_many_is_called_with_it():
    account = Account(platform="mastodon", instance="a.example", platform_user_id="5")
    assert account_label(account, "ana") == "@ana@a.example on Mastodon"
    assert account_label(account, "", "Ana") == "Mastodon account on a.example in the name of Ana"
    assert account_label(account) == "Mastodon account 5 on a.example"


def test_profile_without_a_date_does_not_name_an_account_that_a_dated_one_names(world):
    """It may be older, whenever it was brought in."""
    at = datetime(2026, 6, 30, tzinfo=UTC)
    make_observation(account=world.account, actor=world.author, handle="older", observed_at=at, observed_precision="by")
    assert Labels([make_draft(world, cited=False)]).account(world.account) == "@esmirak on X (Twitter)"


def test_account_without_id_is_called_by_its_note():
    account = Account(platform="x", note="linked by the radio to somebody\nMore of it.")
    assert account_label(account) == "X (Twitter) account linked by the radio to somebody"
    assert account_label(Account(platform="x")) == "X (Twitter) account without known id"
