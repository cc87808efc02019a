"""Cells of a CSV file that HITL writes: plain values, and none is a spreadsheet formula."""

import json
import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from approvals.text.json_diff import ABSENT

_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def defused(value: Any) -> str:
    """A cell with a plain value that no spreadsheet takes for a formula; a number is none, even below zero."""
    text = _plain(value)
    if _NUMBER.fullmatch(text):
        return text
    # Some spreadsheets accept full-width formula characters, and others strip invisible leading characters.
    shown = (sign for sign in unicodedata.normalize("NFKC", text[:1_000]) if unicodedata.category(sign)[0] not in "CZ")
    return f"'{text}" if text.startswith(FORMULA) or next(shown, "") in FORMULA else text


def _plain(value: Any) -> str:
    """A value as machines write it, without the quotes of JSON."""
    if value is None or value is ABSENT:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple) and not any(isinstance(item, list | tuple | dict) for item in value):
        return ", ".join(map(_plain, value))
    return json.dumps(value, default=str, ensure_ascii=False) if isinstance(value, dict | list | tuple) else str(value)
