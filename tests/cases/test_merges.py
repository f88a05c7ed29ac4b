import pytest

from audit.models import Event
from cases import subjects
from cases.actions.merges import merge, unmerge
from cases.exceptions import Conflict, InvalidInput, NotAllowed, NotVisible
from cases.models import Account, Observation, Organisation, Person
from tests.factories.subjects import make_account, make_observation, make_organisation, make_person

pytestmark = pytest.mark.django_db
REASON = "The archived profile shows both."


def unknown(case, **fields):
    return make_account(case=case, platform_user_id="", id_unknown_reason="Not looked up yet.", **fields)


MAKERS = {"account": unknown, "person": make_person, "organisation": make_organisation}


@pytest.fixture(params=sorted(MAKERS))
def make(request):
    return MAKERS[request.param]


def test_merge_keeps_both_rows_and_points_one_to_the_other(case, investigator, make):
    kept, twin = make(case=case), make(case=case)
    merge(actor=investigator, duplicate=twin, into=kept, reason=REASON)
    twin.refresh_from_db()
    assert (twin.merged_into, twin.merged_by, twin.merge_reason) == (kept, investigator, REASON)
    assert type(kept).objects.count() == 2
    event = Event.objects.get(object=f"{twin._meta.model_name}:{twin.pk}", action__endswith="_merged")
    assert event.actor == f"user:{investigator.pk}"
    assert REASON.encode() in bytes(event.entry)


def test_merge_is_undone_and_both_steps_stay_in_the_log(case, investigator, make):
    kept, twin = make(case=case), make(case=case)
    merge(actor=investigator, duplicate=twin, into=kept, reason=REASON)
    unmerge(actor=investigator, duplicate=twin, reason="They are two after all.")
    twin.refresh_from_db()
    assert (twin.merged_into, twin.merged_at, twin.merge_reason) == (None, None, "")
    actions = Event.objects.filter(object=f"{twin._meta.model_name}:{twin.pk}").values_list("action", flat=True)
    assert [action.rsplit("_", 1)[1] for action in actions] == ["created", "merged", "unmerged"]


def test_merge_and_its_undoing_take_a_reason(case, investigator, make):
    kept, twin = make(case=case), make(case=case)
    with pytest.raises(InvalidInput, match="at least 10"):
        merge(actor=investigator, duplicate=twin, into=kept, reason="the same ")
    merge(actor=investigator, duplicate=twin, into=kept, reason=REASON)
    with pytest.raises(InvalidInput, match="at least 10"):
        unmerge(actor=investigator, duplicate=twin, reason="")


def test_merge_across_cases_is_refused(case, other_case, investigator, make):
    with pytest.raises(InvalidInput, match="Nothing in this case"):
        merge(actor=investigator, duplicate=make(case=case), into=make(case=other_case), reason=REASON)


def test_merge_is_for_members_who_may(case, viewer, stranger, make):
    kept, twin = make(case=case), make(case=case)
    with pytest.raises(NotAllowed, match="merge subjects"):
        merge(actor=viewer, duplicate=twin, into=kept, reason=REASON)
    with pytest.raises(NotVisible):
        merge(actor=stranger, duplicate=twin, into=kept, reason=REASON)


def test_merge_into_itself_or_a_merged_one_or_with_followers_is_refused(case, investigator, make):
    kept, twin, third = make(case=case), make(case=case), make(case=case)
    with pytest.raises(Conflict, match="into itself"):
        merge(actor=investigator, duplicate=kept, into=kept, reason=REASON)
    merge(actor=investigator, duplicate=twin, into=kept, reason=REASON)
    with pytest.raises(Conflict, match="merged already"):
        merge(actor=investigator, duplicate=twin, into=third, reason=REASON)
    with pytest.raises(Conflict, match="itself merged"):
        merge(actor=investigator, duplicate=third, into=twin, reason=REASON)
    with pytest.raises(Conflict, match="other way round"):
        merge(actor=investigator, duplicate=kept, into=third, reason=REASON)
    with pytest.raises(Conflict, match="not merged"):
        unmerge(actor=investigator, duplicate=third, reason=REASON)


def test_merge_of_different_kinds_is_refused(case, investigator):
    with pytest.raises(Conflict, match="Only two"):
        merge(actor=investigator, duplicate=make_person(case=case), into=make_organisation(case=case), reason=REASON)


def test_accounts_with_two_ids_or_on_two_platforms_stay_two(case, investigator):
    one, two = make_account(case=case), make_account(case=case)
    with pytest.raises(Conflict, match="Two platform ids are two accounts"):
        merge(actor=investigator, duplicate=one, into=two, reason=REASON)
    with pytest.raises(Conflict, match="two platforms"):
        merge(actor=investigator, duplicate=make_account(case=case, platform="vk"), into=one, reason=REASON)
    with pytest.raises(Conflict, match="not the other way round"):
        merge(actor=investigator, duplicate=one, into=unknown(case), reason=REASON)


def test_observations_of_a_merged_account_are_read_with_the_survivors_and_stay_its_own(case, investigator):
    kept, twin = make_account(case=case, handle="new_name"), unknown(case, handle="old_name")
    merge(actor=investigator, duplicate=twin, into=kept, reason=REASON)
    assert {seen.handle for seen in subjects.observations_of(kept)} == {"new_name", "old_name"}
    assert Observation.objects.get(handle="old_name").account == twin


def test_organisation_that_contains_the_other_is_not_merged_into_it(case, investigator):
    whole = make_organisation(case=case)
    part = make_organisation(case=case, parent=whole)
    with pytest.raises(Conflict, match="a part is not the whole"):
        merge(actor=investigator, duplicate=whole, into=part, reason=REASON)


# --- one handle, several accounts (acceptance 19 and 21)


def test_rename_is_found_under_either_handle(case):
    account = make_account(case=case, handle="a_before")
    make_observation(account=account, handle="b_after", observed_at=account.created_at)
    for key in ("a_before", "b_after"):
        assert list(subjects.holders_of(case, "x", "", key)) == [account]


def test_recycled_handle_is_two_accounts_flagged_to_each_other_and_never_merged(case, investigator):
    first = make_account(case=case, handle="recycled", platform_user_id="1")
    second = make_account(case=case, handle="Recycled", platform_user_id="2")
    for account in (first, second):
        (pair,) = subjects.recycled_with(account, subjects.observations_of(account))
        assert {pair.earlier, pair.later} == {first.pk, second.pk}
    assert Account.objects.filter(merged_into__isnull=False).count() == 0
    with pytest.raises(Conflict):
        merge(actor=investigator, duplicate=first, into=second, reason=REASON)


def test_merged_account_is_no_longer_flagged_to_its_survivor(case, investigator):
    kept, twin = make_account(case=case, handle="same"), unknown(case, handle="same")
    assert len(subjects.recycled_with(kept, subjects.observations_of(kept))) == 1
    merge(actor=investigator, duplicate=twin, into=kept, reason=REASON)
    assert subjects.recycled_with(kept, subjects.observations_of(kept)) == []
    assert list(subjects.holders_of(case, "x", "", "same")) == [kept]


def test_same_handle_elsewhere_is_not_flagged(case, other_case):
    account = make_account(case=case, handle="same")
    make_account(case=case, handle="same", platform="instagram")
    make_account(case=other_case, handle="same")
    assert subjects.recycled_with(account, subjects.observations_of(account)) == []


def test_lookalike_is_shown_and_not_merged(case):
    account = make_account(case=case, handle="Ilham_1")
    twin = make_account(case=case, handle="llham_l")
    (seen,) = subjects.lookalikes_of(account, subjects.observations_of(account))
    assert seen.account == twin
    assert subjects.recycled_with(account, subjects.observations_of(account)) == []


def test_counts_of_everything_stay_when_subjects_merge(case, investigator):
    people = [make_person(case=case) for _ in range(2)]
    merge(actor=investigator, duplicate=people[1], into=people[0], reason=REASON)
    assert (Person.objects.count(), Organisation.objects.count()) == (2, 0)
    assert {name.person_id for name in subjects.names_of(people[0])} == {person.pk for person in people}
