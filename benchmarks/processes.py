"""The product's own processes, by the commands that production starts, on a leash that ends them with this one."""

import shlex
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import yaml
from django.conf import settings
from django.db import connection

from benchmarks.cpu import Meter, parent_of
from benchmarks.load import Line, Timing
from tests.servers.process import Process
from tests.servers.valkey import free_port

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = ROOT / "deploy" / "compose.yaml"
WORKERS, THREADS = 2, 8
SETTINGS = "hitl_project.settings"


@contextmanager
def web(application: str = "hitl_project.wsgi", settings_module: str = SETTINGS) -> Iterator[tuple[int, int]]:
    """A web server while the block runs: its port and its process."""
    port = free_port()
    server = _process(
        f"web-{port}",
        *("gunicorn", application, "--bind", f"127.0.0.1:{port}", "--chdir", str(ROOT)),
        *("--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS), "--keep-alive", "30"),
        *("--env", f"DJANGO_SETTINGS_MODULE={settings_module}", "--no-control-socket", "--log-level", "warning"),
    )
    server.start(lambda: _answers(port))
    try:
        yield port, server.pid
    finally:
        server.stop()


@contextmanager
def waits() -> Iterator[tuple[int, int]]:
    """The process of long polls while the block runs, as production starts it: its port and its process."""
    port = free_port()
    command = [word.replace("0.0.0.0:8001", f"127.0.0.1:{port}") for word in command_of("waits")]
    server = _process(f"waits-{port}", *command, "--chdir", str(ROOT), "--log-level", "warning")
    server.start(lambda: _answers(port))
    try:
        yield port, server.pid
    finally:
        server.stop()


@contextmanager
def behind() -> Iterator[dict[str, int]]:
    """A worker and a clock while the block runs: their processes by name."""
    program, *options = worker_command()
    worker = _process("worker", program, "--workdir", str(ROOT), *options, "--without-gossip", "--without-mingle")
    clock = Process([sys.executable, str(ROOT / "manage.py"), "clock"], log=_log("clock"))
    worker.start(lambda: True)
    clock.start(lambda: True)
    try:
        yield {"worker": worker.pid, "clock": clock.pid}
    finally:
        worker.stop()
        clock.stop()


def script(name: str, code: str) -> Process:
    """A plain process that runs some code within the product's settings; not started yet."""
    return Process([sys.executable, str(ROOT / "manage.py"), "shell", "--no-imports", "-c", code], log=_log(name))


def worker_command() -> list[str]:
    """The worker's command, as production starts it."""
    return command_of("worker")


def command_of(service: str) -> list[str]:
    """The command of a service, as production starts it."""
    services = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    return shlex.split(services[service]["command"])


def meter(**processes: int) -> Meter:
    """A meter of the database and of these processes."""
    return Meter({**processes, "database": database_server()})


def timed(name: str, pid: int, run: Callable[[], Timing], held: int = 1) -> Line:
    """Run, and measure what that server and the database spent."""
    spent = meter(server=pid)
    timing = run()
    return Line(name, timing, spent.spent(), held)


def connect(**options: Any) -> "psycopg.Connection[Any]":
    """A connection to the database under test, past Django."""
    given = connection.get_connection_params()
    known = {name: given[name] for name in ("dbname", "user", "password", "host", "port") if name in given}
    return psycopg.connect(**known, **options)


def database_server() -> int:
    """The process of the database's server, which is the parent of our backend."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return parent_of(cursor.fetchone()[0])


def _process(name: str, *command: str) -> Process:
    return Process([sys.executable, "-m", *command], log=_log(name))


def _log(name: str) -> Path:
    return Path(settings.HITL_HOME) / f"{name}.log"


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
