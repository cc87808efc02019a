"""Every row of the target table in one run: what each path costs beside what its rows cost bare psycopg."""

from collections.abc import Iterator
from contextlib import closing
from itertools import chain, islice

from benchmarks import (
    catalog,
    costs,
    desk,
    floors,
    lives,
    paths,
    processes,
    proposals,
    queues,
    routing,
    storage,
    target_table,
    world,
)
from benchmarks.costs import Cost
from benchmarks.floors import Names
from benchmarks.lives import Life
from benchmarks.load import Line
from benchmarks.paths import Found
from benchmarks.results import Section, table
from benchmarks.sizes import Sizes
from benchmarks.target_table import OWN, TARGETS
from benchmarks.world import World

TITLE = "Targets"
BYTES = ("table", "automatic: rows", "automatic: indexes", "by a person: rows", "by a person: indexes")
FLOORS = ("floor", "operations", "CPU ms: driver", "CPU ms: database", "times F")
BY_PERSON = ("propose", "route to a person", "approve")
BY_POLICY = ("propose a small one", "route by policy", "execute")
FLOOR_OF = {"approve by token": "approve", "approve by session": "approve"}
# The inbox and the decision page come first; the rest of the desk's pages have no target.
PAGES = 2
# Fewer reads give no percentile, and fewer proposals no exact CPU time.
LOOKS, ENOUGH = 30, 500
# What a backlog would cost at least, if as many were written together.
TOGETHER = 50
ABOUT = """
What the design asks of each path, and what it costs. **F** is the CPU, server and database together, that the rows of
one proposal cost bare psycopg in this run: {f:.2f} ms, the mean of {before:.2f} ms before and {after:.2f} ms after the
others. Every floor is the very rows that the product wrote, recorded by triggers and written again by {clients}
threads, all of an action in one transaction, or of {together} actions where it says so. Requests come from {clients}
clients through gunicorn ({workers} processes with {threads} threads each). *In a backlog* is `route_ready` or
`run_ready` in one process while at least {count:,} wait. *In a burst* counts web server, worker, clock and database,
from the first `POST` until the last of {count:,} actions is executed.

Statements are counted by `pg_stat_statements` over fewer operations after those that are timed, without those that
begin and end transactions; for the automatic path with what worker and clock ask meanwhile. The log is what PostgreSQL
writes ahead, with page images. Stored bytes are those of all tables after `VACUUM FULL`, for one action.
"""


def measure(here: World, sizes: Sizes) -> Section:
    """Measure the product, then the floors, then the pages in a full queue."""
    routing.drain()
    policy, person = lives.by_policy(here), lives.by_person(here)
    before = _proposal(person, sizes)
    found = paths.measure(here, sizes)
    after = _proposal(person, sizes)
    bare = _floors(policy, person, sizes)
    f = (before + after) / 2
    beside = [cost.over(bare[FLOOR_OF.get(cost.line.name, cost.line.name)]) for cost in found.costs]
    figures = {cost.line.name: _figure(cost, f) for cost in beside} | _others(found) | catalog.measure(here, sizes)
    figures |= dict(_pages(here, sizes))
    about = ABOUT.format(
        f=f,
        before=before,
        after=after,
        clients=sizes.clients,
        workers=processes.WORKERS,
        threads=processes.THREADS,
        count=sizes.targets,
        together=TOGETHER,
    )
    parts = [
        target_table.summary(figures, sizes.pending),
        table(costs.HEAD, [costs.cells(cost, f) for cost in beside]),
        table(FLOORS, [(name, line.count, *line.cpu, sum(line.cpu) / f) for name, line in bare.items()]),
        table(costs.SENT, [costs.sent(cost) for cost in beside]),
        table(BYTES, _by_table(found)),
    ]
    return Section(TITLE, about, parts)


def _figure(cost: Cost, f: float) -> float:
    """What the path's target compares: times F, or times its own floor."""
    unit = next(target.unit for target in TARGETS if target.key == cost.line.name)
    return cost.times if unit == OWN and cost.times else cost.cpu / f


def _others(found: Found) -> dict[str, float]:
    return {
        "alone p50": found.alone.percentile(50),
        "alone p95": found.alone.percentile(95),
        "stored, automatic": storage.total(found.automatic) / 1_000,
        "stored, by a person": storage.total(found.by_person) / 1_000,
    }


def _proposal(person: Life, sizes: Sizes) -> float:
    """F: every other figure is divided by it, so it is measured of more."""
    items = _items(person, max(ENOUGH, sizes.targets), 1)
    line = floors.timed("propose", [person.proposed], items, sizes.clients)
    _set_aside(person, items)
    return sum(line.cpu)


def _floors(policy: Life, person: Life, sizes: Sizes) -> dict[str, Line]:
    """Each step's rows again, one action in a transaction and many; and a whole automatic action in one."""
    lines = {}
    for held, clients, said in ((1, sizes.clients, ""), (TOGETHER, 4, f", {TOGETHER} at once")):
        for life, steps in ((person, BY_PERSON), (policy, BY_POLICY)):
            items = _items(life, sizes.targets // held, held)
            for step, done in zip(steps, life.steps, strict=True):
                lines[step + said] = floors.timed(step + said, [done], items, clients)
            _set_aside(life, items)
        items = _items(policy, sizes.targets // held, held)
        lines["automatic" + said] = floors.timed("automatic" + said, policy.steps, items, clients)
        _set_aside(policy, items)
    items = _items(person, sizes.batches, proposals.BATCH)
    lines["batch"] = floors.timed("batch", [person.proposed], items, 4)
    _set_aside(person, items)
    return lines


def _items(life: Life, count: int, held: int) -> list[list[Names]]:
    return [life.names(held) for _ in range(count)]


def _set_aside(life: Life, items: list[list[Names]]) -> None:
    lives.set_aside(life.ids(chain.from_iterable(items)))


def _pages(here: World, sizes: Sizes) -> Iterator[tuple[str, float]]:
    """How long the slowest of a hundred pages take in a full queue, which is emptied again."""
    samples = [routing.one(here, kind, world.LARGE) for kind in here.kinds]
    queues.fill(samples, 1, sizes.pending)
    with closing(desk.pages(here, here.reviewers[0], max(sizes.pages, LOOKS), sizes.pending)) as pages:
        for _, page, _, p95, *_ in islice(pages, PAGES):
            yield f"{page} p95", p95
    queues.empty()


def _by_table(found: Found) -> Iterator[tuple[object, ...]]:
    """Every table that an action adds to, and all together."""
    totals = [0.0] * 4
    for name, automatic in found.automatic.items():
        person = found.by_person[name]
        figures = [automatic.rows, automatic.indexes, person.rows, person.indexes]
        totals = [sum(pair) for pair in zip(totals, figures, strict=True)]
        if any(round(figure) for figure in figures):
            yield (f"`{name}`", *map(round, figures))
    yield ("all", *map(round, totals))
