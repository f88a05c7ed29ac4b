"""Making what may hint at a manipulation; for a person who looks, never for a rule that decides."""

from django.db import transaction

from cases.actions.job_runs import start_job
from cases.exceptions import InvalidInput
from cases.history import record
from cases.models import JobRun, User
from evidence import custody, stores
from evidence.actions.fixity import open_or_report
from evidence.enums import CustodyAction
from evidence.media import aids
from evidence.models import Item, MediaReport
from evidence.parsers import media_types, sandbox
from evidence.parsers.sandbox import ParserFailed
from evidence.permissions import check_match_media
from evidence.queries import get_item_by_id
from evidence.reuse import AIDS

MAKE_AIDS = "evidence.make_aids"
PARSER = "evidence.parsers.aids"
KEPT = ("format", "quantisation", "contradictions", "earlier_savings", "credentials")


def has_aids(item: Item) -> bool:
    """Whether aids can be made of an exhibit: of pictures only."""
    return item.blob is not None and item.blob.media_type in media_types.PICTURES


@transaction.atomic
def start_aids(*, actor: User, item: Item) -> JobRun:
    """Queue the making of an exhibit's aids, at a person's wish."""
    check_match_media(actor, item.case)
    if not has_aids(item):
        raise InvalidInput("Aids are made of pictures only.")
    arguments = {"item_id": str(item.pk), "actor_id": str(actor.pk)}
    title = f"Look for hints at changes in E-{item.exhibit}"
    return start_job(actor=actor, task=MAKE_AIDS, title=title, case=item.case, arguments=arguments)


def make_aids(*, actor: User, item: Item) -> MediaReport:
    """Make them now. A picture that cannot be read leaves a report that says so."""
    check_match_media(actor, item.case)
    with open_or_report(actor, item) as stream:
        try:
            with sandbox.run(PARSER, stream) as parsed:
                facts = {name: parsed.facts[name] for name in KEPT}
                made, _ = stores.derivatives().put(parsed.file("error-level.webp"))
                facts["error_level"] = [made, *parsed.facts["error_level"]]
        except ParserFailed as failure:
            facts = {"problem": failure.reason}
    return _keep(actor, item, facts)


@transaction.atomic
def _keep(actor: User, item: Item, facts: dict) -> MediaReport:
    item = get_item_by_id(actor, item.pk, for_update=True)
    report, _ = MediaReport.objects.update_or_create(blob=item.blob, defaults={"version": aids.VERSION, "facts": facts})
    # Another exhibit of the same bytes shows them only when they were made for it as well.
    if AIDS not in item.readings:
        item.readings = [*item.readings, AIDS]
        item.save(update_fields=["readings"])
    made = facts.get("error_level", [""])[0]
    custody.note(item, CustodyAction.DERIVE, actor, purpose="Hints at changes of the picture", result_sha256=made)
    record(actor, "aids_made", item, after={"error_level": made, "version": aids.VERSION}, evidence=[item.blob_id])
    return report
