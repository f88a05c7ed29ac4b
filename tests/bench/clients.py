"""Several clients at once against a running server: how long each answer takes, in milliseconds."""

import statistics
import threading
import time
from dataclasses import dataclass, field

import requests


@dataclass
class Timings:
    """Milliseconds per answer of one address."""

    name: str
    values: list[float] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def p50(self) -> float:
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        return self.quantile(0.95)


def measure(
    base: str, cookies: dict[str, str], addresses: dict[str, str], *, clients: int, rounds: int
) -> list[Timings]:
    """Each of `clients` threads asks every address `rounds` times in turn, so that drift hits all addresses alike.

    Each begins at another address, so that they do not all ask for the same page at once.
    """
    timings = {name: Timings(name) for name in addresses}
    lock = threading.Lock()
    failures: list[str] = []

    def client(place: int) -> None:
        start = place * len(addresses) // clients
        turn = [*addresses.items()][start:] + [*addresses.items()][:start]
        with requests.Session() as session:
            session.cookies.update(cookies)
            for _ in range(rounds):
                for name, path in turn:
                    began = time.perf_counter()
                    answer = session.get(base + path, timeout=60, allow_redirects=False)
                    spent = (time.perf_counter() - began) * 1000
                    with lock:
                        timings[name].values.append(spent)
                        if answer.status_code != 200:
                            failures.append(f"{name}: {answer.status_code}")

    threads = [threading.Thread(target=client, args=(place,)) for place in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(f"{len(failures)} answers were not 200, first: {failures[0]}")
    return list(timings.values())


def table(timings: list[Timings], *, base: str) -> str:
    """p50 and p95 with their ratio to the address called `base` in the same run; the last line is of all the others."""
    bare = next(timing for timing in timings if timing.name == base)
    pages = [value for timing in timings if timing is not bare for value in timing.values]
    lines = [f"{'page':<28}{'n':>6}{'p50 ms':>10}{'p95 ms':>10}{'p50 / bare':>12}{'p95 / bare':>12}"]
    lines += [
        f"{timing.name:<28}{len(timing.values):>6}{timing.p50:>10.1f}{timing.p95:>10.1f}"
        f"{timing.p50 / bare.p50:>12.1f}{timing.p95 / bare.p95:>12.1f}"
        for timing in [*timings, Timings("all pages together", pages)]
    ]
    return "\n".join(lines)
