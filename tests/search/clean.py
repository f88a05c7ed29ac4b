"""Imported first by the process that writers are forked from: there Django is not set up yet."""

import django
from django.apps import apps

if not apps.ready:
    django.setup()
