"""Append each action as one row to a CSV file, one file a day, for imports into other systems.

A target has ``folder`` (the name of a folder in ``HITL_CSV_FOLDERS``), ``prefix`` of the file names, and ``columns``, a
list of ``{"name": ..., "pointer": ...}`` with JSON Pointers into the payload. It may have ``delimiter`` and ``bom``.
The last column holds the order's key, and no key is written twice.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from approvals import conf
from approvals.connectors.base import CallResult, CallStatus, Order, Recovery
from approvals.connectors.daily_rows import DailyRows, Line, Mark, NotBegun, OtherColumns
from approvals.text.csv_cells import defused
from policies.engine.values import json_pointer

FIELDS = ("folder", "prefix", "columns", "delimiter", "bom")
DELIMITERS = (",", ";")
MAX_COLUMNS = 100
KEY_COLUMN = "hitl_key"
PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}", re.ASCII)


class CsvConnector:
    """Writes rows to files in folders that the operator allowed."""

    name = "csv"

    def recovery(self, target: dict[str, Any]) -> Recovery:
        """A key is written only once, so an order may be repeated."""
        return Recovery.DEDUPES

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Return the faults of a target as sentences."""
        return list(_faults(target))

    def summary(self, target: dict[str, Any]) -> str:
        """Name the files and their folder."""
        return f"Row in the CSV file {target.get('prefix')}-(date).csv in the folder {target.get('folder')}"

    def preview(self, target: dict[str, Any], payload: dict[str, Any]) -> list[str]:
        """Say the cells of the row."""
        if list(_faults(target)):
            return []
        row = {column["name"]: defused(json_pointer.find(payload, column["pointer"])) for column in target["columns"]}
        cells = "; ".join(f"{name}: {cell}" for name, cell in row.items())
        return [
            _("Appends a row to the CSV file “%(prefix)s”: %(cells)s") % {"prefix": target["prefix"], "cells": cells}
        ]

    def send(self, order: Order) -> CallResult:
        """Append the row and sync it to disk, unless its key was written before."""
        try:
            line = _files(order.target).append(order.key, _today, _head(order.target), _row(order))
        except NotBegun as error:
            return CallResult(CallStatus.NOT_DONE, error=str(error))
        except OtherColumns as error:
            return CallResult(CallStatus.REFUSED, error=f"{error} Set another prefix in the target.")
        except OSError as error:
            return self._after(error, order)
        return _result(order, line)

    def look_up(self, order: Order) -> CallResult:
        """Look for the key."""
        try:
            return _result(order, _files(order.target).find(order.key))
        except (NotBegun, OSError) as error:
            return CallResult(CallStatus.UNKNOWN, error=f"The files could not be read: {error}")

    def _after(self, error: OSError, order: Order) -> CallResult:
        """Return what is known after an error, such as a full disk; half a row is removed then."""
        found = self.look_up(order)
        if found.answer is CallStatus.DONE:
            return found
        return CallResult(found.answer, error=f"The row could not be written: {error.strerror or error}.")


def _today() -> date:
    """Return the day in the installation's time zone."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def _files(target: dict[str, Any]) -> DailyRows:
    """Return the files of a target.

    :raises NotBegun: its folder is not allowed.
    """
    # Checked again: a target saved by an earlier release or outside the form must not write elsewhere.
    if faults := list(_faults(target)):
        raise NotBegun(" ".join(faults))
    return DailyRows(Path(conf.csv_folders()[target["folder"]]), target["prefix"])


def _head(target: dict[str, Any]) -> bytes:
    names = [column["name"] for column in target["columns"]]
    return (codecs.BOM_UTF8 if target.get("bom") else b"") + _line(target, [*names, KEY_COLUMN])


def _row(order: Order) -> bytes:
    payload = order.payload
    values = [json_pointer.find(payload, column["pointer"]) for column in order.target["columns"]]
    return _line(order.target, [*map(defused, values), order.key])


def _line(target: dict[str, Any], cells: list[str]) -> bytes:
    text = io.StringIO()
    # Quote every cell, so that a formula after a semicolon never becomes its own cell.
    csv.writer(text, delimiter=target.get("delimiter", ","), quoting=csv.QUOTE_ALL).writerow(cells)
    return text.getvalue().encode()


def _result(order: Order, line: Line | None) -> CallResult:
    if line is None or line.mark is Mark.ABSENT:
        return CallResult(CallStatus.NOT_DONE)
    file = _files(order.target).name(line.day)
    if line.mark is Mark.WRITTEN:
        return CallResult(CallStatus.DONE, {"file": file})
    return CallResult(CallStatus.UNKNOWN, error=f"{file} was moved or changed before the row was confirmed.")


def _faults(target: dict[str, Any]) -> Iterator[str]:
    for name in sorted(target.keys() - set(FIELDS)):
        yield f"Unknown field {name!r} in a csv target. Use one of: {', '.join(FIELDS)}."
    yield from _folder_faults(target.get("folder"))
    prefix = target.get("prefix")
    if not isinstance(prefix, str) or not PREFIX.fullmatch(prefix):
        yield "prefix must begin the file names. Use at most 60 letters, digits, hyphens, and underscores."
    yield from _column_faults(target.get("columns"))
    if target.get("delimiter", ",") not in DELIMITERS:
        yield "delimiter must be a comma or a semicolon."
    if not isinstance(target.get("bom", False), bool):
        yield "bom must be true or false."


def _folder_faults(name: Any) -> Iterator[str]:
    if not isinstance(name, str) or name not in conf.csv_folders():
        yield "The folder is not declared. Use the name of a folder in HITL_CSV_FOLDERS."
    elif not Path(conf.csv_folders()[name]).is_absolute():
        yield f"The folder {name} has no absolute path. Correct it in HITL_CSV_FOLDERS."


def _column_faults(columns: Any) -> Iterator[str]:
    if not isinstance(columns, list) or not 0 < len(columns) <= MAX_COLUMNS:
        yield f'columns must be a list of 1 to {MAX_COLUMNS} columns: [{{"name": "Amount", "pointer": "/amount"}}].'
        return
    names = [column.get("name") if isinstance(column, dict) else None for column in columns]
    for column, name in zip(columns, names, strict=True):
        if not isinstance(name, str) or not name.strip() or not name.isprintable() or defused(name) != name:
            yield f"{name!r} is not a valid column name. Use printable text that is not a formula."
        elif column.keys() != {"name", "pointer"} or not json_pointer.is_pointer(column["pointer"]):
            yield f"The column {name} needs a pointer such as /amount, and no other field."
    written = [name for name in names if isinstance(name, str)]
    if KEY_COLUMN in written:
        yield f"HITL writes the column {KEY_COLUMN} itself. Remove it."
    if len(set(written)) < len(written):
        yield "A column name appears twice. Rename one of them."
