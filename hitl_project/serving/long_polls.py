"""Long polls without threads: the WSGI application answers in a thread, and the wait before its answer holds none."""

import asyncio
import random
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope
from asgiref.wsgi import WsgiToAsgiInstance

from approvals.api.base.long_poll import LOOK, Look
from approvals.api.base.waits import Waits

Wsgi = Callable[[dict[str, Any], Callable[..., None]], Iterable[bytes]]
# So many look first, and as many look last: answers do not queue behind calls that begin.
THREADS = 2
# Agents that began together, as after a restart, end at different moments.
SHORTEST = 0.9
# More than the largest batch; the call itself refuses what is longer.
MAX_BODY = 17 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer of the WSGI application."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class LongPolls:
    """The ASGI application: it asks the WSGI application once, or once before and once after a wait."""

    def __init__(self, wsgi: Wsgi) -> None:
        self._wsgi = wsgi
        # These threads stay, and so do their connections to the database.
        self._first, self._last = ThreadPoolExecutor(THREADS, "first"), ThreadPoolExecutor(THREADS, "last")
        self._waits = Waits()

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer one call."""
        if scope["type"] != "http":
            raise ValueError(f"There is nothing for {scope['type']}.")
        body = await _body(scope, receive)
        if body is None:
            return
        look = Look()
        answer = await self._ask(scope, body, look)
        if look.waiting is not None:
            if not await self._is_still_there(look, receive):
                return
            look.is_last = True
            answer = await self._ask(scope, body, look)
        await send(
            {"type": "http.response.start", "status": answer.status, "headers": answer.headers, "trailers": False}
        )
        await send({"type": "http.response.body", "body": answer.body, "more_body": False})

    def stop(self) -> None:
        """Let all that wait be answered now."""
        self._waits.stop()

    async def _is_still_there(self, look: Look, receive: ASGIReceiveCallable) -> bool:
        """Wait, unless no slot is free; return whether the client is still there."""
        assert look.waiting is not None  # otherwise there was an answer
        over = self._waits.enter(look.waiting)
        if over is None:
            return True
        leaves = asyncio.ensure_future(receive())
        try:
            either: set[asyncio.Future[Any]] = {over, leaves}
            seconds = look.seconds * random.uniform(SHORTEST, 1)
            await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._waits.leave(over)
            is_gone = leaves.done()
            leaves.cancel()
        look.is_waited = not over.done() or over.result()
        return not is_gone

    async def _ask(self, scope: HTTPScope, body: bytes, look: Look) -> Answer:
        environ = _environ(scope, body) | {LOOK: look}
        threads = self._last if look.is_last else self._first
        return await asyncio.get_running_loop().run_in_executor(threads, self._answer, environ)

    def _answer(self, environ: dict[str, Any]) -> Answer:
        begun: list[tuple[str, list[tuple[str, str]]]] = []
        response = self._wsgi(environ, lambda status, headers, exc_info=None: begun.append((status, headers)))
        try:
            body = b"".join(response)
        finally:
            # Its end closes what has grown old, as in any other process.
            response.close()  # type: ignore[attr-defined]
        status, headers = begun[-1]
        return Answer(
            int(status.partition(" ")[0]),
            [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            body,
        )


async def _body(scope: HTTPScope, receive: ASGIReceiveCallable) -> bytes | None:
    """The whole body, as far as any call reads; None if the client left."""
    body = bytearray()
    if any(name == b"transfer-encoding" for name, _ in scope["headers"]):
        # It is refused, as each call needs the length.
        return b""
    while len(body) <= MAX_BODY:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message["body"]
        if not message["more_body"]:
            break
    return bytes(body)


def _environ(scope: HTTPScope, body: bytes) -> dict[str, Any]:
    """The request as WSGI has it."""
    bridge = WsgiToAsgiInstance(None)
    # A name with an underscore would become that of another header.
    bridge.scope = {**scope, "headers": [each for each in scope["headers"] if b"_" not in each[0]]}
    environ: dict[str, Any] = bridge.build_environ(bridge.scope, BytesIO(body))
    environ.setdefault("REMOTE_ADDR", "")
    return environ
