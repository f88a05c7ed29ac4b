import json
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from audit.erasure import seal_payload
from audit.exceptions import AuditError


class Command(BaseCommand):
    help = "Erase the payload of one event by order; the entry stays and the log still verifies. Cannot be undone."

    def add_arguments(self, parser):
        parser.add_argument("event_id", type=UUID)
        parser.add_argument("--actor", required=True, help="who carries it out, e.g. user:<uuid>")
        parser.add_argument("--approved-by", required=True, help="the second person, who agreed")
        parser.add_argument("--order", required=True, help="whose order it is, its date and reference")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the answer for a program")

    def handle(self, *args, event_id: UUID, actor: str, approved_by: str, order: str, as_json: bool, **options):
        try:
            sealed = seal_payload(actor=actor, approved_by=approved_by, event_id=event_id, order=order)
        except (AuditError, ValueError) as error:
            raise CommandError(str(error), returncode=2) from error
        if as_json:
            self.stdout.write(json.dumps({"erased": str(event_id), "event": str(sealed.event_id)}))
        else:
            self.stdout.write(f"Payload of {event_id} erased; event {sealed.event_id} says so.")
