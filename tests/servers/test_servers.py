"""The servers are real, are the ones that Django uses, and do not outlive the run."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis
import requests
from django.conf import settings
from django.db import connection

from tests.servers.postgres import Postgres
from tests.servers.recording import Answer, RecordingServer
from tests.servers.valkey import Valkey

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import os, sys, time
from tests.servers.environment import Environment
environment = Environment("postgresql")
environment.start()
print(environment.folder, *[server.pid for server in environment.started], flush=True)
time.sleep(60)
"""


def is_alive(pid: int) -> bool:
    """Whether the process runs; a dead one that its parent has not collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def happens(what: Callable[[], bool], seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while not what() and time.monotonic() < until:
        time.sleep(0.05)
    return what()


class TestTheDatabase:
    @pytest.mark.vendor_sensitive
    @pytest.mark.django_db
    def test_is_the_one_that_was_asked_for(self) -> None:
        connection.ensure_connection()
        assert connection.vendor == os.environ["HITL_TEST_VENDOR"]

    @pytest.mark.postgresql_only
    @pytest.mark.django_db
    def test_is_reached_by_a_role_without_special_powers(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == (False,)

    def test_keeps_what_was_committed_when_it_is_killed(self, postgres: Postgres) -> None:
        with psycopg.connect(postgres.url, autocommit=True) as before:
            before.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        postgres.kill()
        assert not postgres.answers()
        postgres.start()
        with psycopg.connect(postgres.url) as after:
            assert after.execute("SELECT answer FROM kept").fetchone() == (42,)


class TestTheBroker:
    def test_is_the_one_that_celery_uses(self) -> None:
        assert settings.CELERY_BROKER_URL == os.environ["REDIS_URL"]
        assert redis.Redis.from_url(settings.CELERY_BROKER_URL).ping()

    def test_forgets_everything_when_it_is_killed(self, valkey: Valkey) -> None:
        valkey.client().set("message", "1")
        valkey.kill()
        assert not valkey.answers()
        valkey.start()
        assert valkey.client().dbsize() == 0

    def test_can_be_slow(self, valkey: Valkey) -> None:
        valkey.pause()
        with pytest.raises(redis.TimeoutError):
            redis.Redis.from_url(valkey.url, socket_timeout=0.2, retry=None).ping()
        valkey.resume()
        assert valkey.answers()


class TestTheRun:
    @pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
    def test_leaves_no_server_and_no_folder_however_it_ends(self, end: signal.Signals) -> None:
        own = {name: value for name, value in os.environ.items() if not name.startswith("TEST_")}
        command = [sys.executable, "-c", HOLDER]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=own) as holder:
            assert holder.stdout is not None
            folder, *pids = holder.stdout.readline().split()
            assert all(is_alive(int(pid)) for pid in pids)
            holder.send_signal(end)
        assert happens(lambda: not any(is_alive(int(pid)) for pid in pids))
        assert happens(lambda: not Path(folder).exists())


class TestTheRecordingServer:
    def test_counts_one_effect_for_each_key_that_arrived(self, live_http_server: RecordingServer) -> None:
        for key in ("a", "b", "a"):
            post(live_http_server, key)
        assert live_http_server.effects == {"a": 2, "b": 1}
        assert [request.json() for request in live_http_server.requests] == [{"n": 1}] * 3

    def test_dedupes_by_key_when_told_to(self, live_http_server: RecordingServer) -> None:
        live_http_server.dedupes = True
        assert [post(live_http_server, "a") for _ in range(2)] == [200, 200]
        assert live_http_server.effects == {"a": 1}

    def test_answers_as_scripted(self, live_http_server: RecordingServer) -> None:
        live_http_server.script(Answer.FAILED, Answer.FAILED_AFTER_EFFECT, Answer.BUSY)
        assert [post(live_http_server, "a") for _ in range(4)] == [500, 500, 503, 200]
        assert live_http_server.effects == {"a": 2}

    def test_closes_without_an_answer(self, live_http_server: RecordingServer) -> None:
        live_http_server.script(Answer.CLOSED_AFTER_EFFECT)
        with pytest.raises(requests.ConnectionError):
            post(live_http_server, "a")
        assert live_http_server.effects == {"a": 1}

    def test_stays_silent_until_the_caller_gives_up(self, live_http_server: RecordingServer) -> None:
        live_http_server.script(Answer.SILENT_AFTER_EFFECT)
        with pytest.raises(requests.ReadTimeout):
            post(live_http_server, "a")
        assert live_http_server.effects == {"a": 1}

    def test_can_be_asked_whether_an_effect_happened(self, live_http_server: RecordingServer) -> None:
        post(live_http_server, "a")
        answers = [requests.get(f"{live_http_server.url}/effects/{key}", timeout=1).status_code for key in "ab"]
        assert answers == [200, 404]


def post(server: RecordingServer, key: str) -> int:
    headers = {"Idempotency-Key": key}
    return requests.post(server.url, json={"n": 1}, headers=headers, timeout=0.5).status_code
