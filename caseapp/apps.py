"""The application that puts the rooms together."""

from django.apps import AppConfig
from django.core import checks

from caseapp.checks import check_database


class CaseappConfig(AppConfig):
    name = "caseapp"

    def ready(self) -> None:
        checks.register(check_database, checks.Tags.database)
