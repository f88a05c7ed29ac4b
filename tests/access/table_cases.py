"""Rows for cases, members, tokens and the audit trail."""

from audit.models import Event
from cases.actions.tokens import create_token
from cases.enums import TokenScope
from tests.access.table import Row, World, inside, only, signed_in
from tests.factories.users import make_user

REF = {"ref": "ref"}
MEMBER = {"ref": "ref", "membership_id": "membership"}
API_MEMBER = {"ref": "ref", "id": "membership"}
EVENT = {"ref": "ref", "event_id": "event"}
TOKEN = {"token_id": "token"}
AUDIT_READERS = ("investigator", "editor", "publisher", "auditor")
POLICY = {"level": "strict", "fixity_days": 7, "reason": "The case goes to court this month."}
SETTINGS = {"title": "T", "tlp": "red", "likelihood_scale": "phia", "policy": "strict", "version": 1}


def build(world: World) -> None:
    helper = make_user(f"{world.case.ref.lower()}-helper")
    added = world.case.memberships.create(user=helper, role="viewer", added_by=world.people["lead"])
    token, _ = create_token(actor=world.people["lead"], name="t", scopes=TokenScope.values)
    event = Event.objects.filter(case_id=world.case.pk, action="case_created").get()
    world.objects |= {
        "membership": added.pk,
        "event": event.event_id,
        "token": token.pk,
        "helper": helper.username,
        "newcomer": make_user(f"{world.case.ref.lower()}-newcomer").username,
    }


def newcomer(world: World) -> dict[str, str]:
    return {"user": world.objects["newcomer"], "role": "viewer"}


def editor(world: World) -> dict[str, str]:
    return {"user": world.people["editor"].username}


ROWS = [
    Row("cases:list", "GET", signed_in(200)),
    Row("cases:list_csv", "GET", signed_in(403, editor=200, publisher=200, auditor=200)),
    Row("cases:create", "GET", signed_in(403)),
    Row("cases:create", "POST", signed_in(403), body={"ref": "NEW-1", "title": "T"}),
    Row("cases:settings", "GET", inside(200), REF),
    Row("cases:settings", "POST", only(302, "editor"), REF, body=SETTINGS),
    Row("cases:policy", "POST", only(302, "editor"), REF, body=POLICY),
    Row("cases:members", "GET", inside(200), REF),
    Row("cases:members_csv", "GET", only(200, "editor", "publisher", "auditor"), REF),
    Row("cases:members", "POST", only(302, "editor"), REF, body=newcomer),
    Row("cases:member_role", "POST", only(302, "editor"), MEMBER, body={"role": "auditor"}),
    Row("cases:member_end", "POST", only(302, "editor"), MEMBER),
    Row("cases:lead", "POST", inside(403), REF, body=editor),
    Row("cases:audit", "GET", only(200, *AUDIT_READERS), REF),
    Row("cases:audit_csv", "GET", only(200, "editor", "publisher", "auditor"), REF),
    Row("cases:audit_checkpoint", "GET", only(404, *AUDIT_READERS), REF),
    Row("cases:audit_proof", "GET", only(503, *AUDIT_READERS), EVENT),
    Row("cases:object_audit", "GET", only(200, *AUDIT_READERS), {"ref": "ref", "obj": "case_object"}),
    Row("cases:language", "POST", signed_in(302), body={"language": "fr"}),
    Row("cases:tokens", "GET", signed_in(200)),
    Row("cases:token_new", "POST", signed_in(302), body={"name": "x", "scopes": ["read"], "days": 1}),
    Row("cases:token_revoke", "POST", signed_in(404), TOKEN),
    Row("case-list", "GET", signed_in(200)),
    Row("case-list", "POST", signed_in(403), body={"ref": "NEW-1", "title": "T"}),
    Row("case-detail", "GET", inside(200), REF),
    Row("case-detail", "PATCH", only(200, "editor"), REF, body={"title": "T"}, headers={"If-Match": '"1"'}),
    Row("case-set-policy", "POST", only(201, "editor"), REF, body=POLICY),
    Row("case-policies", "GET", inside(200), REF),
    Row("case-transfer-lead", "POST", inside(403), REF, body=editor),
    Row("member-list", "GET", inside(200), REF),
    Row("member-list", "POST", only(201, "editor"), REF, body=newcomer),
    Row("member-detail", "GET", inside(200), API_MEMBER),
    Row("member-change-role", "POST", only(200, "editor"), API_MEMBER, body={"role": "auditor"}),
    Row("member-end", "POST", only(200, "editor"), API_MEMBER, body={}),
    Row("event-list", "GET", only(200, *AUDIT_READERS), REF),
    Row("event-detail", "GET", only(200, *AUDIT_READERS), EVENT),
    Row("event-proof", "GET", only(503, *AUDIT_READERS), EVENT),
    Row("token-list", "GET", signed_in(200)),
    Row("token-list", "POST", signed_in(403), body={"name": "x", "scopes": ["read"]}),
    Row("token-detail", "GET", signed_in(404), {"id": "token"}),
    Row("token-revoke", "POST", signed_in(404), {"id": "token"}, body={}),
]
