"""Append each row once to the file of its day, also when processes crash and many write together.

A hidden file beside the rows has a line for each key. It is written before the row, and its mark is set after it:

| mark | meaning |
|------|---------|
| `.`  | the row may be there in part |
| `+`  | the row is there |
| `-`  | the row is not there |
| `?`  | the file was moved or changed before the row was confirmed |

Each writer holds a lock on the hidden file. So a `.` that another one finds is from a writer that ended.
"""

import fcntl
import mmap
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

LOCK_SECONDS = 10.0
_PAUSE = 0.01
# A line is shorter than this.
_TAIL = 1024
_NOTE = b"# HITL keeps the keys of written rows here. Do not edit or delete this file.\n"


class Mark(StrEnum):
    """What is known of a row."""

    OPEN = "."
    WRITTEN = "+"
    ABSENT = "-"
    LOST = "?"


class NotBegun(Exception):
    """Nothing was written; the message says why."""


class OtherColumns(Exception):
    """The file of the day has another header; nothing was written."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the hidden file: the key, the day of the row's file, and the row's place and length in it."""

    key: str
    day: date
    offset: int
    length: int
    mark: Mark

    @classmethod
    def read(cls, text: bytes) -> "Line":
        """Return the line that this text holds."""
        key, day, offset, length, mark = text.decode().split()
        return cls(key, date.fromisoformat(day), int(offset), int(length), Mark(mark))

    def text(self) -> bytes:
        """Return the line with its line break; the mark is the last character before it."""
        return f"{self.key} {self.day} {self.offset} {self.length} {self.mark}\n".encode()


@dataclass(frozen=True, slots=True)
class DailyRows:
    """The files of one prefix in a folder."""

    folder: Path
    prefix: str

    def name(self, day: date) -> str:
        """Return the name of the file of a day."""
        return f"{self.prefix}-{day}.csv"

    def append(self, key: str, today: Callable[[], date], head: bytes, row: bytes) -> Line:
        """Write the row unless its key is known; return what is known of it. The row ends with its key.

        :raises NotBegun: the folder cannot be used, or another process holds the lock for too long.
        :raises OtherColumns: the file of today has another header.
        :raises OSError: writing failed, perhaps halfway; `find` says how far it came.
        """
        with self._locked() as keys:
            self._settle(keys)
            known = _find(keys, key)
            if known and known.mark in {Mark.WRITTEN, Mark.LOST}:
                return known
            # The day is read under the lock, so that no row gets into a file whose day is over.
            return self._write(keys, key, today(), head, row)

    def find(self, key: str) -> Line | None:
        """Return what is known of the row with this key.

        :raises NotBegun: the folder cannot be used, or another process holds the lock for too long.
        """
        with self._locked() as keys:
            self._settle(keys)
            return _find(keys, key)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        path = self.folder / f".{self.prefix}.keys"
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise NotBegun(f"The folder cannot be written: {error.strerror}.") from error
        try:
            _lock(descriptor)
            yield descriptor
        finally:
            os.close(descriptor)

    def _open(self, day: date, flags: int = 0) -> int:
        return os.open(self.folder / self.name(day), os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | flags, 0o640)

    def _write(self, keys: int, key: str, day: date, head: bytes, row: bytes) -> Line:
        rows = self._open(day, os.O_CREAT)
        try:
            self._begin(rows, head)
            size = os.fstat(rows).st_size
            # Somebody may have saved the file without its last line break.
            whole = row if os.pread(rows, 1, size - 1) == b"\n" else b"\r\n" + row
            line = Line(key, day, size, len(whole), Mark.OPEN)
            place = os.fstat(keys).st_size
            _put(keys, line.text(), place)
            os.fsync(keys)
            _add(rows, whole)
            os.fsync(rows)
            return _marked(keys, line, place, Mark.WRITTEN)
        finally:
            os.close(rows)

    def _begin(self, rows: int, head: bytes) -> None:
        begun = os.pread(rows, len(head), 0)
        if begun == head:
            return
        if not head.startswith(begun):
            raise OtherColumns("The file of today has other columns.")
        # A new file, or one whose header a crash cut off.
        os.ftruncate(rows, 0)
        _add(rows, head)
        os.fsync(rows)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _settle(self, keys: int) -> None:
        """Find out about the last row if its writer ended before it was confirmed."""
        size = os.fstat(keys).st_size
        tail = os.pread(keys, _TAIL, max(size - _TAIL, 0))
        whole = tail[: tail.rfind(b"\n") + 1]
        if not whole:
            os.ftruncate(keys, 0)
            _put(keys, _NOTE, 0)
            return
        # A line that was cut off belongs to a row that was not begun.
        size -= len(tail) - len(whole)
        os.ftruncate(keys, size)
        last = whole.splitlines(keepends=True)[-1]
        if last.endswith(b" .\n"):
            line = Line.read(last)
            _marked(keys, line, size - len(last), self._fate(line))

    def _fate(self, line: Line) -> Mark:
        try:
            rows = self._open(line.day)
        except FileNotFoundError:
            return Mark.LOST
        try:
            size = os.fstat(rows).st_size
            if not line.offset <= size <= line.offset + line.length:
                return Mark.LOST
            is_whole = size == line.offset + line.length
            if not is_whole:
                os.ftruncate(rows, line.offset)
            os.fsync(rows)
            return Mark.WRITTEN if is_whole else Mark.ABSENT
        finally:
            os.close(rows)


def _lock(descriptor: int) -> None:
    until = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                raise NotBegun("Another process holds the lock on the files.") from error
        except OSError as error:
            raise NotBegun(f"The files cannot be locked: {error.strerror}.") from error
        time.sleep(_PAUSE)


def _find(keys: int, key: str) -> Line | None:
    # Among a million keys this takes about 50 milliseconds.
    with mmap.mmap(keys, 0, access=mmap.ACCESS_READ) as content:
        place = content.rfind(f"\n{key} ".encode())
        if place < 0:
            return None
        return Line.read(content[place + 1 : content.find(b"\n", place + 1)])


def _marked(keys: int, line: Line, place: int, mark: Mark) -> Line:
    found = Line(line.key, line.day, line.offset, line.length, mark)
    # One byte is written completely or not at all.
    os.pwrite(keys, found.mark.encode(), place + len(line.text()) - 2)
    return found


def _put(descriptor: int, content: bytes, place: int) -> None:
    while content:
        written = os.pwrite(descriptor, content, place)
        content, place = content[written:], place + written


def _add(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]
