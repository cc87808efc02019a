"""A unit of rows writes each table once, and nobody can tell from what they read."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from approvals.ids import uuid7
from approvals.models import Beat, PasswordTries, Text
from policies import unit

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_sensitive]
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("first", "second", "third")


def beat(name: str, hours: int = 0) -> Beat:
    return Beat(name=name, at=BEGAN + timedelta(hours=hours))


class Undone(Exception):
    """Raised so that nothing of it stays."""


def insert_and_fail(name: str) -> None:
    unit.insert(beat(name))
    raise Undone


def insert_into_two_tables(name: str) -> None:
    unit.insert(PasswordTries(key=name, last_at=BEGAN))
    unit.insert(beat(name))


def found() -> dict[str, int]:
    """The hours by name, as the table holds them."""
    return {row.name: int((row.at - BEGAN).total_seconds()) // 3_600 for row in Beat.objects.all()}


def writes(work: Callable[[], object]) -> list[str]:
    """The statements that write, by their first word and table."""
    with CaptureQueriesContext(connection) as captured:
        work()
    said = (query["sql"].split() for query in captured)
    return [
        f"{words[0]} {words[2 if words[0] == 'INSERT' else 1]}" for words in said if words[0] in {"INSERT", "UPDATE"}
    ]


class TestAUnit:
    def test_writes_many_rows_of_a_table_by_one_statement(self) -> None:
        def work() -> None:
            with unit.collected():
                for name in NAMES:
                    unit.insert(beat(name))

        assert writes(work) == ['INSERT "approvals_beat"']
        assert found() == dict.fromkeys(NAMES, 0)

    def test_changes_many_rows_of_a_table_by_one_statement(self) -> None:
        for name in NAMES:
            unit.insert(beat(name))

        def work() -> None:
            with unit.collected():
                for hours, name in enumerate(NAMES):
                    unit.update(beat(name, hours))

        assert writes(work) == ['UPDATE "approvals_beat"']
        assert found() == {"first": 0, "second": 1, "third": 2}

    def test_has_written_before_a_reader_of_the_table(self) -> None:
        with unit.collected():
            unit.insert(beat("first"))
            assert found() == {"first": 0}

    def test_has_written_before_a_reader_whose_statement_is_raw(self) -> None:
        with unit.collected(), connection.cursor() as cursor:
            unit.insert(beat("first"))
            cursor.execute("SELECT count(*) FROM approvals_beat")
            assert cursor.fetchone() == (1,)

    def test_waits_for_no_reader_of_another_table(self) -> None:
        def work() -> None:
            with unit.collected():
                unit.insert(beat("first"))
                list(PasswordTries.objects.all())
                unit.insert(beat("second"))

        assert writes(work) == ['INSERT "approvals_beat"']

    def test_takes_a_row_as_it_is_when_it_is_handed_over(self) -> None:
        row = beat("first")
        with unit.collected():
            unit.insert(row)
            row.at = BEGAN + timedelta(hours=5)
        assert found() == {"first": 0}

    def test_writes_each_state_of_a_row(self) -> None:
        def work() -> None:
            with unit.collected():
                unit.insert(beat("first"))
                unit.update(beat("first", 1))
                unit.update(beat("first", 2))

        assert writes(work) == ['INSERT "approvals_beat"', 'UPDATE "approvals_beat"', 'UPDATE "approvals_beat"']
        assert found() == {"first": 2}

    def test_keeps_nothing_where_it_fails(self) -> None:
        with pytest.raises(Undone), unit.collected():
            insert_and_fail("first")
        assert found() == {}

    def test_forgets_what_a_savepoint_undoes(self) -> None:
        with unit.collected():
            unit.insert(beat("first"))
            with pytest.raises(Undone), transaction.atomic():
                insert_and_fail("second")
        assert found() == {"first": 0}

    def test_fails_inside_the_savepoint_in_which_a_row_was_handed_over(self) -> None:
        unit.insert(beat("first"))
        with unit.collected():
            with pytest.raises(DatabaseError), transaction.atomic():
                unit.insert(beat("first"))
            unit.insert(beat("second"))
        assert found() == {"first": 0, "second": 0}

    def test_passes_over_what_is_there(self) -> None:
        unit.insert(beat("first"))
        with unit.collected():
            unit.insert(beat("first", 1), pass_over=True)
            unit.insert(beat("second", 1), pass_over=True)
        assert found() == {"first": 0, "second": 1}

    def test_refuses_to_change_a_row_that_is_not_there(self) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), unit.collected():
            unit.update(beat("first"))

    def test_fails_as_django_does_where_one_of_its_tables_refuses(self) -> None:
        unit.insert(beat("first"))
        with pytest.raises(IntegrityError), transaction.atomic(), unit.collected():
            insert_into_two_tables("first")
        assert found() == {"first": 0}
        assert not PasswordTries.objects.exists()

    def test_is_closed_when_it_ends(self) -> None:
        with unit.collected():
            pass
        unit.insert(beat("first"))
        assert found() == {"first": 0}


@pytest.mark.django_db(transaction=True)
class TestAWholeTransaction:
    """Its last rows and its commit go in one round trip on PostgreSQL, and nobody can tell."""

    def test_is_committed_with_its_last_rows(self) -> None:
        told: list[dict[str, int]] = []

        def change() -> None:
            unit.insert(beat("first"))
            unit.update(beat("first", 2))
            transaction.on_commit(lambda: told.append(elsewhere(found)))

        whole(change)
        assert told == [{"first": 2}]

    @pytest.mark.parametrize("names", [["second"], ["first", "second"]])
    def test_keeps_nothing_where_a_row_to_change_is_not_there(self, names: list[str]) -> None:
        unit.insert(beat("first"))

        def change() -> None:
            unit.insert(beat("third"))
            for name in names:
                unit.update(beat(name, 1))

        with pytest.raises(DatabaseError, match="A row of approvals_beat was not there"):
            whole(change)
        assert found() == {"first": 0}

    def test_keeps_nothing_where_the_commit_itself_is_refused(self) -> None:
        """A foreign key is asked for at the commit."""

        def refer_to_nothing() -> None:
            unit.insert(Text(action_id=uuid7(), kind="proposal", content={}, salt="s", digest="d"))
            unit.insert(beat("first"))

        with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
            whole(refer_to_nothing)
        assert found() == {}
        unit.insert(beat("second"))
        assert elsewhere(found) == {"second": 0}

    def test_is_not_committed_within_another(self) -> None:
        with transaction.atomic():
            with transaction.atomic(), unit.collected(is_whole=True):
                unit.insert(beat("first"))
            transaction.set_rollback(True)
        assert found() == {}


def whole(work: Callable[[], object]) -> None:
    """Do it in a transaction of its own, as a service does."""
    with transaction.atomic(durable=True), unit.collected(is_whole=True):
        work()


def elsewhere(ask: Callable[[], dict[str, int]]) -> dict[str, int]:
    """What another connection is answered."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: (ask(), connection.close())[0]).result()


Step = tuple[str, str, int]
STEPS = st.lists(
    st.tuples(st.sampled_from(("insert", "pass over", "update", "read")), st.sampled_from(NAMES), st.integers(0, 9)),
    max_size=12,
)


@given(steps=STEPS)
def test_rows_end_as_if_each_were_written_at_once(steps: Sequence[Step]) -> None:
    assert outcome(steps, is_collected=True) == outcome(steps, is_collected=False)


def outcome(steps: Sequence[Step], *, is_collected: bool) -> tuple[list[dict[str, int]], dict[str, int]]:
    """What each reader sees, and what is there at the end, of the steps that can be taken."""
    seen: list[dict[str, int]] = []
    known: set[str] = set()
    try:
        with transaction.atomic():
            with unit.collected() if is_collected else nullcontext():
                take(steps, known, seen)
            end = found()
            raise Undone
    except Undone:
        return seen, end


def take(steps: Sequence[Step], known: set[str], seen: list[dict[str, int]]) -> None:
    for what, name, hours in steps:
        if what == "read":
            seen.append(found())
        elif what == "update" and name in known:
            unit.update(beat(name, hours))
        elif what == "pass over" or (what == "insert" and name not in known):
            unit.insert(beat(name, hours), pass_over=what == "pass over")
            known.add(name)
