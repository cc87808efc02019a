"""Backups of the test's PostgreSQL, taken and restored by the commands that the guide names."""

import os
import subprocess
from pathlib import Path

from django.db import connection

from tests.servers.postgres import installed_binaries


def take(path: Path) -> Path:
    """Back the test's database up."""
    _run("pg_dump", "--format=custom", "--schema=public", f"--file={path}", _name())
    return path


def restore(path: Path) -> None:
    """Put a backup in the place of the test's database."""
    connection.close()
    _run("pg_restore", "--clean", "--if-exists", "--single-transaction", f"--dbname={_name()}", str(path))


def _run(program: str, *options: str) -> None:
    given = connection.get_connection_params()
    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password"}
    environment = os.environ | {name: str(given[key]) for name, key in names.items() if given.get(key)}
    command = [str(installed_binaries() / "bin" / program), *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _name() -> str:
    return str(connection.settings_dict["NAME"])
