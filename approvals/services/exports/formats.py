"""What a file looks like. CSV and JSON Lines are for programs: codes, plain numbers, times in UTC. XLSX is for people:
words in their language, numbers as numbers, times in their zone.

No cell is a formula: in CSV such a text begins with an apostrophe, and in XLSX every text is written as a text. A file
of CSV or JSON Lines grows by rows. XLSX cannot, so its rows are kept as lines of JSON and become a workbook at the end.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import xlsxwriter
from django.utils import timezone

from approvals.models.exports import ExportFormat
from approvals.services.exports.lists import Cell, Coded, Column
from approvals.text.csv_cells import defused

# What one worksheet holds beside its head.
MAX_XLSX_ROWS = 1_048_575
MAX_XLSX_TEXT = 32_767
# A spreadsheet computes with so many digits; a longer number is kept as a text.
MAX_XLSX_DIGITS = 15
WIDTH = 20

MEDIA_TYPES: dict[str, str] = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.JSON_LINES: "application/x-ndjson; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Cells = Sequence[Cell]


class _Sheet(Protocol):
    def write_string(self, row: int, column: int, text: str) -> Any: ...
    def write_number(self, row: int, column: int, number: float) -> Any: ...
    def write_boolean(self, row: int, column: int, value: bool) -> Any: ...
    def write_datetime(self, row: int, column: int, moment: datetime) -> Any: ...


def head(name: str, columns: Sequence[Column]) -> bytes:
    """What a file begins with."""
    return _csv([[column.name for column in columns]]) if name == ExportFormat.CSV else b""


def lines(name: str, columns: Sequence[Column], rows: Iterable[Cells]) -> bytes:
    """Rows as a file of this format keeps them while it grows."""
    if name == ExportFormat.CSV:
        return _csv(rows)
    write = _as_object(columns) if name == ExportFormat.JSON_LINES else _as_spooled
    return "".join(f"{write(row)}\n" for row in rows).encode()


def workbook(file: BinaryIO, columns: Sequence[Column], spooled: Iterable[bytes], folder: Path | None) -> None:
    """Write a workbook of lines that were kept; ``folder`` takes what it needs meanwhile, else memory does."""
    options: dict[str, Any] = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    options |= {"constant_memory": True, "tmpdir": str(folder)} if folder else {"in_memory": True}
    options["default_date_format"] = "yyyy-mm-dd hh:mm:ss"
    with xlsxwriter.Workbook(file, options) as book:
        book.use_zip64()
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, WIDTH)
        bold, zone = book.add_format({"bold": True}), timezone.get_current_timezone_name()
        for place, column in enumerate(columns):
            sheet.write_string(0, place, f"{column.label} ({zone})" if column.is_time else str(column.label), bold)
        for number, line in enumerate(spooled, 1):
            for place, cell in enumerate(json.loads(line)):
                _put(sheet, number, place, cell)


def _put(sheet: _Sheet, row: int, column: int, cell: Any) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell if len(cell) <= MAX_XLSX_TEXT else f"{cell[: MAX_XLSX_TEXT - 1]}…")
    elif isinstance(cell, dict) and "t" in cell:
        sheet.write_datetime(row, column, datetime.fromisoformat(cell["t"]))
    elif isinstance(cell, dict):
        number = Decimal(cell["n"])
        if len(number.normalize().as_tuple().digits) <= MAX_XLSX_DIGITS:
            sheet.write_number(row, column, float(number))
        else:
            sheet.write_string(row, column, cell["n"])


def _as_spooled(row: Cells) -> str:
    return json.dumps([_kept(cell) for cell in row], ensure_ascii=False, separators=(",", ":"))


def _kept(cell: Cell) -> Any:
    if isinstance(cell, Coded):
        return cell.words
    if isinstance(cell, bool) or cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, datetime):
        local = timezone.localtime(cell).replace(tzinfo=None, microsecond=0)
        # A spreadsheet knows no time before 1900.
        return {"t": local.isoformat()} if local.year >= 1900 else local.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else {"n": _figure(cell)}


def _as_object(columns: Sequence[Column]) -> Callable[[Cells], str]:
    names = [json.dumps(column.name) for column in columns]
    return lambda row: "{" + ",".join(f"{name}:{_json(cell)}" for name, cell in zip(names, row, strict=True)) + "}"


def _json(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        # Digit for digit: a float would round it.
        return _figure(cell)
    return json.dumps(_plain(cell), ensure_ascii=False)


def _csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    file = io.StringIO()
    # Quote every cell, so that a formula after a semicolon never becomes its own cell.
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerows([defused(_plain(cell)) for cell in row] for row in rows)
    return file.getvalue().encode()


def _plain(cell: Cell) -> Any:
    """A value for programs: a code, and a time in UTC."""
    if isinstance(cell, Coded):
        return cell.code
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return cell.isoformat() if isinstance(cell, date) else cell


def _figure(number: int | float | Decimal) -> str:
    return f"{number:f}" if isinstance(number, Decimal) else f"{Decimal(repr(number)):f}"


def file_name(source: str, name: str, at: datetime) -> str:
    """The name that a browser gives the file, such as action-2026-12-01-093000.csv."""
    return f"{source.rpartition('.')[2]}-{at.astimezone(UTC):%Y-%m-%d-%H%M%S}.{name}"
