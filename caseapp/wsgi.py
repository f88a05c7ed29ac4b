"""The web process. It assumes production unless the supervisor says otherwise."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from caseapp.embedded import ensure_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caseapp.settings")
os.environ.setdefault("DATABASE_POOL", "8")

if settings.EMBEDDED_DATABASE:
    ensure_server(settings.DATA_DIR)
application = get_wsgi_application()
