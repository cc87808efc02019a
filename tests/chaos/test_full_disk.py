"""A disk that is full while the clock runs: no loop dies of a line that it cannot log, and the work is done after."""

import contextlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.chaos.test_lost_database import manage, on_postgres, propose, states
from tests.chaos.workers import ROOT, Workers, until
from tests.servers.postgres import Postgres
from tests.servers.recording import RecordingServer

__all__ = ["on_postgres"]
pytestmark = [pytest.mark.django_db, pytest.mark.chaos, pytest.mark.postgresql_only]


@pytest.fixture
def disk(server_folder: Path) -> Generator[Path]:
    """A small disk of this test's own."""
    folder = server_folder / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False).returncode:
        pytest.skip("mounting a disk needs root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> None:
    with (disk / "filler").open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    with (disk / "filler").open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x")


def threads(process: "subprocess.Popen[bytes]") -> int:
    return len(os.listdir(f"/proc/{process.pid}/task"))


@contextlib.contextmanager
def clock(workers: Workers, log: Path) -> Generator["subprocess.Popen[bytes]"]:
    """The clock, whose output goes to this file."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "clock"],
            cwd=ROOT, env={**os.environ, **workers.environment}, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


class TestAClock:
    def test_on_a_full_disk_does_its_work_once_there_is_room(
        self, on_postgres: Workers, postgres: Postgres, live_http_server: RecordingServer, server_folder: Path,
        disk: Path,
    ) -> None:  # fmt: skip
        propose(on_postgres, live_http_server, server_folder, 0)
        with clock(on_postgres, disk / "clock.log") as process:
            assert until(lambda: threads(process) > 12)
            before = threads(process)
            fill(disk)
            postgres.stop()
            # Every loop fails and has something to say; nobody can tell from outside when the last one has tried.
            assert not until(lambda: threads(process) < before or process.poll() is not None, 6)
            postgres.start()
            (disk / "filler").unlink()
            manage(on_postgres, "shell", "-c", MORE)
            assert until(lambda: states(postgres) == Counter(executed=1), 30), states(postgres)
            assert len(live_http_server.requests) == 1
            postgres.stop()
            assert until(lambda: "log.lines_lost" in (disk / "clock.log").read_text(), 10)

    def test_whose_output_takes_nothing_at_all_works_all_the_same(
        self, on_postgres: Workers, postgres: Postgres, live_http_server: RecordingServer, server_folder: Path
    ) -> None:
        propose(on_postgres, live_http_server, server_folder, 0)
        with clock(on_postgres, Path("/dev/full")) as process:
            assert until(lambda: threads(process) > 12)
            postgres.stop()
            assert not until(lambda: process.poll() is not None, 4)
            postgres.start()
            manage(on_postgres, "shell", "-c", MORE)
            assert until(lambda: states(postgres) == Counter(executed=1), 30), states(postgres)


# One more action of the world that is there already.
MORE = """
from policies.db import now
from approvals.models import ActionType, Agent, Desk, Person
from tests.world import World
find = lambda name: Person.objects.get(username=name)
World(find("owner"), find("junior"), find("senior"), Desk.objects.get(slug="finance"), ActionType.objects.get(
    name="invoice.post"), Agent.objects.get(name="invoice-bot")).propose(now(), amount=20.5)
"""
