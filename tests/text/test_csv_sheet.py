"""A CSV file is read in time in proportion to its size, whatever it holds, and what is too large is said."""

import time
from collections.abc import Callable

import pytest

from approvals.text.csv_sheet import MAX_BYTES, MAX_COLUMNS, MAX_LINES, Columns, SheetFaults, read

COLUMNS = Columns(("key", "name"), (), "attributes.")
HEAD = "key,name"
WIDE = ",".join(f"attributes.{number}" for number in range(MAX_COLUMNS - 2))
# Of the processor's time; the slowest of them took minutes when it was quadratic.
SECONDS = 8.0
HOSTILE: dict[str, tuple[Callable[[], str], str]] = {
    "100,000 columns": (lambda: ",".join(f"c{number}" for number in range(100_000)), "has 100,000 columns"),
    "columns of one name": (lambda: "key," * 1_000_000, "has 1,000,001 columns"),
    "a cell in each of 5 million columns": (lambda: HEAD + "\n" + "," * (MAX_BYTES - 20), "cells, but the first line"),
    "line breaks alone": (lambda: HEAD + "\n" * (MAX_BYTES - 20), "more than 20,000 lines"),
    "short lines": (lambda: HEAD + "\n" + "a\n" * 2_000_000, "more than 20,000 lines"),
    "one cell of 5 MiB": (lambda: f'{HEAD}\na,"{"x" * (MAX_BYTES - 20)}"', "not valid CSV"),
    "a cell that never ends": (lambda: HEAD + '\na,"' + "x\n" * 2_000_000, "not valid CSV"),
    "quotation marks": (lambda: HEAD + "\na," + '"' * (MAX_BYTES - 20), "not valid CSV"),
    "a megabyte too much": (lambda: " " * (MAX_BYTES + 1_000_000), "larger than 5 MiB"),
    "a header of a megabyte": (lambda: "x" * 100_000 + ",key,name", "Unknown column"),
}


class TestAFile:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_that_is_hostile_is_refused_in_a_sentence_soon(self, name: str) -> None:
        make, said = HOSTILE[name]
        content = make().encode()
        began = time.process_time()
        with pytest.raises(SheetFaults) as caught:
            read(content, COLUMNS)
        assert time.process_time() - began < SECONDS
        assert said in str(caught.value) and len(str(caught.value)) < 20_000

    def test_that_is_as_large_as_it_may_be_is_read(self) -> None:
        rows = "\n".join(f"k{number},n" + ",x" * (MAX_COLUMNS - 2) for number in range(MAX_LINES))
        began = time.process_time()
        lines = read(f"{HEAD},{WIDE}\n{rows}".encode()[:MAX_BYTES].rsplit(b"\n", 1)[0], COLUMNS)
        assert len(lines) > 20_000 * 4 / 5 and len(lines[0].cells) == MAX_COLUMNS
        assert time.process_time() - began < SECONDS
