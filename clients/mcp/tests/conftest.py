"""What all tests share: the product, and a gateway of each test's own."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult, Tool

from hitl_mcp import kinds
from hitl_mcp.config import Server
from hitl_mcp.pins import Pins, definition
from hitl_mcp.upstream import Upstream
from tests.aids.product import Product, free_port, running, until

NOTES = Path(__file__).parent / "aids" / "notes_server.py"
RUNS = {"read_notes", "crash", "long"}
POLICY = {
    "about": "For the tests of MCP.",
    "confidence": {"absent": "ignore"},
    # Reading the same file twice is no duplicate.
    "flags": {"outcome": "review", "ignore": ["seen_before"]},
    "tiers": {
        "junior": {"who": "desk", "quorum": 1, "due": "1d", "on_timeout": "expire"},
        "senior": {"who": "desk", "quorum": 1, "due": "1d", "on_timeout": "expire"},
    },
    "undo": {"after_person": "1s", "after_policy": "0s"},
}


def catalog(folder: Path) -> Path:
    """A policy that runs, one that asks, and an action type for each tool, as `hitl-mcp kinds` proposes it."""
    for room in ("policies", "types"):
        (folder / room).mkdir(parents=True)
    for name, outcome in (("runs", "auto"), ("asks", "review")):
        rule = {"name": name, "when": "true", "outcome": outcome, "says": "So it is here."}
        document = {"policy": f"mcp-{name}", "title": name, "rules": [rule], **POLICY}
        (folder / "policies" / f"mcp-{name}.yaml").write_text(json.dumps(document))
    low = {"stakes": "low", "reversibility": "reversible", "has_external_impact": "no"}
    for tool in asyncio.run(_tools(folder)):
        kind = kinds.kind_of(Server("notes"), definition(tool), low)
        does_run = kind["name"].rpartition(".")[2] in RUNS
        more = {"desk": "it", "policy": "mcp-runs" if does_run else "mcp-asks", "undo_seconds": 0 if does_run else 1}
        mode = {"mode": "autonomous"} if does_run else {}
        (folder / "types" / f"{kind['name']}.yaml").write_text(json.dumps({**kind, **more, **mode}))
    return folder


async def _tools(folder: Path) -> list[Tool]:
    upstream = Upstream(Server("notes", command=(sys.executable, str(NOTES), str(folder))))
    try:
        return await upstream.tools()
    finally:
        await upstream.close()


@pytest.fixture(scope="session")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A pin file in which a person accepted every tool."""
    folder = tmp_path_factory.mktemp("pins")
    pins = Pins(folder / "pins.json")
    pins.accept("notes", pins.changes("notes", asyncio.run(_tools(folder))))
    return pins.path.read_text()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("product")
    with running(folder, catalog(folder / "catalog")) as product:
        yield product


@dataclass
class Gateway:
    """A gateway with one notes server behind it, in a folder of its own."""

    product: Product
    folder: Path
    started: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def config(self) -> Path:
        """Its configuration."""
        return self.folder / "hitl-mcp.toml"

    @property
    def env(self) -> dict[str, str]:
        """Its environment."""
        return {**os.environ, "HITL_KEY": self.product.notes["agent_key"]}

    def configure(self, *, hold: float = 20, server: str = "", **more: Any) -> None:
        """Write the configuration."""
        command = server or f"command = {json.dumps([sys.executable, str(NOTES), str(self.folder)])}"
        top = "".join(f"{name} = {json.dumps(value)}\n" for name, value in more.pop("top", {}).items())
        rest = "".join(f"{name} = {json.dumps(value)}\n" for name, value in more.items())
        self.config.write_text(
            f'url = "{self.product.url}"\nkey = "HITL_KEY"\nfolder = "state"\nhold_seconds = {hold}\n{top}'
            f"[servers.notes]\n{command}\n{rest}"
        )

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        command = [sys.executable, "-m", "hitl_mcp", *arguments, "--config", str(self.config)]
        return subprocess.run(
            command, env=self.env, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False
        )

    def stdio(self, **more: Any) -> Client:
        """The official client, which starts the gateway."""
        arguments = ["-m", "hitl_mcp", "gateway", "--config", str(self.config)]
        return Client(StdioServerParameters(command=sys.executable, args=arguments, env=self.env), **more)

    def serve(self, *arguments: str) -> "Served":
        """The gateway as a service, over HTTP."""
        port = free_port()
        command = [sys.executable, "-m", "hitl_mcp", "serve", "--config", str(self.config)]
        with (self.folder / "serve.log").open("ab") as out:
            process = subprocess.Popen(
                [*command, "--listen", f"127.0.0.1:{port}", *arguments], env=self.env, stdout=out, stderr=out
            )
        self.started.append(process)
        until(lambda: _listens(port) or process.poll() is not None)
        assert process.poll() is None, (self.folder / "serve.log").read_text()
        return Served(process, f"http://127.0.0.1:{port}/notes/mcp")

    def notes_over_http(self) -> int:
        """Start the notes server on a port."""
        port = free_port()
        self.started.append(subprocess.Popen([sys.executable, str(NOTES), str(self.folder), str(port)]))
        until(lambda: _listens(port))
        return port

    def switch(self, name: str, *, on: bool = True) -> None:
        """Make the notes server behave in another way."""
        (self.folder / name).touch() if on else (self.folder / name).unlink()

    def effects(self) -> list[str]:
        """What the notes server did."""
        path = self.folder / "notes"
        return path.read_text().splitlines() if path.exists() else []


@dataclass
class Served:
    """A gateway that listens."""

    process: "subprocess.Popen[bytes]"
    url: str

    def kill(self) -> None:
        """`kill -9`."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def left_behind(config: Path) -> list[int]:
    """The processes that still go on with calls of this configuration."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if str(config) in path.read_text():
                found.append(int(path.parent.name))
    return found


@pytest.fixture
def gateway(product: Product, tmp_path: Path, accepted: str) -> Iterator[Gateway]:
    gateway = Gateway(product, tmp_path)
    gateway.configure()
    (tmp_path / "state").mkdir(mode=0o700)
    (tmp_path / "state" / "pins.json").write_text(accepted)
    yield gateway
    for process in gateway.started:
        process.kill()
        process.wait()
    for pid in left_behind(gateway.config):
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def line(request: pytest.FixtureRequest) -> str:
    """A line that nobody else writes."""
    return f"{request.node.name} {uuid.uuid4().hex[:8]}"


@contextlib.asynccontextmanager
async def begun(client: Client, tool: str, line: str, **more: Any) -> AsyncIterator["asyncio.Task[CallToolResult]"]:
    """A call that is under way; it is cancelled at the end of the block if nobody awaited it."""
    task = asyncio.create_task(client.call_tool(tool, {"line": line}, **more))
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await task


def text(result: CallToolResult) -> str:
    """What a result says."""
    return "\n".join(block.text for block in result.content if block.type == "text")


async def decided(product: Product, verb: str, line: str, **more: Any) -> str:
    """Decide in a thread, so that the client goes on meanwhile."""
    return await asyncio.to_thread(product.decide, verb, line, **more)
