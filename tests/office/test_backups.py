"""Backups of an office on a real PostgreSQL: taken, tried, put back, and never trusted when they differ."""

import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.office import backups
from deploy.office.backups import DUMP, Backup
from deploy.office.database import Server
from deploy.office.machine import Failed, Layout
from tests.servers.postgres import Postgres, installed_binaries

TABLES = """
CREATE TABLE action (id int PRIMARY KEY, said text);
CREATE TABLE none_yet (id int);
INSERT INTO action SELECT each, 'ü' || each FROM generate_series(1, 50) each;
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Postgres]:
    with tempfile.TemporaryDirectory(prefix="hitl-office-") as folder:
        server = Postgres(Path(folder) / "pg")
        Path(folder).chmod(0o755)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def server(cluster: Postgres) -> Server:
    """An administrator's PostgreSQL with a small database in it."""
    environment = {"PGHOST": str(cluster.folder / "s"), "PGUSER": "postgres", "PGPASSWORD": cluster.password}
    found = Server(user=None, environment=environment, programs=str(installed_binaries() / "bin"), owner="hitl")
    for name in ("hitl", "hitl_restored", "hitl_before"):
        found.drop(name)
    found.make_database("hitl")
    found.ask(TABLES, "hitl")
    return found


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    found = Layout(tmp_path / "machine")
    found.home.mkdir(parents=True)
    (found.home / "journal.jsonl").write_text("one\n")
    (found.home / "last-known").write_text("sent before\n")
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    backups.prepare(tmp_path / "backups")
    return tmp_path / "backups"


def take(layout: Layout, server: Server, folder: Path) -> Backup:
    return backups.take(layout, server, folder, release="r1", reason="test")


def verified(layout: Layout, server: Server, folder: Path) -> Backup:
    found = take(layout, server, folder)
    backups.verify(server, found, lambda _database: None)
    return found


def count(server: Server, database: str = "hitl") -> int:
    return int(server.ask("SELECT count(*) FROM action", database)[0])


class TestABackup:
    def test_is_readable_for_its_owner_alone(self, layout: Layout, server: Server, folder: Path) -> None:
        found = take(layout, server, folder)
        assert {path.stat().st_mode & 0o777 for path in found.folder.iterdir()} == {0o600}
        assert {path.stat().st_mode & 0o777 for path in (folder, found.folder)} == {0o700}

    def test_counts_what_is_in_the_dump_and_not_what_came_meanwhile(
        self, layout: Layout, server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stream = Server._stream

        def busy(self: Server, command: list[str], **streams: Any) -> None:
            if command[0] == "pg_dump":
                server.ask("INSERT INTO action VALUES (1000, 'later')", "hitl")
            stream(self, command, **streams)

        monkeypatch.setattr(Server, "_stream", busy)
        found = verified(layout, server, folder)
        assert (found.manifest["tables"]["action"][0], count(server)) == ("50", 51)

    def test_that_is_interrupted_leaves_nothing(
        self, layout: Layout, server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupted(*_arguments: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(backups, "_pack", interrupted)
        with pytest.raises(KeyboardInterrupt):
            take(layout, server, folder)
        assert backups.known(folder) == []
        assert [path.name for path in folder.iterdir()] == [backups.MARK]

    def test_is_not_written_where_its_disk_is_missing(self, layout: Layout, server: Server, folder: Path) -> None:
        (folder / backups.MARK).unlink()
        with pytest.raises(Failed, match="Mount its disk"):
            take(layout, server, folder)
        assert list(folder.iterdir()) == []


class TestTrying:
    def test_removes_the_database_beside(self, layout: Layout, server: Server, folder: Path) -> None:
        found = verified(layout, server, folder)
        assert found.is_verified
        assert not server.has_database(backups.CHECKED)

    def test_removes_it_also_if_the_check_fails(self, layout: Layout, server: Server, folder: Path) -> None:
        def check(_database: str) -> None:
            raise Failed("A trigger is missing.")

        found = take(layout, server, folder)
        with pytest.raises(Failed, match="trigger"):
            backups.verify(server, found, check)
        assert not found.is_verified
        assert not server.has_database(backups.CHECKED)

    def test_finds_a_damaged_file(self, layout: Layout, server: Server, folder: Path) -> None:
        found = take(layout, server, folder)
        with (found.folder / DUMP).open("r+b") as file:
            file.seek(-20, 2)
            file.write(b"damage")
        with pytest.raises(Failed, match="damaged"):
            backups.verify(server, found, lambda _database: None)

    @pytest.mark.parametrize(
        "change",
        ["DELETE FROM action WHERE id = 7", "UPDATE action SET said = 'x' WHERE id = 7", "CREATE TABLE more ()"],
    )
    def test_finds_a_dump_of_something_else(self, layout: Layout, server: Server, folder: Path, change: str) -> None:
        expected = take(layout, server, folder).manifest["tables"]
        server.ask(change, "hitl")
        other = folder.with_name("others")
        backups.prepare(other)
        found = take(layout, server, other)
        found.keep(tables=expected)
        with pytest.raises(Failed, match="does not contain"):
            backups.verify(server, found, lambda _database: None)


class TestPuttingBack:
    def test_exchanges_the_databases_and_keeps_what_was_sent(
        self, layout: Layout, server: Server, folder: Path
    ) -> None:
        found = take(layout, server, folder)
        server.ask("DELETE FROM action WHERE id > 10", "hitl")
        (layout.home / "journal.jsonl").write_text("one\ntwo\n")
        (layout.home / "last-known").write_text("sent after\n")
        backups.load(server, found, "hitl_restored")
        backups.put_back(layout, server, found, aside="hitl_before")
        assert (count(server), count(server, "hitl_before")) == (50, 10)
        assert (layout.home / "journal.jsonl").read_text() == "one\n"
        assert (layout.home / "last-known").read_text() == "sent after\n"

    def test_needs_what_was_loaded_and_compared(self, layout: Layout, server: Server, folder: Path) -> None:
        found = take(layout, server, folder)
        with pytest.raises(Failed, match="Load the backup"):
            backups.put_back(layout, server, found, aside="hitl_before")
        assert count(server) == 50

    def test_leaves_the_database_in_its_place_if_the_exchange_fails(
        self, layout: Layout, server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = take(layout, server, folder)
        backups.load(server, found, "hitl_restored")
        rename = Server.rename

        def interrupted(self: Server, old: str, new: str) -> None:
            if old == "hitl_restored":
                raise KeyboardInterrupt
            rename(self, old, new)

        monkeypatch.setattr(Server, "rename", interrupted)
        with pytest.raises(KeyboardInterrupt):
            backups.put_back(layout, server, found, aside="hitl_before")
        assert server.has_database("hitl")
        assert not server.has_database("hitl_before")


class TestRemoving:
    def aged(self, folder: Path, days: int, *, is_verified: bool) -> Backup:
        made_at = datetime.fromisoformat("2026-01-31T02:30:00+00:00") - timedelta(days=days)
        found = Backup(folder / f"{made_at:%Y-%m-%dT%H%M%SZ}")
        found.folder.mkdir(parents=True)
        (found.folder / "manifest.json").write_text("{}")
        found.keep(made_at=made_at.isoformat(), verified_at=made_at.isoformat() if is_verified else None)
        return found

    def test_leaves_the_newest_that_was_tried(self, folder: Path) -> None:
        old, tried, newer = (
            self.aged(folder, days, is_verified=is_verified)
            for days, is_verified in ((90, True), (60, True), (40, False))
        )
        (folder / "partial-2026-01-01").mkdir()
        removed = backups.prune(folder, 30, datetime.fromisoformat("2026-01-31T02:30:00+00:00"))
        assert removed == [old.name, newer.name]
        assert [backup.name for backup in backups.known(folder)] == [tried.name]
        assert list(folder.glob("partial-*")) == []

    def test_leaves_what_is_young(self, folder: Path) -> None:
        self.aged(folder, 30, is_verified=True), self.aged(folder, 1, is_verified=True)
        assert backups.prune(folder, 30, datetime.fromisoformat("2026-01-31T02:30:00+00:00")) == []

    def test_is_no_reason_to_take_one_that_was_not_tried(self, folder: Path) -> None:
        tried = self.aged(folder, 2, is_verified=True)
        self.aged(folder, 1, is_verified=False)
        assert backups.named(folder, "latest") == tried
