"""The whole product under a few faults, as `make chaos` does it with many; `CONTRIBUTING.md` says how."""

from pathlib import Path

import pytest

from tests.chaos.runs import drive
from tests.chaos.runs.drive import Run
from tests.chaos.runs.plan import Sizes

pytestmark = [pytest.mark.chaos, pytest.mark.postgresql_only, pytest.mark.timeout(600)]
SMALL = Sizes(actions=100, kills=10, pauses=2, flushes=1, restarts=1)


def test_a_hundred_actions_under_ten_kills_are_carried_out_once(server_folder: Path) -> None:
    assert Run(server_folder / "run", 1, SMALL, minutes=8, gap=1.5).go() == drive.HELD


def test_a_run_that_was_stopped_goes_on_where_it_was(server_folder: Path) -> None:
    run = Run(server_folder / "run", 3, Sizes(actions=8, kills=2, pauses=0, flushes=0, restarts=0), minutes=0)
    assert run.go() == drive.STOPPED
    again = Run(server_folder / "run", 3, Sizes(actions=8, kills=2, pauses=0, flushes=0, restarts=0), minutes=5, gap=0.5)
    assert again.go() == drive.HELD
