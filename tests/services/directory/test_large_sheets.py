"""Who manages whom is looked through once, however long the chain and in whatever order its lines stand."""

import random
import time
from collections.abc import Callable, Sequence

import pytest

from approvals.models import Employee
from approvals.services.directory.import_sheet import Change, _managers_first, circle

MANY = 20_000
SECONDS = 5.0
ORDERS: dict[str, Callable[[list[Employee]], Sequence[Employee]]] = {
    "managers first": lambda rows: rows,
    "managers last": lambda rows: rows[::-1],
    "any order": lambda rows: random.Random(1).sample(rows, len(rows)),
}


def chain(length: int) -> list[Employee]:
    """New employees, each of whom is managed by the one before."""
    rows: list[Employee] = []
    for number in range(length):
        rows.append(Employee(key=str(number), name=f"N{number}", manager=rows[-1] if rows else None))
    return rows


@pytest.mark.parametrize("order", ORDERS)
class TestAChain:
    def test_without_a_loop_is_found_to_have_none(self, order: str) -> None:
        began, safe = time.process_time(), set[tuple[str, int]]()
        assert [row for row in ORDERS[order](chain(MANY)) if circle(row, safe)] == []
        assert time.process_time() - began < SECONDS

    def test_that_is_a_loop_is_told_once_and_briefly(self, order: str) -> None:
        rows, safe = chain(MANY), set[tuple[str, int]]()
        rows[0].manager = rows[-1]
        # Whoever only hangs on the loop is not in it.
        tail = [Employee(key=f"t{number}", name="T", manager=rows[number]) for number in range(1_000)]
        began = time.process_time()
        found = [names for row in ORDERS[order](rows + tail[:3]) if (names := circle(row, safe))]
        assert len(found) == 1 and len(found[0]) == 10 and found[0][0] == found[0][-1]
        assert time.process_time() - began < SECONDS

    def test_is_saved_from_its_top(self, order: str) -> None:
        changes = [Change(2, row, True, {}) for row in ORDERS[order](chain(MANY))]
        began = time.process_time()
        names = [str(change.row.name) for change in _managers_first(changes)]  # type: ignore[attr-defined]
        assert names == [f"N{number}" for number in range(MANY)]
        assert time.process_time() - began < SECONDS
