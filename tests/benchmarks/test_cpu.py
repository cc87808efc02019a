import os
import subprocess
import sys
import time

import pytest

from benchmarks.cpu import Meter, parent_of

BUSY = "import time\nwhile time.process_time() < 0.3: pass"

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="the benchmarks run on Linux")


class TestMeter:
    def test_counts_this_process(self) -> None:
        meter = Meter({"own": os.getpid()})
        until = time.process_time() + 0.2
        while time.process_time() < until:
            pass
        assert 150 < meter.spent()["own"] < 2_000

    def test_counts_a_child_that_runs_and_one_that_has_ended(self) -> None:
        parent = subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BUSY!r}])\ninput()",
            ],
            stdin=subprocess.PIPE,
        )
        meter = Meter({"parent": parent.pid})
        try:
            until = time.monotonic() + 30
            while meter.spent()["parent"] < 250 and time.monotonic() < until:
                time.sleep(0.05)
            assert meter.spent()["parent"] >= 250
        finally:
            parent.communicate(b"\n")

    def test_does_not_count_others(self) -> None:
        idle = subprocess.Popen(
            [sys.executable, "-c", "print(flush=True)\ninput()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        try:
            assert idle.stdout is not None and idle.stdout.readline()
            meter = Meter({"idle": idle.pid})
            subprocess.run([sys.executable, "-c", BUSY], check=True)
            assert meter.spent()["idle"] < 100
        finally:
            idle.communicate(b"\n")


class TestParentOf:
    def test_is_the_process_that_started_it(self) -> None:
        assert parent_of(os.getpid()) == os.getppid()
