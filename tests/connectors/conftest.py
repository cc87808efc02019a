"""A server that connectors and lookups may call."""

import pytest
from pytest_django import Settings

from tests.servers.recording import RecordingServer


@pytest.fixture
def server(live_http_server: RecordingServer, settings: Settings) -> RecordingServer:
    """The recording server, let through by its port."""
    settings.HITL_OUTBOUND_LOOPBACK = [f"127.0.0.1:{live_http_server.port}"]
    return live_http_server
