"""Searching: one question of one person, answered within what they may see at this moment."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from cases.exceptions import InvalidInput
from cases.models import Case, User
from evidence.actions.reading import note_look
from evidence.models import Item
from posts.actions.reading import note_reading
from posts.models import Sighting
from search.ast import NOTHING, Among, Everything, Node, Prefix, Words, both, wanted_words
from search.engines.base import Answer, OutOfTime, Question
from search.engines.choice import answer
from search.engines.postgres import in_time
from search.facets import FILTERS, Facet, facets_of
from search.hits import Hit, hits_of
from search.models import Document
from search.pages import cursor_after, offset_of
from search.planning import Plan, loosened, plan
from search.posts import FoundPosts, find_posts
from search.query.fields import FIELDS
from search.query.parser import Query, parse
from search.rights import Reach, reach_of
from search.snippets import Marked

SIZE, MOST = 20, 100
MOST_NEW = 1_000  # documents that are looked at for what is new
POSTS = 5  # beside other hits; narrowed to posts, a page of them
BEHIND = 10  # seconds that a change may wait to be read before people are told
_STATE = """
    SELECT ARRAY(SELECT object_id::text FROM search_outbox WHERE hides AND case_id = ANY (%(cases)s)), COALESCE((
        SELECT max(newest.seq) FROM unnest(%(cases)s::uuid[]) own, LATERAL (
            SELECT seq FROM search_document WHERE case_id = own ORDER BY seq DESC LIMIT 1) newest), 0), COALESCE((
        SELECT extract(epoch FROM clock_timestamp() - min(at))::int FROM search_outbox
        WHERE case_id = ANY (%(cases)s) AND attempts = 0), 0)"""
CLOSE = "Nothing has exactly these words: close ones are shown."
LATE = "What was changed in the last {} is not found yet."
SLOW = "This search takes too long: add a word, or narrow it to a case or a time."


@dataclass(frozen=True)
class State:
    """Of the cases in reach: rows that nobody finds until they were read again, the number of the last change of a
    document, and how many seconds a change has waited to be read.
    """

    hidden: tuple[str, ...]
    newest: int
    waiting: int

    @property
    def note(self) -> str:
        """A sentence for whoever searches; "" where all is as usual."""
        minutes = self.waiting // 60
        since = f"{minutes} minutes" if minutes > 1 else "minute" if minutes else f"{self.waiting} seconds"
        return LATE.format(since) if self.waiting > BEHIND else ""


@dataclass(frozen=True)
class Found:
    """What a page of results shows. `notes` are sentences for the person; `next` is the cursor of the next page;
    `marked` are the words that were looked for.
    """

    query: str
    filters: dict[str, str]
    hits: list[Hit]
    total: int
    facets: list[Facet]
    posts: FoundPosts
    marked: Marked
    next: str
    notes: tuple[str, ...]
    is_close: bool
    engine: str


@transaction.atomic
def search(
    *,
    actor: User,
    query: str,
    filters: Mapping[str, str] | None = None,
    cursor: str = "",
    size: int = SIZE,
    since: int | None = None,
    facets: bool = True,
) -> Found:
    """One page of what `actor` may find.

    `filters` are fields of the query language by name, such as {"type": "person", "case": "NC-2024"}: what a click on a
    facet adds; `since` leaves only what changed after the change of that number; without `facets` none are counted.
    Raises InvalidInput with one sentence. Sensitive texts that are shown leave the same trace as a look at their
    exhibits.
    """
    chosen = {name: value for name, value in (filters or {}).items() if value}
    asked = asked_of(query, chosen)
    reach, offset = reach_of(actor), offset_of(cursor)
    size = max(1, min(size, MOST))
    are_posts = chosen.get("type") == "post"
    try:
        with in_time():
            planned, state = _since(plan(asked, reach), reach, since), state_of(reach)
            window = {"offset": offset, "size": size} if are_posts else {"size": POSTS}
            posts = find_posts(actor, reach, planned.for_posts, **window)
            question = question_of(planned.tree, planned, reach, state, offset=offset, size=size, facets=facets)
            found, engine, note, tree = _answered(planned, reach, question, or_close=not posts.total)
            is_close = tree is not planned.tree
            if is_close:
                posts = find_posts(actor, reach, loosened(planned.for_posts, reach), **window)
    except OutOfTime as error:
        raise InvalidInput(SLOW, field="query") from error
    named = {one.document_id: one for one in planned.named}
    marked = _marked(tree)
    hits = hits_of(actor, reach, found.ids, marked, named)
    _note_looks(actor, hits)
    _note_posts(actor, posts)
    return Found(
        query=query,
        filters=chosen,
        hits=hits,
        total=found.total,
        facets=facets_of(found.facets, reach, query, chosen),
        posts=posts,
        marked=marked,
        next=cursor_after(offset + size, posts.total if are_posts else found.total),
        notes=tuple(filter(None, (note, state.note, CLOSE if is_close else ""))),
        is_close=is_close,
        engine=engine,
    )


@transaction.atomic
def new_hits(*, actor: User, query: str, filters: Mapping[str, str], since: int) -> list[int]:
    """The hits of `actor` that are new or changed after the change of that number, MOST_NEW at most; no posts.

    Raises InvalidInput for what cannot be asked, or takes too long.
    """
    reach = reach_of(actor)
    try:
        with in_time():
            planned = _since(plan(asked_of(query, filters), reach), reach, since)
            asked = question_of(planned.tree, planned, reach, state_of(reach), size=MOST_NEW, facets=False)
            return answer(asked)[0].ids
    except OutOfTime as error:
        raise InvalidInput(SLOW, field="query") from error


def _since(planned: Plan, reach: Reach, since: int | None) -> Plan:
    """`planned` for the newest MOST_NEW documents in reach that changed after `since`; posts have no such number."""
    if since is None:
        return planned
    changed = Document.objects.filter(case__in=list(reach.cases), live=True, news__gt=since)
    ids = tuple(changed.order_by("-news").values_list("pk", flat=True)[:MOST_NEW])
    return replace(planned, tree=both(planned.tree, Among(ids)), for_posts=NOTHING)


def asked_of(query: str, filters: Mapping[str, str]) -> Query:
    """What a query and its filters ask; raises InvalidInput with one sentence."""
    parsed = parse(query)
    if query.strip() and parsed.tree == Everything():
        raise InvalidInput("There is no word in this to look for.", field="query")
    for name in filters:
        if name not in FILTERS.values():
            raise InvalidInput(f"Narrow by one of: {', '.join(FILTERS.values())}.", field=name[:40])
    narrowed = both(parsed.tree, *(FIELDS[name](value) for name, value in filters.items()))
    return Query(narrowed, parsed.plain)


def _answered(planned: Plan, reach: Reach, question: Question, *, or_close: bool) -> tuple[Answer, str, str, Node]:
    """The answer, who gave it, a note on that, and the tree that found it: where nothing has the words, close ones
    may, if `or_close`."""
    found, engine, note = answer(question)
    looser = planned.tree if found.total or not or_close else loosened(planned.tree, reach)
    if looser != planned.tree:
        close, engine, note = answer(replace(question, tree=looser, wanted=Plan(looser).wanted))
        if close.total:
            return close, engine, note, looser
    return found, engine, note, planned.tree


def question_of(
    tree: Node, planned: Plan, reach: Reach, state: State, *, offset: int = 0, size: int = SIZE, facets: bool = True
) -> Question:
    """What an engine is asked; rows that wait to be hidden are hidden already."""
    return Question(
        tree=tree,
        reach=reach,
        hidden=state.hidden,
        first=planned.first,
        wanted=Plan(tree).wanted,
        offset=offset,
        size=size,
        facets=facets,
        newest=state.newest,
    )


def state_of(reach: Reach) -> State:
    """One query, at each question."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE, {"cases": list(reach.cases)})
        hidden, newest, waiting = cursor.fetchone()
    return State(tuple(hidden), newest, waiting)


def _marked(tree: Node) -> Marked:
    wanted = wanted_words(tree)
    exact = {word for leaf in wanted if isinstance(leaf, Words) and leaf.exact for word in leaf.words}
    words = {word for leaf in wanted if not isinstance(leaf, Prefix) for word in leaf.words}
    return Marked(
        frozenset(words - exact), frozenset(exact), tuple(leaf.start for leaf in wanted if isinstance(leaf, Prefix))
    )


def _note_looks(actor: User, hits: list[Hit]) -> None:
    """Whoever reads a passage of a sensitive exhibit here has looked at it (AUDIT 3)."""
    shown = {hit.document.object_id for hit in hits if hit.document.sensitive and hit.document.kind == "text"}
    quoted = {hit.document.object_id for hit in hits if hit.document.sensitive and hit.document.kind == "citation"}
    answered = {hit.document.object_id for hit in hits if hit.document.sensitive and hit.document.kind == "reply"}
    if not (shown or quoted or answered):
        return
    looked_at = Q(pk__in=shown) | Q(citations__in=quoted) | Q(replies__in=answered)
    for item in Item.objects.visible_to(actor).filter(looked_at).select_related("case", "blob").distinct():
        note_look(actor=actor, item=item, purpose="Found by a search")


def _note_posts(actor: User, posts: FoundPosts) -> None:
    """The same of posts of sensitive files."""
    case_of = {post.pk: post.case for post in posts.rows}
    datasets: dict[Case, set[UUID]] = defaultdict(set)
    for post_id, dataset_id in Sighting.objects.filter(post__in=case_of).values_list("post", "dataset"):
        datasets[case_of[post_id]].add(dataset_id)
    for case, ids in datasets.items():
        note_reading(actor=actor, case=case, among=ids)
