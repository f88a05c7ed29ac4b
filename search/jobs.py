"""What the queue does for the index: a look each night whether it has what there is, and tidying once a week."""

from django.conf import settings
from procrastinate.contrib.django import app

from search.actions.rebuilding import mend_index
from search.engines.whoosh.following import tidy
from search.engines.whoosh.reading import Whoosh


@app.periodic(cron="29 4 * * *")
@app.task(name="search.check_index", queueing_lock="search.check_index")
def check_index(timestamp: int) -> None:
    """Nightly: an index that does not have what there is, is built anew."""
    mend_index()


@app.periodic(cron="53 4 * * 0")
@app.task(name="search.tidy_index", queueing_lock="search.tidy_index")
def tidy_index(timestamp: int) -> None:
    """Weekly: one segment, without what was deleted; searches are quicker for it, and the folder smaller."""
    if Whoosh.name == settings.SEARCH_ENGINE:
        tidy()
