"""`manage.py run`: the inbox opens soon, nothing is left behind however it ends, and it goes on where it was."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import requests

from tests.management.processes import eventually
from tests.management.running import ROOT, Demo, environment, free_port, interrupt, running, start, told_home
from tests.servers import slow

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]
INVOICE = {
    "issuer": "Harbor Lights Ltd",
    "invoice_number": "HL-20441",
    "date": "2026-10-02",
    "amount": "88.10",
    "currency": "EUR",
}


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with running(tmp_path) as found:
        yield found


def propose(demo: Demo, **payload: str) -> dict[str, object]:
    body = {"action_type": "invoice.post", "payload": INVOICE | payload}
    answer = demo.call("POST", "actions/", json=body, headers={"Idempotency-Key": str(uuid4())})
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json()
    return found


class TestTheFirstStart:
    def test_opens_the_inbox_within_a_minute(self) -> None:
        # A minute on a machine that is free; the tests beside this one take their share of it.
        share = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
        assert told_home()[1] < 60 * share

    def test_writes_its_notes_for_its_owner_alone(self) -> None:
        home = told_home()[0]
        assert (home / "demo.json").stat().st_mode & 0o777 == 0o600
        notes = json.loads((home / "demo.json").read_text())
        assert set(notes) == {"url", "agent_key", "logins"}
        assert [login["roles"][0] for login in notes["logins"]] == [
            *("junior", "senior", "compliance", "integrator", "administrator")
        ]

    def test_leaves_no_process_after_ctrl_c(self) -> None:
        home, _ = told_home()
        assert Demo(home, 0, subprocess.Popen(["true"], text=True)).processes() == []


class TestSlowClients:
    def test_keep_nobody_waiting(self, demo: Demo) -> None:
        with slow.sockets(demo.port, 400, is_tls=False):
            assert slow.slowest(lambda: requests.get(f"{demo.url}/livez", timeout=10).status_code, 8) < slow.patience()
            assert slow.slowest(lambda: demo.call("GET", "me/").status_code, 4) < slow.patience()


class TestALaterStart:
    def test_goes_on_with_the_same_logins_and_key(self, demo: Demo) -> None:
        before = json.loads((told_home()[0] / "demo.json").read_text())
        assert demo.notes["logins"] == before["logins"]
        assert demo.notes["agent_key"] == before["agent_key"]
        assert demo.notes["url"] == demo.url
        assert demo.call("GET", "me/").status_code == 200

    def test_loses_nothing_after_everything_was_killed(self, demo: Demo) -> None:
        first = propose(demo)
        for pid in demo.processes():
            os.kill(pid, signal.SIGKILL)
        assert eventually(lambda: demo.processes() == [])
        demo.process.wait(10)
        again = start(demo.home)
        try:
            answer = again.call("GET", f"actions/{first['id']}/?wait=30&until=final").json()
            assert answer["state"] == "executed"
            assert [row["payload"].get("invoice_number") for row in again.journal()].count("HL-20441") == 1
        finally:
            interrupt(again)


class TestTheEnd:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
    def test_of_the_supervisor_ends_every_process(self, demo: Demo, number: signal.Signals) -> None:
        assert len(demo.processes()) >= 4
        demo.process.send_signal(number)
        assert eventually(lambda: demo.processes() == [], 20), demo.said

    def test_of_one_process_is_made_good(self, demo: Demo) -> None:
        worker = next(pid for pid in demo.processes() if b"celery" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(worker, signal.SIGKILL)
        assert eventually(lambda: "worker stopped unexpectedly" in demo.said)
        answer = propose(demo, invoice_number="HL-20442")
        assert demo.call("GET", f"actions/{answer['id']}/?wait=30&until=final").json()["state"] == "executed"


class TestWhatStandsInTheWay:
    def refusal(self, home: Path, command: str = "run", **more: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", command],
            cwd=ROOT, env=environment(home, free_port(), **more), capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip
        assert done.returncode != 0
        assert "Traceback" not in done.stdout + done.stderr
        return done.stderr

    def test_a_second_run_in_the_same_folder(self, demo: Demo) -> None:
        assert "is already running" in self.refusal(demo.home)

    def test_a_port_in_use(self, demo: Demo, tmp_path: Path) -> None:
        assert f"Port {demo.port} is in use" in self.refusal(tmp_path / "other", PORT=str(demo.port))

    @pytest.mark.parametrize("command", ["run", "seed_demo", "reset", "feed"])
    def test_a_database_of_somebodys_own(self, tmp_path: Path, command: str) -> None:
        refused = self.refusal(tmp_path, command, DATABASE_URL=f"sqlite:///{tmp_path / 'mine.sqlite3'}")
        assert "Unset DATABASE_URL" in refused


class TestReset:
    def test_throws_a_demo_away_and_nothing_else(self, tmp_path: Path) -> None:
        home = tmp_path / "home"
        shutil.copytree(told_home()[0], home)
        environ = environment(home, free_port())
        command = [sys.executable, "manage.py", "reset"]
        subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True)
        assert {path.name for path in home.iterdir()} <= {"run.lock"}
        (home / "mine.txt").write_text("mine")
        done = subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True)
        assert "Nothing was deleted" in done.stdout
        assert (home / "mine.txt").exists()


class TestTheFeeder:
    def test_keeps_proposing_over_rest(self, tmp_path: Path) -> None:
        told = len((told_home()[0] / "journal.jsonl").read_text().splitlines())
        with running(tmp_path, FEED="1") as demo:
            log = demo.home / "logs" / "feeder.log"
            assert eventually(lambda: len(demo.journal()) >= told + 2, 90), log.read_text()
            assert "refused (" not in log.read_text()
