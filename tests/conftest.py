"""Fixtures that every test may use: the database as migrated, a small world in it, and private servers to break."""

import os
import re
import shutil
import tempfile
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker, Settings
from whitenoise.middleware import WhiteNoiseMiddleware

from approvals.connectors.fake import FakeConnector
from approvals.models import Action, Person
from approvals.services import pace
from approvals.services.execution import recovery
from approvals.services.safety import last_known
from policies import words
from tests import doubles, world, writing
from tests.proof import load_profile
from tests.servers.postgres import Postgres
from tests.servers.recording import RecordingServer
from tests.servers.restore import copy_of, cut_other_sessions
from tests.servers.valkey import Valkey
from tests.world import World

load_profile()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """On SQLite, test on a file: an in-memory database locks whole tables and shows no race."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(Path(settings.HITL_HOME) / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Generator[None]:
    """After a test that commits, put back what the migrations left instead of emptying every table."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        put_back = copy_of(Path(settings.HITL_HOME))
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: put_back())
        patch.setattr(TransactionTestCase, "_should_reload_connections", lambda _case: False)
        writing.record_what_querysets_write(patch)
        yield
        # The last test may have left one that the server ended.
        connections.close_all()
        cut_other_sessions()


@pytest.fixture(scope="session", autouse=True)
def static_files_found_once() -> Generator[None]:
    """Each test client has a handler of its own, which would look at each static file again."""
    found: dict[str, Any] = {}
    search = WhiteNoiseMiddleware.add_files_from_finders

    def add(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            search(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add)
        yield


@pytest.fixture(autouse=True)
def fresh_last_known(settings: Settings) -> None:
    """Each test has a database as new, so the file of what was sent begins again, too."""
    for name in ("last-known", "last-known.before"):
        (Path(settings.HITL_HOME) / name).unlink(missing_ok=True)
    last_known.forget()


@pytest.fixture
def store(settings: Settings, tmp_path: Path) -> Path:
    """The folder of attachments, empty and of this test alone."""
    folder = tmp_path / "attachments"
    configured = {"BACKEND": "approvals.storage.folder.Folder", "OPTIONS": {"location": str(folder)}}
    settings.STORAGES = settings.STORAGES | {"attachments": configured}
    return folder


@pytest.fixture
def fake(settings: Settings) -> FakeConnector:
    """The scripted connector, registered as `fake`."""
    settings.HITL_CONNECTORS = doubles.NAMES
    pace.forget()
    return doubles.fresh_connector()


@pytest.fixture
def patient(settings: Settings, monkeypatch: pytest.MonkeyPatch, fake: FakeConnector) -> None:
    """Leases lapse immediately, and the server is not taken for one that has just started."""
    settings.HITL_LEASE_SECONDS = 0
    Path(settings.HITL_LAST_KNOWN).write_text('{"since": "2020-01-01T00:00:00+00:00"}\n')
    monkeypatch.setattr(recovery, "CALM", timedelta(0))


@pytest.fixture
def checking(fake: FakeConnector) -> doubles.CheckingConnector:
    """The scripted connector that is asked before it sends, registered as `checking`."""
    vars(doubles.CHECKING).update(vars(doubles.CheckingConnector()))
    return doubles.CHECKING


@pytest.fixture
def here(request: pytest.FixtureRequest) -> World:
    """The small world; `@pytest.mark.world(undo_seconds=0)` says how its kind of action differs from the usual."""
    differs = request.node.get_closest_marker("world")
    return world.make(**(differs.kwargs if differs else {}))


@pytest.fixture
def action(here: World) -> Action:
    """An action that waits for a junior."""
    return here.pending()


@pytest.fixture
def big(here: World) -> Action:
    """What only a senior may decide."""
    return here.pending(amount=9000)


@pytest.fixture
def friend(here: World) -> Person:
    """Somebody without a seat at any desk."""
    return world.person("friend")


@pytest.fixture
def server_folder() -> Generator[Path]:
    """A folder with a short path (a socket's path may have 107 bytes) that goes with the test."""
    folder = Path(tempfile.mkdtemp(prefix="hitl-", dir=os.environ["HITL_TEST_FOLDER"]))
    folder.chmod(0o755)  # as root, PostgreSQL runs as somebody else and must pass through
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres(server_folder: Path) -> Generator[Postgres]:
    """A durable PostgreSQL of this test's own, to restart and kill; its database `hitl` is empty."""
    server = Postgres(server_folder / "pg", durable=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def valkey(server_folder: Path) -> Generator[Valkey]:
    """A Valkey of this test's own, to flush, pause, restart and kill."""
    server = Valkey(server_folder / "valkey")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def live_http_server() -> Generator[RecordingServer]:
    """A real HTTP server that records requests, counts effects by key and answers as scripted."""
    server = RecordingServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def receiver(live_http_server: RecordingServer, settings: Settings) -> RecordingServer:
    """The recording server as a receiver of webhooks, let through by its port."""
    settings.HITL_OUTBOUND_LOOPBACK = [f"127.0.0.1:{live_http_server.port}"]
    return live_http_server


@pytest.fixture
def foreign(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language that has another letter for each of ours, for the sentences of the engine and of events."""

    def said(text: str) -> str:
        return "".join(part if part.startswith("{") else part.swapcase() for part in re.split(r"(\{\w+\})", text))

    monkeypatch.setattr(words, "gettext", said)
