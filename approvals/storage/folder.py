"""A folder of files that are whole or not there: each is written beside its place, synced and renamed."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

# What a process that was killed leaves has this ending, and is no file of anybody.
PART = ".part"
_IDENTITY = "store-id"


@deconstructible(path="approvals.storage.folder.Folder")
class Folder(Storage):
    """Files that only their owner can read, in a folder of this machine or of a shared disk."""

    def __init__(self, location: str) -> None:
        self.location = Path(location)

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        return File(self._place(name).open(mode))

    def _save(self, name: str, content: Any) -> str:
        place = self._place(name)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = place.with_name(f"{place.name}.{secrets.token_hex(8)}{PART}")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            # Whoever looks sees all of the file or none of it, also after a power cut.
            part.replace(place)
            _sync(place.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink()
            raise
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: a file of the same name has the same bytes, and is replaced by them."""
        return name

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        return self._place(name).is_file()

    def size(self, name: str) -> int:
        """Its size in bytes.

        :raises FileNotFoundError: there is none.
        """
        return self._place(name).stat().st_size

    def delete(self, name: str) -> None:
        """Remove it, if it is there."""
        self._place(name).unlink(missing_ok=True)

    def get_modified_time(self, name: str) -> datetime:
        """When it was written, by this machine's clock.

        :raises FileNotFoundError: there is none.
        """
        return datetime.fromtimestamp(self._place(name).stat().st_mtime, UTC)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """The folders and files in a folder; none where there is no such folder."""
        place = self._place(path) if path else self.location
        found = list(_entries(place))
        folders = [each.name for each in found if each.is_dir(follow_symlinks=False)]
        return folders, [each.name for each in found if each.is_file(follow_symlinks=False)]

    def path(self, name: str) -> str:
        """Where it is on this machine."""
        return str(self._place(name))

    def identity(self, *, is_used: bool) -> str:
        """A random name of this folder, which all who share it read; empty while another process writes it.

        Only who uses the folder makes it: empty where there is none.
        """
        if is_used:
            self.location.mkdir(mode=0o700, parents=True, exist_ok=True)
        elif not self.location.is_dir():
            return ""
        place = self.location / _IDENTITY
        try:
            # Two processes that start together must not end up with two names.
            descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return place.read_text(encoding="ascii")
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(8))
        return place.read_text(encoding="ascii")

    def _place(self, name: str) -> Path:
        place = self.location / name
        if ".." in place.parts or not place.is_relative_to(self.location) or place == self.location:
            raise SuspiciousFileOperation("The name leads out of the folder of attachments.")
        return place


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            yield from found
    except FileNotFoundError:
        return


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
