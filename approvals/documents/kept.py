"""Answers that cost a process, kept in memory for a few minutes: never on a disk, so that erasing leaves no copy."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from approvals.documents.refusals import Busy, Unreadable

T = TypeVar("T")

MAX_SECONDS = 600.0


class Kept(Generic[T]):
    """The answers used last, up to a number of bytes. A refusal is kept as well: a hostile file is tried once."""

    def __init__(self, max_bytes: int, size: Callable[[T], int]) -> None:
        self._answers: OrderedDict[Hashable, tuple[float, int, T | Unreadable]] = OrderedDict()
        self._lock = threading.Lock()
        self._max_bytes, self._size, self._bytes = max_bytes, size, 0

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under the key, or make it.

        :raises Unreadable: it cannot be made.
        """
        found = self._found(key)
        if found is None:
            found = self._made(make)
            self._keep(key, found, 1_000 if isinstance(found, Unreadable) else self._size(found))
        if isinstance(found, Unreadable):
            raise type(found)
        return found

    def check(self, key: Hashable) -> None:
        """Ask whether a refusal is kept under the key.

        :raises Unreadable: it is.
        """
        found = self._found(key)
        if isinstance(found, Unreadable):
            raise type(found)

    def refuse(self, key: Hashable, refusal: Unreadable) -> None:
        """Keep a refusal under the key."""
        self._keep(key, refusal, 1_000)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._answers.clear()
            self._bytes = 0

    @staticmethod
    def _made(make: Callable[[], T]) -> T | Unreadable:
        try:
            return make()
        except Busy:
            raise
        except Unreadable as refusal:
            return refusal

    def _found(self, key: Hashable) -> T | Unreadable | None:
        with self._lock:
            at, _size, found = self._answers.get(key, (0.0, 0, None))
            if found is None or time.monotonic() - at > MAX_SECONDS:
                return None
            self._answers.move_to_end(key)
            return found

    def _keep(self, key: Hashable, found: T | Unreadable, size: int) -> None:
        with self._lock:
            self._bytes += size - self._answers.pop(key, (0.0, 0, None))[1]
            self._answers[key] = time.monotonic(), size, found
            while self._bytes > self._max_bytes:
                self._bytes -= self._answers.popitem(last=False)[1][1]
