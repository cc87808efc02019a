"""A connector that its worker dies of, as of a fault in a library: at its check, or while it sends."""

import os
import signal
from typing import Any

from approvals.connectors.base import CallResult, CallStatus, Order, Recovery


class FatalConnector:
    """Kills its process at the place that the target names; its class is the target's, too."""

    name = "fatal"

    def recovery(self, target: dict[str, Any]) -> Recovery:
        return Recovery(target.get("class", Recovery.DEDUPES))

    def check_target(self, target: dict[str, Any]) -> list[str]:
        return []

    def summary(self, target: dict[str, Any]) -> str:
        return "Kills its worker"

    def check(self, order: Order) -> list[str]:
        return die(order, "check") or []

    def send(self, order: Order) -> CallResult:
        die(order, "send")
        return CallResult(CallStatus.DONE)

    def look_up(self, order: Order) -> CallResult:
        die(order, "look_up")
        return CallResult(CallStatus.UNKNOWN)


def die(order: Order, place: str) -> list[str] | None:
    """Kill this process, for payloads that say so, where it is a worker's own."""
    if place in order.target["places"] and order.payload["issuer"] == "Poison" and os.environ.get("HITL_FATAL"):
        os.kill(os.getpid(), signal.SIGKILL)
    return None


CONNECTOR = FatalConnector()
