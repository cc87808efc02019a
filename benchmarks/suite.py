"""All measurements, in their order; run by `python -m benchmarks`, which has started the servers."""

import argparse
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog
from django.core.management import call_command
from django.db import connection

from benchmarks import (
    counting,
    decisions,
    desk,
    draining,
    journeys,
    judging,
    lives,
    loans,
    proposals,
    queues,
    results,
    routing,
    shares,
    statements,
    targets,
    waits,
    world,
)
from benchmarks.results import Section
from benchmarks.sizes import FULL, QUICK, Sizes
from benchmarks.world import World

log = structlog.get_logger()

Measure = Callable[[World, Sizes], Section | None]
MEASURES: Mapping[str, tuple[str, Measure]] = {
    "targets": (targets.TITLE, targets.measure),
    "shares": (shares.TITLE, shares.measure),
    "judging": (judging.TITLE, judging.measure),
    "proposals": (proposals.TITLE, proposals.measure),
    "routing": (routing.TITLE, routing.measure),
    "counting": (counting.TITLE, counting.measure),
    "decisions": (decisions.TITLE, decisions.measure),
    "journeys": (journeys.TITLE, journeys.measure),
    "drain": (draining.TITLE, draining.measure),
    "loans": (loans.TITLE, loans.measure),
    "statements": (statements.TITLE, statements.measure),
    "desk": (desk.TITLE, desk.measure),
    "queues": (queues.TITLE, queues.measure),
    "waits": (waits.TITLE, waits.measure),
}
# These take minutes of their own, so they are measured only when they are named.
ONLY_NAMED = {"drain"}


def main() -> None:
    """Found the firm, and measure what was asked for; a measurement that fails does not end the others.

    :raises SystemExit: some failed.
    """
    options = _options()
    call_command("migrate", verbosity=0, interactive=False)
    here = world.make()
    wanted = options.only or [name for name in MEASURES if name not in ONLY_NAMED]
    failed = [name for name in wanted if not _is_measured(name, here, options)]
    if failed:
        raise SystemExit(f"These measurements failed: {', '.join(failed)}. See the errors above.")


def _is_measured(name: str, here: World, options: argparse.Namespace) -> bool:
    print(f"\n{name} ...", flush=True)
    try:
        _measure(name, here, options)
    except Exception:
        log.exception("benchmark.failed", benchmark=name)
        return False
    return True


def _measure(name: str, here: World, options: argparse.Namespace) -> None:
    """Measure, print it, and keep it unless it was a quick run."""
    began, measured = time.monotonic(), results.machine(_database())
    lives.set_all_aside()
    section = MEASURES[name][1](here, QUICK if options.quick else FULL)
    if section is None:
        return
    print(section.text(f"{measured} Took {time.monotonic() - began:.0f} s."), flush=True)
    if not options.quick or options.results != results.FILE:
        results.keep(section, measured, [title for title, _ in MEASURES.values()], options.results)


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
