"""`manage.py run` on a disk that fills up: it says so, loses nothing, and everything runs again once there is room."""

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from uuid import uuid4

import pytest
import requests

from tests.management.running import Demo, running, told_home
from tests.management.test_run import INVOICE
from tests.proof import times

pytestmark = [pytest.mark.chaos, pytest.mark.proof, pytest.mark.timeout(400)]
MIB = 1024 * 1024
# `make prove` tries the minute that is promised; the longest pause before a restart is reached before that.
FULL_SECONDS = times(12, 60)
AGAIN_SECONDS = 10.0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with some room beside the demo's folder."""
    home = told_home()[0]
    size = sum(file.stat().st_size for file in home.rglob("*") if file.is_file()) // MIB + 24
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False).returncode:
        pytest.skip("mounting a disk needs root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> None:
    """Take the last byte, and what is freed meanwhile."""
    with (disk / "filler").open("ab", buffering=0) as file:
        for block in (MIB, 4096, 1):
            while is_written(file, b"x" * block):
                pass


def is_written(file: FileIO, block: bytes) -> bool:
    try:
        return bool(file.write(block))
    except OSError:
        return False


def propose(demo: Demo, number: int) -> requests.Response:
    body = {"action_type": "invoice.post", "payload": INVOICE | {"invoice_number": f"HL-3{number:04}"}}
    return demo.call("POST", "actions/", json=body, headers={"Idempotency-Key": str(uuid4())})


def test_everything_runs_again_within_ten_seconds(disk: Path) -> None:
    with running(disk) as demo:
        until, number, refused = time.monotonic() + FULL_SECONDS, 0, 0
        while time.monotonic() < until:
            fill(disk)
            number += 1
            with contextlib.suppress(requests.ConnectionError):
                refused += propose(demo, number).status_code == 503
            time.sleep(0.5)
        assert refused
        (disk / "filler").unlink()
        freed = time.monotonic()
        state = run_one(demo, number + 1, freed + 3 * AGAIN_SECONDS)
        took = time.monotonic() - freed
        share = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
        assert state == "executed", demo.said
        assert took < AGAIN_SECONDS * share, (took, demo.said)


def run_one(demo: Demo, number: int, until: float) -> str:
    """Propose until it is taken, and return its state when it is final or it is too late."""
    while time.monotonic() < until:
        with contextlib.suppress(requests.ConnectionError):
            answer = propose(demo, number)
            if answer.status_code == 201:
                path = f"actions/{answer.json()['id']}/?wait=20&until=final"
                return str(demo.call("GET", path).json()["state"])
        time.sleep(0.1)
    return "refused"
