"""The real product as a subprocess, and the people who decide at it. Only HTTP reaches it."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[3]
INTERPRETER = os.environ.get("HITL_PRODUCT_PYTHON") or str(ROOT / ".venv" / "bin" / "python")
OURS = ("HITL_", "DATABASE_", "REDIS_", "PORT", "FEED", "DJANGO_", "PYTHON")
READY_SECONDS = 120.0
KIND = "ticket.refund"


def eventually(found: Callable[[], Any], seconds: float = 60.0) -> Any:
    """What `found` returns as soon as it is true."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if value := found():
            return value
        time.sleep(0.1)
    raise AssertionError(f"It did not happen within {seconds} seconds.")


@dataclass
class Product:
    """One running product. `notes` is its demo.json."""

    url: str
    notes: dict[str, Any]
    people: dict[str, httpx.Client] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The agent's key."""
        return str(self.notes["agent_key"])

    def person(self, name: str) -> httpx.Client:
        """The session of one of its logins."""
        if name not in self.people:
            session = httpx.Client(base_url=self.url, timeout=30, follow_redirects=True)
            token = session.get("/admin/login/").cookies["csrftoken"]
            password = next(login["password"] for login in self.notes["logins"] if login["username"] == name)
            form = {"username": name, "password": password, "csrfmiddlewaretoken": token}
            session.post("/admin/login/?next=/admin/inbox/", data=form).raise_for_status()
            self.people[name] = session
        return self.people[name]

    def post(self, path: str, body: Any, *, by: str = "junior") -> Any:
        """A person's call."""
        session = self.person(by)
        headers = {"X-CSRFToken": session.cookies["csrftoken"], "Referer": self.url}
        answer = session.post(f"/api/v1/{path}", json=body, headers=headers)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def actions(self, thread: str) -> list[dict[str, Any]]:
        """All actions of a thread."""
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = httpx.get(f"{self.url}/api/v1/actions/", params={"thread": thread}, headers=headers, timeout=30)
        return list(answer.raise_for_status().json()["results"])

    def only(self, thread: str) -> dict[str, Any]:
        """The one action of a thread."""
        (found,) = self.actions(thread)
        return found

    def pending(self, thread: str) -> dict[str, Any]:
        """The one action of a thread, as soon as people can decide on it."""
        return dict(eventually(lambda: next((one for one in self.actions(thread) if one["state"] == "pending"), None)))

    def decide(self, thread: str, verb: str, *, by: str = "junior", **more: Any) -> None:
        """Decide on the action of a thread as soon as it waits for people."""
        action = self.pending(thread)
        seen = {"revision": action["revision"]["number"], "digest": action["revision"]["digest"]}
        if verb in {"approve", "modify"}:
            seen["target_digest"] = action["execution"]["target"]["digest"]
        self.post(f"actions/{action['id']}/{verb}/", {**seen, **more}, by=by)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _answers(url: str, process: "subprocess.Popen[bytes]", log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(f"{url}/readyz", timeout=5).status_code == 200
    return False


@contextmanager
def running(folder: Path) -> Iterator[Product]:
    """A running product in a folder of its own."""
    home, port, log = folder / "home", _free_port(), folder / "product.log"
    home.mkdir(mode=0o700)
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [INTERPRETER, "-m", "clients.product", str(home), str(port)],
            cwd=ROOT, env=_environment(), stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    try:
        eventually(lambda: _answers(url, process, log), READY_SECONDS)
        yield Product(url, json.loads((home / "demo.json").read_text()))
    finally:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        # What is left of it has its group.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
