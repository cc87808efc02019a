"""Where the processor time of each path goes: stacks sampled while one process of the product works alone.

It answers why a path costs more than it should: each share belongs to the part whose frame is the innermost one.
"""

import os
import signal
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from django.test import Client
from django.urls import reverse

from approvals.services.execution import run
from benchmarks import decisions, lives, processes, proposals, routing, world
from benchmarks.cpu import Meter
from benchmarks.load import Call, Refused
from benchmarks.results import Section, table
from benchmarks.sizes import Sizes
from benchmarks.world import World

TITLE = "Where the time goes"
HTTP, DRIVER, ROWS, MODELS = "Django's and DRF's requests", "driver", "rows, history, ledger", "Django's models"
TEMPLATES, POLICY, OWN, REST = "templates", "policy", "services and questions", "rest"
# The test client, which no server has.
CLIENT = "client"
# Parts of a path, in the order in which they are looked for.
PARTS: Sequence[tuple[str, Sequence[str]]] = (
    (CLIENT, ("/django/test/", "/benchmarks/")),
    (DRIVER, ("/psycopg/", "/policies/libpq.py")),
    (ROWS, ("/policies/writes.py", "/policies/unit.py", "/services/ledger/", "/models/history", "/values/canonical")),
    (TEMPLATES, ("/django/template/", "/django/forms/")),
    (MODELS, ("/django/db/", "/policies/compiled.py", "/policies/prepared.py")),
    (HTTP, ("/rest_framework/", "/django/", "/hitl_project/", "/approvals/api/", "/approvals/admin/")),
    (POLICY, ("/policies/engine/", "/services/policy/")),
    (OWN, ("/approvals/", "/policies/")),
)
HEAD = ("path", "CPU ms: Python", "CPU ms: database", *(f"{name} %" for name, _ in PARTS[1:]), f"{REST} %")
# Processor seconds between two samples; a kernel may round it up to its tick.
EVERY = 0.002
# So many are not measured: queries are built, prepared and planned by then.
WARM = 30
ABOUT = """
The same paths once more, in one process and one thread, without a web server: stacks are sampled each time that the
process has used some processor time. A share belongs to the innermost frame that is named here; what the C code of a
module takes counts for its caller. The test client is left out.
"""


@dataclass(slots=True)
class Shares:
    """How often each part was seen."""

    seen: Counter[str] = field(default_factory=Counter)

    def take(self, _number: int, frame: FrameType | None) -> None:
        """Count the part that works now."""
        self.seen[part_of(frame)] += 1

    def cells(self) -> Iterator[float]:
        """Percent by part, without the client."""
        total = sum(self.seen.values()) - self.seen[CLIENT]
        for name in (*(name for name, _ in PARTS[1:]), REST):
            yield 100 * self.seen[name] / max(1, total)

    @property
    def product(self) -> float:
        """Which share of all was not the client's."""
        return 1 - self.seen[CLIENT] / max(1, sum(self.seen.values()))


def part_of(frame: FrameType | None) -> str:
    """The part that the innermost known frame belongs to."""
    while frame is not None:
        name = frame.f_code.co_filename
        for part, places in PARTS:
            if any(place in name for place in places):
                return part
        frame = frame.f_back
    return REST


def measure(here: World, sizes: Sizes) -> Section:
    """Sample each path in turn."""
    lives.set_all_aside()
    routing.drain()
    rows = [_row(name, count, work) for name, count, work in _paths(here, sizes)]
    lives.set_all_aside()
    return Section(TITLE, ABOUT, [table(HEAD, rows)])


def _paths(here: World, sizes: Sizes) -> Generator[tuple[str, int, Callable[[], None]]]:
    """Yield each path with how many it does; what is not measured of it was done before."""
    count, pages = sizes.targets, max(sizes.pages, sizes.targets // 5)
    yield "`POST actions/`", count, _warmed([world.propose_call(here, world.LARGE) for _ in range(count + WARM)])
    batches = [proposals.batch_call(here) for _ in range(sizes.batches + 1)]
    yield "batch of 100, for each proposal", sizes.batches * proposals.BATCH, _warmed(batches, 1)
    routing.drain()
    waiting, session = decisions.waiting(here)[: count + WARM], world.session(here.reviewers[0])
    yield "inbox", pages, _warmed([Call("GET", reverse("admin:inbox"), headers=session)] * (pages + WARM))
    addresses = [reverse("admin:approvals_action_review", args=[each.pk]) for each in waiting[: pages + WARM]]
    yield "decision page", pages, _warmed([Call("GET", address, headers=session) for address in addresses])
    yield "approve, by session", count, _warmed(decisions.approvals(waiting, [session]))
    lives.set_all_aside()
    for _ in range(2):
        routing.supply(here, count, world.SMALL)
        routing.drain()
        _carry_out()
    routing.supply(here, count, world.SMALL)
    yield "route by policy", count, _route
    yield "execute (journal)", count, _carry_out


def _row(name: str, count: int, work: Callable[[], None]) -> tuple[object, ...]:
    meter = processes.meter()
    with _sampled() as (shares, spent):
        work()
    python = spent["self"] * shares.product / count
    return (name, python, meter.spent()["database"] / count, *map(round, shares.cells()))


@contextmanager
def _sampled() -> Iterator[tuple[Shares, Mapping[str, float]]]:
    """Sample this process while the block runs; the milliseconds that it took are there afterwards."""
    shares, spent = Shares(), dict[str, float]()
    former = signal.signal(signal.SIGPROF, shares.take)
    meter = Meter({"self": os.getpid()})
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    try:
        yield shares, spent
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, former)
    spent |= meter.spent()


def _warmed(calls: Sequence[Call], first: int = WARM) -> Callable[[], None]:
    """Send the first ones, past any socket, and give what sends the others."""
    client = Client(enforce_csrf_checks=True)
    _send(client, calls[:first])
    return lambda: _send(client, calls[first:])


def _send(client: Client, calls: Sequence[Call]) -> None:
    for call in calls:
        headers = dict(call.headers)
        client.cookies.load(headers.pop("Cookie", ""))
        kind = headers.pop("Content-Type", "application/json")
        answer = client.generic(call.method, call.path, call.body, kind, headers=headers)
        if answer.status_code >= 300:
            raise Refused(f"{call.path} answered {answer.status_code}.")


def _route() -> None:
    routing.drain()


def _carry_out() -> None:
    while run.run_ready(actor=lives.CELERY, clock=world.now):
        pass
