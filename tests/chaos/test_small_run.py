"""The whole product under a few faults, as `make chaos` does it with many; `CONTRIBUTING.md` says how."""

from pathlib import Path

import pytest

from tests.chaos.runs import drive
from tests.chaos.runs.drive import Run
from tests.chaos.runs.plan import Sizes

pytestmark = [pytest.mark.chaos, pytest.mark.postgresql_only, pytest.mark.timeout(600)]
SMALL = Sizes(actions=100, kills=10, pauses=2, flushes=1, restarts=1)


def test_a_hundred_actions_under_ten_kills_are_carried_out_once_also_if_the_run_is_stopped(server_folder: Path) -> None:
    assert Run(server_folder / "run", 1, SMALL, gap=1.5, most=7).go() == drive.STOPPED
    assert Run(server_folder / "run", 1, SMALL, gap=1.5).go() == drive.HELD
