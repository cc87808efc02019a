"""Probes of a real web process answer within half a second while the database and the broker hang."""

import os
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager

import pytest
import requests

from tests.chaos.test_lost_database import on_postgres
from tests.chaos.workers import Workers, until
from tests.servers.postgres import Postgres
from tests.servers.process import Process
from tests.servers.valkey import Valkey, free_port

__all__ = ["on_postgres"]
pytestmark = [pytest.mark.django_db, pytest.mark.chaos, pytest.mark.postgresql_only]
# What the machine itself may add, which is busy with other tests.
SECONDS = 0.5 + 0.25


@contextmanager
def paused(pid: int) -> Generator[None]:
    """A server that accepts connections and never answers."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def asked(port: int, path: str) -> tuple[int, float]:
    """The status of a probe by address over http, and how long it took; the first may find a process that wakes up."""
    began = time.monotonic()
    answer = requests.get(f"http://127.0.0.1:{port}/{path}", headers={"Host": "10.1.2.3"}, timeout=30)
    return answer.status_code, time.monotonic() - began


def web(workers: Workers, port: int) -> Process:
    command = ("-m", "gunicorn", "hitl_project.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1")
    process = workers.start(*command, "--worker-class", "gthread", "--threads", "4", "--no-control-socket")

    def is_ready() -> bool:
        try:
            return asked(port, "readyz")[0] == 200
        except requests.ConnectionError:
            return False

    assert until(is_ready, 60), process.tail()
    return process


def test_probes_answer_in_time(on_postgres: Workers, postgres: Postgres, valkey: Valkey) -> None:
    on_postgres.environment["REDIS_URL"] = valkey.url
    port = free_port()
    web(on_postgres, port)
    assert until(lambda: asked(port, "healthz")[0] == 200, 20)
    with paused(valkey.pid):
        time.sleep(1.1)
        found = {path: asked(port, path) for path in ("livez", "readyz", "healthz")}
        assert {path: status for path, (status, _) in found.items()} == {"livez": 200, "readyz": 200, "healthz": 503}
        assert max(took for _, took in found.values()) < SECONDS, found
        with paused(postgres.pid):
            time.sleep(1.1)
            found = {path: asked(port, path) for path in ("livez", "readyz", "healthz")}
            assert {path: status for path, (status, _) in found.items()} == {
                "livez": 200, "readyz": 503, "healthz": 503
            }  # fmt: skip
            assert max(took for _, took in found.values()) < SECONDS, found
    assert until(lambda: asked(port, "readyz")[0] == 200 and asked(port, "healthz")[0] == 200, 10)
