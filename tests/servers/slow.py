"""Clients that send and read slowly, as one does who wants a server to wait for them."""

import contextlib
import itertools
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator

HEADER = b"GET /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = b"POST /api/v1/evaluate/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999\r\n\r\n{"
# 1.5 MB, more than the system takes in for a client that does not read.
BUNDLE = b"/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js"
READER = b"GET " + BUNDLE + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
KINDS = (b"", HEADER, BODY, READER)
ONE_MORE = 1.0


@contextlib.contextmanager
def sockets(port: int, count: int, *, is_tls: bool) -> Iterator[None]:
    """Hold this many connections: silent ones, half headers, half bodies, and some that never read an answer."""
    with contextlib.ExitStack() as stack:
        opened = [
            stack.enter_context(contextlib.closing(_begin(port, kind, is_tls)))
            for kind, _ in zip(itertools.cycle(KINDS), range(count), strict=False)
        ]
        is_over = threading.Event()
        feeder = threading.Thread(target=_feed, args=(opened, is_over), daemon=True)
        feeder.start()
        yield
        is_over.set()
        feeder.join()


def patience() -> float:
    """Two seconds on a machine that is free; the tests beside this one take their share of it."""
    return 2 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def slowest(ask: Callable[[], int], seconds: float) -> float:
    """The longest time in seconds that one of many questions took; each must be answered with 200."""
    took, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        assert ask() == 200
        took.append(time.monotonic() - began)
    return max(took)


def _begin(port: int, kind: bytes, is_tls: bool) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    if not kind:
        return connection
    if kind is READER:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    if is_tls:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = context.wrap_socket(connection)
    connection.sendall(kind)
    return connection


def _feed(opened: list[socket.socket], is_over: threading.Event) -> None:
    while not is_over.wait(ONE_MORE):
        for connection in opened:
            # The server is free to have closed it.
            with contextlib.suppress(OSError):
                connection.settimeout(0.05)
                connection.send(b"x")
