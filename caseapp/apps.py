"""The application that puts the rooms together."""

from django.apps import AppConfig


class CaseappConfig(AppConfig):
    name = "caseapp"
