"""Rows for evidence, sources and uploads. Changing requests carry little: 400 says "may, but not so"."""

from evidence.actions.uploads import start_upload
from tests.access.table import Row, World, inside, only, signed_in
from tests.factories.claims import make_source, make_text

CASE = {"ref": "ref"}
ITEM = {"ref": "ref", "exhibit": "exhibit"}
SOURCE = {"ref": "ref", "source_id": "source"}
API_ITEM, API_SOURCE = {"ref": "ref", "id": "evidence_item"}, {"ref": "ref", "id": "source"}
GROUP, CUSTODY = {"ref": "ref", "id": "group"}, {"ref": "ref", "id": "custody"}
UPLOAD = {"ref": "ref", "id": "upload"}
LOGGERS, EDITOR = ("investigator", "editor"), ("editor",)
VERIFIERS = ("investigator", "editor", "auditor")
EXPORTERS = ("editor", "publisher", "auditor")
EDIT = {"If-Match": '"99"'}
AT_START = {"Upload-Offset": "0"}
FIRST = 10_000


def build(world: World) -> None:
    author, lead, case = world.people["investigator"], world.people["lead"], world.case
    if case.ref.startswith("FOREIGN"):
        # Exhibits count within a case: the foreign one's numbers must name nothing in the own one.
        type(case).objects.filter(pk=case.pk).update(last_exhibit=FIRST)
    source = make_source(case, author, lead, name="Wire")
    item = make_text(case, author, f"An exhibit of {case.ref}.", source)
    world.objects |= {
        "source": source.pk,
        "evidence_item": item.pk,
        "exhibit": item.exhibit,
        "group": source.origin_group_id,
        "upload": start_upload(actor=author, case=case, file_name="a.txt", size=10).pk,
        "custody": item.custody.first().pk,
        "ticket": "never-given",
        "operation": "thumbnail",
    }


ROWS = [
    Row("evidence:list", "GET", inside(200), CASE),
    Row("evidence:csv", "GET", only(200, *EXPORTERS), CASE),
    Row("evidence:damage", "GET", inside(200), CASE),
    Row("evidence:check", "POST", only(302, *VERIFIERS), CASE),
    Row("evidence:upload", "GET", only(200, *LOGGERS), CASE),
    Row("evidence:upload", "POST", only(400, *LOGGERS), CASE),
    Row("evidence:upload_cancel", "POST", only(302, "investigator", editor=404), {"ref": "ref", "upload_id": "upload"}),
    Row("evidence:paste", "GET", only(200, *LOGGERS), CASE),
    Row("evidence:paste", "POST", only(400, *LOGGERS), CASE),
    Row("evidence:link", "GET", only(200, *LOGGERS), CASE),
    Row("evidence:link", "POST", only(400, *LOGGERS), CASE),
    Row("evidence:item", "GET", inside(200), ITEM),
    # The exhibit is plain text, which has no other source.
    Row("evidence:page_source", "GET", inside(400), ITEM),
    Row("evidence:edit", "GET", only(200, *LOGGERS), ITEM),
    Row("evidence:edit", "POST", only(400, *LOGGERS), ITEM),
    Row("evidence:rendition", "GET", inside(404), ITEM),
    Row("evidence:picture", "GET", inside(404), ITEM | {"operation": "operation"}),
    Row("evidence:download", "POST", inside(302), ITEM),
    Row("evidence:fetch", "GET", signed_in(404), {"token": "ticket"}),
    Row("evidence:verify", "POST", only(302, *VERIFIERS), ITEM),
    Row("evidence:withdraw", "POST", only(400, *EDITOR), ITEM),
    Row("evidence:restore", "POST", only(400, *EDITOR), ITEM),
    Row("evidence:supersede", "POST", only(400, *EDITOR), ITEM),
    Row("evidence:read_again", "POST", only(400, *LOGGERS), ITEM),
    Row("evidence:sources", "GET", inside(200), CASE),
    Row("evidence:sources_csv", "GET", only(200, *EXPORTERS), CASE),
    Row("evidence:source_new", "GET", only(200, *LOGGERS), CASE),
    Row("evidence:source_new", "POST", only(400, *LOGGERS), CASE),
    Row("evidence:join", "GET", only(200, *EDITOR), CASE),
    Row("evidence:join", "POST", only(400, *EDITOR), CASE),
    Row("evidence:source", "GET", inside(200), SOURCE),
    Row("evidence:source_edit", "GET", only(200, *LOGGERS), SOURCE),
    Row("evidence:source_edit", "POST", only(400, *LOGGERS), SOURCE),
    Row("evidence:source_grade", "GET", only(200, *LOGGERS), SOURCE),
    Row("evidence:source_grade", "POST", only(400, *LOGGERS), SOURCE),
    Row("evidence:source_split", "GET", only(200, *EDITOR), SOURCE),
    Row("evidence:source_split", "POST", only(400, *EDITOR), SOURCE),
    Row("evidence:source_release", "GET", only(200, *EDITOR), SOURCE),
    Row("evidence:source_release", "POST", only(400, *EDITOR), SOURCE),
    Row("item-list", "GET", inside(200), CASE),
    Row("item-list", "POST", only(400, *LOGGERS), CASE, body={}),
    Row("item-detail", "GET", inside(200), API_ITEM),
    Row("item-detail", "PATCH", only(412, *LOGGERS), API_ITEM, body={}, headers=EDIT),
    Row("item-original", "GET", inside(200), API_ITEM),
    Row("item-text", "GET", inside(200), API_ITEM),
    Row("item-read-again", "POST", only(400, *LOGGERS), API_ITEM, body={}),
    Row("item-verify", "POST", only(200, *VERIFIERS), API_ITEM, body={}),
    Row("item-fixity-check", "POST", only(202, *VERIFIERS), CASE, body={}),
    Row("item-withdraw", "POST", only(400, *EDITOR), API_ITEM, body={}),
    Row("item-restore", "POST", only(400, *EDITOR), API_ITEM, body={}),
    Row("item-supersede", "POST", only(400, *EDITOR), API_ITEM, body={}),
    Row("custody-list", "GET", inside(200), CASE),
    Row("custody-detail", "GET", inside(200), CUSTODY),
    Row("upload-list", "GET", inside(200), CASE),
    Row("upload-list", "POST", only(201, *LOGGERS), CASE, body={"file_name": "a", "size": 1}),
    Row("upload-detail", "GET", inside(404, investigator=200), UPLOAD),
    Row("upload-detail", "PATCH", only(404, "editor", investigator=200), UPLOAD, body={}, headers=AT_START),
    Row("upload-detail", "DELETE", only(404, "editor", investigator=204), UPLOAD),
    Row("upload-complete", "POST", only(404, "editor", investigator=409), UPLOAD, body={}),
    Row("source-list", "GET", inside(200), CASE),
    Row("source-list", "POST", only(400, *LOGGERS), CASE, body={}),
    Row("source-detail", "GET", inside(200), API_SOURCE),
    Row("source-detail", "PATCH", only(412, *LOGGERS), API_SOURCE, body={}, headers=EDIT),
    Row("source-grades", "GET", inside(200), API_SOURCE),
    Row("source-grades", "POST", only(400, *LOGGERS), API_SOURCE, body={}),
    Row("source-split", "POST", only(400, *EDITOR), API_SOURCE, body={}),
    Row("source-release", "POST", only(400, *EDITOR), API_SOURCE, body={}),
    Row("origin-group-list", "GET", inside(200), CASE),
    Row("origin-group-list", "POST", only(400, *EDITOR), CASE, body={}),
    Row("origin-group-detail", "GET", inside(200), GROUP),
]
