"""What a flow asks its driver to do. A flow is written once and driven both with and without asyncio."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Send:
    """One HTTP call below `/api/v1/`; the driver resumes with an `Answer`, or throws `Unreachable`."""

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait this many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Call:
    """Call a function of the caller; the driver resumes with its result, or throws what it raised."""

    function: Callable[[], Any]


Step: TypeAlias = Send | Sleep | Call
Flow: TypeAlias = Generator[Step, Any, T]
