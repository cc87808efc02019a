"""Checks with a deadline: each runs in a thread of its own, so that what does not answer holds nobody up."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

import structlog
from django.db import connection

T = TypeVar("T")

# An answer is this old at most, however often strangers ask.
FRESH_SECONDS = 1.0
# A check that has not answered for so long may hang for good, so that another one is started beside it.
GIVE_UP_SECONDS = 30.0

log = structlog.get_logger()


class _Run(Generic[T]):
    """One run of a check, and its answer once it is there; None if it failed."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.is_done = threading.Event()
        self.answer: T | None = None

    @property
    def is_usable(self) -> bool:
        """Whether its answer is fresh, or may still come."""
        age = time.monotonic() - self.began
        return age < (FRESH_SECONDS if self.is_done.is_set() else GIVE_UP_SECONDS)


class Probe(Generic[T]):
    """A check of something that may not answer; many who ask at once share one run."""

    def __init__(self, name: str, check: Callable[[], T]) -> None:
        self._name = name
        self._check = check
        self._lock = threading.Lock()
        self._run: _Run[T] | None = None

    def start(self) -> _Run[T]:
        """Start a run, unless one is under way or its answer is fresh."""
        with self._lock:
            if self._run is None or not self._run.is_usable:
                self._run = _Run()
                threading.Thread(target=self._work, args=(self._run,), name=f"probe {self._name}", daemon=True).start()
            return self._run

    def answer(self, until: float) -> T | None:
        """Return the answer, or None if there is none by this moment of the monotonic clock."""
        run = self.start()
        run.is_done.wait(max(0.0, until - time.monotonic()))
        return run.answer

    def forget(self) -> None:
        """Make the next question start a run."""
        with self._lock:
            self._run = None

    def _work(self, run: _Run[T]) -> None:
        try:
            run.answer = self._check()
        except Exception:
            log.exception("probe.failed", probe=self._name)
        finally:
            run.is_done.set()
            connection.close()
