"""Which engine answers: the chosen one, or PostgreSQL where that cannot."""

import logging

from django.conf import settings

from search.engines.base import Answer, Engine, Question, Unavailable
from search.engines.postgres import Postgres
from search.engines.whoosh.following import follow
from search.engines.whoosh.reading import Whoosh

logger = logging.getLogger(__name__)
ENGINES: dict[str, type[Engine]] = {"whoosh": Whoosh, "postgres": Postgres}


def answer(question: Question) -> tuple[Answer, str, str]:
    """The answer, the engine that gave it, and where that is not the chosen one, a sentence for the page."""
    chosen = ENGINES[settings.SEARCH_ENGINE]()
    try:
        return chosen.ask(question), chosen.name, ""
    except Unavailable as reason:
        if str(reason):
            logger.warning("The index cannot answer", exc_info=True)
        return Postgres().ask(question), Postgres.name, str(reason)


def keep_in_step() -> None:
    """Let the chosen engine take what changed in the documents; PostgreSQL has it already."""
    if Whoosh.name == settings.SEARCH_ENGINE:
        follow()
