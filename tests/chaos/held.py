"""A connector that can be held right before it sends or asks, and after it was answered; workers load it by settings.

Its target names a folder: a file `hold-before`, `hold-after` or `hold-asking` there holds it, and `at-before`,
`at-after` or `at-asking` says that it has come so far.
"""

import time
from pathlib import Path
from typing import Any

from approvals.connectors.base import CallResult, Order, Recovery
from approvals.connectors.http import HttpConnector


class HeldConnector:
    """The http connector with three places to stop at."""

    name = "held"

    def __init__(self) -> None:
        self.http = HttpConnector()

    def recovery(self, target: dict[str, Any]) -> Recovery:
        return self.http.recovery(target)

    def check_target(self, target: dict[str, Any]) -> list[str]:
        return []

    def summary(self, target: dict[str, Any]) -> str:
        return self.http.summary(target)

    def send(self, order: Order) -> CallResult:
        folder = Path(order.target["folder"])
        wait_at(folder, "before")
        outcome = self.http.send(order)
        wait_at(folder, "after")
        return outcome

    def reverse(self, order: Order) -> Order | None:
        return self.http.reverse(order)

    def look_up(self, order: Order) -> CallResult:
        wait_at(Path(order.target["folder"]), "asking")
        return self.http.look_up(order)


def wait_at(folder: Path, place: str) -> None:
    (folder / f"at-{place}").touch()
    while (folder / f"hold-{place}").exists():
        time.sleep(0.01)


CONNECTOR = HeldConnector()
