"""Spans of what takes time and what it is about; nothing of it, unless an operator has turned traces on."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

NAME = "traceparent"


class Tracer(Protocol):
    """What keeps spans."""

    def span(
        self, name: str, attributes: Mapping[str, str], carried: Mapping[str, str]
    ) -> AbstractContextManager[object]:
        """Keep a span until the block ends, as a part of the span that was carried here, or of the current one."""

    def note(self, attributes: Mapping[str, str]) -> None:
        """Add to the current span."""

    def carried(self) -> dict[str, str]:
        """Return the headers by which another process goes on with the current span."""


_nothing = nullcontext()
_tracers: list[Tracer] = []


def use(tracer: Tracer | None) -> None:
    """Keep spans by this tracer from now on, or none."""
    _tracers[:] = [tracer] if tracer else []


def is_on() -> bool:
    """Return whether spans are kept."""
    return bool(_tracers)


def span(name: str, carried: str = "", **attributes: str) -> AbstractContextManager[object]:
    """Keep a span until the block ends; `carried` is the header of whoever asked for it."""
    if not _tracers:
        return _nothing
    return _tracers[0].span(name, attributes, {NAME: carried} if carried else {})


def note(**attributes: str) -> None:
    """Add to the current span."""
    for tracer in _tracers:
        tracer.note(attributes)


def carried() -> dict[str, str]:
    """Return the headers by which another process goes on with the current span; none if no spans are kept."""
    return _tracers[0].carried() if _tracers else {}
