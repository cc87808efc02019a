"""CSV export of an action's history; no cell is ever a spreadsheet formula."""

import csv
import json
import re
import unicodedata
import uuid
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse

from approvals.admin.review import page
from approvals.queries.record import timeline
from approvals.queries.record.timeline import Moment
from approvals.text.json_diff import ABSENT

HEAD = ("at", "event", "state_from", "state", "who", "door", "reason", "verdict", "rationale", "field", "from", "to")
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def history_csv(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The history as CSV: one line per entry, plus one per changed field."""
    action = page.seen(request, pk)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="action-{action.pk}.csv"'
    # Quote every cell, so that a formula after a semicolon never becomes its own cell.
    writer = csv.writer(answer, quoting=csv.QUOTE_ALL)
    writer.writerow(HEAD)
    for moment in timeline.of_action(action).moments:
        for row in _rows(moment):
            writer.writerow(map(defused, row))
    return answer


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


def _rows(moment: Moment) -> Iterator[tuple[Any, ...]]:
    verdict = moment.decision.verdict if moment.decision else ""
    head = (moment.at.isoformat(), moment.event, moment.from_label, moment.state_label, moment.who, moment.door)
    yield (*head, moment.told, verdict, moment.rationale, "", "", "")
    for change in moment.changes:
        yield (*head, "", verdict, "", change.pointer, change.before, change.after)
    for difference in moment.differences:
        values = (_without_words(difference.before), _without_words(difference.after))
        yield (*head, "", verdict, "", difference.label, *values)


def _without_words(value: Any) -> Any:
    """Anomalies by their codes and places."""
    is_flags = isinstance(value, list) and all(isinstance(each, dict) and "code" in each for each in value)
    return [f"{each['code']} {each['pointer']}".strip() for each in value] if is_flags else value
