"""Reads a CSV file: numbered lines, and errors with their line."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

MAX_BYTES = 5 * 1024 * 1024
MAX_LINES = 20_000
MAX_COLUMNS = 100
MAX_FAULTS = 50
MAX_CELL_LENGTH = 4_000


@dataclass(frozen=True, slots=True)
class Fault:
    """An error in a line of the file; line 1 is the header."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}"


class SheetFaults(Exception):
    """The file is invalid; it lists all errors, and nothing was imported."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults[:MAX_FAULTS])))


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number and its cells by column, trimmed."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """The cell of this column; empty if the column is missing."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Columns:
    """Required and optional columns, and the prefix of additional columns."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    further: str = ""

    def knows(self, name: str) -> bool:
        """Whether a column with this name is allowed."""
        is_further = bool(self.further) and name.startswith(self.further) and len(name) > len(self.further)
        return name in self.required or name in self.optional or is_further


def read(content: bytes, columns: Columns) -> list[Line]:
    """Parse the file's lines; commas or semicolons separate cells, and a byte order mark is skipped.

    A cell is text and nothing else: one that a spreadsheet would take for a formula is kept letter by letter.

    :raises SheetFaults: it is too large, no text, or does not have the columns that it needs.
    """
    # One line more than allowed is enough to know: a file of line breaks alone has millions.
    table = list(islice(_rows(_text(content)), MAX_LINES + 2))
    if not table:
        raise SheetFaults([Fault(1, "The file is empty. Put the column names in the first line.")])
    names = [name.strip().lower() for name in table[0]]
    faults = [*_of_columns(names, columns), *_of_cells(table, len(names))]
    if faults:
        raise SheetFaults(faults)
    rows = enumerate(table[1:], 2)
    return [Line(number, dict(zip(names, map(str.strip, row), strict=True))) for number, row in rows if any(row)]


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise SheetFaults([Fault(1, f"The file is larger than {MAX_BYTES // 1024 // 1024} MiB. Split it.")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SheetFaults([Fault(line, "This is not UTF-8. Save the file as CSV UTF-8.")]) from error


def _rows(text: str) -> Iterator[list[str]]:
    head = text.split("\n", 1)[0]
    divider = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(io.StringIO(text), delimiter=divider, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise SheetFaults([Fault(reader.line_num, f"This line is not valid CSV: {error}.")]) from error


def _of_columns(names: list[str], columns: Columns) -> Iterator[Fault]:
    if len(names) > MAX_COLUMNS:
        yield Fault(1, f"The file has {len(names):,} columns. Use at most {MAX_COLUMNS}.")
        return
    for name in columns.required:
        if name not in names:
            yield Fault(1, f"The column {name} is missing.")
    for name, count in Counter(names).items():
        if count > 1:
            yield Fault(1, f"The column {name[:60]} appears more than once.")
        if not columns.knows(name):
            known = ", ".join(
                (*columns.required, *columns.optional, *([f"{columns.further}…"] * bool(columns.further)))
            )
            yield Fault(1, f"Unknown column {name[:60]!r}. Use {known}.")


def _of_cells(table: list[list[str]], width: int) -> Iterator[Fault]:
    if len(table) - 1 > MAX_LINES:
        yield Fault(MAX_LINES + 2, f"The file has more than {MAX_LINES:,} lines. Split it.")
    for number, row in enumerate(table[1 : MAX_LINES + 1], 2):
        if row and len(row) != width:
            yield Fault(number, f"This line has {len(row)} cells, but the first line has {width}.")
        if any(len(cell) > MAX_CELL_LENGTH or not _is_plain(cell) for cell in row):
            yield Fault(number, f"A cell contains a control character or more than {MAX_CELL_LENGTH:,} characters.")


def _is_plain(cell: str) -> bool:
    return cell.isprintable() or all(sign.isprintable() or sign in "\n\r\t" for sign in cell)
