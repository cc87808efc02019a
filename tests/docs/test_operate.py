"""The production commands, as plain processes on PostgreSQL and Valkey, and the file that starts them in containers."""

import contextlib
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
import yaml
from django.conf import settings

from approvals.api import intake
from approvals.api.base import multipart
from approvals.management.supervisor import web_server
from hitl_project.settings import env
from tests.docs import pages
from tests.management.processes import eventually
from tests.management.running import ROOT, environment, free_port
from tests.servers import slow
from tests.servers.postgres import Postgres
from tests.servers.valkey import Valkey

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
DEPLOY, SETTINGS_PAGE = pages.text_of("how-to/deploy.md"), pages.text_of("reference/settings.md")
# Longer than the front server holds a request while nobody listens, and then waits for the answer.
PATIENCE = 130.0
OURS = ("migrate", "web", "waits", "worker", "clock")
BINARIES = Path(sys.executable).parent
FIRST_AGENT = """
from datetime import UTC, datetime
from approvals.actors import Door, system
from approvals.services.accounts import api_keys
from tests import world
issued = api_keys.issue(actor=system(Door.COMMAND), at=datetime.now(UTC), agent=world.make().agent,
                    scopes=["propose:*", "read:own"])
print(issued.plain)
"""


def program(name: str) -> str:
    """The program of the environment that runs the tests, which its lock pins."""
    found = shutil.which(name, path=f"{BINARIES}{os.pathsep}{os.environ['PATH']}")
    assert found, f"{name} is missing. Run `make environment`."
    return found


def read_by_settings() -> set[str]:
    """Every variable that the settings read."""
    return (env.asked | env.secrets) - {"PORT"}


def variables(service: str) -> dict[str, str]:
    found: dict[str, str] = COMPOSE["services"][service]["environment"]
    return found


class TestTheComposeFile:
    @pytest.mark.parametrize("service", OURS)
    def test_sets_only_what_the_settings_read(self, service: str) -> None:
        assert set(variables(service)) - read_by_settings() - {"DATABASE_OWNER_URL"} == set()

    @pytest.mark.parametrize("service", OURS)
    def test_sets_what_production_cannot_start_without(self, service: str) -> None:
        needed = {"HITL_MODE", "HITL_SECRET_KEY", "HITL_DECISION_KEYS", "HITL_HOSTS", "HITL_URL", "DATABASE_URL"}
        assert needed | {"REDIS_URL", "EMAIL_URL"} <= set(variables(service))

    def test_gives_the_owner_to_migrations_alone(self) -> None:
        assert [service for service in OURS if "DATABASE_OWNER_URL" in variables(service)] == ["migrate"]

    def test_asks_only_for_what_the_example_lists(self) -> None:
        asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "deploy" / "compose.yaml").read_text()))
        listed = set(re.findall(r"^([A-Z_]+)=", (ROOT / "deploy" / "env.example").read_text(), re.MULTILINE))
        assert asked == listed

    @pytest.mark.parametrize("service", ["web", "waits"])
    def test_gives_a_process_more_time_to_stop_than_it_takes(self, service: str) -> None:
        found = COMPOSE["services"][service]
        (seconds,) = re.findall(r"graceful-timeout (\d+)", found["command"])
        assert int(found["stop_grace_period"].removesuffix("s")) > int(seconds)

    def test_gives_web_the_threads_that_the_settings_expect(self) -> None:
        office = (ROOT / "deploy" / "office" / "systemd" / "hitl-web.service.d" / "office.conf").read_text()
        threads = re.findall(r"--threads (\d+)", COMPOSE["services"]["web"]["command"] + office + DEPLOY)
        assert set(threads) == {str(settings.HITL_WEB_THREADS)}

    def test_starts_the_commands_that_the_page_names(self) -> None:
        for service in OURS[1:]:
            assert f"`{COMPOSE['services'][service]['command']}`" in DEPLOY


class TestTheUnitsOfSystemd:
    @pytest.mark.parametrize("service", OURS[1:])
    def test_start_the_commands_of_the_compose_file(self, service: str) -> None:
        unit = (ROOT / "deploy" / "systemd" / f"hitl-{service}.service").read_text()
        (command,) = re.findall(r"^ExecStart=/srv/hitl/\.venv/bin/(.*)$", unit, re.MULTILINE)
        # Outside of containers, only the front server of the same machine may reach the web process.
        assert command == COMPOSE["services"][service]["command"].replace("0.0.0.0", "127.0.0.1")

    def test_and_the_file_of_the_front_server_set_only_what_is_read(self) -> None:
        folder = ROOT / "deploy" / "systemd"
        named = {name for file in folder.iterdir() for name in re.findall(r"\b(HITL_[A-Z_]+)=", file.read_text())}
        assert named - read_by_settings() == set()
        front = set(re.findall(r"\b(FRONT_[A-Z]+)", (ROOT / "deploy" / "Caddyfile").read_text()))
        assert set(re.findall(r"\b(FRONT_[A-Z]+)=", (folder / "caddy.conf").read_text())) <= front
        assert set(COMPOSE["services"]["front"]["environment"]) <= front

    def test_publish_no_port_but_the_front_servers(self) -> None:
        assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["front"]


class TestThePages:
    def test_names_every_variable_that_the_settings_read(self) -> None:
        assert (
            sorted(name for name in read_by_settings() if f"`{name.removesuffix('_FILE')}`" not in SETTINGS_PAGE) == []
        )

    def test_names_no_variable_that_the_settings_do_not_read(self) -> None:
        named = set(re.findall(r"`((?:HITL|DATABASE|REDIS|EMAIL)_[A-Z_]+)`", DEPLOY + SETTINGS_PAGE))
        assert sorted(named - read_by_settings()) == []

    def test_shows_an_sql_statement_that_the_compose_file_runs_too(self) -> None:
        assert "CREATE ROLE hitl_app LOGIN PASSWORD" in DEPLOY
        assert "CREATE ROLE hitl_app LOGIN PASSWORD" in (ROOT / "deploy" / "make_app_role.sh").read_text()


class Site:
    """Web, long polls, worker and clock as the file's commands start them, on servers of their own."""

    def __init__(self, folder: Path, postgres: Postgres, valkey: Valkey) -> None:
        self.folder = folder
        self.port, self.waits_port = free_port(), free_port()
        self.url, self.waits_url = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.waits_port}"
        self.postgres = postgres
        self.started: list[subprocess.Popen[bytes]] = []
        # What the file says, with real addresses for those that only exist inside containers.
        self.environment = {name: str(value) for name, value in variables("web").items()} | {
            "HITL_HOME": str(folder),
            "HITL_STATIC_ROOT": str(folder / "static"),
            "HITL_SECRET_KEY": "k" * 60,
            "HITL_DECISION_KEYS": "d" * 60,
            "HITL_HOSTS": "127.0.0.1",
            "HITL_URL": self.url,
            "HITL_TRUSTED_ORIGINS": self.url,
            "EMAIL_URL": f"filemail://{folder / 'mailbox'}",
            "HITL_ALLOW": "file-mail",
            "HITL_MAIL_FROM": "hitl@example.org",
            "DATABASE_URL": postgres.app_url,
            "REDIS_URL": valkey.url,
        }

    def run(self, *arguments: str, **more: str) -> str:
        """Run one manage.py command to its end, and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.whole(**more), capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def prepare(self) -> str:
        """What a release does before it starts anything, then a desk and an agent; the agent's key."""
        owner = {"DATABASE_OWNER_URL": self.postgres.url}
        for command in COMPOSE["services"]["migrate"]["command"].split('"')[1].split(" && "):
            self.run(*shlex.split(command)[2:], **owner)
        self.run("collectstatic", "--noinput", "--verbosity", "0")
        return self.run("shell", "--verbosity", "0", "--command", FIRST_AGENT).split()[-1]

    def start(self, service: str) -> None:
        """Start one service's command."""
        command = COMPOSE["services"][service]["command"].replace("0.0.0.0:8000", f"127.0.0.1:{self.port}")
        command = command.replace("0.0.0.0:8001", f"127.0.0.1:{self.waits_port}")
        command = command.replace("/etc/caddy/Caddyfile", str(ROOT / "deploy" / "Caddyfile"))
        with (self.folder / f"{service}.log").open("wb") as log:
            words = shlex.split(command)
            self.started.append(
                subprocess.Popen(
                    [program(words[0]), *words[1:]], cwd=ROOT, env=self.whole(), stdout=log,
                    stderr=subprocess.STDOUT,
                )
            )  # fmt: skip

    def whole(self, **more: str) -> dict[str, str]:
        clean = {name: value for name, value in environment(self.folder, 0).items() if name != "PORT"}
        return clean | self.environment | more

    def call(self, method: str, path: str, url: str = "", **options: Any) -> requests.Response:
        """A call as the proxy passes it on."""
        headers = {"X-Forwarded-Proto": "https", **options.pop("headers", {})}
        return requests.request(method, f"{url or self.url}/{path}", headers=headers, timeout=60, **options)

    def stop(self) -> None:
        for process in self.started:
            process.terminate()
        for process in self.started:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()


@pytest.fixture
def site(tmp_path: Path, postgres: Postgres, valkey: Valkey) -> Iterator[Site]:
    found = Site(tmp_path, postgres, valkey)
    yield found
    found.stop()


@pytest.fixture
def bot_key(site: Site) -> str:
    found = site.prepare()
    for service in OURS[1:]:
        site.start(service)
    assert eventually(lambda: is_ready(site), 60), (site.folder / "web.log").read_text()
    return found


def is_ready(site: Site) -> bool:
    with contextlib.suppress(requests.ConnectionError):
        return all(site.call("GET", "readyz", url).status_code == 200 for url in (site.url, site.waits_url))
    return False


@pytest.fixture
def front_port(site: Site) -> int:
    """The web process behind the front server, as the compose file starts both."""
    site.prepare()
    site.start("web")
    port = free_port()
    site.environment |= {
        "FRONT_SITE": f"https://127.0.0.1:{port}", "FRONT_UPSTREAM": f"127.0.0.1:{site.port}",
        "FRONT_WAITS": f"127.0.0.1:{site.waits_port}", "FRONT_HTTP_PORT": str(free_port()),
        "XDG_DATA_HOME": str(site.folder / "caddy"), "XDG_CONFIG_HOME": str(site.folder / "caddy"),
    }  # fmt: skip
    site.start("front")
    assert eventually(lambda: through_the_front(port, "livez") == 200, 60), (site.folder / "front.log").read_text()
    return port


def through_the_front(port: int, path: str, seconds: float = 10) -> int:
    url = f"https://127.0.0.1:{port}/{path}"
    with contextlib.suppress(requests.ConnectionError, requests.Timeout):
        # The certificate is of the front server's own making.
        answer = requests.get(url, timeout=seconds, verify=False, allow_redirects=False)
        return answer.status_code
    return 0


def refusal_of_a_proposal(port: int) -> int:
    url = f"https://127.0.0.1:{port}/api/v1/actions/"
    return requests.post(url, json={}, timeout=PATIENCE, verify=False).status_code


def server_of(port: int, method: str, path: str, headers: dict[str, str]) -> str:
    """The server that refused a call without a key."""
    url = f"https://127.0.0.1:{port}/api/v1/{path}"
    answer = requests.request(method, url, headers=headers, timeout=10, verify=False)
    assert answer.status_code == 401, answer.text
    return answer.headers["Server"]


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
class TestTheFrontServer:
    def test_lets_400_slow_clients_keep_nobody_waiting(self, front_port: int) -> None:
        with slow.sockets(front_port, 400, is_tls=True):
            for path in ("livez", "admin/login/"):
                assert slow.slowest(lambda path=path: through_the_front(front_port, path), 6) < slow.patience()

    def test_says_so_while_the_web_process_is_away(self, site: Site, front_port: int) -> None:
        site.started[0].terminate()
        site.started[0].wait(30)
        assert through_the_front(front_port, "livez", PATIENCE) == 502

    def test_loses_no_request_while_the_web_process_restarts(self, site: Site, front_port: int) -> None:
        with ThreadPoolExecutor(8) as pool, socket.create_connection(("127.0.0.1", site.port)) as begun:
            # While this call keeps the old process, others come: it must not take them and leave them behind.
            begun.sendall(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n")
            time.sleep(0.5)
            site.started[0].terminate()
            time.sleep(0.5)
            # The front server asks again only where nothing was sent, unless it is for a GET.
            others = [pool.submit(refusal_of_a_proposal, front_port) for _ in range(8)]
            time.sleep(2)
            begun.sendall(b"\r\n")
            assert begun.recv(12) == b"HTTP/1.1 200"
            site.started[0].wait(30)
            site.start("web")
            assert [each.result() for each in others] == [401] * 8

    def test_sends_calls_that_wait_to_their_process_while_it_is_there(self, site: Site, front_port: int) -> None:
        asks, proposes = (
            ("GET", f"actions/{uuid.uuid4()}/?wait=5", {}),
            ("POST", "actions/", {"Content-Type": "application/json", "Prefer": "wait=5"}),
        )
        others = [
            ("GET", f"actions/{uuid.uuid4()}/", {}),
            ("POST", "actions/", {"Prefer": "wait=5"}),
            ("GET", "events/?wait=5", {}),
        ]
        assert {server_of(front_port, *each) for each in (asks, proposes, *others)} == {"gunicorn"}
        site.start("waits")
        assert eventually(lambda: server_of(front_port, *asks) == "gunicorn/asgi", 60)
        assert server_of(front_port, *proposes) == "gunicorn/asgi"
        assert {server_of(front_port, *each) for each in others} == {"gunicorn"}

    def test_is_configured_for_what_the_api_takes(self) -> None:
        text = (ROOT / "deploy" / "Caddyfile").read_text()
        taken, answered, batch, files, _other = (
            int(size) * 1024**2 for size in re.findall(r"(?:max_size|_buffers) (\d+)MiB", text)
        )
        # Only files are larger than the buffers; the web process asks for the key before it reads any.
        assert taken == answered == batch > intake.Batch.most_bytes
        assert files > multipart.most_bytes(intake.Actions.most_files)
        assert web_server.MAX_BODY == files


class TestTheCommands:
    def test_carry_an_action_through_as_a_role_that_cannot_rewrite_the_ledger_and_end_when_asked(
        self, site: Site, bot_key: str
    ) -> None:
        headers = {"Authorization": f"Bearer {bot_key}", "Idempotency-Key": "1"}
        payload = {"issuer": "Paper Mill", "amount": 20.5, "currency": "EUR", "invoice_number": "INV-000001"}
        body = {"action_type": "invoice.post", "payload": payload, "confidence": 0.95}
        action = site.call("POST", "api/v1/actions/", json=body, headers=headers).json()
        path = f"api/v1/actions/{action['id']}/?wait=30&until=final"
        ended = site.call("GET", path, site.waits_url, headers=headers).json()
        assert ended["state"] == "executed"
        assert len((site.folder / "journal.jsonl").read_text().splitlines()) == 1
        assert site.call("GET", "admin/login/").status_code == 200
        self.refuses_to_rewrite(site.postgres)
        self.ends_when_asked(site)

    def refuses_to_rewrite(self, postgres: Postgres) -> None:
        with postgres.connect("hitl", role="hitl_app") as connection:
            for statement in (
                "DELETE FROM approvals_ledgerentry",
                "UPDATE approvals_ledgerentry SET digest = ''",
                "TRUNCATE approvals_ledgerentry CASCADE",
                "DELETE FROM approvals_historicalaction",
                "UPDATE approvals_decision SET verdict = 'approve'",
                "ALTER TABLE approvals_ledgerentry DISABLE TRIGGER ALL",
                "DROP TRIGGER entry_guard ON approvals_ledgerentry",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)

    def ends_when_asked(self, site: Site) -> None:
        assert eventually(lambda: "ready." in (site.folder / "worker.log").read_text(), 30)
        for process in site.started:
            process.terminate()
        assert [process.wait(30) for process in site.started] == [0] * len(OURS[1:])
