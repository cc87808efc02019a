"""A scripted connector without effects, for tests and dry runs."""

from collections import Counter, deque
from dataclasses import dataclass, field, replace
from typing import Any

from approvals.connectors.base import CallResult, CallStatus, Order, Recovery


@dataclass
class FakeConnector:
    """Counts effects by key; ``script`` holds the next results, each with whether its effect happens.

    After the script, every result is done. An exception in the script is raised.
    """

    name: str = "fake"
    class_: Recovery = Recovery.DEDUPES
    is_reversible: bool = True
    orders: list[Order] = field(default_factory=list)
    effects: Counter[str] = field(default_factory=Counter)
    script: deque[tuple[bool, CallResult] | Exception] = field(default_factory=deque)
    looks: deque[CallResult] = field(default_factory=deque)

    def recovery(self, target: dict[str, Any]) -> Recovery:
        """Return the configured recovery."""
        return self.class_

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Accept any target."""
        return []

    def summary(self, target: dict[str, Any]) -> str:
        """Return a fixed sentence."""
        return "Test connector without effects"

    def send(self, order: Order) -> CallResult:
        """Record the order and return the next scripted result."""
        self.orders.append(order)
        step = self.script.popleft() if self.script else (True, CallResult(CallStatus.DONE, {"fake": order.key}))
        if isinstance(step, Exception):
            raise step
        has_effect, outcome = step
        if has_effect and not (self.class_ is Recovery.DEDUPES and self.effects[order.key]):
            self.effects[order.key] += 1
        return outcome

    def reverse(self, order: Order) -> Order | None:
        """Return the order that undoes another, unless the test says that there is none."""
        return replace(order, key=f"reverse {order.key}", reverses=order.key) if self.is_reversible else None

    def look_up(self, order: Order) -> CallResult:
        """Return the next scripted lookup, else the recorded effect."""
        if self.looks:
            return self.looks.popleft()
        return CallResult(CallStatus.DONE if self.effects[order.key] else CallStatus.NOT_DONE)
