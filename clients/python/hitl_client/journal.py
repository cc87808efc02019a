"""What this machine began and how it ended, in one small file for each piece of work.

A file is written before the effect. So after a crash the next process knows what may have happened.
"""

import fcntl
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hitl_client.errors import JournalDamaged

OPEN, BEGAN, FINISHED, REPORTED = "open", "began", "finished", "reported"


@dataclass(slots=True)
class Entry:
    """One piece of work.

    `redemption` is the key of `consume`, which no other journal knows. `proposal` is what was proposed first: the same
    key with other words would be refused. `payload` is what was approved.
    """

    key: str
    phase: str = OPEN
    redemption: str = field(default_factory=lambda: uuid.uuid4().hex)
    proposal: dict[str, Any] | None = None
    action_id: str = ""
    payload: dict[str, Any] | None = None
    is_repeatable: bool = False
    outcome: str = ""
    result: Any = None
    error: str = ""

    @property
    def is_in_doubt(self) -> bool:
        """Whether the effect began, and nobody knows whether it happened."""
        return self.phase == BEGAN or self.outcome == "unknown"


class Journal:
    """A private folder of entries. Processes and threads of one machine can share it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.is_recovered = False
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def hold(self, key: str) -> Iterator[bool]:
        """Hold the work alone while the block runs. False: another process or thread holds it."""
        handle = os.open(self.folder / f"{key}.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(handle)

    def known(self) -> list[str]:
        """Return the keys of all entries, in order of their names."""
        return sorted(path.stem for path in self.folder.glob("*.json"))

    def read(self, key: str) -> Entry:
        """Return the entry of this work, or a new one.

        :raises JournalDamaged: it cannot be read.
        """
        try:
            text = (self.folder / f"{key}.json").read_text(encoding="utf-8")
        except FileNotFoundError:
            return Entry(key)
        try:
            entry = Entry(**json.loads(text))
        except (ValueError, TypeError) as error:
            raise JournalDamaged(f"{key}.json of the journal cannot be read: {error}") from error
        if entry.key != key or entry.phase not in {OPEN, BEGAN, FINISHED, REPORTED}:
            raise JournalDamaged(f"{key}.json of the journal belongs to other work.")
        return entry

    def write(self, entry: Entry) -> None:
        """Keep the entry; it is on the disk when this returns."""
        path = self.folder / f"{entry.key}.json"
        fresh = path.with_suffix(".new")
        with open(fresh, "w", encoding="utf-8", opener=_private) as file:
            json.dump(asdict(entry), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
