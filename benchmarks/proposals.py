"""Proposing: one by one by 16 clients and in batches of 100, beside bare psycopg and a bare Django view."""

import json
import secrets
from itertools import chain

from approvals.models import Action
from benchmarks import floors, lives, processes, routing, world
from benchmarks.load import Call, Line, press
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


def measure(here: World, sizes: Sizes) -> Section:
    """Run all five in one go; what the floors wrote is set aside afterwards."""
    routing.drain()
    life = lives.by_person(here)
    single, batch = _product(here, sizes)
    last = Action.objects.order_by("-pk")[0].pk
    view = _view(here, sizes)
    singles, batches = life.names(sizes.singles), [life.names(BATCH) for _ in range(sizes.batches)]
    bare = floors.timed("bare psycopg, one by one", [life.proposed], [[each] for each in singles], sizes.clients)
    bare_batch = floors.timed(f"bare psycopg, {BATCH} at once", [life.proposed], batches, 4)
    of_floors = life.ids([*singles, *chain.from_iterable(batches)])
    lives.set_aside([*Action.objects.filter(pk__gt=last).values_list("pk", flat=True), *of_floors])
    lines = [line.cells(bare) for line in (single, view, bare)]
    lines += [line.cells(bare_batch) for line in (batch, bare_batch)]
    about = ABOUT.format(workers=processes.WORKERS, threads=processes.THREADS, clients=sizes.clients)
    return Section(TITLE, about, [table(HEAD, lines)])


def _product(here: World, sizes: Sizes) -> tuple[Line, Line]:
    with processes.web() as (port, pid):
        warm = [world.propose_call(here, world.LARGE) for _ in range(4 * sizes.clients)]
        press(port, warm, sizes.clients, 201)
        calls = [world.propose_call(here, world.LARGE) for _ in range(sizes.singles)]
        single = processes.timed("`POST actions/`", pid, lambda: press(port, calls, sizes.clients, 201))
        batches = [batch_call(here) for _ in range(sizes.batches)]
        batch = processes.timed(f"`POST actions/batch/` of {BATCH}", pid, lambda: press(port, batches, 4), BATCH)
    return single, batch


def _view(here: World, sizes: Sizes) -> Line:
    with processes.web("benchmarks.bare.wsgi", "benchmarks.bare.settings") as (port, pid):
        calls = [world.propose_call(here, world.LARGE) for _ in range(sizes.singles)]
        press(port, calls[: 4 * sizes.clients], sizes.clients, 201)
        calls = [world.propose_call(here, world.LARGE) for _ in range(sizes.singles)]
        return processes.timed("a bare Django view", pid, lambda: press(port, calls, sizes.clients, 201))


def batch_call(here: World) -> Call:
    """A hundred proposals in one request."""
    items = [{"idempotency_key": secrets.token_hex(12), **world.body(here.kinds[0], world.LARGE)} for _ in range(BATCH)]
    return Call("POST", "/api/v1/actions/batch/", json.dumps({"proposals": items}).encode(), here.bearer())
