"""A server that connectors and lookups may call."""

from collections.abc import Generator

import pytest
from pytest_django import Settings

from tests.connectors.providers import Provider, provider_process
from tests.servers.recording import RecordingServer


@pytest.fixture
def server(live_http_server: RecordingServer, settings: Settings) -> RecordingServer:
    """The recording server, let through by its port."""
    settings.HITL_OUTBOUND_LOOPBACK = [f"127.0.0.1:{live_http_server.port}"]
    return live_http_server


@pytest.fixture(scope="module")
def scim_process(tmp_path_factory: pytest.TempPathFactory) -> Generator[Provider]:
    """A SCIM provider in a process of its own."""
    with provider_process(tmp_path_factory.mktemp("scim")) as provider:
        yield provider


@pytest.fixture
def provider(scim_process: Provider, settings: Settings) -> Provider:
    """The SCIM provider with its users and groups, let through by its port."""
    scim_process.prepare(settings)
    return scim_process
