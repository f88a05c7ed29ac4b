"""Addresses of accounts, persons and organisations, within the namespace `cases`."""

from django.urls import path

from cases.views import accounts, merging, organisations, people

CASE = "cases/<slug:ref>"
ACCOUNT = f"{CASE}/accounts/<uuid:account_id>"
PERSON = f"{CASE}/people/<uuid:person_id>"
ORGANISATION = f"{CASE}/organisations/<uuid:organisation_id>"
PLURALS = {"account": "accounts", "person": "people", "organisation": "organisations"}


def _steps(kind: str) -> list:
    """Merging, and for what has names, adding one."""
    start = f"{CASE}/{PLURALS[kind]}/<uuid:subject_id>"
    steps = [
        path(f"{start}/merge/", merging.merge_page, {"kind": kind}, name=f"{kind}_merge"),
        path(f"{start}/unmerge/", merging.unmerge_step, {"kind": kind}, name=f"{kind}_unmerge"),
    ]
    if kind != "account":
        steps.append(path(f"{start}/names/", merging.name_add, {"kind": kind}, name=f"{kind}_name_add"))
    return steps


urlpatterns = [
    path(f"{CASE}/accounts/", accounts.accounts, name="accounts"),
    path(f"{CASE}/accounts/new/", accounts.account_new, name="account_new"),
    path(f"{CASE}/accounts/export.csv", accounts.accounts_csv, name="accounts_csv"),
    path(f"{ACCOUNT}/", accounts.account, name="account"),
    path(f"{ACCOUNT}/edit/", accounts.account_edit, name="account_edit"),
    path(f"{ACCOUNT}/observe/", accounts.observe, name="account_observe"),
    path(f"{ACCOUNT}/reuse-check/", accounts.reuse_check, name="account_reuse_check"),
    path(f"{CASE}/people/", people.people, name="people"),
    path(f"{CASE}/people/new/", people.person_new, name="person_new"),
    path(f"{CASE}/people/export.csv", people.people_csv, name="people_csv"),
    path(f"{PERSON}/", people.person, name="person"),
    path(f"{PERSON}/edit/", people.person_edit, name="person_edit"),
    path(f"{CASE}/organisations/", organisations.organisations, name="organisations"),
    path(f"{CASE}/organisations/new/", organisations.organisation_new, name="organisation_new"),
    path(f"{CASE}/organisations/export.csv", organisations.organisations_csv, name="organisations_csv"),
    path(f"{ORGANISATION}/", organisations.organisation, name="organisation"),
    path(f"{ORGANISATION}/edit/", organisations.organisation_edit, name="organisation_edit"),
    path(f"{CASE}/names/<uuid:name_id>/end/", merging.name_end, name="name_end"),
    *_steps("account"),
    *_steps("person"),
    *_steps("organisation"),
]
