"""The real `manage.py run` in a folder of a test's own: started, asked over HTTP, ended in every way there is.

The history is told once per test run, by the start that is measured; later starts go on from a copy of its folder.
"""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.management.processes import eventually, living_in

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 150.0
OURS = ("HITL_", "DATABASE_", "REDIS_", "TEST_", "PORT", "FEED", "EMAIL_", "MAKE", "DJANGO_", "PYTEST_")


@dataclass
class Demo:
    """One running demo."""

    home: Path
    port: int
    process: "subprocess.Popen[str]"
    seconds: float = 0.0

    @property
    def notes(self) -> dict[str, Any]:
        """What it wrote into demo.json."""
        found: dict[str, Any] = json.loads((self.home / "demo.json").read_text())
        return found

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        """What it printed so far."""
        return (self.home.parent / f"{self.home.name}.out").read_text()

    def password(self, username: str) -> str:
        """The password of a demo login."""
        return next(login["password"] for login in self.notes["logins"] if login["username"] == username)

    def sign_in(self, username: str) -> requests.Session:
        """A session of one of the demo's logins."""
        session = requests.Session()
        token = session.get(f"{self.url}/admin/login/", timeout=30).cookies["csrftoken"]
        form = {"username": username, "password": self.password(username), "csrfmiddlewaretoken": token}
        session.post(f"{self.url}/admin/login/?next=/admin/inbox/", data=form, timeout=30).raise_for_status()
        return session

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """One REST call with the agent's key."""
        headers = {"Authorization": f"Bearer {self.notes['agent_key']}", **options.pop("headers", {})}
        return requests.request(method, f"{self.url}/api/v1/{path}", headers=headers, timeout=90, **options)

    def journal(self) -> list[dict[str, Any]]:
        """Every effect that the journal connector had."""
        return [json.loads(line) for line in (self.home / "journal.jsonl").read_text().splitlines()]

    def processes(self) -> list[int]:
        """Every process of this demo that is there now."""
        return living_in(self.home)


def environment(home: Path, port: int, **more: str) -> dict[str, str]:
    """The environment of a terminal: nothing of what the tests set for themselves."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "HITL_MODE": "demo", "HITL_HOME": str(home), "PORT": str(port), "FEED": "0", **more}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def start(home: Path, **more: str) -> Demo:
    """Start the demo and wait until its inbox opens for the junior."""
    port = free_port()
    with (home.parent / f"{home.name}.out").open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=ROOT, env=environment(home, port, **more), stdout=out, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
    demo = Demo(home, port, process)
    began = time.monotonic()
    assert eventually(lambda: _is_open(demo), READY_SECONDS), demo.said
    demo.seconds = time.monotonic() - began
    return demo


def _is_open(demo: Demo) -> bool:
    assert demo.process.poll() is None, demo.said
    if not (demo.home / "demo.json").exists():
        return False
    with contextlib.suppress(requests.ConnectionError, KeyError):
        return demo.sign_in("junior").get(f"{demo.url}/admin/inbox/", timeout=30).status_code == 200
    return False


def interrupt(demo: Demo) -> int:
    """Ctrl-C; the exit status."""
    demo.process.send_signal(signal.SIGINT)
    return demo.process.wait(30)


def told_home() -> tuple[Path, float]:
    """A folder whose history is told, made once per test run, and how many seconds its first start took."""
    folder = Path(os.environ["HITL_TEST_FOLDER"])
    home, figure = folder / "told", folder / "told.seconds"
    with (folder / "told.lock").open("w") as lock:
        # Parallel workers share it: the first one makes it, the others wait.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not figure.exists():
            home.mkdir()
            demo = start(home)
            assert interrupt(demo) == 0, demo.said
            figure.write_text(str(demo.seconds))
    return home, float(figure.read_text())


@contextmanager
def running(folder: Path, **more: str) -> Iterator[Demo]:
    """A running demo with history, in a folder of its own; whatever is left of it at the end is killed."""
    home = folder / "home"
    shutil.copytree(told_home()[0], home)
    demo = start(home, **more)
    try:
        yield demo
    finally:
        if demo.process.poll() is None:
            interrupt(demo)
        for pid in demo.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
