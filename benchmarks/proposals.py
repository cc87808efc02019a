"""Proposing: one by one by 16 clients and in batches of 100, beside bare psycopg and a bare Django view."""

import json
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model

from approvals.models import Action, LedgerEntry, Revision, Text
from approvals.services.intake import propose
from benchmarks import floors, processes, world
from benchmarks.cpu import Meter
from benchmarks.floors import Written
from benchmarks.load import Call, Timing, press, share
from benchmarks.results import Section, table
from benchmarks.sizes import Sizes
from benchmarks.world import World

TITLE = "Proposing"
BATCH = 100
HEAD = ("what", "proposals/s", "p50 ms", "p95 ms", "CPU ms: server", "CPU ms: database", "times the floor")
ABOUT = """
`POST actions/` and `POST actions/batch/` through gunicorn ({workers} processes with {threads} threads each) and
PostgreSQL (fsync on). {clients} clients send requests without a pause, and rate limits are off. The floor is bare
psycopg on {clients} threads. It writes the same rows as one proposal in one transaction: action, revision, text,
history and ledger entry. Triggers stay on. The bare Django view reads the same JSON and writes the same rows with
`bulk_create`. It checks no key and no schema, and computes no digest. CPU is per proposal; "times the floor" compares
server and database together. Batch times are for the whole request.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One way to propose: how long it took, what it cost, and how many proposals each operation held."""

    name: str
    timing: Timing
    spent: dict[str, float]
    held: int = 1

    @property
    def cpu(self) -> tuple[float, float]:
        """Milliseconds of the server and of the database for one proposal."""
        count = len(self.timing.each) * self.held
        return self.spent["server"] / count, self.spent["database"] / count

    def cells(self, floor: "Line") -> tuple[Any, ...]:
        """The line as a row of the table."""
        timing = self.timing
        times = sum(self.cpu) / sum(floor.cpu)
        return self.name, timing.rate * self.held, timing.percentile(50), timing.percentile(95), *self.cpu, times


def measure(here: World, sizes: Sizes) -> Section:
    """Run all six in one go; what the floors wrote is set aside afterwards."""
    single, batch = _product(here, sizes)
    last = Action.objects.order_by("-pk").values_list("pk", flat=True).first()
    sample = _sample(here)
    view = _view(here, sizes)
    bare = _floor("bare psycopg, one by one", sample, sizes.singles, sizes.clients, 1)
    bare_batch = _floor(f"bare psycopg, {BATCH} at once", sample, sizes.batches, 4, BATCH)
    _set_aside(last)
    lines = [line.cells(bare) for line in (single, view, bare)]
    lines += [line.cells(bare_batch) for line in (batch, bare_batch)]
    about = ABOUT.format(workers=processes.WORKERS, threads=processes.THREADS, clients=sizes.clients)
    return Section(TITLE, about, [table(HEAD, lines)])


def _product(here: World, sizes: Sizes) -> tuple[Line, Line]:
    with processes.web() as (port, pid):
        warm = [world.propose_call(here, world.LARGE) for _ in range(4 * sizes.clients)]
        press(port, warm, sizes.clients, 201)
        calls = [world.propose_call(here, world.LARGE) for _ in range(sizes.singles)]
        single = _timed("`POST actions/`", pid, lambda: press(port, calls, sizes.clients, 201))
        batches = [_batch_call(here) for _ in range(sizes.batches)]
        batch = _timed(f"`POST actions/batch/` of {BATCH}", pid, lambda: press(port, batches, 4), BATCH)
    return single, batch


def _view(here: World, sizes: Sizes) -> Line:
    with processes.web("benchmarks.bare.wsgi", "benchmarks.bare.settings") as (port, pid):
        calls = [world.propose_call(here, world.LARGE) for _ in range(sizes.singles)]
        press(port, calls[: 4 * sizes.clients], sizes.clients, 201)
        calls = [world.propose_call(here, world.LARGE) for _ in range(sizes.singles)]
        return _timed("a bare Django view", pid, lambda: press(port, calls, sizes.clients, 201))


def _floor(name: str, sample: Written, operations: int, clients: int, held: int) -> Line:
    # Made before the clock runs: the floor is the database's work and the driver's, nothing else.
    items = [[sample.again() for _ in range(held)] for _ in range(operations)]

    def make() -> Callable[[Sequence[Any]], None]:
        own = floors.connect()

        def write(copies: Sequence[Any]) -> None:
            floors.insert(own, sample, copies)
            own.commit()

        return write

    return _timed(name, os.getpid(), lambda: share(items, clients, make), held)


def _timed(name: str, pid: int, run: Callable[[], Timing], held: int = 1) -> Line:
    meter: Meter = processes.meter(server=pid)
    timing = run()
    return Line(name, timing, meter.spent(), held)


def _batch_call(here: World) -> Call:
    items = [{"idempotency_key": secrets.token_hex(12), **world.body(here.kinds[0], world.LARGE)} for _ in range(BATCH)]
    return Call("POST", "/api/v1/actions/batch/", json.dumps({"proposals": items}).encode(), here.bearer())


def _sample(here: World) -> Written:
    proposal = world.proposal(here.kinds[0], world.LARGE)
    action = propose.propose(actor=here.actor, at=world.now(), proposal=proposal).action
    models = (Action, Revision, Text, Action.history.model, LedgerEntry)
    return floors.written(
        [(model._meta.db_table, f"{_column(model)} = %s", [action.pk]) for model in models],
        [
            *(f"approvals_action.{name}" for name in ("id", "entry_id", "revision_id")),
            "approvals_text.id",
            "approvals_historicalaction.history_id",
        ],
    )


def _column(model: type[Model]) -> str:
    return "id" if model in (Action, Action.history.model) else "action_id"


def _set_aside(last: Any) -> None:
    """What a floor wrote has no words and no digests to act on; it must not be routed later on."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE approvals_action SET state = 'withdrawn' WHERE id > %s AND state = 'proposed'", [last])
        cursor.execute("SET session_replication_role = origin")
