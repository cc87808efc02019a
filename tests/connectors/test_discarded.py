"""What was not delivered when a call ended is never delivered: others may have asked since, and sent it again."""

import os
import signal
import socket
import time
from collections.abc import Generator

import pytest
from pytest_django import Settings

from approvals.connectors import outbound
from approvals.connectors.outbound import NoAnswer, Request

BODY = b"x" * 12_000


@pytest.fixture
def busy(settings: Settings) -> Generator[socket.socket]:
    """A server that takes connections and has no room for a whole request until it reads."""
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    server.bind(("127.0.0.1", 0))
    server.listen()
    settings.HITL_OUTBOUND_LOOPBACK = [f"127.0.0.1:{server.getsockname()[1]}"]
    with server:
        yield server


def send(server: socket.socket, seconds: float) -> None:
    outbound.call(Request("POST", f"http://127.0.0.1:{server.getsockname()[1]}/", {}, BODY), seconds)


def received(taken: socket.socket) -> int:
    """How much arrives from now on."""
    taken.settimeout(5)
    count = 0
    try:
        while piece := taken.recv(65536):
            count += len(piece)
    except ConnectionResetError:
        pass
    return count


def test_a_request_that_was_given_up_does_not_arrive_later(busy: socket.socket) -> None:
    with pytest.raises(NoAnswer):
        send(busy, 0.3)
    with busy.accept()[0] as taken:
        assert received(taken) < len(BODY)


def test_a_request_of_a_process_that_was_killed_does_not_arrive_later(busy: socket.socket) -> None:
    child = os.fork()
    if not child:
        send(busy, 60)
        os._exit(0)
    with busy.accept()[0] as taken:
        # All of it is with the system by then: the process waits for the answer.
        time.sleep(0.3)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert received(taken) < len(BODY)
