"""The supervisor's parts, with real processes: a child falls, is stopped, or loses its supervisor."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from approvals.management.commands import feed, run
from approvals.management.supervisor.children import LIFELINE, Child
from approvals.management.supervisor.supervision import Supervisor
from tests.management.processes import eventually, is_alive

SLEEPER = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def lifeline() -> int:
    return os.pipe()[0]


@pytest.fixture
def child(tmp_path: Path, lifeline: int) -> Callable[[str], Child]:
    def make(program: str) -> Child:
        (tmp_path / "program.py").write_text(program)
        environment = {"PYTHONPATH": str(tmp_path)}
        return Child("worker", "program", (), tmp_path / "worker.log", (lifeline,), environment)

    return make


def pid_of(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


class TestChild:
    def test_ends_when_it_is_asked(self, child: Callable[[str], Child]) -> None:
        sleeper = child(SLEEPER)
        sleeper.start()
        sleeper.ask_to_stop()
        assert eventually(lambda: not sleeper.is_running)

    def test_is_killed_with_its_own_children(self, child: Callable[[str], Child], tmp_path: Path) -> None:
        parent = child(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {SLEEPER!r}])")
        parent.start()
        below = Path(f"/proc/{pid_of(parent)}/task/{pid_of(parent)}/children")
        assert eventually(lambda: below.exists() and below.read_text().strip() != "")
        grandchild = int(below.read_text().split()[0])
        parent.kill()
        assert eventually(lambda: not is_alive(grandchild))

    def test_that_fell_is_started_again_after_a_pause_that_grows(self, child: Callable[[str], Child]) -> None:
        falling = child("raise SystemExit(3)")
        falling.start()
        assert eventually(lambda: falling.process is not None and falling.process.poll() is not None)
        first = falling.pause
        assert falling.fell() == 3
        assert falling.fell() is None
        assert falling.pause > first
        assert not falling.is_due
        assert eventually(lambda: falling.is_due)

    def test_writes_what_it_says_into_its_log(self, child: Callable[[str], Child], tmp_path: Path) -> None:
        speaking = child("print('I am here')")
        speaking.start()
        assert eventually(lambda: "I am here" in (tmp_path / "worker.log").read_text())


class TestLifeline:
    @pytest.mark.parametrize("program", [SLEEPER, STUBBORN])
    def test_ends_the_process_when_its_supervisor_is_gone(self, program: str, tmp_path: Path) -> None:
        (tmp_path / "program.py").write_text(program)
        reading, writing = os.pipe()
        process = subprocess.Popen(
            [sys.executable, "-c", f"import {LIFELINE} as l; l.GRACE_SECONDS = 1; l.watch.__defaults__ = (1.0,);"
             f"l.main(['{reading}', 'program'])"],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": f"{ROOT}:{tmp_path}"},
            pass_fds=(reading,), stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        time.sleep(0.5)
        assert process.poll() is None
        os.close(writing)
        assert process.wait(10) in (-signal.SIGTERM, -signal.SIGKILL)
        os.close(reading)


class TestSupervisor:
    def test_starts_a_fallen_child_again_and_says_so(self, child: Callable[[str], Child]) -> None:
        said: list[str] = []
        falling = child("raise SystemExit(3)")
        supervisor = Supervisor([falling], said.append)
        falling.start()
        assert eventually(lambda: falling.process is not None and falling.process.poll() is not None)
        supervisor._look_after(falling)
        assert "worker stopped unexpectedly (status 3)" in said[0]
        assert eventually(lambda: falling.is_due)
        supervisor._look_after(falling)
        assert falling.process is not None
        falling.kill()

    def test_kills_what_does_not_stop_when_it_is_hurried(self, child: Callable[[str], Child]) -> None:
        stubborn = child(STUBBORN)
        supervisor = Supervisor([stubborn], print)
        stubborn.start()
        assert eventually(lambda: "up" in stubborn.log.read_text())
        supervisor.hurried.set()
        supervisor.stop()
        assert not is_alive(pid_of(stubborn))

    def test_outlives_a_child_that_cannot_be_started(self, child: Callable[[str], Child], tmp_path: Path) -> None:
        said: list[str] = []
        lost = child(SLEEPER)
        # As on a disk that takes no new file: its log cannot be opened.
        lost.log = tmp_path / "no such folder" / "worker.log"
        supervisor = Supervisor([lost], said.append)
        supervisor._look_after(lost)
        assert ("could not be started" in said[0], lost.is_due) == (True, False)
        lost.log = tmp_path / "worker.log"
        assert eventually(lambda: lost.is_due)
        supervisor._look_after(lost)
        assert lost.is_running
        lost.kill()

    @pytest.mark.parametrize("speaker", [run.Command, feed.Command])
    def test_outlives_whoever_listened(self, speaker: type[run.Command | feed.Command]) -> None:
        listener = io.StringIO()
        told = speaker(stdout=listener)
        listener.close()
        told._say("worker stopped unexpectedly")

    @pytest.mark.parametrize("speaker", [run.Command, feed.Command])
    def test_outlives_a_pipe_that_nobody_reads(self, speaker: type[run.Command | feed.Command]) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        told = speaker(stdout=io.TextIOWrapper(io.FileIO(writing, "w"), write_through=True))
        told._say("worker stopped unexpectedly")
