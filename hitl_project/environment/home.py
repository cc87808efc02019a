"""HITL_HOME, the folder for files: it and what is in it belong to one user alone, and a fault of it is a sentence."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

# A folder that holds one of these is HITL's own, and may be closed to others.
OURS = (
    ".hitl-demo",
    "secret_key",
    "decision_key",
    "hitl.sqlite3",
    "journal.jsonl",
    "last-known",
    "broker",
    "mailbox",
    "attachments",
    "exports",
    "static",
)
FOLDERS = ("broker", "exports", "mailbox", "logs")


def prepared(home: Path, *, is_written: bool) -> Path:
    """Create the folder or close it to other users; `is_written` says that HITL must be able to write there.

    :raises ImproperlyConfigured: it cannot be created, closed or written, or it is not HITL's own.
    """
    with _in_words(home):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_open(home):
            _close(home)
        if is_written:
            if not os.access(home, os.W_OK | os.X_OK):
                raise ImproperlyConfigured(f"The folder {home} in HITL_HOME cannot be written. Check who owns it.")
            for name in FOLDERS:
                (home / name).mkdir(mode=0o700, exist_ok=True)
    return home


def kept_secret(path: Path) -> str:
    """Return the random secret in this file, which the first process writes."""
    with _in_words(path):
        try:
            # O_EXCL: two processes that start together must not end up with two different secrets.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii")
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(50))
        except OSError:
            # On a full disk: half a secret must not be taken for one at the next start.
            path.unlink()
            raise
        return path.read_text(encoding="ascii")


def private_file(path: Path) -> Path:
    """Create an empty file that only its owner can read, unless it is there; SQLite's other files take its mode."""
    with _in_words(path):
        os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))
    return path


def _close(home: Path) -> None:
    content = list(home.iterdir())
    is_ours = not content or any(path.name in OURS for path in content)
    if not is_ours or home.stat().st_mode & stat.S_ISVTX or home.stat().st_uid != os.geteuid():
        raise ImproperlyConfigured(
            f"Other users can read the folder {home} in HITL_HOME. Run `chmod 700 {home}` as its owner, or set"
            " HITL_HOME to a folder of its own."
        )
    home.chmod(0o700)
    for path in content:
        if not path.is_symlink() and _is_open(path) and path.name != "static":
            path.chmod(0o700 if path.is_dir() else 0o600)


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ImproperlyConfigured(
            f"HITL cannot use {error.filename or path}: {error.strerror}. Check HITL_HOME, and the disk’s free space."
        ) from error
