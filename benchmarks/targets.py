"""Every row of the target table in one run: what each path costs beside what its rows cost bare psycopg."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import islice

from benchmarks import catalog, costs, desk, processes, queues, rounds, routing, target_table, world
from benchmarks.paths import Found
from benchmarks.results import Section, table
from benchmarks.rounds import Round
from benchmarks.sizes import Sizes
from benchmarks.world import World

TITLE = "Targets"
BYTES = ("table", "automatic: rows", "automatic: indexes", "by a person: rows", "by a person: indexes")
FLOORS = ("floor", "operations", "CPU ms: driver", "CPU ms: database", "times F")
# The inbox and the decision page come first; the rest of the desk's pages have no target.
PAGES = 2
# Fewer reads give no percentile.
LOOKS = 30
ABOUT = """
What the design asks of each path, and what it costs. **F** is the CPU, server and database together, that the rows of
one proposal cost bare psycopg, before and after the others of each round: {fs} ms. Every floor is the very rows that
the product wrote, recorded by triggers and written again by {clients} threads, all of an action in one transaction, or
of {together} actions where it says so. Requests come from {clients} clients through gunicorn ({workers} processes with
{threads} threads each). *In a backlog* is `route_ready` or `run_ready` in one process while at least {count:,} wait.
*In a burst* counts web server, worker, clock and database, from the first `POST` until the last of {count:,} actions
is executed.

The same work costs up to 40 percent more in one minute than in the next on a shared machine. So all paths and floors
are measured in {rounds} rounds: *now* is the median, and *from, to* are the least and the most. The table of costs
shows each path as it was in the round of its median. Pages and the catalog are measured once. *Before* is what the same
path cost before the engine was rebuilt, measured in the same way in one run; the automatic path under load.

Statements are counted by `pg_stat_statements` over fewer operations after those that are timed, without those that
begin and end transactions; for the automatic path with what worker and clock ask meanwhile. The log is what PostgreSQL
writes ahead, with page images. Stored bytes are those of all tables after `VACUUM FULL`, for one action.
"""


def measure(here: World, sizes: Sizes) -> Section:
    """Measure the product and the floors in rounds, then the catalog, then the pages in a full queue."""
    done = rounds.measure(here, sizes)
    figures: Mapping[str, list[float]] = rounds.figures(done) | {
        key: [figure] for key, figure in (*catalog.measure(here, sizes).items(), *_pages(here, sizes))
    }
    about = ABOUT.format(
        fs=", ".join(f"{each.before:.2f} and {each.after:.2f}" for each in done),
        clients=sizes.clients,
        workers=processes.WORKERS,
        threads=processes.THREADS,
        count=sizes.targets,
        together=rounds.TOGETHER,
        rounds=len(done),
    )
    typical = rounds.of_middle_f(done)
    parts = [
        target_table.summary(figures, sizes.pending),
        table(costs.HEAD, [costs.cells(cost, f) for cost, f in rounds.middle(done)]),
        table(FLOORS, _bare(typical)),
        table(costs.SENT, [costs.sent(cost) for cost in typical.costs]),
        table(BYTES, _by_table(typical.found)),
    ]
    return Section(TITLE, about, parts)


def _bare(measured: Round) -> Iterator[tuple[object, ...]]:
    for name, line in measured.bare.items():
        yield (name, line.count, *line.cpu, sum(line.cpu) / measured.f)


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
