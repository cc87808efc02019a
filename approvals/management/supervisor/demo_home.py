"""The demo's folder: whose it is, who uses it now, and what is thrown away with it."""

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
    """The folder that everything of the demo lives in."""
    return Path(settings.HITL_HOME)


def demand_demo() -> None:
    """Refuse to work on anything but the embedded database of a demo.

    :raises CommandError: another mode, or a database of somebody's own.
    """
    if settings.HITL_MODE != "demo":
        raise CommandError(
            f"This is for the demo, and HITL_MODE is {settings.HITL_MODE}. Use `make run`; for anything else"
            " docs/operate.md says which processes to start."
        )
    if os.environ.get("DATABASE_URL"):
        raise CommandError(
            "The demo keeps to its own embedded database and never writes into another one. Unset DATABASE_URL, or read"
            " docs/operate.md for how to run on PostgreSQL."
        )


def demand_known_database() -> None:
    """Refuse a database whose tables another version made: there is no way from them to these.

    :raises CommandError: migrations were applied that this version does not have.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    known = MigrationLoader(None).disk_migrations
    applied = MigrationRecorder(connection).applied_migrations()
    if any(app in OURS and (app, name) not in known for app, name in applied):
        raise CommandError(
            f"The demo in {home()} was made by another version of HITL. `make reset` throws it away; then `make run`"
            " makes a new one."
        )


def lock() -> int:
    """Take the folder for this run and return the descriptor that holds it; children inherit it and so hold it too.

    :raises CommandError: another run has it and does not end.
    """
    descriptor = os.open(home() / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    until = time.monotonic() + ENDING_SECONDS
    while not _is_taken(descriptor):
        if time.monotonic() > until:
            os.close(descriptor)
            raise CommandError(f"The demo in {home()} is running already. Stop it first, or set another HITL_HOME.")
        time.sleep(0.2)
    return descriptor


def _is_taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def demand_port(port: int) -> None:
    """Refuse a port that something else listens on.

    :raises CommandError: it is taken, or not a port that one may use.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            raise CommandError(f"Port {port} {reason}. Choose another one: make run PORT={port + 1}") from error


def port() -> int:
    """The port that PORT names, 8000 unless set.

    :raises CommandError: it is not a port number.
    """
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT is {text!r}; set it to a number from 1 to 65535.")
    return int(text)


def is_ours() -> bool:
    """Whether the folder carries the mark that only the demo leaves."""
    return (home() / MARKER).exists()


def is_ready() -> bool:
    """Whether the demo's history was told to its end."""
    return is_ours() and (home() / MARKER).read_text(encoding="utf-8") == READY


def mark(word: str) -> None:
    """Note how far the demo is: ``SEEDING`` or ``READY``."""
    write_private(home() / MARKER, word)


def begin() -> None:
    """Mark the folder as the demo's before anything is put into it; what a telling cut short has left is thrown away.

    :raises CommandError: it holds a database that the demo did not make.
    """
    database = home() / "hitl.sqlite3"
    if is_ours():
        clear(keep=(LOCK, MARKER, "secret_key", "broker"))
    elif database.exists() and database.stat().st_size:
        raise CommandError(
            f"{database} was not made by the demo, so the demo leaves it alone. Set HITL_HOME to another folder."
        )
    mark(SEEDING)


def clear(keep: Collection[str] = (LOCK,)) -> None:
    """Throw away everything in a folder of ours but what is named.

    :raises CommandError: the folder does not carry the demo's mark.
    """
    if not is_ours():
        raise CommandError(f"{home()} does not carry the demo's mark, so nothing in it is deleted.")
    # The mark goes last: a clearing that was cut short can be repeated.
    for path in sorted(home().iterdir(), key=lambda path: path.name == MARKER):
        if path.name in keep:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, all of it or nothing."""
    draft = path.with_name(f"{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(draft, path)


def write_json(name: str, value: dict[str, Any]) -> None:
    """Write a private JSON file into the folder."""
    write_private(home() / name, json.dumps(value, indent=2) + "\n")


def read_json(name: str) -> dict[str, Any]:
    """Read a JSON file of the folder; nothing when it is not there."""
    path = home() / name
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
