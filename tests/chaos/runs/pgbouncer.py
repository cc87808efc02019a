"""PgBouncer in transaction mode before a test's PostgreSQL."""

import os
import re
import shutil
import socket
import subprocess
from functools import cached_property
from pathlib import Path

from tests.servers.postgres import UNPRIVILEGED, Postgres, run_as
from tests.servers.process import Process

PORT = 6432
# From this version on it keeps prepared statements in transaction mode.
KEEPS_PLANS = (1, 21)
SETTINGS = """
[databases]
hitl = host={sockets} dbname=hitl user=hitl_app password={password}

[pgbouncer]
listen_addr = {address}
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
pool_mode = transaction
max_client_conn = 500
default_pool_size = 40
max_prepared_statements = 500
ignore_startup_parameters = extra_float_digits,options
"""


class PgBouncer:
    """One PgBouncer; `HITL_CHAOS_PGBOUNCER` names another program than the installed one."""

    def __init__(self, folder: Path, address: str, password: str) -> None:
        self.folder, self.address, self.password = folder, address, password
        self.program = os.environ.get("HITL_CHAOS_PGBOUNCER") or shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
        self._process: Process | None = None

    @property
    def url(self) -> str:
        """The URL of the database through it."""
        return f"postgres://hitl_app:{self.password}@{self.address}:{PORT}/hitl"

    @cached_property
    def version(self) -> tuple[int, ...]:
        """Its version."""
        said = subprocess.run([self.program, "--version"], capture_output=True, text=True, check=True).stdout
        found = re.search(r"PgBouncer (\d+)\.(\d+)", said)
        return tuple(map(int, found.groups())) if found else (0, 0)

    @property
    def keeps_plans(self) -> bool:
        """Whether statements can be prepared through it."""
        return self.version >= KEEPS_PLANS

    def start(self, postgres: Postgres) -> None:
        """Start it and wait until it takes connections."""
        self.folder.mkdir(exist_ok=True)
        text = SETTINGS.format(
            sockets=postgres.folder / "s", password=self.password, address=self.address, port=PORT, folder=self.folder
        )
        if not self.keeps_plans:
            text = text.replace("max_prepared_statements = 500\n", "")
        (self.folder / "pgbouncer.ini").write_text(text)
        (self.folder / "users").write_text(f'"hitl_app" "{self.password}"\n')
        for path in (self.folder, *self.folder.iterdir()):
            if run_as():
                shutil.chown(path, UNPRIVILEGED)
        log = self.folder.with_name("pgbouncer.log")
        self._process = Process([self.program, str(self.folder / "pgbouncer.ini")], log=log, user=run_as())
        self._process.start(self._answers)

    def stop(self) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.stop()

    def _answers(self) -> bool:
        try:
            socket.create_connection((self.address, PORT), timeout=1).close()
        except OSError:
            return False
        return True
