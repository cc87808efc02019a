"""Servers that the tests of several connectors call."""

import json
import socket
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from pytest_django import Settings

from approvals.connectors.base import Order
from tests.servers import scim
from tests.servers.process import Process

TOKEN = "open-sesame"
ODD = 'Ops "all" \\ users'


@dataclass
class Provider:
    """A SCIM provider in a process of its own, and what it says of itself."""

    port: int

    def control(self, **wanted: Any) -> dict[str, Any]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        method, body = ("POST", json.dumps(wanted)) if wanted else ("GET", None)
        connection.request(method, "/control", body)
        state: dict[str, Any] = json.loads(connection.getresponse().read())
        connection.close()
        return state

    def members(self, group: str = "readers") -> list[str]:
        members: list[str] = self.control()["groups"][group]["members"]
        return members

    def is_up(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def prepare(self, settings: Settings) -> None:
        """Let it through by its port, and put its users and groups back."""
        host = f"127.0.0.1:{self.port}"
        settings.HITL_OUTBOUND_LOOPBACK = [host]
        settings.HITL_CREDENTIALS = {"IDP": [host]}
        settings.HITL_CREDENTIAL_TOKENS = {"IDP": TOKEN}
        users = {"u-1": "mara@example.com", "u-2": "o'neil@example.com", "u/3": 'a" or userName eq "mara@example.com'}
        groups: dict[str, list[str]] = {"Readers": [], "Writers": ["u-1"], ODD: []}
        usual = {"has_versions": True, "hides_members": False, "ignores_filters": False}
        self.control(users=users, groups=groups, faults=[], changes=[], requests=[], **usual)

    def order(self, group: Any = "readers", user: Any = "u-1", operation: str = "add", **target: Any) -> Order:
        url = f"http://127.0.0.1:{self.port}/scim/v2/"
        target = {"url": url, "credential": "IDP", "operation": operation, **target}
        body = json.dumps({"group": group, "user": user})
        return Order("k" * 64, "a-1", "access.grant", "bot", 1, body, target)


@contextmanager
def provider_process(folder: Path) -> Generator[Provider]:
    """A provider that runs until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        provider = Provider(probe.getsockname()[1])
    server = Process([sys.executable, scim.__file__, str(provider.port), TOKEN], log=folder / "log")
    server.start(provider.is_up)
    try:
        yield provider
    finally:
        server.stop()


class Mailbox:
    """An SMTP server that counts the emails that it took; `is_cut` closes the connection instead of confirming one."""

    def __init__(self) -> None:
        self.took, self.is_cut, self.is_silent = 0, False, False
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.socket.getsockname()[1])
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                peer, _address = self.socket.accept()
            except OSError:
                return
            with peer, peer.makefile("rwb", buffering=0) as lines:
                self.talk(lines)

    def talk(self, lines: Any) -> None:
        lines.write(b"220 ready\r\n")
        for line in lines:
            if line.upper().startswith(b"DATA"):
                lines.write(b"354 go on\r\n")
                while lines.readline() not in {b".\r\n", b""}:
                    pass
                self.took += 1
                if self.is_cut:
                    return
                if self.is_silent:
                    continue
            lines.write(b"250 fine\r\n")
