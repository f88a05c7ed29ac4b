"""What the queue does for search: what is new for saved searches; each night a look whether the index has what there
is; tidying once a week.
"""

from django.conf import settings
from procrastinate.contrib.django import app

from search.actions.counting import count_for_all
from search.actions.rebuilding import mend_index
from search.engines.whoosh.following import tidy
from search.engines.whoosh.reading import Whoosh


@app.periodic(cron="* * * * *")
@app.task(name="search.count_new", queueing_lock="search.count_new", lock="search.count_new")
def count_new(timestamp: int) -> None:
    """Each minute: people are told of new hits of their saved searches."""
    count_for_all()


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
