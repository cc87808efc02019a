"""Write actions to a local file, one JSON line each, for demos and tests.

The file is read and written under one lock, so no key is written twice.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings

from approvals.connectors.base import CallResult, CallStatus, Order, Recovery

NAME = "journal.jsonl"


@dataclass
class _Read:
    """The read position in a file, and the keys read so far."""

    file: tuple[int, int] = (0, 0)
    upto: int = 0
    keys: set[str] = field(default_factory=set)


class JournalConnector:
    """Writes to ``journal.jsonl`` in HITL's home folder."""

    name = "journal"

    def __init__(self) -> None:
        self._read = _Read()

    def recovery(self, target: dict[str, Any]) -> Recovery:
        """A key is written only once, so an order may be repeated."""
        return Recovery.DEDUPES

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Accept only an empty target, because there is one journal."""
        return ["The journal connector takes no target. Leave it empty."] if target else []

    def summary(self, target: dict[str, Any]) -> str:
        """Return a fixed name."""
        return "Journal"

    def send(self, order: Order) -> CallResult:
        """Append one line and sync it to disk, unless the key exists already."""
        line = {
            "key": order.key,
            "action": order.action,
            "type": order.action_type,
            "payload": order.payload,
            "at": order.now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            **({"reverses": order.reverses} if order.reverses else {}),
        }
        try:
            with self._locked() as descriptor:
                if order.key not in self._keys(descriptor):
                    _append(descriptor, json.dumps(line, ensure_ascii=False))
        except OSError as error:
            return CallResult(CallStatus.UNKNOWN, error=f"The journal could not be written: {error}.")
        return CallResult(CallStatus.DONE, {"journal": order.key})

    def look_up(self, order: Order) -> CallResult:
        """Look for the key."""
        try:
            with self._locked() as descriptor:
                is_there = order.key in self._keys(descriptor)
        except OSError as error:
            return CallResult(CallStatus.UNKNOWN, error=f"The journal could not be read: {error}.")
        return CallResult(CallStatus.DONE, {"journal": order.key}) if is_there else CallResult(CallStatus.NOT_DONE)

    def reverse(self, order: Order) -> Order:
        """Return the same line under another key, which names the line that it reverses."""
        key = hashlib.sha256(f"reverse {order.key}".encode()).hexdigest()
        return replace(order, key=key, reverses=order.key, attempt=1)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        path = Path(settings.HITL_HOME) / NAME
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            # Each call opens the file again, so that the lock also works between threads.
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def _keys(self, descriptor: int) -> set[str]:
        """Return the keys in the file; only new lines are read."""
        now = os.fstat(descriptor)
        if self._read.file != (now.st_dev, now.st_ino) or now.st_size < self._read.upto:
            self._read = _Read((now.st_dev, now.st_ino))
        added = os.pread(descriptor, now.st_size - self._read.upto, self._read.upto)
        whole = added[: added.rfind(b"\n") + 1]
        self._read.upto += len(whole)
        self._read.keys.update(_key(line) for line in whole.splitlines())
        return self._read.keys


def _append(descriptor: int, line: str) -> None:
    # A line torn by a power failure must not swallow the next one.
    size = os.fstat(descriptor).st_size
    is_torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
    content = (("\n" if is_torn else "") + line + "\n").encode()
    while content:
        content = content[os.write(descriptor, content) :]
    os.fsync(descriptor)


def _key(line: bytes) -> str:
    try:
        return str(json.loads(line)["key"])
    except (ValueError, KeyError, TypeError):
        # A torn line has no key.
        return ""
