"""The clock's process: it outlives its log, and a loop that is gone ends it with an error and shows in health."""

import os
import subprocess
import sys
import threading
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from approvals import clock as clock_module
from approvals.actors import Door, system
from approvals.api import health
from approvals.clock import Clock, LoopEnded, Sweep
from approvals.management.supervisor.children import Child
from approvals.management.supervisor.supervision import Supervisor
from approvals.models import Beat
from approvals.services import heartbeats
from tests.management.processes import eventually
from tests.management.running import ROOT

FULL = Path("/dev/full")
# A program that logs, fails in a round, and says by a file that it lives on.
LOGGING = """
import sys
import django
django.setup()
import structlog
log = structlog.get_logger()
{before}
for number in range(3):
    try:
        raise RuntimeError("planted")
    except RuntimeError:
        log.exception("planted.failed", number=number)
{after}
open(sys.argv[1], "w").write("lives")
"""


def lives(folder: Path, before: str = "", after: str = "", stdout: Path = FULL) -> bool:
    """Whether a process of ours comes to its end although it cannot log."""
    mark = folder / "mark"
    program = LOGGING.format(before=before, after=after)
    with stdout.open("w") as out:
        subprocess.run([sys.executable, "-c", program, str(mark)], cwd=ROOT, stdout=out, stderr=out, check=False)
    return mark.exists()


class TestALogThatCannotBeWritten:
    def test_ends_nothing_on_a_full_disk(self, tmp_path: Path) -> None:
        assert lives(tmp_path)

    def test_ends_nothing_when_it_is_closed(self, tmp_path: Path) -> None:
        assert lives(tmp_path, before="sys.stdout.close()", stdout=tmp_path / "out")

    def test_ends_nothing_when_nobody_reads_the_pipe(self, tmp_path: Path) -> None:
        before = "import os\nread, write = os.pipe()\nos.close(read)\nos.dup2(write, 1)"
        assert lives(tmp_path, before=before, stdout=tmp_path / "out")

    def test_says_afterwards_how_much_is_missing(self, tmp_path: Path) -> None:
        before = "kept, sys.stdout = sys.stdout, open('/dev/full', 'w')"
        after = "sys.stdout = kept\nlog.info('again')"
        assert lives(tmp_path, before=before, after=after, stdout=tmp_path / "out")
        first, second = (tmp_path / "out").read_text().splitlines()[:2]
        assert "log.lines_lost" in first and '"count": 3' in first and '"event": "again"' in second


class TestAFailure:
    def test_is_told_without_what_the_code_held(self, capsys: pytest.CaptureFixture[str]) -> None:
        described: list[int] = []

        class Held:
            def __repr__(self) -> str:
                described.append(1)
                return "held secret"

        held = Held()
        try:
            raise RuntimeError("planted")
        except RuntimeError:
            structlog.get_logger().exception("planted.failed")
        assert held and not described
        assert "RuntimeError" in (said := capsys.readouterr().out) and "held secret" not in said


class TestALoop:
    def test_goes_on_after_a_round_that_failed(self) -> None:
        rounds, clock = [], Clock((Sweep("fail", lambda: rounds.append(1) or 1 // 0, 0.01),))
        clock.stopping = Patient(clock.stopping)
        thread = threading.Thread(target=clock.run, args=(lambda: False,))
        thread.start()
        assert eventually(lambda: len(rounds) >= 3)
        clock.stop()
        thread.join()

    @pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
    def test_that_ends_by_itself_ends_the_clock_with_its_name(self) -> None:
        idle = Sweep("idle", lambda: 0, 0.01)
        with pytest.raises(LoopEnded, match="gone"):
            Clock((idle, Sweep("gone", lambda: sys.exit(3), 0.01))).run(lambda: False)

    def test_that_was_asked_to_end_is_no_fault(self) -> None:
        clock = Clock((Sweep("idle", lambda: 0, 0.01),))
        clock.stop()
        clock.run(lambda: False)

    @pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
    def test_goes_on_where_a_lost_connection_cannot_be_closed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rounds: list[int] = []

        def work() -> int:
            rounds.append(1)
            raise OperationalError("gone")

        clock = Clock((Sweep("fail", work, 0.01),))
        clock.stopping = Patient(clock.stopping)
        monkeypatch.setattr(clock_module, "connection", Unclosable())
        monkeypatch.setattr(clock_module, "close_old_connections", lambda: None)
        thread = threading.Thread(target=clock.run, args=(lambda: False,))
        thread.start()
        assert eventually(lambda: len(rounds) >= 3)
        clock.stop()
        thread.join()


class Unclosable:
    """A connection that fails at being closed, as when its server or its disk is gone."""

    connection: object = object()

    def close(self) -> None:
        if self.connection is not None:
            raise InterfaceError("broken")


class Patient(threading.Event):
    """The event of a clock, without the pause after a failure."""

    def __init__(self, event: threading.Event) -> None:
        super().__init__()

    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(min(timeout or 0.01, 0.01))


@pytest.mark.chaos
class TestTheCommand:
    def test_ends_with_an_error_when_a_loop_is_gone(self) -> None:
        program = (
            "import sys, django; django.setup()\n"
            "from django.core.management import execute_from_command_line\n"
            "from approvals.services.ledger import sequencing\n"
            "sequencing.sequence = lambda **_: sys.exit(3)\n"
            "execute_from_command_line(['manage.py', 'clock'])"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=90, check=False
        )
        assert done.returncode == 1
        assert "stopped unexpectedly: sequence" in done.stderr


# A clock whose numbering ends its thread in the first life, and works in the second.
MORTAL = """
import os, sys, django
django.setup()
from django.core.management import execute_from_command_line
from approvals.services.ledger import sequencing
if not os.path.exists(sys.argv[1]):
    open(sys.argv[1], "w").close()
    sequencing.sequence = lambda **_: sys.exit(3)
execute_from_command_line(["manage.py", "clock"])
"""


@pytest.mark.chaos
class TestItsSupervisor:
    def test_starts_it_again_when_a_loop_is_gone(self, tmp_path: Path) -> None:
        (tmp_path / "mortal.py").write_text(MORTAL)
        environment, said = {"PYTHONPATH": f"{tmp_path}:{ROOT}", "HITL_HOME": str(tmp_path)}, []
        reading, writing = os.pipe()
        log = tmp_path / "clock.log"
        clock = Child("clock", "mortal", (str(tmp_path / "mark"),), log, (reading,), environment)
        supervisor = Supervisor([clock], said.append)
        try:
            clock.start()
            assert eventually(lambda: bool(supervisor._look_after(clock) or said), 60), log.read_text()
            assert "clock stopped unexpectedly (status 1)" in said[0]
            assert "stopped unexpectedly: sequence" in log.read_text()
            assert eventually(lambda: bool(supervisor._look_after(clock) or clock.is_running), 10)
            assert not eventually(lambda: not clock.is_running, 6), log.read_text()
        finally:
            clock.kill()
            os.close(reading)
            os.close(writing)


@pytest.fixture
def unasked(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Whatever health was asked before is forgotten, and a busy machine has time to answer."""
    monkeypatch.setattr(health, "DEADLINE_SECONDS", 20.0)
    forget()
    yield
    forget()


def forget() -> None:
    for probe in (health.DATABASE, health.SYSTEM, health.BROKER):
        probe.forget()


@pytest.mark.django_db(transaction=True)
@pytest.mark.vendor_sensitive
@pytest.mark.usefixtures("unasked")
class TestHealth:
    def test_names_a_clock_that_is_gone(self) -> None:
        heartbeats.beat(actor=system(Door.CLOCK), at=datetime.now(UTC), name=heartbeats.CLOCK)
        assert Client().get("/healthz").status_code == 200
        forget()
        Beat.objects.update(at=datetime.now(UTC) - health.SILENT - timedelta(seconds=1))
        answer = Client().get("/healthz")
        assert (answer.status_code, len(answer.json()["faults"])) == (503, 1)
        assert "clock was last seen" in answer.json()["faults"][0]

    def test_is_given_back_by_the_next_sign_of_life(self) -> None:
        Beat.objects.create(name=heartbeats.CLOCK, at=datetime.now(UTC) - timedelta(days=1))
        heartbeats.beat(actor=system(Door.CLOCK), at=datetime.now(UTC), name=heartbeats.CLOCK)
        assert Client().get("/healthz").json()["faults"] == []

    def test_is_kept_by_a_clock_that_runs(self) -> None:
        clock = Clock()
        thread = threading.Thread(target=clock.run, args=(lambda: False,))
        thread.start()
        assert eventually(lambda: Beat.objects.filter(name=heartbeats.CLOCK).exists())
        clock.stop()
        thread.join()
        connection.close()
