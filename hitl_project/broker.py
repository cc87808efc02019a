"""kombu's broker of plain files, made safe for a machine under load: a file is there in full, or not at all.

kombu writes in place and reads whatever lies there, so that a reader who comes too early dies of half a message. Here a
file is written under a hidden name and renamed, and what cannot be read is left alone for a while, then set aside.
"""

import fcntl
import os
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

# Whoever still writes a file has touched it within this time; what cannot be read after it never will be.
PATIENCE_SECONDS = 10.0
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)

log = structlog.get_logger()


class Channel(filesystem.Channel):
    """Reads and writes whole messages and whole tables of queues."""

    # kombu's own, which its type stubs leave out: the file of an exchange, whose name leads nowhere else.
    _exchange_file: Callable[[str], Path]

    def get_table(self, exchange: str) -> list[Any]:
        """The queues that are bound to an exchange; none where the table cannot be read, until it is written again."""
        file = self._exchange_file(exchange)
        try:
            return [filesystem.exchange_queue_t(*queue) for queue in loads(file.read_bytes().decode())]
        except FileNotFoundError:
            return []
        except UNREADABLE as error:
            log.warning("broker.table_unreadable", file=file.name, error=str(error))
            return []

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
        """The message in this file, which only one reader gets; None when it is gone, or not to be read yet."""
        try:
            payload = _whole(loads(file.read_bytes().decode()))
            # Built to see that it can be: the worker builds it again, and would die of what it cannot.
            self.Message(payload, channel=self)
            # Two readers may have read it; the file goes only once, and the message is of the one who removed it.
            file.unlink()
        except UNREADABLE as error:
            self._set_aside(file, error)
        except OSError:
            # Another reader has it, or it is no file that can be read; the row that it announces is not lost.
            return None
        else:
            return payload
        return None

    def _set_aside(self, file: Path, error: Exception) -> None:
        aside = Path(self.processed_folder) / f"{file.name}.unreadable"
        # Whoever was quicker, or a disk that takes nothing: it stays where it is, and is looked at again.
        with suppress(OSError):
            if time.time() - file.stat().st_mtime > PATIENCE_SECONDS:
                file.replace(aside)
                log.warning("broker.message_set_aside", file=str(aside), error=repr(error))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else changes a table meanwhile; the lock lies beside the tables, which are replaced."""
        self.control_folder.mkdir(exist_ok=True)
        with (self.control_folder / ".lock").open("ab") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    """kombu's transport of files with our channel."""

    Channel = Channel


def _whole(payload: Any) -> Any:
    """The message, with every part that a worker counts on."""
    info = payload["properties"]["delivery_info"]
    parts = (payload["body"], payload["properties"]["delivery_tag"], info["exchange"], info["routing_key"])
    if not all(isinstance(part, str) for part in parts) or not isinstance(payload["headers"], dict):
        raise ValueError("This is no message.")
    return payload


def _write(file: Path, value: Any) -> None:
    """Write a file that nobody sees before it is complete."""
    draft = file.with_name(f".{uuid.uuid4()}.draft")
    try:
        draft.write_bytes(dumps(value).encode())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
