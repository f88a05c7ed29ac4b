"""Rows for accounts, persons, organisations and names. Changing requests carry nothing: 400 says "may, but not so"."""

from cases.models import Name
from tests.access.table import Row, World, inside, only
from tests.factories.subjects import make_account, make_observation, make_organisation, make_person

CASE = {"ref": "ref"}
WRITERS = MERGERS = ("investigator", "editor")
EDIT = {"If-Match": '"99"'}
KINDS = {
    "account": ("accounts", "account_id"),
    "person": ("people", "person_id"),
    "organisation": ("organisations", "organisation_id"),
}


def build(world: World) -> None:
    author = {"case": world.case, "actor": world.people["investigator"]}
    account, person = make_account(**author), make_person(**author)
    world.objects |= {
        "subject_account": account.pk,
        "subject_person": person.pk,
        "subject_organisation": make_organisation(**author).pk,
        "observation": make_observation(account=account, actor=author["actor"], status="active").pk,
        "name": Name.objects.filter(person=person).first().pk,
    }


def rows_of(kind: str) -> list[Row]:
    plural, argument = KINDS[kind]
    one, subject = {"ref": "ref", argument: f"subject_{kind}"}, {"ref": "ref", "subject_id": f"subject_{kind}"}
    api = {"ref": "ref", "id": f"subject_{kind}"}
    return [
        Row(f"cases:{plural}", "GET", inside(200), CASE),
        Row(f"cases:{plural}_csv", "GET", only(200, "editor", "publisher", "auditor"), CASE),
        Row(f"cases:{kind}_new", "GET", only(200, *WRITERS), CASE),
        Row(f"cases:{kind}_new", "POST", only(400, *WRITERS), CASE),
        Row(f"cases:{kind}", "GET", inside(200), one),
        Row(f"cases:{kind}_edit", "GET", only(200, *WRITERS), one),
        Row(f"cases:{kind}_edit", "POST", only(400, *WRITERS), one),
        Row(f"cases:{kind}_merge", "GET", only(200, *MERGERS), subject),
        Row(f"cases:{kind}_merge", "POST", only(400, *MERGERS), subject),
        Row(f"cases:{kind}_unmerge", "POST", only(409, *MERGERS), subject),
        Row(f"{kind}-list", "GET", inside(200), CASE),
        Row(f"{kind}-list", "POST", only(400, *WRITERS), CASE, body={}),
        Row(f"{kind}-detail", "GET", inside(200), api),
        Row(f"{kind}-detail", "PATCH", only(412, *WRITERS), api, body={}, headers=EDIT),
        Row(f"{kind}-merge", "POST", only(400, *MERGERS), api, body={}),
        Row(f"{kind}-unmerge", "POST", only(400, *MERGERS), api, body={}),
    ]


ACCOUNT, API_ACCOUNT = {"ref": "ref", "account_id": "subject_account"}, {"ref": "ref", "id": "subject_account"}

ORGANISATION = {"ref": "ref", "subject_id": "subject_organisation"}

ROWS = [
    *rows_of("account"),
    *rows_of("person"),
    *rows_of("organisation"),
    Row("cases:account_observe", "GET", only(200, *WRITERS), ACCOUNT),
    Row("cases:account_observe", "POST", only(400, *WRITERS), ACCOUNT),
    Row("cases:account_reuse_check", "POST", only(400, *WRITERS), ACCOUNT),
    Row("cases:person_name_add", "POST", only(400, *WRITERS), {"ref": "ref", "subject_id": "subject_person"}),
    Row(
        "cases:organisation_name_add", "POST", only(400, *WRITERS), {"ref": "ref", "subject_id": "subject_organisation"}
    ),
    Row("cases:name_end", "GET", only(200, *WRITERS), {"ref": "ref", "name_id": "name"}),
    Row("cases:name_end", "POST", only(400, *WRITERS), {"ref": "ref", "name_id": "name"}),
    Row("account-reuse-check", "POST", only(400, *WRITERS), API_ACCOUNT, body={}),
    Row("account-status-as-of", "GET", inside(200), API_ACCOUNT, query="?as_of=2024-06-03"),
    Row("account-handles", "GET", inside(200), API_ACCOUNT),
    Row("observation-list", "GET", inside(200), CASE),
    Row("observation-list", "POST", only(400, *WRITERS), CASE, body={}),
    Row("observation-detail", "GET", inside(200), {"ref": "ref", "id": "observation"}),
    Row("name-list", "GET", inside(200), CASE),
    Row("name-list", "POST", only(400, *WRITERS), CASE, body={}),
    Row("name-detail", "GET", inside(200), {"ref": "ref", "id": "name"}),
    Row("name-end", "POST", only(400, *WRITERS), {"ref": "ref", "id": "name"}, body={}),
]
