"""Reads CSV as a table."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from approvals.documents.inside.blocks import Reading, answered, decoded
from approvals.documents.kinds import delimiter_of

MAX_COLUMNS = 30


def read(job: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """The rows of the table, or its text where it is none."""
    reading, text = Reading(), decoded(content)
    if delimiter := delimiter_of(text):
        reading.rows("table", _rows(text, delimiter, reading))
    else:
        reading.text(text)
    return answered(job, reading)


def _rows(text: str, delimiter: str, reading: Reading) -> Iterator[list[str]]:
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            reading.is_cut |= len(row) > MAX_COLUMNS
            yield row[:MAX_COLUMNS]
    except csv.Error:
        reading.is_cut = True
