"""Tells Django to use our admin site; apart from `apps.py`, where it would be taken for this package's own config."""

from django.contrib.admin.apps import AdminConfig


class ReadOnlyAdminConfig(AdminConfig):
    default_site = "caseapp.admin_site.CaseAdminSite"
