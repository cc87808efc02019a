"""The folder of exports, which belongs to one user alone; steps without a database.

A file that is being written is named by its export and by the turn that writes it. So a process that was paused goes on
in a file that nobody reads any more.
"""

import hashlib
import os
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from approvals import conf

CHUNK = 1024 * 1024
# What a killed process left of a workbook has a name of its own.
ABANDONED = timedelta(days=1)


def finished(export_id: uuid.UUID, fence: int) -> Path:
    """Where the file is once it is complete."""
    return conf.exports_folder() / f"{export_id}.{fence}"


def part(export_id: uuid.UUID, fence: int) -> Path:
    """Where one turn writes."""
    return conf.exports_folder() / f"{export_id}.{fence}.part"


def book(export_id: uuid.UUID, fence: int) -> Path:
    """Where one turn makes a workbook of what was written."""
    return conf.exports_folder() / f"{export_id}.{fence}.book"


def has(path: Path, size: int) -> bool:
    """Whether a file is there and holds at least so much."""
    return path.is_file() and path.stat().st_size >= size


def new(path: Path) -> BinaryIO:
    """Open a new file that only this user can read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def going_on(old: Path, path: Path, size: int) -> BinaryIO:
    """Take over what the turn before has written, and cut what it did not record."""
    old.rename(path)
    file = path.open("r+b")
    file.truncate(size)
    file.seek(size)
    return file


def synced(file: BinaryIO) -> int:
    """Bring everything to the disk; the number of bytes."""
    file.flush()
    os.fsync(file.fileno())
    return file.tell()


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def remove(export_id: uuid.UUID, fence: int) -> None:
    """Remove what one turn has written; that of another is not its business."""
    for path in (finished(export_id, fence), part(export_id, fence), book(export_id, fence)):
        path.unlink(missing_ok=True)


def everything() -> Iterator[tuple[Path, uuid.UUID | None, int]]:
    """Every file of the folder, with the export and the turn that its name says, if it says any."""
    folder = conf.exports_folder()
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        name, _dot, rest = path.name.partition(".")
        fence = rest.partition(".")[0]
        try:
            yield path, uuid.UUID(name), int(fence)
        except ValueError:
            yield path, None, 0


def is_old(path: Path, now: datetime) -> bool:
    """Whether nobody has changed a file for a day."""
    try:
        return path.stat().st_mtime < (now - ABANDONED).timestamp()
    except FileNotFoundError:
        return False
