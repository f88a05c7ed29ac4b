"""`migrate` as the schema's owner: every other process connects as a role that owns nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections

from caseapp.roles import ensure_database, ensure_roles, protect_bookkeeping
from evidence.seals import install_key

BORROWED = ("USER", "PASSWORD", "OPTIONS", "CONN_MAX_AGE")


class Command(migrate.Command):
    help = migrate.Command.help + " Runs as the schema's owner and prepares database and roles first."

    def get_check_kwargs(self, options):
        # The database is what this command makes; its own check asks as the role that will serve, later.
        return super().get_check_kwargs(options) | {"databases": None}

    def handle(self, *args, **options):
        owner = connections["owner"].settings_dict
        ensure_database(owner)
        ensure_roles(owner, settings.DB_ROLES, settings.DB_LOGINS)
        with default_as_owner():
            super().handle(*args, **options)
        protect_bookkeeping(owner, settings.DB_ROLES)
        install_key()
        connections["owner"].close()


@contextmanager
def default_as_owner() -> Iterator[None]:
    """Let the alias "default" speak as the owner, so that data migrations and post_migrate need no alias."""
    default, owner = connections["default"], connections["owner"].settings_dict
    before = {key: default.settings_dict[key] for key in BORROWED}
    default.close()
    default.settings_dict.update({key: owner[key] for key in BORROWED})
    try:
        yield
    finally:
        default.close()
        default.settings_dict.update(before)
