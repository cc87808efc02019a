"""CSV export of an action's history; no cell is ever a spreadsheet formula."""

import csv
import uuid
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse

from approvals.admin.review import page
from approvals.queries.record import timeline
from approvals.queries.record.timeline import Moment
from approvals.text.csv_cells import defused

HEAD = ("at", "event", "state_from", "state", "who", "door", "reason", "verdict", "rationale", "field", "from", "to")


def history_csv(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The history as CSV: one line per entry, plus one per changed field."""
    action = page.seen(request, pk)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="action-{action.pk}.csv"'
    # Quote every cell, so that a formula after a semicolon never becomes its own cell.
    writer = csv.writer(answer, quoting=csv.QUOTE_ALL)
    # Only what belongs to a client says so.
    books = ("client",) if action.client is not None else ()
    keys = (action.client.key,) if action.client is not None else ()
    writer.writerow((*HEAD, *books))
    for moment in timeline.of_action(action).moments:
        for row in _rows(moment):
            writer.writerow(map(defused, (*row, *keys)))
    return answer


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
