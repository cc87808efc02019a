"""The real product as a process of its own, and a person who decides."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[4]
INTERPRETER = os.environ.get("HITL_PRODUCT_PYTHON") or str(ROOT / ".venv" / "bin" / "python")
OURS = ("HITL_", "DATABASE_", "REDIS_", "PORT", "FEED", "DJANGO_", "PYTHON")


def until(asked: Callable[[], Any], seconds: float = 30.0) -> Any:
    """What a question answers as soon as it is not false."""
    end = time.monotonic() + seconds
    while not (found := asked()):
        assert time.monotonic() < end, "It did not happen."
        time.sleep(0.05)
    return found


@dataclass
class Product:
    """A running demo."""

    home: Path
    port: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @cached_property
    def notes(self) -> dict[str, Any]:
        """Its key and logins."""
        return dict(json.loads((self.home / "demo.json").read_text()))

    @cached_property
    def junior(self) -> httpx.Client:
        """The session of a reviewer."""
        session = httpx.Client(base_url=self.url, timeout=30)
        session.get("/admin/login/")
        login = next(each for each in self.notes["logins"] if each["username"] == "junior")
        token = session.cookies["csrftoken"]
        form = {"username": "junior", "password": login["password"], "csrfmiddlewaretoken": token}
        answer = session.post("/admin/login/", data=form, headers={"Referer": self.url})
        assert answer.status_code == 302, answer.text
        return session

    def agent(self, path: str) -> dict[str, Any]:
        """Read with the agent's key."""
        headers = {"Authorization": f"Bearer {self.notes['agent_key']}"}
        return dict(httpx.get(f"{self.url}/api/v1/{path}", headers=headers, timeout=30).raise_for_status().json())

    def waiting(self, line: str) -> dict[str, Any] | None:
        """The action with this line that waits for a person."""
        found = self.agent("actions/?state=pending")["results"]
        return next((each for each in found if each["revision"]["payload"].get("line") == line), None)

    def with_line(self, line: str) -> list[dict[str, Any]]:
        """Every action with this line."""
        found = self.agent("actions/")["results"]
        return [each for each in found if each["revision"]["payload"].get("line") == line]

    def decide(self, verb: str, line: str, **more: Any) -> str:
        """Decide on the action with this line as soon as it waits; its ID."""
        action = until(lambda: self.waiting(line))
        shown = self.junior.get(f"/api/v1/actions/{action['id']}/").json()
        seen = {
            "revision": shown["revision"]["number"],
            "digest": shown["revision"]["digest"],
            "target_digest": shown["execution"]["target"]["digest"],
        }
        return self.post(f"{action['id']}/{verb}", {**seen, "rationale": "Seen.", **more})

    def post(self, path: str, body: dict[str, Any]) -> str:
        """Send what a reviewer does with an action; its ID."""
        headers = {"X-CSRFToken": self.junior.cookies["csrftoken"], "Referer": self.url}
        answer = self.junior.post(f"/api/v1/actions/{path}/", json=body, headers=headers)
        assert answer.status_code < 300, answer.text
        return str(answer.json()["id"])


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(folder: Path, catalog: Path) -> Iterator[Product]:
    """A running product in a folder of its own, with the policies and types of a catalog."""
    home, port, log = folder / "home", free_port(), folder / "product.log"
    home.mkdir(mode=0o700)
    env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    command = [INTERPRETER, "-m", "clients.product", str(home), str(port), str(catalog)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True)
    product = Product(home, port)
    try:
        until(lambda: _answers(product, process, log), 120)
        yield product
    finally:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _answers(product: Product, process: "subprocess.Popen[bytes]", log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(f"{product.url}/readyz", timeout=5).status_code == 200
    return False
