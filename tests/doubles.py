"""The connector and the channel that tests script; registered by settings, as an installation's own would be."""

from dataclasses import dataclass, field
from typing import Any

from approvals.channels.fake import FakeChannel
from approvals.connectors.base import Order
from approvals.connectors.fake import FakeConnector


@dataclass
class CheckingConnector(FakeConnector):
    """The scripted connector with everything that connectors may have beyond sending."""

    name: str = "checking"
    faults: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    checked: list[Order] = field(default_factory=list)
    failure: Exception | None = None

    def check(self, order: Order) -> list[str]:
        """Return the scripted faults."""
        self.checked.append(order)
        if self.failure:
            raise self.failure
        return self.faults

    def preview(self, target: dict[str, Any], payload: dict[str, Any]) -> list[str]:
        """Return the scripted lines."""
        if self.failure:
            raise self.failure
        return self.lines


CONNECTOR = FakeConnector()
CHECKING = CheckingConnector()
CHANNEL = FakeChannel()
NAMES = {"fake": "tests.doubles.CONNECTOR", "checking": "tests.doubles.CHECKING"}


def fresh_connector() -> FakeConnector:
    """The connector, with nothing remembered and nothing scripted."""
    vars(CONNECTOR).update(vars(FakeConnector()))
    return CONNECTOR
