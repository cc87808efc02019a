"""kombu's filesystem broker, made safe under load: a file is complete or absent.

kombu writes in place and reads whatever lies there, so that a reader who comes too early dies of half a message. Here a
file is written under a hidden name and renamed, and what cannot be read is left alone for a while, then set aside.
"""

import fcntl
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from typing import Any

import structlog
from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

# A writer touches its file within this time; a file that is unreadable afterwards stays unreadable.
PATIENCE_SECONDS = 10.0
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
_BINDING = threading.Lock()

log = structlog.get_logger()


class Channel(filesystem.Channel):
    """Reads and writes messages and queue tables atomically."""

    # From kombu, but missing in its type stubs: the file of an exchange, with a safe name.
    _exchange_file: Callable[[str], Path]

    def get_table(self, exchange: str) -> list[Any]:
        """Return the queues of an exchange; empty while the table is unreadable."""
        file = self._exchange_file(exchange)
        try:
            return [filesystem.exchange_queue_t(*queue) for queue in loads(file.read_bytes().decode())]
        except FileNotFoundError:
            return []
        except UNREADABLE as error:
            log.warning("broker.table_unreadable", file=file.name, error=str(error))
            return []

    def queue_bind(self, *args: Any, **options: Any) -> None:
        """Bind a queue, one thread after the other.

        kombu notes a binding for all threads before it is written. Without a lock, another would find no queue.
        """
        with _BINDING:
            super().queue_bind(*args, **options)

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str | None) -> None:
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._alone():
            table = self.get_table(exchange)
            if bound not in table:
                _write(self._exchange_file(exchange), [bound, *table])

    def _delete(self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **options: Any) -> None:
        self._purge(queue)
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._alone():
            table = self.get_table(exchange)
            if bound in table:
                _write(self._exchange_file(exchange), [other for other in table if other != bound])

    def _put(self, queue: str, payload: Any, **options: Any) -> None:  # type: ignore[override]
        # Named as kombu names them: in order of their time on this machine.
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        _write(Path(self.data_folder_out) / name, payload)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            payload = self._taken(Path(self.data_folder_in) / name)
            if payload is not None:
                return payload
        raise Empty

    def _taken(self, file: Path) -> Any:
        """Return the message in a file to only one reader, or None if it is gone or not ready."""
        try:
            payload = _whole(loads(file.read_bytes().decode()))
            # Built as a test: a worker that cannot build the message would crash.
            self.Message(payload, channel=self)
            # Two readers may have read it; the one that removes the file gets the message.
            file.unlink()
        except UNREADABLE as error:
            self._set_aside(file, error)
        except OSError:
            # Another reader has it, or it is unreadable; the database row that it announces is not lost.
            return None
        else:
            return payload
        return None

    def _set_aside(self, file: Path, error: Exception) -> None:
        aside = Path(self.processed_folder) / f"{file.name}.unreadable"
        # Another reader was faster, or the disk is full: the file stays and is read again later.
        with suppress(OSError):
            if time.time() - file.stat().st_mtime > PATIENCE_SECONDS:
                file.replace(aside)
                log.warning("broker.message_set_aside", file=str(aside), error=repr(error))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Lock a table; the lock file is separate because tables are replaced."""
        self.control_folder.mkdir(exist_ok=True)
        with (self.control_folder / ".lock").open("ab") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    """kombu's filesystem transport with this channel."""

    Channel = Channel


def _whole(payload: Any) -> Any:
    """Return the message with every part that workers need."""
    info = payload["properties"]["delivery_info"]
    parts = (payload["body"], payload["properties"]["delivery_tag"], info["exchange"], info["routing_key"])
    if not all(isinstance(part, str) for part in parts) or not isinstance(payload["headers"], dict):
        raise ValueError("Not a message.")
    return payload


def _write(file: Path, value: Any) -> None:
    """Write a file that is invisible until it is complete."""
    draft = file.with_name(f".{uuid.uuid4()}.draft")
    try:
        draft.write_bytes(dumps(value).encode())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
