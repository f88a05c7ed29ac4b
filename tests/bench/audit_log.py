"""What the audit log costs: appending beside a plain insert in the same run, sealing, verifying, proving.

`python -m tests.bench.audit_log [entries]` runs it in a database of its own; `figures` runs it in the current one.
"""

import multiprocessing
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.synchronize import Barrier
from pathlib import Path
from uuid import uuid4

import django
from django.conf import settings
from django.db import connection, connections, transaction

SECONDS = 1.5
ROUNDS = 3
WRITERS = (1, 4, 16)
# AUDIT 4.1: what the transaction does besides, in milliseconds, by the number of writers.
OTHER_WORK = {16: 10}
BODY = {"title": "A claim as long as most of them are", "likelihood": "likely", "text": "x" * 300}

# What an audit library of the usual kind keeps: indexed by time, object and actor.
ORDINARY_LOG = """
    CREATE TABLE bench_log (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(),
        actor text NOT NULL, action text NOT NULL, object text NOT NULL, entry bytea NOT NULL
    );
    CREATE INDEX ON bench_log (object, id);
    CREATE INDEX ON bench_log (actor, id);
    CREATE TABLE bench_body (id uuid PRIMARY KEY, body bytea NOT NULL);
    GRANT SELECT, INSERT ON bench_log, bench_body TO PUBLIC"""


def figures(entries: int = 50_000) -> Iterator[str]:
    """Yield the figures, one line each; leaves events behind, so never run it where the log matters."""
    _make_tables()
    yield from _appending()
    yield from _guarding()
    yield from _whole_log(entries)


def _make_tables() -> None:
    from audit.triggers import guard_rows  # noqa: PLC0415 - Django must be set up first

    with connections["owner"].cursor() as cursor:
        for table in ("bench_plain", "bench_guarded"):
            cursor.execute(f"CREATE TABLE {table} (id uuid PRIMARY KEY, body text NOT NULL)")
        cursor.execute(guard_rows("bench_guarded").sql)
        cursor.execute(ORDINARY_LOG)


def _plain() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_plain VALUES (%s, %s)", [uuid4(), BODY["text"]])


def _two_plain() -> None:
    _plain()
    _plain()


def _audited() -> None:
    from audit import log  # noqa: PLC0415

    key = uuid4()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_guarded VALUES (%s, %s)", [key, BODY["text"]])
    log.record(actor="user:bench", action="claim_submitted", obj=f"claim:{key}", after=BODY)


def _logged_plainly() -> None:
    """The same change with an ordinary log beside it: the event's row and its payload, no number, chain or guard."""
    from audit.canonical import canonical  # noqa: PLC0415

    key = uuid4()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_plain VALUES (%s, %s)", [key, BODY["text"]])
        entry = ["user:bench", "claim_submitted", f"claim:{key}", canonical({"entry": "x" * 400})]
        cursor.execute("INSERT INTO bench_log (actor, action, object, entry) VALUES (%s, %s, %s, %s)", entry)
        cursor.execute("INSERT INTO bench_body VALUES (%s, %s)", [key, canonical(BODY)])


def _one_chain() -> None:
    """What the log would cost if all events formed one chain: each writer waits for the commit of the one before."""
    from audit import log  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_guarded VALUES (%s, %s)", [uuid4(), BODY["text"]])
    log.record(actor="user:bench", action="claim_submitted", obj="claim:one", after=BODY)


WAYS: dict[str, Callable[[], None]] = {
    "plain": _plain,
    "two plain": _two_plain,
    "logged plainly": _logged_plainly,
    "audited": _audited,
    "one chain": _one_chain,
}


def _appending() -> Iterator[str]:
    """Transactions per second; the audited one writes the guarded row, the event and its payload."""
    from audit.sequencer import Sequencer  # noqa: PLC0415

    stop = threading.Event()
    sequencer = threading.Thread(target=lambda: Sequencer().run(stop))
    sequencer.start()
    for writers, work in [*((writers, 0) for writers in WRITERS), *OTHER_WORK.items()]:
        rates: dict[str, list[float]] = {way: [] for way in WAYS}
        for _ in range(ROUNDS):
            for way in WAYS:
                rates[way].append(_rate(way, writers, work))
        plain, two, logged, audited, chain = (statistics.median(rates[way]) for way in WAYS)
        besides = f" with {work} ms of other work" if work else ""
        yield (
            f"append, {writers:2} writers{besides}: plain insert {plain:6.0f}/s, audited {audited:6.0f}/s"
            f" = {audited / logged:.2f} x the same with an ordinary log, {audited / plain:.2f} x plain,"
            f" {audited / two:.2f} x two plain inserts;"
            f" one chain for all {chain / plain:.2f} x plain"
        )
    stop.set()
    sequencer.join()


def _rate(way: str, writers: int, work: int) -> float:
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    counts, begin = fork.Queue(), fork.Barrier(writers)
    processes = [fork.Process(target=_write, args=(way, work, begin, counts)) for _ in range(writers)]
    for process in processes:
        process.start()
    total = sum(counts.get() for _ in processes)
    for process in processes:
        process.join()
    return total / SECONDS


def _write(way: str, work: int, begin: Barrier, counts) -> None:
    connection.ensure_connection()
    begin.wait()
    deadline, count = time.monotonic() + SECONDS, 0
    while time.monotonic() < deadline:
        with transaction.atomic():
            WAYS[way]()
            if work:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(%s / 1000.0)", [work])
        count += 1
    connections.close_all()
    counts.put(count)


def _guarding() -> Iterator[str]:
    """A bulk write of 20,000 rows under one event: what the guard adds per row."""
    from audit import log  # noqa: PLC0415

    spent: dict[str, list[float]] = {"bench_plain": [], "bench_guarded": []}
    for _ in range(ROUNDS):
        for table, values in spent.items():
            began = time.perf_counter()
            with transaction.atomic(), connection.cursor() as cursor:
                log.record(actor="user:bench", action="bench_loaded", obj="bench:1")
                statement = f"INSERT INTO {table} SELECT gen_random_uuid(), 'x' FROM generate_series(1, 20000)"
                cursor.execute(statement)
            values.append(time.perf_counter() - began)
    plain, guarded = (statistics.median(values) for values in spent.values())
    each = (guarded - plain) / 20_000 * 1e6
    yield f"bulk insert of 20,000 rows: {plain:.2f} s plain, {guarded:.2f} s guarded: {each:.1f} us a row"


def _whole_log(entries: int) -> Iterator[str]:
    from audit.models import Event  # noqa: PLC0415
    from audit.proofs import proof_for, proofs_for  # noqa: PLC0415
    from audit.sequencer import Sequencer  # noqa: PLC0415
    from audit.verification import verify_log  # noqa: PLC0415

    _load(entries)
    sequencer = Sequencer()
    sequencer.start()
    began = time.perf_counter()
    sealed = sequencer.run_all()
    yield f"seal {sealed:,} entries: {sealed / (time.perf_counter() - began):,.0f}/s"
    began = time.perf_counter()
    report = verify_log()
    spent = time.perf_counter() - began
    rate = report.sealed / spent
    yield f"verify {report.sealed:,} entries: {spent:.1f} s, {rate:,.0f}/s, all of it holds: {report.ok}"
    events = list(Event.objects.order_by("id")[:200])
    began = time.perf_counter()
    proof_for(events[0])
    first = time.perf_counter() - began
    began = time.perf_counter()
    proofs = proofs_for(events)
    each = (time.perf_counter() - began) / len(proofs)
    size = len(proofs[0].tlog_proof)
    yield f"prove: the first {first * 1000:.0f} ms, then {each * 1e6:.0f} us each; {size} bytes a proof"


def _load(entries: int) -> None:
    """Events as record() writes them, by the thousand in each transaction."""
    for start in range(0, entries, 1000):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                """SELECT count(audit_append(gen_random_uuid(), 'user:bench', 'claim_changed', 'claim:' || n %% 5000,
                       gen_random_uuid(), repeat('x', 50), '{}', '', NULL, NULL, NULL, NULL, sha256('salt'), '{}'))
                   FROM generate_series(%s::int, %s) n""",
                [start + 1, min(start + 1000, entries)],
            )


def main() -> None:
    django.setup()
    from tests.database import create_database, drop_database  # noqa: PLC0415

    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    name = create_database("bench")
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings.DATA_DIR = Path(folder)
            for line in figures(entries):
                print(line, flush=True)  # noqa: T201
    finally:
        drop_database(name)


if __name__ == "__main__":
    main()
