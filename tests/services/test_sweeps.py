"""A sweep gives each row its turn, whatever becomes of the others, and says what failed."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
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
