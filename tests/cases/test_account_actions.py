from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from audit.models import Event
from cases.actions.accounts import (
    Seen,
    create_account,
    create_account_from_handle,
    record_observation,
    record_reuse_check,
    update_account,
)
from cases.exceptions import Conflict, Duplicate, InvalidInput, NotAllowed, NotVisible, StaleVersion
from cases.models import Account, Observation
from cases.subject_lists import with_last_seen
from tests.cases.conftest import make_exhibit
from tests.factories.cases import make_case
from tests.factories.subjects import SEEN_AT, make_account, make_observation

pytestmark = pytest.mark.django_db


def actions_on(obj):
    return list(Event.objects.filter(object=f"{obj._meta.model_name}:{obj.pk}").values_list("action", flat=True))


# --- creating


def test_account_is_recorded_by_its_platform_id(case, investigator):
    account = create_account(actor=investigator, case=case, platform="x", platform_user_id=" 783214 ")
    assert (account.platform_user_id, account.created_by, account.version) == ("783214", investigator, 1)
    assert actions_on(account) == ["account_created"]


def test_account_without_id_takes_the_reason(case, investigator):
    with pytest.raises(InvalidInput, match="why it is unknown") as refusal:
        create_account(actor=investigator, case=case, platform="x")
    assert refusal.value.field == "platform_user_id"
    account = create_account(
        actor=investigator, case=case, platform="x", id_unknown_reason="Suspended before it was looked up."
    )
    assert account.platform_user_id == ""


def test_suspended_account_is_recorded_from_its_address_without_any_fetch(case, investigator):
    """Acceptance 19, first part: the platform answers nothing any more, and nothing is asked of it."""
    account, seen = create_account_from_handle(
        actor=investigator,
        case=case,
        seen=Seen(
            handle="https://x.com/esmirakhahil", observed_at=SEEN_AT, status="suspended", note="As RFE/RL reports."
        ),
        id_unknown_reason="Suspended; no archive shows the id.",
    )
    assert (account.platform, seen.handle, seen.handle_key, seen.status) == (
        "x",
        "esmirakhahil",
        "esmirakhahil",
        "suspended",
    )
    assert actions_on(account) == ["account_created"]
    assert actions_on(seen) == ["observation_recorded"]


def test_address_with_an_id_in_it_needs_no_reason(case, investigator):
    account, seen = create_account_from_handle(
        actor=investigator,
        case=case,
        seen=Seen(
            handle="https://www.facebook.com/profile.php?id=100064860875397", observed_at=SEEN_AT, status="active"
        ),
    )
    assert (account.platform, account.platform_user_id, seen.handle) == ("facebook", "100064860875397", "")


def test_mastodon_account_keeps_its_server(case, investigator):
    account, seen = create_account_from_handle(
        actor=investigator,
        case=case,
        seen=Seen(handle="@Some.One@Mastodon.Social", observed_at=SEEN_AT),
        id_unknown_reason="Not looked up yet.",
    )
    assert (account.instance, seen.handle, seen.handle_key) == ("mastodon.social", "Some.One", "some.one")
    assert make_observation(account=account, handle="@someone").handle == "someone"
    with pytest.raises(InvalidInput, match=r"on mastodon\.social, not on example\.org"):
        make_observation(account=account, handle="@someone@example.org")


@pytest.mark.parametrize(
    "address", ["https://x.com/i/user/783214", "https://www.facebook.com/profile.php?id=100012345678901"]
)
def test_address_with_an_id_alone_asks_for_what_was_seen_beside_it(case, investigator, address):
    with pytest.raises(InvalidInput, match=r"by its id alone\. Say also what was seen there") as refused:
        create_account_from_handle(actor=investigator, case=case, seen=Seen(observed_at=SEEN_AT, handle=address))
    assert refused.value.field == "status"
    assert not Account.objects.exists()


def test_address_that_contradicts_the_id_given_is_refused(case, investigator):
    with pytest.raises(InvalidInput, match="one of them is wrong"):
        create_account_from_handle(
            actor=investigator,
            case=case,
            seen=Seen(handle="https://vk.com/id123", observed_at=SEEN_AT),
            platform_user_id="124",
        )
    assert not Account.objects.exists()


def test_same_platform_id_twice_is_refused_naming_the_account(case, investigator):
    first = make_account(case=case, handle="EsmiraKhahil", platform_user_id="783214")
    with pytest.raises(Duplicate, match=r"@EsmiraKhahil \(X \(Twitter\), id 783214\)") as refusal:
        create_account(actor=investigator, case=case, platform="x", platform_user_id="783214")
    assert refusal.value.existing == first


def test_same_id_on_another_platform_server_or_case_is_another_account(case, other_case, investigator):
    make_account(case=case, platform_user_id="1")
    make_account(case=case, platform="instagram", platform_user_id="1")
    make_account(case=other_case, platform_user_id="1")
    make_account(case=case, platform="mastodon", instance="a.example.org", platform_user_id="1", handle=None)
    make_account(case=case, platform="mastodon", instance="b.example.org", platform_user_id="1", handle=None)
    assert Account.objects.count() == 5


def test_known_handle_without_an_id_is_refused_unless_its_holder_is_another(case, investigator):
    first = make_account(case=case, handle="EsmiraKhahil")
    again = {
        "actor": investigator,
        "case": case,
        "seen": Seen(handle="https://twitter.com/esmirakhahil", observed_at=SEEN_AT),
        "id_unknown_reason": "Not looked up yet.",
    }
    with pytest.raises(Duplicate, match="was seen on @EsmiraKhahil") as refusal:
        create_account_from_handle(**again)
    assert refusal.value.existing == first
    account, _ = create_account_from_handle(**again, is_another=True)
    assert account != first


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"platform": "myspace"}, "platform"),
        ({"platform": ""}, "platform"),
        ({"platform_user_id": "@name"}, "platform_user_id"),
        ({"platform_user_id": "9" * 101}, "platform_user_id"),
        ({"platform_user_id": "1\x00"}, "platform_user_id"),
        ({"instance": "x.com"}, "instance"),
        ({"platform": "mastodon"}, "instance"),
        ({"platform": "mastodon", "instance": "not a host"}, "instance"),
        ({"platform_user_id": "", "id_unknown_reason": "x" * 301}, "id_unknown_reason"),
        ({"platform_user_id": "", "id_unknown_reason": "   "}, "platform_user_id"),
        ({"note": "a\x00b"}, "note"),
        ({"note": "\ud800"}, "note"),
        ({"note": "x" * 20_001}, "note"),
        ({"created_at_platform": datetime(1900, 1, 1, tzinfo=UTC)}, "created_at_platform"),
        ({"created_at_platform": datetime(2024, 1, 1)}, "created_at_platform"),
        ({"created_at_platform": datetime(9999, 12, 31, tzinfo=UTC)}, "created_at_platform"),
    ],
)
def test_bad_account_is_refused_and_nothing_is_half_done(case, investigator, fields, field):
    given = {"platform": "x", "platform_user_id": "1"} | fields
    with pytest.raises(InvalidInput) as refusal:
        create_account(actor=investigator, case=case, **given)
    assert refusal.value.field == field
    assert not Account.objects.exists()


def test_account_is_for_members_who_may_write(case, viewer, stranger):
    with pytest.raises(NotAllowed, match="record accounts"):
        create_account(actor=viewer, case=case, platform="x", platform_user_id="1")
    with pytest.raises(NotVisible):
        create_account(actor=stranger, case=case, platform="x", platform_user_id="1")


# --- editing


def test_edit_keeps_what_the_other_person_saved(case, investigator):
    account = make_account(case=case)
    update_account(actor=investigator, account=account, expected_version=1, note="First.")
    with pytest.raises(StaleVersion) as refusal:
        update_account(actor=investigator, account=account, expected_version=1, note="Second.")
    assert refusal.value.current.note == "First."
    account.refresh_from_db()
    assert (account.note, account.version) == ("First.", 2)


def test_edit_without_a_difference_leaves_no_event(case, investigator):
    account = make_account(case=case, note="Same.")
    update_account(actor=investigator, account=account, expected_version=1, note="Same.")
    assert actions_on(account) == ["account_created"]


def test_id_that_becomes_known_is_filled_in_and_a_known_one_changes_only_with_a_reason(case, investigator):
    account = make_account(case=case, platform_user_id="", id_unknown_reason="Not looked up yet.")
    account = update_account(actor=investigator, account=account, expected_version=1, platform_user_id="1")
    with pytest.raises(InvalidInput, match="why the platform id changes"):
        update_account(actor=investigator, account=account, expected_version=2, platform_user_id="2")
    account = update_account(
        actor=investigator, account=account, expected_version=2, platform_user_id="2", reason="The archive shows 2."
    )
    assert (account.platform_user_id, account.version) == ("2", 3)


def test_edit_to_the_id_of_another_account_is_refused(case, investigator):
    make_account(case=case, platform_user_id="1")
    account = make_account(case=case, platform_user_id="", id_unknown_reason="Not looked up yet.")
    with pytest.raises(Duplicate):
        update_account(actor=investigator, account=account, expected_version=1, platform_user_id="1")


def test_platform_and_unknown_fields_cannot_be_edited(case, investigator):
    account = make_account(case=case)
    with pytest.raises(InvalidInput) as refusal:
        update_account(actor=investigator, account=account, expected_version=1, platform="vk")
    assert refusal.value.field == "platform"


def test_reuse_check_says_who_when_and_how(case, investigator):
    account = make_account(case=case)
    account = record_reuse_check(
        actor=investigator, account=account, note="No other holder in the archive of 2021 to 2024."
    )
    assert account.handle_reuse_checked_by == investigator
    assert timezone.now() - account.handle_reuse_checked_at < timedelta(minutes=1)
    assert actions_on(account) == ["account_created", "account_reuse_checked"]
    with pytest.raises(InvalidInput, match="at least 10"):
        record_reuse_check(actor=investigator, account=account, note="ok")


# --- observing


@pytest.mark.parametrize(
    ("seen", "field"),
    [
        ({"observed_at": datetime(1900, 1, 1, tzinfo=UTC)}, "observed_at"),
        ({"observed_at": datetime(1, 1, 1, tzinfo=UTC)}, "observed_at"),
        ({"observed_at": datetime(9999, 12, 31, 23, 59, tzinfo=UTC)}, "observed_at"),
        ({"observed_at": datetime(2024, 5, 16)}, "observed_at"),
        ({"observed_at": "2024-05-16"}, "observed_at"),
        ({"observed_at": None}, "observed_at"),
        ({"observed_precision": "century"}, "observed_precision"),
        # A status by its latest moment alone would be a status of no time.
        ({"observed_precision": "by"}, "observed_precision"),
        ({"handle": "has space"}, "handle"),
        ({"handle": "a" * 16}, "handle"),
        ({"handle": "https://www.facebook.com/someone"}, "handle"),
        ({"handle": "https://x.com/home"}, "handle"),
        ({"handle": "esmira\u200b"}, "handle"),
        ({"status": "banned"}, "status"),
        ({"status": "unknown"}, "status"),
        ({"followers": -1}, "followers"),
        ({"followers": 2**63}, "followers"),
        ({"display_name": "x" * 301}, "display_name"),
        ({"display_name": "a\x00"}, "display_name"),
        ({"bio": "x" * 20_001}, "bio"),
        ({"location": "x" * 301}, "location"),
        ({"evidence_item": "no-uuid"}, "evidence_item"),
    ],
)
def test_bad_observation_is_refused_and_nothing_is_half_done(case, investigator, seen, field):
    account = make_account(case=case, handle=None)
    given = {"observed_at": SEEN_AT, "status": "active"} | seen
    with pytest.raises(InvalidInput) as refusal:
        record_observation(actor=investigator, account=account, seen=Seen(**given))
    assert refusal.value.field == field
    assert not Observation.objects.exists()


def test_observation_of_tomorrow_is_refused_and_of_today_is_taken(case, investigator):
    account = make_account(case=case, handle=None)
    with pytest.raises(InvalidInput, match="in the future"):
        make_observation(account=account, status="active", observed_at=timezone.now() + timedelta(days=1))
    assert make_observation(account=account, status="active", observed_at=timezone.now(), observed_precision="year")


@pytest.mark.parametrize(
    ("precision", "kept"),
    [
        ("second", datetime(2024, 5, 16, 12, 21, tzinfo=UTC)),
        ("day", datetime(2024, 5, 16, tzinfo=UTC)),
        ("month", datetime(2024, 5, 1, tzinfo=UTC)),
        ("year", datetime(2024, 1, 1, tzinfo=UTC)),
    ],
)
def test_date_is_kept_only_as_precisely_as_it_is_known(case, precision, kept):
    account = make_account(case=case, handle=None)
    assert make_observation(account=account, status="active", observed_precision=precision).observed_at == kept


def test_profile_without_a_date_is_kept_to_its_latest_moment_and_gives_way_to_a_dated_one(case, investigator):
    account = make_account(case=case, handle=None)
    noon, day = datetime(2024, 6, 1, 12, 0, 7, tzinfo=UTC), datetime(2024, 5, 16, tzinfo=UTC)
    for handle, at, precision in (("old", noon, "by"), ("new", day, "day")):
        seen = Seen(observed_at=at, observed_precision=precision, handle=handle)
        record_observation(actor=investigator, account=account, seen=seen)
    assert account.observations.get(handle="old").observed_at == noon
    for moment, handle in ((day, ""), (day + timedelta(days=2), "new"), (noon + timedelta(days=2), "new")):
        assert with_last_seen(Account.objects.filter(pk=account.pk), moment).get().handle_then == handle


def test_what_deceives_the_eye_is_kept_as_seen(case):
    account = make_account(case=case, handle=None)
    seen = make_observation(account=account, display_name="Esmira\u202e lilaX", bio="сotton")
    assert (seen.display_name, seen.bio) == ("Esmira\u202e lilaX", "сotton")


def test_observation_names_an_exhibit_by_number_or_id(case):
    item = make_exhibit(case)
    account = make_account(case=case, handle=None)
    for wanted in (item.pk, str(item.pk), f"E-{item.exhibit}", f" e{item.exhibit} ", str(item.exhibit)):
        assert make_observation(account=account, status="active", evidence_item=wanted).evidence_item == item.pk


def test_observation_cannot_name_what_is_no_exhibit_of_its_case(case, other_case):
    account = make_account(case=case, handle=None)
    for wanted in (uuid4(), make_exhibit(other_case).pk, "E-99", "E-0", "E-1.5", "99999999999", "\u0661"):
        with pytest.raises(InvalidInput, match="No exhibit of this case") as refusal:
            make_observation(account=account, status="active", evidence_item=wanted)
        assert refusal.value.field == "evidence_item"


def test_observation_is_for_members_who_may_write(case, viewer, stranger):
    account = make_account(case=case)
    with pytest.raises(NotAllowed):
        make_observation(account=account, actor=viewer, status="active")
    with pytest.raises(NotVisible):
        make_observation(account=account, actor=stranger, status="active")


def test_account_of_another_case_is_out_of_reach_for_those_who_are_only_in_this_one(case, viewer):
    elsewhere = make_account(case=make_case(ref="ELSE-1"))
    with pytest.raises(NotVisible):
        make_observation(account=elsewhere, actor=viewer, status="active")


# --- immutability


def test_observation_refuses_every_change_from_python(case):
    seen = make_observation(account=make_account(case=case, handle=None), status="active")
    with pytest.raises(ValidationError, match="immutable"):
        seen.save()
    for change in (
        lambda: Observation.objects.filter(pk=seen.pk).update(status="suspended"),
        lambda: Observation.objects.bulk_update([seen], ["note"]),
        lambda: Observation.objects.filter(pk=seen.pk).delete(),
        seen.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Observation.objects.get().status == "active"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ["web_connection", "owner_connection"])
@pytest.mark.parametrize(
    "statement", ["UPDATE cases_observation SET status = 'suspended'", "DELETE FROM cases_observation"]
)
def test_observation_refuses_every_change_from_raw_sql(case, request, role, statement):
    make_observation(account=make_account(case=case, handle=None), status="active")
    with pytest.raises(psycopg.Error):
        request.getfixturevalue(role).execute(statement)
    assert Observation.objects.get().status == "active"


def test_handle_without_its_key_is_refused_by_the_database(case):
    account = make_account(case=case, handle=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.bulk_create(
            [Observation(case=case, account=account, handle="a", observed_at=SEEN_AT, recorded_by=case.lead)]
        )


@pytest.mark.django_db(transaction=True)
def test_raw_sql_on_an_account_leaves_a_trace(case, web_connection):
    account = make_account(case=case)
    web_connection.execute("UPDATE cases_account SET note = 'Planted.'")
    assert actions_on(account)[-1] == "row_changed"


def test_merged_account_takes_no_observation(case, investigator):
    account = make_account(case=case)
    twin = make_account(case=case, handle=None, platform_user_id="", id_unknown_reason="Not looked up yet.")
    Account.objects.filter(pk=twin.pk).update(
        merged_into=account, merged_at=timezone.now(), merged_by=investigator, merge_reason="The same account."
    )
    with pytest.raises(Conflict, match="merged into another"):
        make_observation(account=twin, status="active")
