"""Backups that a test takes and restores."""

from pathlib import Path

import pytest

from approvals.services.safety import last_known
from tests import backups
from tests.services.safety.given import Backup, Taking


@pytest.fixture
def back_up(tmp_path: Path) -> Taking:
    """Take a backup; what is returned restores it and starts the processes again."""

    def taken() -> Backup:
        path = backups.take(tmp_path / "backup")

        def restored() -> None:
            backups.restore(path)
            last_known.forget()

        return restored

    return taken
