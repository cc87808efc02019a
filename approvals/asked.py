"""Answers of one batch: what many actions ask alike is asked once, and for as long as the batch's transaction lasts.

Only what the batch itself does not change is kept here: who works at a desk, which policy is in force. And how much of
something it did already, where a transaction may do only so much of it.
"""

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


class _Local(threading.local):
    answers: dict[Hashable, Any] | None = None


_local = _Local()


@contextmanager
def together() -> Iterator[None]:
    """Keep answers while this lasts."""
    _local.answers = {}
    try:
        yield
    finally:
        _local.answers = None


def once(key: Hashable, ask: Callable[[], T]) -> T:
    """Return the answer that is kept under a key, or ask and keep it; outside a batch it is asked each time."""
    if _local.answers is None:
        return ask()
    if key not in _local.answers:
        _local.answers[key] = ask()
    answer: T = _local.answers[key]
    return answer


def ahead(key: Hashable, answer: object) -> None:
    """Keep an answer that was read for many at once."""
    if _local.answers is not None:
        _local.answers[key] = answer


def forget(about: str) -> None:
    """Forget the answers whose keys begin with this, so that they are asked again."""
    if _local.answers is not None:
        _local.answers = {key: answer for key, answer in _local.answers.items() if not _is_about(key, about)}


def _is_about(key: Hashable, about: str) -> bool:
    return isinstance(key, tuple) and key[0] == about


def known(key: Hashable) -> Any:
    """Return the answer that is kept under a key, or None."""
    return None if _local.answers is None else _local.answers.get(key)
