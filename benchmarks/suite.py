"""All measurements, in their order; run by `python -m benchmarks`, which has started the servers."""

import argparse
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from benchmarks import (
    counting,
    decisions,
    desk,
    journeys,
    judging,
    loans,
    proposals,
    queues,
    results,
    routing,
    statements,
    world,
)
from benchmarks.results import Section
from benchmarks.sizes import FULL, QUICK, Sizes
from benchmarks.world import World

Measure = Callable[[World, Sizes], Section | None]
MEASURES: Mapping[str, tuple[str, Measure]] = {
    "judging": (judging.TITLE, judging.measure),
    "proposals": (proposals.TITLE, proposals.measure),
    "routing": (routing.TITLE, routing.measure),
    "counting": (counting.TITLE, counting.measure),
    "decisions": (decisions.TITLE, decisions.measure),
    "journeys": (journeys.TITLE, journeys.measure),
    "loans": (loans.TITLE, loans.measure),
    "statements": (statements.TITLE, statements.measure),
    "desk": (desk.TITLE, desk.measure),
    "queues": (queues.TITLE, queues.measure),
}


def main() -> None:
    """Found the firm, measure what was asked for, print it, and keep it unless it was a quick run."""
    options = _options()
    call_command("migrate", verbosity=0, interactive=False)
    here = world.make()
    order = [title for title, _ in MEASURES.values()]
    for name in options.only or MEASURES:
        began = time.monotonic()
        print(f"\n{name} ...", flush=True)
        _, measure = MEASURES[name]
        measured = results.machine(_database())
        section = measure(here, QUICK if options.quick else FULL)
        if section is None:
            continue
        print(section.text(f"{measured} Took {time.monotonic() - began:.0f} s."), flush=True)
        if not options.quick or options.results != results.FILE:
            results.keep(section, measured, order, options.results)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="run with small sizes as a smoke test, without saving results"
    )
    parser.add_argument("--only", nargs="+", choices=MEASURES, help="the benchmarks to run, in this order")
    parser.add_argument("--results", type=Path, default=results.FILE, help="the file for the results")
    return parser.parse_args()


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"


if __name__ == "__main__":
    main()
