"""Runs the product under faults: `python -m tests.chaos --seed 1`; the same command goes on with a run that stopped."""

import argparse
import dataclasses
import signal
import sys
from pathlib import Path

from tests.chaos.runs.drive import Run, say
from tests.chaos.runs.folder import OtherRun
from tests.chaos.runs.lan import NotPermitted
from tests.chaos.runs.plan import Sizes

ROOT = Path(__file__).resolve().parents[2]
# How often a cable is taken out, where there are any.
CUTS = 15


def main() -> int:
    """Run, and return 0 if everything held, 1 if something did not, 2 if it cannot run, 3 if it was stopped."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=20, help="stop after this time; the same command goes on")
    parser.add_argument("--folder", type=Path, help="where the run is kept (build/chaos/<seed>)")
    for field in dataclasses.fields(Sizes):
        parser.add_argument(f"--{field.name}", type=int, default=field.default)
    parser.set_defaults(cuts=None)
    given = parser.parse_args()
    if given.cuts is None:
        given.cuts = CUTS if given.hosts > 1 else 0
    sizes = Sizes(**{field.name: getattr(given, field.name) for field in dataclasses.fields(Sizes)})
    name = f"{given.seed}-{sizes.hosts}-hosts" if sizes.hosts > 1 else str(given.seed)
    for number in (signal.SIGINT, signal.SIGTERM):
        # Also where whoever started this ignores Ctrl-C.
        signal.signal(number, signal.default_int_handler)
    try:
        return Run(given.folder or ROOT / "build" / "chaos" / name, given.seed, sizes, given.minutes).go()
    except (OtherRun, NotPermitted) as error:
        say(str(error))
        return 2


sys.exit(main())
