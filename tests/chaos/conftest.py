"""A world whose actions go to a recording server, and workers that can be killed on the way."""

from collections.abc import Generator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from approvals.services.execution import recovery
from tests.chaos.workers import LEASE_SECONDS, Workers, database_url
from tests.servers.recording import RecordingServer
from tests.servers.valkey import Valkey
from tests.world import World


@pytest.fixture
def environment(
    live_http_server: RecordingServer, settings: Settings, server_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """What workers are told, and this process likewise."""
    loopback = f"127.0.0.1:{live_http_server.port}"
    settings.HITL_CONNECTORS = {"held": "tests.chaos.held.CONNECTOR"}
    settings.HITL_OUTBOUND_LOOPBACK = [loopback]
    settings.HITL_LEASE_SECONDS = LEASE_SECONDS
    monkeypatch.setattr(recovery, "CALM", timedelta(0))
    return {
        "DATABASE_URL": database_url(),
        "HITL_HOME": str(server_folder / "home"),
        "HITL_DECISION_KEYS": ",".join(settings.HITL_DECISION_KEYS),
        "HITL_CONNECTORS": "held=tests.chaos.held.CONNECTOR",
        "HITL_OUTBOUND_LOOPBACK": loopback,
        "HITL_LEASE_SECONDS": str(LEASE_SECONDS),
    }


@pytest.fixture
def workers(server_folder: Path, environment: dict[str, str]) -> Generator[Workers]:
    """The processes of this test."""
    found = Workers(server_folder, environment)
    yield found
    found.stop()


@pytest.fixture
def workers_on_valkey(workers: Workers, valkey: Valkey) -> Workers:
    """Workers whose broker is this test's own Valkey."""
    workers.environment["REDIS_URL"] = valkey.url
    return workers


@pytest.fixture
def here(environment: dict[str, str], here: World, live_http_server: RecordingServer, server_folder: Path) -> World:
    """A world whose actions are sent to the recording server."""
    target = {"url": f"{live_http_server.url}/post", "folder": str(server_folder)}
    here.set_kind(connector="held", undo_seconds=0, target=target)
    return here
