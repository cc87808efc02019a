"""What took effect immediately because it tightens: kept for a second person's review, and read back. Steps."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from approvals.actors import Actor
from approvals.models import Tightening
from approvals.services.catalog import row_changes
from approvals.services.catalog.row_changes import ADD, CHANGE, REMOVE, RowChange
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from policies import db
from policies.engine.values.canonical import digest

# What is shown on one page, and could be asked for on one page to be reverted.
MAX_LENGTH = 200_000
_INVERSE = {CHANGE: CHANGE, REMOVE: ADD}


def keep(changes: Iterable[RowChange], actor: Actor) -> Tightening | None:
    """Keep what tightens among the rows of one change for a second person's review; None if nothing does."""
    tighter = [found for change in changes if (found := _tighter(change)) is not None]
    if not tighter:
        return None
    fitting = _fitting([change.plain() | {"label": change.label} for change in tighter])
    at = db.now()
    row = Tightening(
        changes=fitting,
        left_out=len(tighter) - len(fitting),
        made_by=actor.person,
        made_through=actor.door,
        made_at=at,
    )
    fact = Event(actor, at, "tightening.made", "Took effect immediately.", {"digest": digest(fitting)})
    entries.record_row(row, fact, is_new=True)
    return row


def of(row: Tightening) -> list[RowChange]:
    """What a tightening changed, row by row."""
    return [replace(row_changes.read(each), label=each["label"]) for each in row.changes]


def inverse(row: Tightening) -> list[RowChange]:
    """What would revert a tightening, last row first."""
    return [_inverse(change) for change in reversed(of(row))]


def _tighter(change: RowChange) -> RowChange | None:
    """What of a change tightens; a new row and what decides nothing do not."""
    if change.table.is_harmless:
        return None
    if change.operation == CHANGE:
        fields: Mapping[str, Any] = {
            name: pair for name, pair in change.fields.items() if name not in change.table.harmless
        }
        return replace(change, fields=fields) if fields else None
    return change if change.operation == REMOVE else None


def _inverse(change: RowChange) -> RowChange:
    fields = {name: (after, before) for name, (before, after) in change.fields.items()}
    return replace(change, operation=_INVERSE[change.operation], fields=fields)


def _fitting(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first rows that fit one page, at least one."""
    length = 0
    for count, row in enumerate(rows):
        length += len(json.dumps(row, ensure_ascii=False))
        if length > MAX_LENGTH and count:
            return rows[:count]
    return rows
