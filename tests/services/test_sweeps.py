"""A sweep gives each row its turn, whatever becomes of the others, and says what failed."""

from collections.abc import Callable, Sequence

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
from psycopg.errors import DeadlockDetected
from structlog.testing import capture_logs

from approvals.errors import NotFound
from approvals.services import sweeps
from approvals.services.sweeps import Swept

ROWS = ("first", "second", "third")


def failing(row: str, error: Exception) -> Callable[[str], bool]:
    def do(each: str) -> bool:
        if each == row:
            raise error
        return True

    return do


class TestForEach:
    def test_counts_the_rows_for_which_something_was_done(self) -> None:
        assert sweeps.for_each("row", ROWS, lambda row: row == "first") == Swept(tried=3, done=1, failed=0)

    @pytest.mark.parametrize("error", [KeyError("url"), AttributeError("state"), IntegrityError("unique")])
    def test_goes_on_after_a_fault(self, error: Exception) -> None:
        assert sweeps.for_each("row", ROWS, failing("first", error)) == Swept(tried=3, done=2, failed=1)

    def test_says_which_row_failed_why_and_how_many_did(self) -> None:
        with capture_logs() as lines:
            sweeps.for_each("row", ROWS, failing("second", KeyError("url")))
        failed, counted = lines
        assert (failed["event"], failed["row"], failed["exc_info"]) == ("row.failed", "second", True)
        assert (counted["event"], counted["failed"], counted["log_level"]) == ("row.swept_with_failures", 1, "error")

    def test_passes_over_what_somebody_holds(self) -> None:
        with capture_logs() as lines:
            swept = sweeps.for_each("row", ROWS, failing("first", NotFound()))
        assert swept == Swept(tried=3, done=2, failed=0)
        assert [(line["event"], line["log_level"]) for line in lines] == [("row.passed_over", "debug")]

    def test_takes_a_refusal_for_a_fault_where_none_is_expected(self) -> None:
        assert sweeps.for_each("row", ROWS, failing("first", NotFound()), passes=()).failed == 1

    @pytest.mark.parametrize("away", [OperationalError, InterfaceError])
    def test_ends_where_the_database_is_away(self, away: type[Exception]) -> None:
        with pytest.raises(away):
            sweeps.for_each("row", ROWS, failing("second", away("gone")))


class TestInBatches:
    def test_does_a_batch_at_once(self) -> None:
        done = sweeps.in_batches("row", [ROWS, ROWS[:1]], len, failing("first", KeyError("never asked")))
        assert done == Swept(tried=4, done=4)

    def test_does_each_row_of_a_batch_that_fails_alone(self) -> None:
        def together(rows: Sequence[str]) -> int:
            raise KeyError("url")

        assert sweeps.in_batches("row", [ROWS], together, failing("second", KeyError("url"))) == Swept(3, 2, 1)

    def test_goes_on_with_the_next_batch(self) -> None:
        def together(rows: Sequence[str]) -> int:
            if "second" in rows:
                raise IntegrityError("unique")
            return len(rows)

        batches = (ROWS[:2], ROWS[2:])
        assert sweeps.in_batches("row", batches, together, lambda row: row == "first") == Swept(3, 2)

    def test_does_each_row_alone_where_the_database_ended_the_batch_for_another(self) -> None:
        def together(rows: Sequence[str]) -> int:
            raise OperationalError("deadlock detected") from DeadlockDetected()

        assert sweeps.in_batches("row", [ROWS], together, lambda row: True) == Swept(3, 3)

    def test_ends_where_the_database_is_away(self) -> None:
        def together(rows: Sequence[str]) -> int:
            raise OperationalError("gone")

        with pytest.raises(OperationalError):
            sweeps.in_batches("row", [ROWS], together, lambda row: True)
