"""The connector and the channel that tests script; registered by settings, as an installation's own would be."""

from approvals.channels.fake import FakeChannel
from approvals.connectors.fake import FakeConnector

CONNECTOR = FakeConnector()
CHANNEL = FakeChannel()
NAMES = {"fake": "tests.doubles.CONNECTOR"}


def fresh_connector() -> FakeConnector:
    """The connector, with nothing remembered and nothing scripted."""
    vars(CONNECTOR).update(vars(FakeConnector()))
    return CONNECTOR
