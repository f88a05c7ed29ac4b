from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event
from cases.actions.job_runs import start_job
from cases.actions.merges import merge
from cases.actions.names import Spelling, add_name
from cases.models import Account, Name, Organisation, Person
from tests.access.events import payload_of
from tests.cases.conftest import make_exhibit
from tests.factories.crowds import fill, see
from tests.factories.subjects import make_account, make_observation, make_organisation, make_person
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

UNKNOWN_ID = {"platform_user_id": "", "id_unknown_reason": "Not looked up yet."}


@pytest.fixture
def browse():
    def of(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return of


@pytest.fixture
def page(browse, investigator, case):
    """The text of a page of the case, as the investigator sees it."""
    client = browse(investigator)

    def get(name, *args, expect=200, **query):
        response = client.get(reverse(f"cases:{name}", args=[case.ref, *args]), query)
        assert response.status_code == expect
        return response.content.decode()

    return get


@pytest.fixture
def post(browse, investigator, case):
    client = browse(investigator)

    def send(name, *args, **data):
        return client.post(reverse(f"cases:{name}", args=[case.ref, *args]), data)

    return send


# --- lists


@pytest.mark.parametrize("name", ["accounts", "people", "organisations"])
def test_empty_list_says_what_to_do_next(page, case, browse, viewer, name):
    assert "Record the first" in page(name)
    read_only = browse(viewer).get(reverse(f"cases:{name}", args=[case.ref])).content.decode()
    assert "Record the first" not in read_only
    assert "records" in read_only


@pytest.mark.parametrize(
    "search", ["a_before", "@A_Before", "https://twitter.com/a_before", "b_after", "fore", "Old name"]
)
def test_account_is_found_by_any_handle_or_name_it_ever_had(page, case, search):
    """Acceptance 19: rename @a -> @b, search for either finds it."""
    account = make_account(case=case, handle="a_before")
    make_observation(
        account=account, handle="b_after", display_name="Old name", observed_at=datetime(2024, 6, 1, tzinfo=UTC)
    )
    make_account(case=case, handle="somebody")
    text = page("accounts", search=search)
    assert "@b_after" in text
    assert "@somebody" not in text


def test_account_is_found_by_its_id_and_by_the_handle_of_what_was_merged_into_it(page, case, investigator):
    account = make_account(case=case, handle="kept", platform_user_id="4242")
    twin = make_account(case=case, handle="twin", **UNKNOWN_ID)
    merge(actor=investigator, duplicate=twin, into=account, reason="The archived profile shows both.")
    for search in ("4242", "twin", "@kept"):
        text = page("accounts", search=search)
        assert f"/accounts/{account.pk}/" in text
        assert f"/accounts/{twin.pk}/" not in text


def test_list_of_accounts_is_as_of_a_day(page, case):
    account = make_account(case=case, handle="a_before")
    make_observation(
        account=account,
        handle="b_after",
        status="suspended",
        observed_at=datetime(2024, 6, 3, tzinfo=UTC),
        observed_precision="day",
    )
    now = page("accounts")
    assert "@b_after" in now
    assert "active 16 May 2024, suspended by 3 June 2024" in now
    then = page("accounts", as_of="2024-05-20")
    assert "@a_before" in then
    assert "suspended by" not in then
    assert "@b_after" in page("accounts", status="suspended")
    assert "No account fits" in page("accounts", status="suspended", as_of="2024-06-02")
    assert "@b_after" in page("accounts", status="suspended", as_of="2024-06-03")
    assert "No account fits" in page("accounts", status="active")
    assert "No handle known" in page("accounts", as_of="2024-01-01")
    assert "No handle known" in page("accounts", status="unknown", as_of="2024-01-01")


@pytest.mark.parametrize("precision", ["second", "day", "month", "year"])
@pytest.mark.parametrize("day", ["2024-05-15", "2024-05-16", "2024-05-31", "2024-06-01", "2024-12-31", "2025-01-01"])
def test_list_and_page_agree_on_what_was_seen_by_a_day(page, case, precision, day):
    account = make_account(case=case, handle=None)
    make_observation(account=account, handle="name", status="suspended", observed_precision=precision)
    listed = f"/accounts/{account.pk}/" in page("accounts", as_of=day, status="suspended")
    shown = page("account", account.pk, as_of=day).split('id="as-of"')[1].split("</div>")[0]
    assert listed == ("Suspended" in shown)


@pytest.mark.parametrize("sort", ["handle", "-handle", "status", "-status", "seen", "-seen", "created", "-created"])
def test_accounts_are_sorted(page, case, sort):
    for handle in ("bb", "aa", "cc"):
        make_account(case=case, handle=handle)
    make_account(case=case, handle=None)
    text = page("accounts", sort=sort)
    assert text.count('scope="row"') == 4
    if sort == "handle":
        assert text.index("@aa") < text.index("@bb") < text.index("@cc")


def test_second_page_goes_on_where_the_first_ended(page, case, investigator):
    fill(case, investigator, 60)
    first = page("accounts", sort="handle")
    cursor = first.split("cursor=")[1].split('"')[0].split("&amp;")[0]
    second = page("accounts", sort="handle", cursor=cursor)
    assert first.count('scope="row"') == 50
    assert second.count('scope="row"') == 10


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("accounts", {"sort": "password"}),
        ("accounts", {"platform": "myspace"}),
        ("accounts", {"as_of": "31 June"}),
        ("accounts", {"as_of": "1900-01-01"}),
        ("accounts", {"as_of": "9999-12-31"}),
        ("accounts", {"search": "a\x00"}),
        ("accounts", {"search": "x" * 201}),
        ("accounts", {"cursor": "nonsense"}),
        ("people", {"tier": "king"}),
        ("people", {"sort": "note"}),
        ("people", {"search": "a\x00"}),
        ("organisations", {"kind": "club"}),
        ("organisations", {"cursor": "nonsense"}),
    ],
)
def test_query_that_makes_no_sense_is_refused(page, name, query):
    assert page(name, expect=400, **query)


def test_people_are_found_by_any_name_in_any_script(page, case, investigator):
    person = make_person(case=case, label="Esmira Xəlil")
    add_name(actor=investigator, subject=person, spelling=Spelling(value="Эсмира Халил", language="ru"))
    make_person(case=case, label="Anar")
    for search in ("xəlil", "Халил", "esmira"):
        text = page("people", search=search)
        assert "Esmira Xəlil" in text
        assert ">Anar<" not in text


def test_organisations_stand_as_a_tree(page, case):
    top = make_organisation(case=case, label="Zenith")
    make_organisation(case=case, label="Alpha part", parent=top)
    text = page("organisations")
    assert text.index("Zenith") < text.index("Alpha part")
    assert "belongs to Zenith" in text


@pytest.mark.parametrize("name", ["accounts", "people", "organisations"])
def test_csv_is_an_export_with_its_event_and_without_formulas(browse, case, name, investigator):
    make_account(case=case, handle=None)
    make_observation(account=Account.objects.get(), display_name="=1+1", status="active")
    make_person(case=case, label="=1+1")
    make_organisation(case=case, label="=1+1")
    url = reverse(f"cases:{name}_csv", args=[case.ref])
    response = browse(case.lead).get(url)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "'=1+1" in text
    assert Event.objects.filter(action="case_exported").count() == 1
    assert browse(investigator).get(url).status_code == 403


@pytest.mark.parametrize("name", ["accounts", "people", "organisations"])
def test_list_says_how_many_rows_fit(page, case, name):
    for number in range(3):
        make_account(case=case, handle=f"handle_{number}")
        make_person(case=case, label=f"Person {number}")
        make_organisation(case=case, label=f"Organisation {number}")
    assert f"<strong>3</strong> {name}" in page(name)


def test_members_and_jobs_leave_as_csv(browse, case, investigator):
    start_job(actor=investigator, task="evidence.derive_item", title="=Reading", case=case)
    texts = {}
    for name in ("members", "jobs"):
        response = browse(case.lead).get(reverse(f"cases:{name}_csv", args=[case.ref]))
        texts[name] = b"".join(response.streaming_content).decode("utf-8-sig")
        assert payload_of("case_exported")["after"]["what"] == name
    assert f"{case.lead.username},{case.lead},editor,True," in texts["members"]
    assert f"'=Reading,queued,,{investigator.username}," in texts["jobs"]


def test_csv_of_jobs_is_narrowed_as_the_page_is(browse, case, investigator):
    start_job(actor=investigator, task="evidence.derive_item", title="Reading", case=case)
    client, url = browse(case.lead), reverse("cases:jobs_csv", args=[case.ref])
    failed = client.get(url, {"state": "failed"})
    assert b"Reading" not in b"".join(failed.streaming_content)
    assert client.get(url, {"state": "asleep"}).status_code == 400


# --- an account


def test_account_page_tells_the_interval_the_rename_and_the_gap(page, case):
    account = make_account(case=case, handle="a_before")
    make_observation(
        account=account,
        handle="b_after",
        status="suspended",
        observed_at=datetime(2024, 6, 3, tzinfo=UTC),
        observed_precision="day",
    )
    text = page("account", account.pk)
    assert "active 16 May 2024, suspended by 3 June 2024" in text
    assert "Renamed from <bdi>@a_before</bdi> (last seen 16 May 2024) to <bdi>@b_after</bdi> (by 3 June 2024)" in text
    assert "17 days in which nobody looked" in text
    assert "strip-gap" in text
    assert "style=" not in text


@pytest.mark.parametrize(
    ("day", "words", "handle"),
    [
        ("2024-05-01", "unknown; first seen active 16 May 2024", "none seen by then"),
        ("2024-05-20", "active, last seen 16 May 2024; suspended by 3 June 2024", "@a_before"),
        ("2024-06-03", "suspended, last seen 3 June 2024; nothing seen since", "@b_after"),
    ],
)
def test_account_page_answers_as_of_a_day(page, case, day, words, handle):
    """Acceptance 20."""
    account = make_account(case=case, handle="a_before")
    make_observation(
        account=account,
        handle="b_after",
        status="suspended",
        observed_at=datetime(2024, 6, 3, tzinfo=UTC),
        observed_precision="day",
    )
    text = page("account", account.pk, as_of=day)
    assert words in text
    assert handle in text.split('id="as-of"')[1]


def test_recycled_handle_is_told_on_both_pages(page, case):
    one = make_account(case=case, handle="recycled")
    two = make_account(case=case, handle=None)
    make_observation(account=two, handle="Recycled", status="active", observed_at=datetime(2024, 7, 1, tzinfo=UTC))
    first, second = page("account", one.pk), page("account", two.pk)
    assert "was later seen on" in first
    assert str(two.pk) in first
    assert "was earlier seen on" in second
    assert str(one.pk) in second


def test_account_that_is_renamed_all_the_time_has_few_warnings_and_a_count(page, case, investigator):
    account, other = make_account(case=case, handle=None), make_account(case=case, handle=None)
    see(account, investigator, 9)
    see(other, investigator, 9)
    text = page("account", account.pk)
    assert text.count("Renamed from") == 5
    assert "It was renamed 3 times before" in text
    assert "4 more of its handles" in text


def test_handle_on_two_accounts_at_once_is_told_to_be_a_mistake(page, case):
    one = make_account(case=case, handle="recycled")
    make_account(case=case, handle="recycled")
    assert "one of the ids, is wrong" in page("account", one.pk)


def test_deceptive_characters_are_pointed_out(page, case):
    account = make_account(case=case, handle=None)
    make_observation(account=account, display_name="Esm\u0456ra\u202e", status="active")
    text = page("account", account.pk)
    assert "U+0456 CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I" in text
    assert "U+202E RIGHT-TO-LEFT OVERRIDE" in text


def test_markup_in_what_was_seen_stays_text(page, case):
    account = make_account(case=case, handle=None)
    attack = "<script>alert(1)</script>"
    make_observation(account=account, display_name=attack, bio=attack, location=attack, note=attack)
    text = page("account", account.pk)
    assert attack not in text
    assert "&lt;script&gt;" in text


def test_account_page_shows_a_hundred_sightings_and_all_on_demand(page, case, investigator):
    account = make_account(case=case, handle=None)
    see(account, investigator, 103)
    assert "Show 3 earlier observations" in page("account", account.pk)
    assert page("account", account.pk, all="").count('class="sighting-when"') == 103


def test_merged_account_points_to_the_one_that_goes_on(page, case, investigator):
    account = make_account(case=case, handle="kept")
    twin = make_account(case=case, handle="twin", **UNKNOWN_ID)
    merge(actor=investigator, duplicate=twin, into=account, reason="The archived profile shows both.")
    assert f"/accounts/{account.pk}/" in page("account", twin.pk)
    kept = page("account", account.pk)
    assert "@twin" in kept
    assert "recorded on a merged entry" in kept


# --- forms


def observation(**changes):
    return {"handle": "@esmirakhahil", "observed_on": "2024-05-16", "status": "active", "zone": "UTC"} | changes


def test_account_is_recorded_with_its_first_observation(post, case):
    data = observation(
        handle="https://x.com/esmirakhahil", platform_user_id="783214", observed_time="16:21", zone="Asia/Baku"
    )
    response = post("account_new", **data)
    account = Account.objects.get()
    assert response.status_code == 302
    assert response.url == reverse("cases:account", args=[case.ref, account.pk])
    seen = account.observations.get()
    assert (seen.handle, seen.observed_at, seen.observed_precision) == (
        "esmirakhahil",
        datetime(2024, 5, 16, 12, 21, tzinfo=UTC),
        "second",
    )


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"handle": ""}, "handle", "required"),
        ({"handle": "https://x.com/home"}, "handle", "page of X"),
        ({"handle": "not a handle"}, "handle", "Say which platform"),
        ({"handle": "x" * 2_001}, "handle", "at most 2000"),
        ({"observed_on": ""}, "observed_on", "required"),
        ({"observed_on": "16 May"}, "observed_on", "Write 2024"),
        ({"observed_on": "2024-02-30"}, "observed_on", "does not exist"),
        ({"observed_on": "1900"}, "observed_on", "before 1990"),
        ({"observed_on": "100000-01-01"}, "observed_on", "not one in which"),
        ({"observed_on": "2999-01-01"}, "observed_on", "in the future"),
        ({"observed_on": "2024-05", "observed_time": "12:00"}, "observed_on", "whole date"),
        ({"observed_time": "25:00"}, "observed_on", "does not exist"),
        ({"observed_time": "12:00:60"}, "observed_on", "leap second"),
        ({"observed_time": "12:00", "zone": "Mars"}, "zone", "Give the zone"),
        ({"observed_time": "02:30", "zone": "Europe/Paris", "observed_on": "2024-03-31"}, "observed_on", "jumped over"),
        ({"platform_user_id": "@name"}, "platform_user_id", "whole number"),
        ({"platform_user_id": ""}, "platform_user_id", "why it is unknown"),
        ({"status": "banned"}, "status", "valid choice"),
        ({"followers": "-1"}, "followers", "greater than"),
        ({"followers": str(2**63)}, "followers", "less than or equal"),
        ({"evidence_item": "E-1"}, "evidence_item", "No exhibit of this case"),
        ({"display_name": "a\x00b"}, "display_name", "Null characters"),
        ({"bio": "x" * 20_001}, "bio", "at most 20000"),
    ],
)
def test_mistake_in_the_form_is_told_beside_its_field(post, changes, field, words):
    data = observation(handle="https://x.com/esmirakhahil", platform_user_id="1") | changes
    response = post("account_new", **data)
    assert response.status_code == 400
    form = response.context["form"]
    assert words in " ".join(form.errors[field])
    assert not Account.objects.exists()


def test_known_account_is_offered_instead_of_a_second_one(post, case):
    account = make_account(case=case, handle="EsmiraKhahil")
    response = post("account_new", **observation(handle="x.com/esmirakhahil", id_unknown_reason="Not looked up yet."))
    assert response.status_code == 409
    assert reverse("cases:account", args=[case.ref, account.pk]) in response.content.decode()


def test_observation_form_records_names_the_exhibit_and_comes_back(post, page, case):
    account = make_account(case=case, handle=None)
    item = make_exhibit(case)
    response = post("account_observe", account.pk, **observation(observed_on="2024-05", evidence_item="E-1"))
    assert response.status_code == 302
    seen = account.observations.get()
    assert (seen.observed_precision, seen.evidence_item) == ("month", item.pk)
    text = page("account", account.pk)
    assert f'href="{reverse("evidence:item", args=[case.ref, item.exhibit])}">E-1 A profile as captured' in text


def test_two_people_who_edit_at_once_lose_nothing(post, case):
    account = make_account(case=case, platform_user_id="1")
    first = {"version": 1, "platform_user_id": "1", "note": "Theirs."}
    assert post("account_edit", account.pk, **first).status_code == 302
    response = post("account_edit", account.pk, **(first | {"note": "Mine."}))
    text = response.content.decode()
    assert response.status_code == 412
    assert "Theirs." in text
    assert "Mine" in text
    assert 'name="version" value="2"' in text
    assert post("account_edit", account.pk, **(first | {"version": 2, "note": "Both."})).status_code == 302


def test_creation_date_is_edited(post, case):
    account = make_account(case=case, platform_user_id="1")
    post("account_edit", account.pk, version=1, platform_user_id="1", created_on="2023-07-06")
    account.refresh_from_db()
    assert account.created_at_platform == datetime(2023, 7, 6, tzinfo=UTC)
    response = post("account_edit", account.pk, version=2, platform_user_id="1", created_on="2023-07-06T10:00")
    assert "time zone" in " ".join(response.context["form"].errors["created_on"])


def test_reuse_check_is_signed_on_the_page(post, page, case):
    account = make_account(case=case)
    assert "Nobody has yet checked" in page("account", account.pk)
    assert post("account_reuse_check", account.pk, note="short").status_code == 400
    assert post("account_reuse_check", account.pk, note="No other holder in the archive.").status_code == 302
    assert "No other holder in the archive." in page("account", account.pk)


def test_person_is_recorded_edited_named_and_a_name_ended(post, page, case):
    assert post("person_new", label="Esmira Khahil", subject_tier="public_employee").status_code == 302
    person = Person.objects.get()
    edited = {"version": 1, "label": "Esmira Xəlil", "subject_tier": "public_employee"}
    assert post("person_edit", person.pk, **edited).status_code == 302
    assert post("person_edit", person.pk, **(edited | {"label": "Else"})).status_code == 412
    assert post("person_name_add", person.pk, value="Эсмира", kind="transliteration").status_code == 302
    assert post("person_name_add", person.pk, value="Эсмира", kind="transliteration").status_code == 409
    assert post("person_name_add", person.pk, value="E.", kind="primary").status_code == 400
    name = Name.objects.get(value="Эсмира")
    assert name.script == "Cyrl"
    assert "End the name" in page("name_end", name.pk)
    assert post("name_end", name.pk, reason="short").status_code == 400
    assert post("name_end", name.pk, reason="Another person's name.").status_code == 302
    assert "Another person&#x27;s name." in page("person", person.pk)


def test_person_form_tells_what_is_wrong(post):
    for label in ("", "   ", "x" * 301, "a\x00b"):
        assert post("person_new", label=label, subject_tier="official").status_code == 400
    assert post("person_new", label="Anar", subject_tier="king").status_code == 400
    assert post("person_new", label="Anar", subject_tier="official", language="no language").status_code == 400
    assert not Person.objects.exists()


def test_organisation_is_recorded_and_moved_but_never_in_a_circle(post, case):
    top = make_organisation(case=case, label="Top")
    assert post("organisation_new", label="Part", kind="state_body", parent=str(top.pk)).status_code == 302
    part = Organisation.objects.get(label="Part")
    assert part.parent == top
    response = post("organisation_edit", top.pk, version=1, label="Top", kind="other", parent=str(part.pk))
    assert response.status_code == 409
    assert "which belongs to it" in response.content.decode()
    response = post("organisation_edit", part.pk, version=1, label="Part", kind="other", parent="")
    assert response.status_code == 302


def test_parent_of_another_case_is_no_choice(post, other_case):
    elsewhere = make_organisation(case=other_case, label="Elsewhere")
    response = post("organisation_new", label="Part", kind="other", parent=str(elsewhere.pk))
    assert response.status_code == 400
    assert "parent" in response.context["form"].errors


@pytest.mark.parametrize("kind", ["account", "person", "organisation"])
def test_merging_shows_both_sides_and_is_undone(post, page, case, kind):
    make = {"account": make_account, "person": make_person, "organisation": make_organisation}[kind]
    kept = make(case=case)
    twin = make(case=case, **(UNKNOWN_ID if kind == "account" else {}))
    assert "Choose an entry" in page(f"{kind}_merge", twin.pk)
    assert page(f"{kind}_merge", twin.pk, into=str(kept.pk)).count('class="sheet"') == 2
    assert "Choose an entry" in page(f"{kind}_merge", twin.pk, into="nonsense")
    assert post(f"{kind}_merge", twin.pk, into=str(kept.pk), reason="short").status_code == 400
    assert post(f"{kind}_merge", twin.pk, into=str(uuid4()), reason="They are the same.").status_code == 400
    response = post(f"{kind}_merge", twin.pk, into=str(kept.pk), reason="They are the same.")
    assert response.url == reverse(f"cases:{kind}", args=[case.ref, kept.pk])
    assert "They are the same." in page(kind, twin.pk)
    assert "They are the same." in page(kind, kept.pk)
    assert post(f"{kind}_unmerge", twin.pk, reason="short").status_code == 400
    assert post(f"{kind}_unmerge", twin.pk, reason="They are two after all.").status_code == 302
    twin.refresh_from_db()
    assert twin.merged_into is None


def test_refused_merge_says_why(post, case):
    kept, twin = make_account(case=case), make_account(case=case)
    response = post("account_merge", twin.pk, into=str(kept.pk), reason="They are the same.")
    assert response.status_code == 409
    assert "Two platform ids are two accounts" in response.content.decode()


# --- who may see


def test_strangers_and_other_cases_find_nothing(browse, case, other_case, stranger, investigator):
    account = make_account(case=case)
    person, organisation = make_person(case=case), make_organisation(case=case)
    for kind, row in (("account", account), ("person", person), ("organisation", organisation)):
        assert browse(stranger).get(reverse(f"cases:{kind}", args=[case.ref, row.pk])).status_code == 404
        assert browse(investigator).get(reverse(f"cases:{kind}", args=[other_case.ref, row.pk])).status_code == 404
        assert browse(investigator).get(reverse(f"cases:{kind}", args=[case.ref, uuid4()])).status_code == 404


def test_readers_read_and_cannot_write(browse, case, viewer):
    account, person, organisation = make_account(case=case), make_person(case=case), make_organisation(case=case)
    client = browse(viewer)
    for kind, row in (("account", account), ("person", person), ("organisation", organisation)):
        text = client.get(reverse(f"cases:{kind}", args=[case.ref, row.pk])).content.decode()
        assert "Recent history" not in text
        assert f"/{row.pk}/edit/" not in text
        for step in ("edit", "merge"):
            assert client.get(reverse(f"cases:{kind}_{step}", args=[case.ref, row.pk])).status_code == 403
    assert client.post(reverse("cases:account_observe", args=[case.ref, account.pk]), observation()).status_code == 403
    assert client.post(reverse("cases:person_name_add", args=[case.ref, person.pk]), {"value": "A"}).status_code == 403


def test_signed_out_people_are_sent_to_sign_in(case):
    response = Client().get(reverse("cases:accounts", args=[case.ref]))
    assert response.status_code == 302
    assert make_user().pk
