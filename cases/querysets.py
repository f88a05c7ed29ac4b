"""The door to lists: every list of case data goes through `visible_to`."""

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef


def _open_memberships(actor) -> models.QuerySet:
    return apps.get_model("cases", "Membership").objects.filter(user=actor, ended_at__isnull=True)


class CaseQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "CaseQuerySet":
        """Cases in which `actor` holds an open membership; staff and superusers get no shortcut."""
        return self.filter(Exists(_open_memberships(actor).filter(case=OuterRef("pk"))))


class CaseScopedQuerySet(models.QuerySet):
    """Rows that carry a `case` foreign key, or name the path to one in `case_path`."""

    case_path = "case"

    def visible_to(self, actor) -> "CaseScopedQuerySet":
        """Rows of the cases in which `actor` holds an open membership."""
        return self.filter(Exists(_open_memberships(actor).filter(case=OuterRef(f"{self.case_path}_id"))))
