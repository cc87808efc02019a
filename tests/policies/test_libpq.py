"""What the gate sends to PostgreSQL without a cursor: plans, refusals, and connections that break off."""

import signal
import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from policies.libpq import Session, Statement

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql_only]
ONE = Statement("SELECT $1::int", ["1"])
FAULTY = Statement("SELECT 1 / $1::int", ["0"])


@pytest.fixture
def driver() -> Iterator["psycopg.Connection[Any]"]:
    given = connection.get_connection_params()
    with psycopg.connect(
        **{name: given[name] for name in ("dbname", "user", "password", "host", "port") if name in given},
        autocommit=True,
        prepare_threshold=None,
    ) as made:
        yield made


@pytest.fixture
def session(driver: "psycopg.Connection[Any]") -> Session:
    return Session(driver, prepares=True)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let an interruption arrive, also where the run was started in the background, which ignores it."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


def plans(driver: "psycopg.Connection[Any]") -> int:
    """How many plans a connection keeps."""
    return int(driver.execute("SELECT count(*) FROM pg_prepared_statements").fetchall()[0][0])


class TestPlans:
    def test_are_kept_from_the_second_run_on(self, driver: "psycopg.Connection[Any]", session: Session) -> None:
        kept = []
        for _ in range(4):
            assert session.run([ONE])[0].rows == [(1,)]
            kept.append(plans(driver))
        assert kept == [0, 1, 1, 1]

    def test_are_not_kept_behind_a_proxy_that_cannot(self, driver: "psycopg.Connection[Any]") -> None:
        session = Session(driver, prepares=False)
        for _ in range(4):
            session.run([ONE, ONE])
        assert plans(driver) == 0

    def test_outlive_a_rollback(self, driver: "psycopg.Connection[Any]", session: Session) -> None:
        driver.autocommit = False
        for _ in range(3):
            session.run([ONE])
        driver.rollback()
        assert session.run([ONE])[0].rows == [(1,)]

    def test_are_made_again_once_a_table_has_changed(self, driver: "psycopg.Connection[Any]", session: Session) -> None:
        driver.execute("CREATE TEMP TABLE kept (one int)")
        whole = Statement("SELECT * FROM kept", [])
        for _ in range(3):
            session.run([whole])
        driver.execute("ALTER TABLE kept ADD two int")
        with pytest.raises(psycopg.errors.FeatureNotSupported):
            session.run([whole])
        assert session.run([whole])[0].rows == []

    def test_are_made_again_once_somebody_ended_them(self, driver: "psycopg.Connection[Any]", session: Session) -> None:
        for _ in range(3):
            session.run([ONE])
        driver.execute("DEALLOCATE ALL")
        with pytest.raises(psycopg.errors.InvalidSqlStatementName):
            session.run([ONE])
        assert session.run([ONE])[0].rows == [(1,)]


class TestSeveralStatements:
    def test_answer_in_their_order(self, session: Session) -> None:
        two = Statement("SELECT generate_series(1, $1::int)", ["2"])
        assert [(each.rows, each.count) for each in session.run([ONE, two])] == [([(1,)], 1), ([(1,), (2,)], 2)]

    def test_stop_at_the_first_that_is_refused(self, driver: "psycopg.Connection[Any]", session: Session) -> None:
        driver.execute("CREATE TEMP TABLE kept (one int)")
        adds = Statement("INSERT INTO kept VALUES ($1)", ["1"])
        with pytest.raises(psycopg.errors.DivisionByZero):
            session.run([adds, FAULTY, adds])
        assert session.run([Statement("SELECT * FROM kept", [])])[0].rows == []

    def test_commit_only_if_all_ran(self, driver: "psycopg.Connection[Any]", session: Session) -> None:
        driver.execute("CREATE TEMP TABLE kept (one int)")
        driver.autocommit = False
        adds = Statement("INSERT INTO kept VALUES ($1)", ["1"])
        with pytest.raises(psycopg.errors.DivisionByZero):
            session.run([adds, FAULTY], commits=True)
        driver.rollback()
        session.run([adds], commits=True)
        driver.rollback()
        assert session.run([Statement("SELECT * FROM kept", [])])[0].rows == [(1,)]

    def test_may_be_larger_than_what_a_connection_holds(self, session: Session) -> None:
        large = Statement("SELECT length($1::text), repeat('y', 9000000)", ["x" * 9_000_000])
        assert [each.rows[0][0] for each in session.run([large] * 3)] == [9_000_000] * 3


class TestAConnection:
    def test_begins_a_transaction_as_the_driver_does(self, driver: "psycopg.Connection[Any]", session: Session) -> None:
        driver.autocommit = False
        session.run([ONE])
        assert driver.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS

    def test_that_was_ended_says_so(self, driver: "psycopg.Connection[Any]", session: Session) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [driver.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            session.run([ONE, ONE])
        assert driver.closed

    @pytest.mark.usefixtures("interruptible")
    def test_is_not_used_again_after_an_interruption(self, driver: "psycopg.Connection[Any]", session: Session) -> None:
        timer = threading.Timer(0.2, signal.pthread_kill, [threading.main_thread().ident, signal.SIGINT])
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            session.run([Statement("SELECT pg_sleep(30)", [])])
        assert driver.closed

    @pytest.mark.usefixtures("interruptible")
    def test_is_not_used_again_after_an_interruption_while_it_prepares(
        self, driver: "psycopg.Connection[Any]", session: Session
    ) -> None:
        beats = Statement("SELECT * FROM approvals_beat", [])
        session.run([beats])
        # Preparing waits for the table.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE approvals_beat IN ACCESS EXCLUSIVE MODE")
        threading.Timer(0.2, signal.pthread_kill, [threading.main_thread().ident, signal.SIGINT]).start()
        with pytest.raises(KeyboardInterrupt):
            session.run([beats])
        assert driver.closed
