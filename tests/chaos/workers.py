"""Starting the product's real processes on a test's database, to kill and to pause them."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

from tests.servers.process import Process

ROOT = Path(__file__).resolve().parents[2]
LEASE_SECONDS = 2


def database_url() -> str:
    """The URL of the database that the test itself uses."""
    before, _, after = os.environ["DATABASE_URL"].partition("?")
    return f"{before.rpartition('/')[0]}/{connection.settings_dict['NAME']}?{after}"


def until(is_so: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Wait until something is so; false when it was not in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.05)
    return is_so()


def share() -> float:
    """How many processes wait for each core: a bound of seconds is so many times as long on a busy machine."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@dataclass
class Workers:
    """The processes of one test, all with the same environment."""

    folder: Path
    environment: dict[str, str]
    started: list[Process] = field(default_factory=list)

    def clock(self) -> Process:
        """Start `manage.py clock`."""
        return self.start(str(ROOT / "manage.py"), "clock")

    def celery(self, pool: str = "threads") -> Process:
        """Start a Celery worker."""
        process = self.start(
            *("-m", "celery", "-A", "hitl_project", "worker", "--pool", pool, "--concurrency", "2"),
            *("--loglevel", "INFO", "--without-gossip", "--without-mingle"),
        )
        assert until(lambda: "ready." in process.tail(50)), process.tail()
        return process

    def start(self, *arguments: str) -> Process:
        """Start one Python process of ours."""
        log = self.folder / f"worker-{len(self.started)}.log"
        given = [f"{name}={value}" for name, value in self.environment.items()]
        process = Process(["/usr/bin/env", "-C", str(ROOT), *given, sys.executable, *arguments], log=log)
        process.start(lambda: True)
        self.started.append(process)
        return process

    def stop(self) -> None:
        """End every process that is still there."""
        for process in self.started:
            process.stop()
