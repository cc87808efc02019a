"""The demo's folder: its marker, its lock, and what a reset deletes."""

import errno
import fcntl
import json
import os
import shutil
import socket
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

MARKER = ".hitl-demo"
OURS = ("approvals", "policies")
SEEDING, READY = "seeding", "ready"
LOCK = "run.lock"
ENDING_SECONDS = 12.0
HOST = "127.0.0.1"


def home() -> Path:
    """Return the folder that holds all data of the demo."""
    return Path(settings.HITL_HOME)


def demand_demo() -> None:
    """Refuse to work on anything but the embedded database of a demo.

    :raises CommandError: HITL_MODE is not demo, or DATABASE_URL is set.
    """
    if settings.HITL_MODE != "demo":
        raise CommandError(
            f"This command is only for the demo, but HITL_MODE is {settings.HITL_MODE}. Use `make run`, or read"
            " docs/how-to/deploy.md for other installations."
        )
    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"):
        raise CommandError(
            "The demo uses only its own embedded database. Unset DATABASE_URL, or read docs/how-to/deploy.md to run on"
            " PostgreSQL."
        )


def demand_known_database() -> None:
    """Refuse a database that was created by another version.

    :raises CommandError: the database has migrations that this version does not know.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    known = MigrationLoader(None).disk_migrations
    applied = MigrationRecorder(connection).applied_migrations()
    if any(app in OURS and (app, name) not in known for app, name in applied):
        raise CommandError(
            f"The demo in {home()} was created by another version of HITL. Run `make reset` to delete it, then"
            " `make run` to create a new one."
        )


def lock() -> int:
    """Lock the folder and return the descriptor that holds the lock; children inherit it.

    :raises CommandError: another run holds the lock.
    """
    descriptor = os.open(home() / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    until = time.monotonic() + ENDING_SECONDS
    while not _is_taken(descriptor):
        if time.monotonic() > until:
            os.close(descriptor)
            raise CommandError(
                f"The demo in {home()} is already running. Stop it first, or set HITL_HOME to another folder."
            )
        time.sleep(0.2)
    return descriptor


def _is_taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def demand_port(port: int) -> None:
    """Refuse a port that is in use.

    :raises CommandError: the port is in use or cannot be used.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            raise CommandError(
                f"Port {port} {reason}. Choose another port, for example: make run PORT={port + 1}"
            ) from error


def port() -> int:
    """Return the port from PORT, 8000 by default.

    :raises CommandError: PORT is not a valid port number.
    """
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT is {text!r}. Set it to a number from 1 to 65535.")
    return int(text)


def is_ours() -> bool:
    """Return whether the folder has the demo's marker."""
    return (home() / MARKER).exists()


def is_ready() -> bool:
    """Return whether the demo's history is complete."""
    return is_ours() and (home() / MARKER).read_text(encoding="utf-8") == READY


def mark(word: str) -> None:
    """Save the demo's state, `SEEDING` or `READY`."""
    write_private(home() / MARKER, word)


def begin() -> None:
    """Mark an empty folder as the demo's, deleting leftovers of an incomplete run.

    :raises CommandError: the folder holds a database that the demo did not create.
    """
    database = home() / "hitl.sqlite3"
    if is_ours():
        clear(keep=(LOCK, MARKER, "secret_key", "broker"))
    elif database.exists() and database.stat().st_size:
        raise CommandError(
            f"{database} was not created by the demo and will not be changed. Set HITL_HOME to another folder."
        )
    mark(SEEDING)


def clear(keep: Collection[str] = (LOCK,)) -> None:
    """Delete everything in the demo's folder except the named files.

    :raises CommandError: the folder does not have the demo's marker.
    """
    if not is_ours():
        raise CommandError(f"{home()} is not marked as a demo folder, so nothing was deleted.")
    # The mark goes last: a clearing that was cut short can be repeated.
    for path in sorted(home().iterdir(), key=lambda path: path.name == MARKER):
        if path.name in keep:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def write_private(path: Path, text: str) -> None:
    """Atomically write a file that only its owner can read."""
    draft = path.with_name(f"{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(draft, path)


def write_json(name: str, value: dict[str, Any]) -> None:
    """Write a private JSON file into the folder."""
    write_private(home() / name, json.dumps(value, indent=2) + "\n")


def read_json(name: str) -> dict[str, Any]:
    """Read a JSON file of the folder; empty if it does not exist."""
    path = home() / name
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
