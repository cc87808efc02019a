"""What a connector is: one way to carry an approved action out, honest about what it knows afterwards."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class Recovery(StrEnum):
    """What can be done when nobody knows whether an order was carried out."""

    DEDUPES = "dedupes"
    """The other side recognizes our key: the order is sent again."""
    ASKABLE = "askable"
    """The other side can be asked: it is looked up, and sent again only when the first sender is provably gone."""
    NEITHER = "neither"
    """Nothing can be found out: a person settles it."""


class CallStatus(StrEnum):
    """What is known after an attempt."""

    DONE = "done"
    """It happened."""
    REFUSED = "refused"
    """The other side said no; this attempt did nothing, and another would get the same answer."""
    NOT_DONE = "not_done"
    """This attempt did nothing; another may do better."""
    UNKNOWN = "unknown"
    """It was sent, and what followed is not known. Timeouts and server errors are this, not refusals."""


@dataclass(frozen=True, slots=True)
class CallResult:
    """What an attempt, or a look, told: the answer, a JSON result, and a sentence when it went wrong."""

    answer: CallStatus
    result: Any = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be carried out, exactly as it was decided; ``body`` is the payload's canonical text (RFC 8785).

    ``key`` is the same for every attempt at this revision in this round; ``approved_by`` is the id of whoever approved
    it, None when policy did, and ``is_exception`` says that a desk of one let its owner do so.
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

    @property
    def payload(self) -> dict[str, Any]:
        """The payload as values, typed as they were approved."""
        values: dict[str, Any] = json.loads(self.body)
        return values


class Connector(Protocol):
    """One way to carry actions out."""

    name: str

    def recovery(self, target: dict[str, Any]) -> Recovery:
        """What can be done about an attempt at this target that nobody heard back from."""

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Say in sentences what is wrong with a target; nothing when it can be used."""

    def summary(self, target: dict[str, Any]) -> str:
        """Say in one short sentence how and where to; no secret in it, and no error whatever the target holds."""

    def send(self, order: Order) -> CallResult:
        """Carry the order out, once, in bounded time."""

    def look_up(self, order: Order) -> CallResult:
        """Ask whether the order's key was carried out: done, not done, or unknown."""
