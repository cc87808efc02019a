"""What a database or disk that fails is called: by the real errors of both databases and of the system."""

import errno
import sqlite3
from pathlib import Path

import psycopg
import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
from django.db.utils import InternalError
from django.template.loader import render_to_string

from approvals import outages
from approvals.errors import Busy, DiskFull, ReadOnly, TooSlow, Unavailable


def raised(outer: type[Exception], cause: Exception) -> Exception:
    error = outer(*cause.args)
    error.__cause__ = cause
    return error


def of_sqlite(database: Path, *, is_read_only: bool = False, limit: int = 0, holder: bool = False) -> Exception:
    """What SQLite raises for a write that it cannot do."""
    sqlite3.connect(database).execute("CREATE TABLE IF NOT EXISTS t (x)")
    other = sqlite3.connect(database)
    if holder:
        other.execute("BEGIN IMMEDIATE")
    address = f"file:{database}?mode=ro" if is_read_only else f"file:{database}"
    connection = sqlite3.connect(address, uri=True, timeout=0)
    if limit:
        connection.execute(f"PRAGMA max_page_count={limit}")
    with pytest.raises(sqlite3.OperationalError) as caught:
        connection.execute("INSERT INTO t VALUES (?)", ["x" * 100_000])
    return caught.value


class TestAnOutage:
    @pytest.mark.parametrize(
        ("outer", "cause", "kind"),
        [
            (OperationalError, psycopg.errors.QueryCanceled("canceling statement"), TooSlow),
            (OperationalError, psycopg.errors.LockNotAvailable("lock"), Busy),
            (OperationalError, psycopg.errors.DiskFull("full"), DiskFull),
            (InternalError, psycopg.errors.ReadOnlySqlTransaction("read-only"), ReadOnly),
            (OperationalError, psycopg.OperationalError("server closed the connection"), Unavailable),
            (InterfaceError, psycopg.InterfaceError("the connection is closed"), Unavailable),
        ],
    )
    def test_of_postgresql_is_named(self, outer: type[Exception], cause: Exception, kind: type[Unavailable]) -> None:
        assert type(outages.of(raised(outer, cause))) is kind

    def test_of_sqlite_is_named(self, tmp_path: Path) -> None:
        found = [
            type(outages.of(raised(OperationalError, of_sqlite(tmp_path / "a", is_read_only=True)))),
            type(outages.of(raised(OperationalError, of_sqlite(tmp_path / "b", limit=2)))),
            type(outages.of(raised(OperationalError, of_sqlite(tmp_path / "c", holder=True)))),
        ]
        assert found == [ReadOnly, DiskFull, Busy]

    @pytest.mark.parametrize(
        ("number", "kind"), [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EROFS, ReadOnly)]
    )
    def test_of_a_disk_is_named(self, number: int, kind: type[Unavailable]) -> None:
        assert type(outages.of(OSError(number, "no"))) is kind

    @pytest.mark.parametrize(
        "error", [None, ValueError("no"), IntegrityError("no"), InternalError("no"), OSError(errno.ENOENT, "no")]
    )
    def test_is_no_other_fault(self, error: Exception | None) -> None:
        assert outages.of(error) is None


def test_the_page_needs_neither_a_request_nor_the_database() -> None:
    page = render_to_string("503.html", {"words": DiskFull().in_words})
    assert "A disk on the server is full" in page and "Traceback" not in page
