"""A connection that was just used costs no round trip to learn that it works, and one that was ended is found out."""

import time
from typing import Any

import psycopg
import pytest
from django.db import connection

from hitl_project.environment.databases import POSTGRESQL, bounded
from hitl_project.environment.reader import Environment
from hitl_project.postgresql import base
from policies import prepared

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql_only]
LAST = "SELECT query FROM pg_stat_activity WHERE pid = %s"
END = "SELECT pg_terminate_backend(%s, 5000)"


@pytest.fixture
def elsewhere() -> "psycopg.Connection[tuple[object, ...]]":
    """Another connection to the same database."""
    given = connection.get_connection_params()
    known = {name: given[name] for name in ("dbname", "user", "password", "host", "port") if name in given}
    return psycopg.connect(**known, autocommit=True)


def limited(options: dict[str, Any]) -> dict[str, Any]:
    """The options of a connection whose statements may take a second."""
    env = Environment()
    # Of any process: another test may have loaded what says that this is the web's.
    env.ENVIRON = {"HITL_STATEMENT_SECONDS": "1", "HITL_WEB_STATEMENT_SECONDS": "1"}
    found: dict[str, Any] = bounded(env, {"ENGINE": POSTGRESQL, "OPTIONS": options})["OPTIONS"]
    return found


def used() -> int:
    """Use the connection; return its process."""
    connection.ensure_connection()
    connection.is_usable()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def was_asked(pid: int, elsewhere: "psycopg.Connection[tuple[object, ...]]") -> bool:
    found = elsewhere.execute(LAST, [pid]).fetchone()
    assert found is not None
    return found == ("SELECT 1",)


def test_a_connection_that_was_just_used_is_not_asked(elsewhere: "psycopg.Connection[tuple[object, ...]]") -> None:
    with elsewhere:
        pid = used()
        assert connection.is_usable()
        assert not was_asked(pid, elsewhere)


def test_a_connection_that_was_idle_is_asked(
    elsewhere: "psycopg.Connection[tuple[object, ...]]", monkeypatch: pytest.MonkeyPatch
) -> None:
    with elsewhere:
        pid = used()
        monkeypatch.setattr(base, "FRESH_SECONDS", 0.0)
        assert connection.is_usable()
        assert was_asked(pid, elsewhere)


def test_a_connection_that_the_server_ended_is_not_usable(
    elsewhere: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    with elsewhere:
        pid = used()
        elsewhere.execute(END, [pid])
        assert not connection.is_usable()
    connection.close()


def test_a_prepared_statement_gets_a_connection_that_works(
    elsewhere: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    with elsewhere:
        pid = used()
        elsewhere.execute(END, [pid])
        # As each request begins.
        connection.close_if_unusable_or_obsolete()
        assert prepared.run("SELECT 7", [], prepared.database()).rows == [(7,)]
    connection.close()


def test_a_transaction_in_which_nothing_happens_loses_its_locks() -> None:
    given = {name: connection.get_connection_params()[name] for name in ("dbname", "user", "password", "host")}
    limits = limited({})
    with psycopg.connect(**given | limits) as cut_off:
        cut_off.execute("SELECT 1")
        time.sleep(1.5)
        with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
            cut_off.execute("SELECT 1")


def test_a_connection_asks_whether_its_server_is_still_there() -> None:
    found = connection.get_connection_params()
    assert found["keepalives_idle"] + found["keepalives_interval"] * found["keepalives_count"] < 30
    assert found["connect_timeout"] <= 10


def test_what_an_operator_says_about_a_connection_counts() -> None:
    assert limited({"connect_timeout": "3"})["connect_timeout"] == "3"
