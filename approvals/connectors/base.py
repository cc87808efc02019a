"""The connector interface: execute an approved action and report honestly what is known."""

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable


class Recovery(StrEnum):
    """How an unknown result of an order can be resolved."""

    DEDUPES = "dedupes"
    """The target recognizes the idempotency key: send the order again."""
    ASKABLE = "askable"
    """The target can be queried: look the order up, and resend it only if the first sender is provably gone."""
    NEITHER = "neither"
    """Nothing can be determined: a person resolves it."""


class CallStatus(StrEnum):
    """The known result of an attempt."""

    DONE = "done"
    """It happened."""
    REFUSED = "refused"
    """The target refused; this attempt had no effect, and another would be refused too."""
    NOT_DONE = "not_done"
    """This attempt had no effect; another may succeed."""
    UNKNOWN = "unknown"
    """It was sent, and the result is unknown. Timeouts and server errors are unknown, not refused."""


@dataclass(frozen=True, slots=True)
class CallResult:
    """The result of an attempt or a lookup: a status, a JSON result, and an error message.

    ``is_ours`` means that HITL did not send it, so that the result says nothing about the target.
    """

    answer: CallStatus
    result: Any = None
    error: str = ""
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """What to execute, exactly as approved; ``body`` is the payload's canonical text (RFC 8785).

    ``key`` is the same for every attempt at this revision in this round. ``approved_by`` is the approver's ID, or None
    if policy approved it. ``is_exception`` means that an owner approved it at a single-reviewer desk. ``reverses`` is
    the key of the order that this one undoes, or empty. ``at`` is the database's time when the order was made: the
    host's own clock may be wrong.
    """

    key: str
    action: str
    action_type: str
    agent: str
    revision: int
    body: str
    target: dict[str, Any]
    attempt: int = 1
    approved_by: int | None = None
    is_exception: bool = False
    reverses: str = ""
    at: datetime | None = None
    _made: float = field(default_factory=time.monotonic, init=False, compare=False, repr=False)

    @property
    def now(self) -> datetime:
        """What time it is by the database's clock."""
        if self.at is None:
            return datetime.now(UTC)
        return self.at + timedelta(seconds=time.monotonic() - self._made)

    @property
    def payload(self) -> dict[str, Any]:
        """The approved payload, parsed."""
        values: dict[str, Any] = json.loads(self.body)
        return values


class Connector(Protocol):
    """One way to execute actions."""

    name: str

    def recovery(self, target: dict[str, Any]) -> Recovery:
        """Return how an unknown result at this target can be resolved."""

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Return the faults of a target as sentences; empty if it is valid."""

    def summary(self, target: dict[str, Any]) -> str:
        """Summarize the target in one short sentence, without secrets; it never raises."""

    def send(self, order: Order) -> CallResult:
        """Execute the order once, in bounded time."""

    def look_up(self, order: Order) -> CallResult:
        """Ask whether the order's key was executed: done, not done, or unknown."""


@runtime_checkable
class Checks(Protocol):
    """A connector that is asked right before an order is sent; most need not be."""

    def check(self, order: Order) -> list[str]:
        """Return why the order cannot be executed now, as sentences; each sends the action back to a person.

        It changes nothing, in bounded time. A target that does not respond is no reason: sending finds out.
        """


@runtime_checkable
class Previews(Protocol):
    """A connector that can say what it will do with a payload; most say it in their summary."""

    def preview(self, target: dict[str, Any], payload: dict[str, Any]) -> list[str]:
        """Return a few lines of plain text in the reader's language, without secrets; it asks no other system."""


@runtime_checkable
class Reverses(Protocol):
    """A connector whose executed orders can be undone by another order.

    One that can do so only at some targets has ``can_reverse(target)``, too.
    """

    def reverse(self, order: Order) -> Order | None:
        """Return the order that undoes an executed one, under a key of its own, or None if there is none.

        It asks no other system. HITL sends the order under a key that it chooses.
        """


@runtime_checkable
class Reaches(Protocol):
    """A connector that reaches different systems; each has its own limits and circuit breaker."""

    def host(self, target: dict[str, Any]) -> str:
        """Return the host of a target, with its port if it names one; it never raises."""
