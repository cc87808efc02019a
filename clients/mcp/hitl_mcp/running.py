"""The processes: a gateway on stdio, one on HTTP, and one that only goes on with what is open."""

import asyncio
import fcntl
import hmac
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import uvicorn
from hitl_client import AsyncClient
from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from hitl_mcp.config import Config, ConfigError
from hitl_mcp.face import Face
from hitl_mcp.gate import Gate

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@asynccontextmanager
async def opened(config: Config) -> AsyncIterator[Gate]:
    """A gate that also goes on with the calls of its predecessors."""
    os.umask(0o077)
    config.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with AsyncClient(config.url, config.secret(), journal=config.folder / "journal") as client:
        gate = Gate(config, client)
        tending = asyncio.create_task(gate.tend())
        try:
            yield gate
        finally:
            tending.cancel()
            await gate.close()


async def serve_stdio(config: Config, name: str | None) -> None:
    """Serve one server on stdin and stdout, until the client closes them."""
    server = config.server(name)
    async with opened(config) as gate:

        def leave() -> None:
            # A read of stdin cannot be interrupted, so the process ends without the usual farewell.
            _leave_behind(gate)
            os._exit(0)

        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, leave)
        await _on_stdio(Face(gate, server.name).served())
    _leave_behind(gate)


async def _on_stdio(served: Server) -> None:
    async with stdio_server() as (reading, writing):
        await served.run(reading, writing, served.create_initialization_options())


def _leave_behind(gate: Gate) -> None:
    """Start a process of its own for the calls that still wait, because a client on stdio takes this one with it."""
    if gate.unfinished():
        command = [sys.executable, "-m", "hitl_mcp", "resume", "--config", str(gate.config.path)]
        with (gate.config.folder / "resume.log").open("ab") as log:
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)


async def resume(config: Config) -> None:
    """Go on with every open call until none is left. One such process is enough."""
    config.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (config.folder / "resume.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        async with opened(config) as gate:
            while gate.unfinished():
                await asyncio.sleep(1)


async def serve_http(config: Config, host: str, port: int, token: str) -> None:
    """Serve every server under `/<name>/mcp`.

    :raises ConfigError: other machines could call it, and nobody would need a token.
    """
    if host not in LOOPBACK and not token:
        raise ConfigError("Set --token to an environment variable that holds a token. Other machines can connect.")
    async with opened(config) as gate, AsyncExitStack() as stack:
        routes = []
        for name in config.servers:
            manager = StreamableHTTPSessionManager(Face(gate, name).served(), security_settings=_hosts(host))
            await stack.enter_async_context(manager.run())
            routes.append(Route(f"/{name}/mcp", endpoint=StreamableHTTPASGIApp(manager)))
        app: ASGIApp = Starlette(routes=routes)
        await _run_http(Guarded(app, token) if token else app, host, port)


async def _run_http(app: ASGIApp, host: str, port: int) -> None:
    options = uvicorn.Config(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=2)
    await uvicorn.Server(options).serve()


def _hosts(host: str) -> TransportSecuritySettings | None:
    """On this machine, refuse pages in a browser that reach it under another name."""
    if host not in LOOPBACK:
        return None
    names = ["127.0.0.1:*", "localhost:*", "[::1]:*"]
    return TransportSecuritySettings(allowed_hosts=names, allowed_origins=[f"http://{name}" for name in names])


class Guarded:
    """Lets only requests with the bearer token through."""

    def __init__(self, app: ASGIApp, token: str):
        self.app, self.expected = app, f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401 without the token."""
        given = dict(scope.get("headers") or ()).get(b"authorization", b"")
        if scope["type"] == "http" and not hmac.compare_digest(given, self.expected):
            await PlainTextResponse("Send the token of this gateway.", 401)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def default_path() -> Path:
    """Where the configuration is looked for."""
    return Path(os.environ.get("HITL_MCP_CONFIG", "hitl-mcp.toml"))
