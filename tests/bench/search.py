"""Search at 100,000 documents: both engines beside plain Whoosh and plain PostgreSQL full text on the same words.

Documents are made up: 30 to 60 words each from a vocabulary in which a few words are in everything and most in little
(Zipf), in fifty cases of which the person who asks is in twenty-five. What is held against the baselines is the
engine's own part: query, filter by case, total, twenty ids, and facets where the baseline has them. Plain PostgreSQL
knows no slips of the pen: it is asked for the words of a list of all words that are LIKE the slip but for a letter, and
then for these; its planner is told of the disk what ours is told. The database knows who asks, as it does of a request.
All are timed in processor time, of this process and of PostgreSQL's behind its connection, because a machine that
others use too makes clocks tell of them; PostgreSQL and its plain self are asked in turns, and the least of some rounds
counts. The page is what a person waits for, by the clock: rights, query, facets, hits loaded again, marks and posts.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, connections, transaction
from whoosh import fields, index, query
from whoosh.analysis import RegexTokenizer

from cases import history
from cases.actions.members import add_member
from cases.models import Case, User
from cases.row_security import acting_as
from evidence.enums import SourceKind
from evidence.models import Source
from search.actions.indexing import keep_up, read_noted
from search.actions.searching import question_of, search, state_of
from search.dictionary import like_but_for_a_letter
from search.engines.base import Answer, Question
from search.engines.choice import answer
from search.engines.postgres import Postgres
from search.engines.whoosh.following import rebuild
from search.models import Document, Wording
from search.planning import loosened, plan
from search.query.parser import parse
from search.rights import reach_of
from search.vectors import quoted
from tests.factories.cases import make_case
from tests.factories.subjects import make_person
from tests.factories.users import make_user

DOCUMENTS = int(os.environ.get("BENCH_DOCUMENTS", "100000"))
CASES, OWN = 50, 25
SEED, WORDS = 11, 40_000
ASKED = 40  # queries of each kind
ROUNDS = 5  # of PostgreSQL and its plain self
WRITTEN = 20  # changes that somebody waits for
FILTER = "status = 'news' AND at >= '2020-01-01'"
FACETED = ("kind", "status", "platform", "lang", "year")  # and the case
ALIAS = "owner"  # may make and drop a table


def figures() -> Iterator[str]:
    """Make the documents, index them, ask."""
    actor, texts = _people_and_texts()
    _store(actor, texts)
    yield f"{DOCUMENTS:,} rows read and stored as documents: {_read():,.0f} per processor second"
    with tempfile.TemporaryDirectory() as folder:
        plain = PlainWhoosh(Path(folder))
        yield from _built(plain)
        baseline = PlainPostgres()
        try:
            yield from _asked(actor, plain, baseline)
        finally:
            baseline.drop()
    yield from _waited(actor)


# --- what is searched


def _people_and_texts() -> tuple[User, list[tuple[UUID, str]]]:
    actor, lead = make_user(), make_user(can_create_cases=True)
    cases = [make_case(lead=lead) for _ in range(CASES)]
    for case in cases[:OWN]:
        add_member(actor=lead, case=case, user=actor, role="investigator")
    keep_up()
    chance = random.Random(SEED)
    ranks = range(1, WORDS + 1)
    weights = [1 / rank for rank in ranks]
    vocabulary = _vocabulary(chance)
    drawn = chance.choices(vocabulary, weights, k=45 * DOCUMENTS)
    texts = []
    for number in range(DOCUMENTS):
        length = 30 + number % 31
        texts.append((cases[number % CASES].pk, " ".join(drawn[number * 45 : number * 45 + length])))
    return actor, texts


def _vocabulary(chance: random.Random) -> list[str]:
    syllables = [first + second for first in "bcdfghklmnprstvz" for second in "aeiou"]
    words = {"".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(2 * WORDS)}
    return sorted(words, key=lambda word: (len(word), chance.random()))[:WORDS]


def _store(actor: User, texts: list[tuple[UUID, str]]) -> None:
    """As sources with long notes, because these cost least to make; read as everything is that changed.

    Each batch has its event, as every change of the application: without one, the guard writes one of each row.
    """
    for start in range(0, len(texts), 5_000):
        with transaction.atomic():
            rows = _sources(actor, texts[start : start + 5_000], start)
            history.record(actor, "sources_made", rows[0], after={"rows": len(rows)})
            Source.objects.bulk_create(rows)


def _sources(actor: User, texts: list[tuple[UUID, str]], start: int) -> list[Source]:
    kinds = SourceKind.values
    return [
        Source(
            case_id=case_id,
            name=f"{' '.join(text.split()[:3])} {number}",
            kind=kinds[number % 7 % len(kinds)],
            note=text,
            created_by=actor,
        )
        for number, (case_id, text) in enumerate(texts, start)
    ]


def _read() -> float:
    """Documents per processor second of the worker, without PostgreSQL's part."""
    began = time.process_time()
    while read_noted():
        pass
    taken = time.process_time() - began
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE search_document")
        cursor.execute("VACUUM ANALYZE search_wording")
        cursor.execute("VACUUM ANALYZE search_word")
    return DOCUMENTS / taken


# --- the baselines


class PlainWhoosh:
    """Whoosh as its documentation has it, save for what it cannot do without (compound=False)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        plain = RegexTokenizer(r"\S+")
        keys = fields.KEYWORD(sortable=True)
        facets = dict.fromkeys(FACETED, keys)
        schema = fields.Schema(id=fields.STORED(), words=fields.TEXT(analyzer=plain), case=keys, **facets)
        self.index = index.create_in(folder, schema)

    def build(self) -> None:
        writer = self.index.writer(compound=False, limitmb=256)
        rows = Document.objects.filter(live=True).order_by("pk")
        columns = ("pk", "wording__title", "wording__text", "case_id", "at", "kind", "status", "platform", "lang")
        for pk, title, text, case_id, at, *facts in rows.values_list(*columns).iterator(3_000):
            said = dict(zip(FACETED, [*facts, str(at.year) if at else ""], strict=True))
            writer.add_document(id=pk, words=f"{title} {text}", case=str(case_id), **said)
        writer.commit()

    def ask(self, asked: query.Query, cases: list[str], *, facets: bool) -> int:
        with self.index.searcher() as searcher:
            within = query.Or([query.Term("case", case) for case in cases])
            grouped = ["case", *FACETED] if facets else None
            return len(searcher.search(asked, limit=20, filter=within, groupedby=grouped))


class PlainPostgres:
    """A table of tsvectors with its index; total and page in one statement, facets in another."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET random_page_cost = 1.1")  # as in our functions
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(
                """CREATE TABLE bench_plain AS
                    SELECT id, case_id, kind, status, platform, lang, extract(year FROM at) AS year, at, words
                    FROM search_document WHERE live;
                CREATE INDEX ON bench_plain USING gin (words); CREATE INDEX ON bench_plain (case_id);
                CREATE TABLE bench_words AS SELECT word FROM ts_stat('SELECT words FROM bench_plain');
                GRANT SELECT ON bench_plain, bench_words TO PUBLIC;"""
            )
            cursor.execute("VACUUM ANALYZE bench_plain")
            cursor.execute("VACUUM ANALYZE bench_words")

    def ask_slip(self, slip: str, cases: list[UUID]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT word FROM bench_words WHERE length(word) BETWEEN %s AND %s AND word LIKE ANY (%s)",
                [len(slip) - 1, len(slip) + 1, like_but_for_a_letter(slip)],
            )
            close = " | ".join(quoted(word) for (word,) in cursor.fetchall()) or quoted(slip)
        self.ask(close, cases, facets=False)

    def ask(self, asked: str, cases: list[UUID], *, facets: bool) -> None:
        where = "FROM bench_plain WHERE words @@ %s::tsquery AND case_id = ANY (%s)"
        where += f" AND {FILTER}" if facets else ""
        columns = ", ".join(f"({column})" for column in ("case_id", *FACETED))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, count(*) OVER () {where} ORDER BY at DESC NULLS LAST, id DESC LIMIT 20", [asked, cases]
            )
            cursor.fetchall()
            if facets:
                names = f"case_id, {', '.join(FACETED)}"
                cursor.execute(f"SELECT {names}, count(*) {where} GROUP BY GROUPING SETS ({columns})", [asked, cases])
                cursor.fetchall()

    def drop(self) -> None:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("DROP TABLE bench_plain, bench_words")


# --- the figures


def _built(plain: PlainWhoosh) -> Iterator[str]:
    began = time.process_time()
    folder = rebuild(afresh=True)
    own = time.process_time() - began
    began = time.process_time()
    plain.build()
    theirs = time.process_time() - began
    sizes = [sum(file.stat().st_size for file in place.iterdir() if file.is_file()) for place in (folder, plain.folder)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_total_relation_size('search_document'), pg_indexes_size('search_document'), "
            "pg_total_relation_size('search_word')"
        )
        table, indexes, words = cursor.fetchone()
    yield f"index: {DOCUMENTS / own:,.0f} documents per processor second; plain Whoosh {DOCUMENTS / theirs:,.0f}"
    yield f"size: {sizes[0] / 1e6:.0f} MB; plain Whoosh {sizes[1] / 1e6:.0f} MB"
    yield f"PostgreSQL: {table / 1e6:.0f} MB, of which indexes {indexes / 1e6:.0f} MB; dictionary {words / 1e6:.0f} MB"


def _asked(actor: User, plain: PlainWhoosh, baseline: PlainPostgres) -> Iterator[str]:
    reach = reach_of(actor)
    cases = list(reach.cases)
    heads = "".join(f"{engine:>14}{'plain':>14}{'':>7}" for engine in ("whoosh", "postgres"))
    yield f"{'query, ms p50 / p95':<22}{heads}{'page':>14}"
    for name, (texts, in_whoosh, in_postgres) in _queries().items():
        facets = name == "filter and facets"
        by_whoosh = partial(plain.ask, cases=[str(case) for case in cases], facets=facets)
        by_postgres = partial(baseline.ask, cases=cases, facets=facets)
        if name == "typo":
            by_postgres = partial(baseline.ask_slip, cases=cases)
        with acting_as(str(actor.pk)):
            # The index with the database in its place where it would be the slower one, as in the product.
            engine = _engine(actor, lambda asked: answer(asked)[0], facets)
            whoosh = [_timed(ask, asked) for ask, asked in ((engine, texts), (by_whoosh, in_whoosh))]
            postgres = _in_turns((_engine(actor, Postgres().ask, facets), texts), (by_postgres, in_postgres))
            page = _timed(lambda text: search(actor=actor, query=text), texts, clock=_by_the_clock)  # the chosen engine
        ratios = [_cut(own)[0] / _cut(other)[0] for own, other in (whoosh, postgres)]
        shown = "".join(
            f"{_shown(own)}{_shown(other)}{ratio:>6.2f}x"
            for (own, other), ratio in zip((whoosh, postgres), ratios, strict=True)
        )
        yield f"{name:<22}{shown}{_shown(page)}"


def _in_turns(*pairs: tuple[Callable[[Any], object], list[Any]]) -> list[list[float]]:
    """Of each way to ask the least time of each question."""
    rounds = [[_timed(ask, asked) for ask, asked in pairs] for _ in range(ROUNDS)]
    return [list(map(min, *of_one)) for of_one in zip(*rounds, strict=True)]


def _engine(actor: User, engine: Callable[[Question], Answer], facets: bool) -> Callable[[str], Answer]:
    """What the baselines do too: the query read, beginnings and slips looked up, and asked, within cases that are
    known."""
    known = reach_of(actor)
    state = state_of(known)

    def ask(text: str) -> Answer:
        reach = replace(known)  # as new as that of a request
        planned = plan(parse(text), reach)
        found = engine(question_of(planned.tree, planned, reach, state, facets=facets))
        looser = planned.tree if found.total else loosened(planned.tree, reach)
        if looser != planned.tree:
            found = engine(question_of(looser, planned, reach, state, facets=facets))
        return found

    return ask


def _queries() -> dict[str, tuple[list[str], list[Any], list[str]]]:
    """Of each kind the texts, and the same for the baselines."""
    chance = random.Random(SEED)
    rows = Wording.objects.filter(document__kind="source")[: 4 * ASKED]
    sample = [row.text.split() for row in rows]
    words = [chance.choice(text) for text in sample[:ASKED]]
    pairs = [text[place : place + 2] for text in sample[ASKED : 2 * ASKED] for place in [chance.randrange(20)]]
    starts = [max(text, key=len)[:5] for text in sample[2 * ASKED : 3 * ASKED]]
    term = lambda word: query.Term("words", word)  # noqa: E731
    return {
        "word": ([f"exact:{word}" for word in words], [term(word) for word in words], [f"'{word}'" for word in words]),
        "phrase": (
            [f'"{first} {second}"' for first, second in pairs],
            [query.Phrase("words", pair) for pair in pairs],
            [f"'{first}' <-> '{second}'" for first, second in pairs],
        ),
        "prefix": (
            [f"{start}*" for start in starts],
            [query.Prefix("words", start) for start in starts],
            [f"'{start}':*" for start in starts],
        ),
        "typo": (
            [_slip(word) for word in words],
            [query.FuzzyTerm("words", _slip(word), maxdist=1, prefixlength=1) for word in words],
            [_slip(word) for word in words],
        ),
        "filter and facets": (
            [f"exact:{word} status:news after:2020-01-01" for word in words],
            [query.And([term(word), query.Term("status", "news")]) for word in words],
            [f"'{word}'" for word in words],
        ),
    }


def _slip(word: str) -> str:
    return f"{word[:2]}x{word[2:]}"


def _processor_time() -> float:
    """Seconds that this process and its server process have worked."""
    with connection.cursor() as cursor:
        pid = cursor.connection.info.backend_pid
    return time.process_time() + int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def _by_the_clock() -> float:
    return time.perf_counter()


def _timed(ask: Callable[[Any], object], asked: list[Any], clock: Callable[[], float] = _processor_time) -> list[float]:
    """Milliseconds of each; all were asked once before, as in a house that works."""
    taken = []
    for warm in (False, True):
        for one in asked:
            began = clock()
            ask(one)
            if warm:
                taken.append((clock() - began) * 1000)
    return taken


def _cut(taken: list[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    cut = quantiles(taken, n=20)
    return cut[9], cut[18]


def _shown(taken: list[float]) -> str:
    return "{:>6.1f} /{:>6.1f}".format(*_cut(taken))


def _waited(actor: User) -> Iterator[str]:
    """From a change to the first search that finds it, with the work of the worker done beside it."""
    case = Case.objects.visible_to(actor).first()
    for settings.SEARCH_ENGINE in ("whoosh", "postgres"):
        taken = []
        for number in range(WRITTEN):
            began = time.perf_counter()
            label = f"Qzx{settings.SEARCH_ENGINE}{number}"
            make_person(case=case, actor=actor, label=label)
            keep_up()
            assert search(actor=actor, query=f"exact:{label}").engine == settings.SEARCH_ENGINE
            taken.append((time.perf_counter() - began) * 1000)
        cut = quantiles(taken, n=20)
        yield f"change, read, indexed, found by {settings.SEARCH_ENGINE}: {cut[9]:.0f} / {cut[18]:.0f} ms p50 / p95"
