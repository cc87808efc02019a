"""The demo's folder: what it refuses, what it keeps and what it throws away."""

import os
import socket
from pathlib import Path

import pytest
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings

from approvals.management.supervisor import demo_home


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.HITL_HOME = tmp_path
    settings.HITL_MODE = "demo"
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("PORT", raising=False)
    return tmp_path


class TestDemandDemo:
    def test_lets_the_demo_pass(self) -> None:
        demo_home.demand_demo()

    def test_refuses_another_mode(self, settings: Settings) -> None:
        settings.HITL_MODE = "production"
        with pytest.raises(CommandError, match="HITL_MODE is production"):
            demo_home.demand_demo()

    def test_refuses_a_database_of_somebodys_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgres://somebody/else")
        with pytest.raises(CommandError, match="Unset DATABASE_URL"):
            demo_home.demand_demo()


@pytest.mark.django_db
class TestDemandKnownDatabase:
    def test_lets_tables_of_this_version_pass(self) -> None:
        demo_home.demand_known_database()

    @pytest.mark.parametrize("app", demo_home.OURS)
    def test_sends_whoever_has_tables_of_another_version_to_reset(self, app: str) -> None:
        MigrationRecorder(connection).record_applied(app, "0001_of_another_version")
        with pytest.raises(CommandError, match="make reset"):
            demo_home.demand_known_database()


class TestPort:
    def test_is_8000_unless_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert demo_home.port() == 8000
        monkeypatch.setenv("PORT", "9123")
        assert demo_home.port() == 9123

    @pytest.mark.parametrize("word", ["eight", "0", "70000", "-1", "80.5"])
    def test_that_is_none_is_refused(self, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PORT", word)
        with pytest.raises(CommandError, match="from 1 to 65535"):
            demo_home.port()

    def test_in_use_is_refused_with_another_to_try(self) -> None:
        with socket.create_server((demo_home.HOST, 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(CommandError, match=f"Port {port} is in use. .* PORT={port + 1}"):
                demo_home.demand_port(port)
        demo_home.demand_port(port)


class TestLock:
    def test_is_held_by_one_run_at_a_time(self, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
        monkeypatch.setattr(demo_home, "ENDING_SECONDS", 0.1)
        held = demo_home.lock()
        with pytest.raises(CommandError, match="is already running"):
            demo_home.lock()
        os.close(held)
        os.close(demo_home.lock())


class TestBegin:
    def test_marks_an_empty_folder(self, home: Path) -> None:
        demo_home.begin()
        assert demo_home.is_ours()
        assert not demo_home.is_ready()
        demo_home.mark(demo_home.READY)
        assert demo_home.is_ready()

    def test_leaves_a_database_alone_that_the_demo_did_not_make(self, home: Path) -> None:
        (home / "hitl.sqlite3").write_bytes(b"precious")
        with pytest.raises(CommandError, match="was not created by the demo"):
            demo_home.begin()
        assert (home / "hitl.sqlite3").read_bytes() == b"precious"

    def test_throws_away_what_a_telling_cut_short_has_left(self, home: Path) -> None:
        demo_home.begin()
        (home / "hitl.sqlite3").write_bytes(b"half a story")
        (home / "secret_key").write_text("kept")
        demo_home.begin()
        assert not (home / "hitl.sqlite3").exists()
        assert (home / "secret_key").read_text() == "kept"


class TestClear:
    def test_empties_a_folder_of_ours(self, home: Path) -> None:
        demo_home.begin()
        (home / "mailbox").mkdir()
        (home / "mailbox" / "a.log").write_text("mail")
        demo_home.clear()
        assert list(home.iterdir()) == []

    def test_refuses_any_other_folder(self, home: Path) -> None:
        (home / "thesis.txt").write_text("years of work")
        with pytest.raises(CommandError, match="nothing was deleted"):
            demo_home.clear()
        assert (home / "thesis.txt").exists()


class TestWriteJson:
    def test_is_read_by_its_owner_alone(self, home: Path) -> None:
        demo_home.write_json("demo.json", {"url": "http://127.0.0.1:8000"})
        assert (home / "demo.json").stat().st_mode & 0o777 == 0o600
        assert demo_home.read_json("demo.json") == {"url": "http://127.0.0.1:8000"}

    def test_that_is_not_there_reads_as_nothing(self) -> None:
        assert demo_home.read_json("nothing.json") == {}
