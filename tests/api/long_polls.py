"""The process of long polls, started as production does, and calls that are sent to it and left to wait."""

import http.client
import json
import os
import select
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.chaos.workers import ROOT, database_url
from tests.servers.process import Process
from tests.servers.valkey import free_port

WAITS = ("hitl_project.asgi", "--worker-class", "hitl_project.serving.asgi_worker.Worker")
WEB = ("hitl_project.wsgi", "--worker-class", "gthread", "--threads", "8")
# What the server itself says, and when it says it.
OF_THE_SERVER = {"server", "date", "connection"}


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """The body's value."""
        return json.loads(self.content)


class Call:
    """A call that was sent; its answer is read when somebody asks for it."""

    def __init__(self, port: int, method: str, path: str, headers: Mapping[str, str], body: Any = None) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} /api/v1/{path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"] if content else []
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode() + content)

    def is_waiting(self, seconds: float = 1.0) -> bool:
        """Return whether there is no answer for so long."""
        return not select.select([self.socket], [], [], seconds)[0]

    def answer(self) -> Answered:
        """Read the answer."""
        response = http.client.HTTPResponse(self.socket)
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders() if name.lower() not in OF_THE_SERVER}
        return Answered(response.status, headers, response.read())

    def leave(self) -> None:
        """Hang up."""
        self.socket.close()


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    process: Process

    def get(self, path: str, headers: Mapping[str, str]) -> Call:
        """Send a GET."""
        return Call(self.port, "GET", path, headers)

    def post(self, path: str, headers: Mapping[str, str], body: Any) -> Call:
        """Send a POST."""
        return Call(self.port, "POST", path, headers, body)

    def worker(self) -> int:
        """The process that serves, which the first one started."""
        return int(Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()[0])


@contextmanager
def running(folder: Path, command: tuple[str, ...] = WAITS, **environment: str) -> Generator[Server]:
    """A server on the test's own database while the block runs."""
    port = free_port()
    given = {
        "DATABASE_URL": database_url(),
        "HITL_HOME": os.environ["HITL_HOME"],
        "HITL_DECISION_KEYS": ",".join(settings.HITL_DECISION_KEYS),
        # It decides the order of what is written from a set, such as a header's directives.
        "PYTHONHASHSEED": "0",
    } | environment
    options = ("--bind", f"127.0.0.1:{port}", "--chdir", str(ROOT), "--no-control-socket")
    process = Process(
        ["/usr/bin/env", *(f"{name}={value}" for name, value in given.items()), sys.executable, "-m", "gunicorn",
         *command, *options],
        log=folder / f"server-{port}.log",
    )  # fmt: skip
    process.start(lambda: _answers(port))
    try:
        yield Server(port, process)
    finally:
        process.stop()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
