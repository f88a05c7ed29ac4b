"""The web process. It assumes production unless the supervisor says otherwise."""

import os
import signal

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from caseapp.checks import refuse_unsafe_database
from caseapp.databases import WEB_CONNECTIONS, begin_as_nobody
from caseapp.embedded import ensure_server
from caseapp.processes import END_WITH_PARENT, end_with_parent
from caseapp.reading_ahead import read_ahead

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caseapp.settings")
os.environ.setdefault("DATABASE_POOL", str(WEB_CONNECTIONS))

if os.environ.get(END_WITH_PARENT):
    # The web server's own children would otherwise survive it when it is killed, and keep the port.
    end_with_parent(os.getppid(), signal.SIGKILL)
begin_as_nobody(settings.DATABASES["default"])
if settings.EMBEDDED_DATABASE:
    ensure_server(settings.SERVER_DIR)
application = read_ahead(get_wsgi_application())
refuse_unsafe_database()
