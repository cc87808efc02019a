"""Fills a database, measures its size and its pages; run by `python -m benchmarks.large`, which started the servers."""

import argparse
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from approvals.models import Action
from benchmarks import desk, results, world
from benchmarks.large import copies, pages, people
from benchmarks.large.copies import Period
from benchmarks.large.people import Company
from benchmarks.results import Section, table

TITLE = "Ten million"
FULL = 10_000_000
SIZES = ("table", "rows", "rows: bytes each", "indexes: bytes each", "GB", "bytes an action")
INDEXES = ("index", "GB", "bytes an action")
PAGES = ("page", "p50 ms", "p95 ms", "max ms", "CPU ms: web", "CPU ms: database")
ABOUT = """
{decided:,} decided actions over two years and {waiting:,} that wait, copied by SQL from actions that the services
made: four of ten approved by a person and executed, four approved by policy and executed, two rejected. Thirteen action
types at eight desks, twenty agents, {suppliers:,} suppliers. Each is of another document, but one of 200 is of one same
document, which recurs. Copies are narrow: the last entry and the decision's, each with its history row but without
data, a short payload, and next to no text. They have no stages, no attempts and no notices, and share one evaluation;
the section *Targets* shows what a whole one takes. They were filled in within {filled:.0f} s without indexes, which
were built in {indexed:.0f} s and are packed.

One client reads through gunicorn (2 processes with 8 threads each), {count} times each page, after 3 that do not count,
each time another action where a page is of one. The reviewer is a senior at two desks that hold more than half; the
auditor reads everything. PostgreSQL has 2 GB of shared buffers.
"""


def main() -> None:
    """Fill and measure; the figures of a full run are kept."""
    options = _options()
    call_command("migrate", verbosity=0, interactive=False)
    measured = results.machine(_version())
    section = measure(options.actions, options.waiting, options.pages)
    print(section.text(measured), flush=True)
    if options.actions >= FULL or options.results != results.FILE:
        results.keep(section, measured, [], options.results)


def measure(decided: int, waiting: int, count: int) -> Section:
    """Fill with so many decided actions and so many that wait, and read each page so often."""
    company = people.found()
    filled, indexed = fill(company, decided, waiting)
    about = ABOUT.format(
        decided=decided,
        waiting=waiting,
        suppliers=len(copies.FIRST.split(",")) * len(copies.SECOND.split(",")) * 60,
        filled=filled,
        indexed=indexed,
        count=count,
    )
    stored = [table(SIZES, _sizes()), table(INDEXES, _indexes())]
    return Section(TITLE, about, [*stored, table(PAGES, _pages(company, count))])


def fill(company: Company, decided: int, waiting: int) -> tuple[float, float]:
    """Copy decided and pending actions; return the seconds of the copies and of the indexes."""
    shape, sample = people.decided(company.here), people.waiting(company.here)
    now = world.now()
    lately = now - timedelta(days=20)
    began = time.monotonic()
    with copies.without_indexes():
        recurring = shape[0].action
        copies.fill(shape, company.cast, Period(1, decided, now - timedelta(days=730), now), recurring)
        rest = Period(decided + 1, decided + waiting, lately, now)
        copies.fill([sample], company.cast, rest, recurring)
        filled = time.monotonic() - began
        print(f"Filled in {filled:.0f} s.", flush=True)
    indexed = time.monotonic() - began - filled
    print(f"Indexed in {indexed:.0f} s.", flush=True)
    copies.settle()
    return filled, indexed


def _sizes() -> Iterator[tuple[object, ...]]:
    actions, whole = Action.objects.count(), 0.0
    for name in (*copies.TABLES, copies.POSITIONS):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*), pg_table_size(%s), pg_indexes_size(%s) FROM {name}", [name, name])
            rows, own, indexes = cursor.fetchone()
        whole += own + indexes
        yield (f"`{name}`", rows, own / rows, indexes / rows, (own + indexes) / 1e9, round((own + indexes) / actions))
    yield ("all", "", "", "", whole / 1e9, round(whole / actions))


def _indexes() -> Iterator[tuple[object, ...]]:
    actions = Action.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_relation_size(indexrelid) FROM pg_index "
            "WHERE indrelid = ANY(%s::regclass[]) ORDER BY 2 DESC",
            [[*copies.TABLES, copies.POSITIONS]],
        )
        for name, size in cursor.fetchall():
            yield (f"`{name}`", size / 1e9, size / actions)


def _pages(company: Company, count: int) -> Iterator[tuple[object, ...]]:
    waiting = Action.objects.filter(state="pending").count()
    for _, name, p50, p95, web, database in desk.pages(company.here, company.reviewer, count, waiting):
        yield (name, p50, p95, "", web, database)
    asked = pages.all_pages(company)
    slow = []
    for page, found in zip(asked, pages.measure(asked, count), strict=True):
        print(*found.cells(), flush=True)
        if found.timing.percentile(95) > pages.SLOW_MS:
            slow.append(page)
        yield found.cells()
    for page in slow:
        print(pages.slowest(page), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=__doc__)
    parser.add_argument("--actions", type=int, default=FULL, help="how many decided actions")
    parser.add_argument("--waiting", type=int, help="how many wait; a tenth of the others unless given")
    parser.add_argument("--pages", type=int, default=50, help="how often each page is read")
    parser.add_argument("--results", type=Path, default=results.FILE, help="the file for the results")
    options = parser.parse_args()
    options.waiting = options.actions // 10 if options.waiting is None else options.waiting
    return options


def _version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"


if __name__ == "__main__":
    main()
