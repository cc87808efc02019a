"""Clients that press on an address: each sends its next request as soon as the last was answered."""

import http.client
import itertools
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

MAX_SECONDS = 600.0
Item = TypeVar("Item")


class Refused(RuntimeError):
    """A request was not answered as the measurement needs; a figure of failures would mean nothing."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a number of operations took: in all, and each, in milliseconds."""

    seconds: float
    each: Sequence[float]

    @property
    def rate(self) -> float:
        """Operations a second."""
        return len(self.each) / self.seconds

    def percentile(self, percent: int) -> float:
        """The time, in milliseconds, that so many of a hundred operations did not exceed."""
        return statistics.quantiles(self.each, n=100, method="inclusive")[percent - 1]


@dataclass(frozen=True, slots=True)
class Line:
    """One way to do it: how long it took, what it cost, and how many each operation held."""

    name: str
    timing: Timing
    spent: Mapping[str, float]
    held: int = 1

    @property
    def count(self) -> int:
        """How many were done."""
        return len(self.timing.each) * self.held

    @property
    def cpu(self) -> tuple[float, float]:
        """Milliseconds of the server and of the database for each."""
        server = sum(spent for name, spent in self.spent.items() if name != "database")
        return server / self.count, self.spent["database"] / self.count

    def cells(self, floor: "Line") -> tuple[object, ...]:
        """The line as a row of a table."""
        timing = self.timing
        times = sum(self.cpu) / sum(floor.cpu)
        return self.name, timing.rate * self.held, timing.percentile(50), timing.percentile(95), *self.cpu, times


def press(port: int, calls: Sequence[Call], clients: int, expected: int = 200) -> Timing:
    """Send all calls, each once, from this many connections.

    :raises Refused: an answer had another status than expected.
    """

    def connect() -> Callable[[Call], None]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return lambda call: _send(connection, call, expected)

    return share(calls, clients, connect)


def share(items: Sequence[Item], workers: int, make: Callable[[], Callable[[Item], object]]) -> Timing:
    """Let threads, each with a function of its own making, take the items one by one; a failure ends it for all.

    :raises Refused: not everything was done in ten minutes.
    """
    crew = _Crew(items, workers)
    with ThreadPoolExecutor(workers) as pool:
        shifts = [pool.submit(crew.work, make) for _ in range(workers)]
    _raise_first([shift.exception() for shift in shifts])
    times = [each for shift in shifts for each in shift.result()]
    seconds = time.perf_counter() - crew.began
    if len(times) != len(items):
        raise Refused(f"Only {len(times)} of {len(items)} operations finished within {seconds:.0f} s.")
    return Timing(seconds, times)


def _raise_first(errors: Iterable[BaseException | None]) -> None:
    """Raise what went wrong, and not what the others met at the barrier because of it."""
    found = sorted(filter(None, errors), key=lambda error: isinstance(error, threading.BrokenBarrierError))
    if found:
        raise found[0]


class _Crew(Generic[Item]):
    """Threads that begin together and share one list."""

    def __init__(self, items: Sequence[Item], workers: int) -> None:
        self.items = items
        self.began = 0.0
        self._places = itertools.count()
        self._until = time.monotonic() + MAX_SECONDS
        self._ready = threading.Barrier(workers, self._begin, 60)

    def _begin(self) -> None:
        self.began = time.perf_counter()

    def work(self, make: Callable[[], Callable[[Item], object]]) -> list[float]:
        """Take items until there are none; return how long each took, in milliseconds."""
        times: list[float] = []
        try:
            do = make()
            self._ready.wait()
            # The counter is drawn from under the interpreter's lock, so no two threads get the same place.
            while (place := next(self._places)) < len(self.items) and time.monotonic() < self._until:
                began = time.perf_counter()
                do(self.items[place])
                times.append((time.perf_counter() - began) * 1_000)
        except Exception:
            self._ready.abort()
            self._until = 0.0
            raise
        return times


def _send(connection: http.client.HTTPConnection, call: Call, expected: int) -> None:
    connection.request(call.method, call.path, call.body or None, dict(call.headers))
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != expected:
        raise Refused(f"{call.method} {call.path} answered {answer.status}: {content[:500]!r}")
