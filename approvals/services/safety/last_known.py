"""The file outside the database that says what is sent; a restored database lacks what stands in it. Steps.

A line is appended before each effect leaves, so whatever was sent stands in it. A database is behind the file exactly
if it lacks a line's attempt: no order of positions or clocks has to be trusted. Asking for the last line of each
writer is enough: a writer commits one dispatch after the other, so who lost an earlier one has lost its last one.

The file is synced to disk once a second: after a power failure, up to a second of it might be missing. At 256 MiB
it becomes the file before, and one such is kept.
"""

import fcntl
import json
import os
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from approvals import conf
from approvals.models import Action, Attempt, Execution
from policies.engine.values.canonical import digest

MAX_BYTES = 256 * 1024 * 1024
# A process that starts looks back this far for the last line of each writer.
TAIL_BYTES = 1024 * 1024
MAX_WRITERS = 500
SYNC_SECONDS = 1.0
# After the file could not be written, nothing is tried for a while.
PAUSE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Sent:
    """What is about to leave; ``proposal`` is a hash of the agent and its idempotency key.

    ``is_end`` tells an end from the effect that it takes away: a restored database has to find out about each.
    ``host`` is where it goes; empty for a connector that does not tell hosts apart.
    """

    attempt: uuid.UUID
    action: uuid.UUID
    proposal: str
    action_type: str
    connector: str
    key: str
    at: datetime
    sender: str
    is_end: bool = False
    host: str = ""


@dataclass
class _Reading:
    """How far a file was read, and the last attempt of each writer in it."""

    file: tuple[int, int] = (0, 0)
    upto: int = 0
    last: dict[str, uuid.UUID] = field(default_factory=dict)


_lock = threading.Lock()
_readings: dict[Path, _Reading] = {}
_synced: dict[Path, float] = {}
_failed: dict[Path, float] = {}


def about(action: Action, execution: Execution, attempt: Attempt, host: str = "") -> Sent | None:
    """What to write down of an attempt; None for what changes only the database, which a restore takes back."""
    if action.action_type.is_built_in:
        return None
    return Sent(
        attempt=attempt.pk,
        action=action.pk,
        proposal=proposal_of(action),
        action_type=action.action_type.name,
        connector=execution.connector,
        key=execution.key,
        at=attempt.at,
        sender=attempt.detail,
        is_end=execution.is_end,
        host=host,
    )


def proposal_of(action: Action) -> str:
    """A hash that names a piece of an agent's work, also where it is proposed again under another id."""
    return digest({"agent": action.agent_id, "key": action.idempotency_key})


def note(sent: Sent) -> None:
    """Write down what is about to leave.

    :raises OSError: it could not be written, so nothing may leave.
    """
    path = conf.last_known()
    if path is None:
        return
    line = json.dumps({**asdict(sent), "thread": threading.get_ident()}, default=_plain)
    try:
        with _locked(path) as descriptor:
            _append(descriptor, line)
            _sync(path, descriptor)
    except OSError:
        _failed[path] = time.monotonic()
        raise


def can_note() -> bool:
    """Whether the file can be written, as far as is known; it is made if it is not there."""
    path = conf.last_known()
    if path is None:
        return True
    if time.monotonic() - _failed.get(path, float("-inf")) < PAUSE_SECONDS:
        return False
    try:
        with _locked(path):
            return True
    except OSError:
        _failed[path] = time.monotonic()
        return False


def last_attempts() -> set[uuid.UUID]:
    """The last attempt of each writer; only what is new in the file is read."""
    path = conf.last_known()
    if path is None:
        return set()
    with _lock:
        reading = _readings.get(path)
        is_new = reading is None
        reading = _readings.setdefault(path, _Reading())
        # What was added before the file was put aside is read, too.
        if is_new or _identity(_before(path)) == reading.file:
            _read_on(_before(path), reading)
        _read_on(path, reading)
        return set(reading.last.values())


def everything() -> Iterator[Sent]:
    """Everything that the file and the one before say, oldest first."""
    path = conf.last_known()
    for each in (_before(path), path) if path is not None else ():
        if each.exists():
            with each.open("rb") as file:
                yield from (sent for line in file if (sent := _sent(_parsed(line))) is not None)


def since() -> datetime | None:
    """From when on the file holds everything that was sent; None where there is no file."""
    path = conf.last_known()
    for each in (_before(path), path) if path is not None else ():
        if each.exists():
            with each.open("rb") as file:
                begun = _parsed(file.readline()).get("since")
            return datetime.fromisoformat(begun) if isinstance(begun, str) else None
    return None


def forget() -> None:
    """Forget what was read and tried, as a process that starts."""
    with _lock:
        for kept in (_readings, _synced, _failed):
            kept.clear()


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    descriptor = _opened(path)
    try:
        if os.fstat(descriptor).st_size == 0:
            _append(descriptor, json.dumps({"since": datetime.now(UTC).isoformat()}))
        yield descriptor
    finally:
        os.close(descriptor)


def _opened(path: Path) -> int:
    """Open the file and lock it; one that is full, or that another process has put aside, makes room for a new one."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        # Each call opens the file again, so that the lock also works between threads.
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        now = os.fstat(descriptor)
        if _is_at(path, now) and now.st_size <= MAX_BYTES:
            return descriptor
        if _is_at(path, now):
            os.replace(path, _before(path))
        os.close(descriptor)


def _is_at(path: Path, now: os.stat_result) -> bool:
    """Whether the open file is still the one of this name: another process might have put it aside."""
    return _identity(path) == (now.st_dev, now.st_ino)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _append(descriptor: int, line: str) -> None:
    # A line torn by a power failure must not swallow the next one.
    size = os.fstat(descriptor).st_size
    is_torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
    content = (("\n" if is_torn else "") + line + "\n").encode()
    while content:
        content = content[os.write(descriptor, content) :]


def _sync(path: Path, descriptor: int) -> None:
    if time.monotonic() - _synced.get(path, float("-inf")) >= SYNC_SECONDS:
        os.fdatasync(descriptor)
        _synced[path] = time.monotonic()


def _read_on(path: Path, reading: _Reading) -> None:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        now = os.fstat(file.fileno())
        if reading.file != (now.st_dev, now.st_ino) or now.st_size < reading.upto:
            reading.file, reading.upto = (now.st_dev, now.st_ino), max(0, now.st_size - TAIL_BYTES)
        added = os.pread(file.fileno(), now.st_size - reading.upto, reading.upto)
    whole = added[: added.rfind(b"\n") + 1]
    reading.upto += len(whole)
    for line in whole.splitlines():
        found = _parsed(line)
        if (sent := _sent(found)) is not None:
            writer = f"{sent.sender} {found.get('thread')}"
            reading.last.pop(writer, None)
            reading.last[writer] = sent.attempt
    for writer in list(reading.last)[:-MAX_WRITERS]:
        del reading.last[writer]


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        # A torn line says nothing: what it was for was not sent.
        return {}
    return found if isinstance(found, dict) else {}


def _sent(found: dict[str, Any]) -> Sent | None:
    try:
        return Sent(
            attempt=uuid.UUID(found["attempt"]),
            action=uuid.UUID(found["action"]),
            at=datetime.fromisoformat(found["at"]),
            is_end=found.get("is_end") is True,
            host=str(found.get("host", "")),
            **{name: str(found[name]) for name in ("proposal", "action_type", "connector", "key", "sender")},
        )
    except (KeyError, ValueError, TypeError):
        return None


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _before(path: Path) -> Path:
    return path.with_name(f"{path.name}.before")
