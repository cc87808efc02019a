"""A connection to one MCP server behind the gateway, and what is known after a call.

| what came back | what is known |
|---|---|
| a result | it ran |
| a result marked as an error | the tool says that it failed |
| an error that says the request itself was wrong | nothing happened |
| any other error, no answer in time, or a lost connection | nobody knows |
"""

import asyncio
import contextlib
import os
from collections.abc import Mapping
from typing import Any

import httpx2
from hitl_client import Uncertain
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp_types import (
    HEADER_MISMATCH,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    PARSE_ERROR,
    CallToolResult,
    Tool,
)

from hitl_mcp.config import Server, from_environment

CONNECT_SECONDS = 30.0
NOTHING_HAPPENED = {HEADER_MISMATCH, INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND, PARSE_ERROR}
MAX_PAGES = 100


class Down(Exception):
    """The server does not answer, and nothing was called."""


class Refused(Exception):
    """The server did not take the call, so nothing happened."""


class Upstream:
    """One server: connected when it is first needed, and again after it was lost."""

    def __init__(self, server: Server):
        self.server = server
        self._client: Client | None = None
        self._owner: asyncio.Task[None] | None = None
        self._leave = asyncio.Event()
        self._connecting = asyncio.Lock()

    async def tools(self) -> list[Tool]:
        """List its tools, as they are now.

        :raises Down: it does not answer.
        """
        for is_last in (False, True):
            client = await self._connected()
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    return await _all_tools(client)
            except Exception as error:
                # A connection that was lost since the last call shows only now. Listing again does no harm.
                await self.close()
                if is_last:
                    raise Down(f"The MCP server {self.server.name} does not answer: {error!r}") from error
        raise AssertionError("unreachable")

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> CallToolResult:
        """Call a tool, once.

        :raises Down: it was not called.
        :raises Refused: nothing happened.
        :raises Uncertain: nobody knows whether something happened.
        """
        client = await self._connected()
        try:
            return await client.call_tool(tool, dict(arguments), read_timeout_seconds=self.server.call_seconds)
        except MCPError as error:
            if error.code in NOTHING_HAPPENED:
                raise Refused(error.message) from error
            await self.close()
            raise Uncertain(f"The MCP server {self.server.name} gave no answer that tells: {error.message}") from error
        except Exception as error:
            raise Uncertain(f"The answer of the MCP server {self.server.name} cannot be read: {error!r}") from error

    async def close(self) -> None:
        """Close the connection; the next call opens another one."""
        owner, self._owner, self._client = self._owner, None, None
        if owner is not None:
            self._leave.set()
            with contextlib.suppress(Exception, asyncio.CancelledError):
                await asyncio.wait({owner}, timeout=10)

    async def _connected(self) -> Client:
        async with self._connecting:
            if self._client is None:
                self._leave = asyncio.Event()
                ready: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
                # The task that opens a connection must close it too, so it lives as long as the connection.
                owner = asyncio.create_task(self._own(ready, self._leave))
                owner.add_done_callback(_seen)
                either: set[asyncio.Future[Any]] = {ready, owner}
                await asyncio.wait(either, timeout=CONNECT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                if not ready.done():
                    why = repr(owner.exception()) if owner.done() else "it does not answer"
                    owner.cancel()
                    raise Down(f"The MCP server {self.server.name} cannot be reached: {why}")
                self._owner, self._client = owner, ready.result()
            return self._client

    async def _own(self, ready: "asyncio.Future[Client]", leave: asyncio.Event) -> None:
        async with contextlib.AsyncExitStack() as stack:
            ready.set_result(await stack.enter_async_context(await self._opened(stack)))
            await leave.wait()

    async def _opened(self, stack: contextlib.AsyncExitStack) -> Client:
        server = self.server
        if server.command:
            env = {name: os.environ[name] for name in server.env if name in os.environ}
            target: Any = StdioServerParameters(command=server.command[0], args=list(server.command[1:]), env=env)
        else:
            headers = {"Authorization": f"Bearer {from_environment(server.token)}"} if server.token else {}
            timeout = httpx2.Timeout(CONNECT_SECONDS, read=server.call_seconds + CONNECT_SECONDS)
            http = await stack.enter_async_context(httpx2.AsyncClient(headers=headers, timeout=timeout))
            target = streamable_http_client(server.url, http_client=http)
        # Nothing is cached: what a tool says must be compared as it is now.
        return Client(target, cache=None)


def _seen(owner: "asyncio.Task[None]") -> None:
    """A connection that breaks shows in the next call, so nobody asks its task why."""
    if not owner.cancelled():
        owner.exception()


async def _all_tools(client: Client) -> list[Tool]:
    found: list[Tool] = []
    cursor: str | None = None
    for _ in range(MAX_PAGES):
        page = await client.list_tools(cursor=cursor)
        found += page.tools
        cursor = page.next_cursor
        if cursor is None:
            return found
    raise ValueError(f"The list of tools has more than {MAX_PAGES} pages.")
