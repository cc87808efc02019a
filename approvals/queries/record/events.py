"""Ledger events in order of their dense positions.

IDs and times would not work: rows commit out of order, and a reader would miss some.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q

from approvals.actors import Actor
from approvals.authority.visibility import reads_everything
from approvals.models import LedgerOutbox, LedgerPosition, Membership, Person
from approvals.queries.record.timeline import PRIVATE
from policies import db
from policies.compiled import CompiledSql

# So many positions are looked through in one call, whoever's they are; the answer says how far it came.
WINDOW = 5_000


@dataclass(frozen=True, slots=True)
class EventPage:
    """A page of ledger entries, and the last position read."""

    rows: Sequence[LedgerPosition]
    reached: int
    has_more: bool


def after(actor: Actor, position: int, size: int) -> EventPage:
    """Return at most `size` next events that the actor may see, within a bounded window."""
    last = LedgerPosition.objects.order_by("-number").values_list("number", flat=True).first() or 0
    end = min(last, position + WINDOW)
    window = LedgerPosition.objects.filter(_seen_by(actor), number__gt=position, number__lte=end)
    rows = list(window.select_related("entry").order_by("number")[: size + 1])
    is_cut = len(rows) > size
    rows = rows[:size]
    reached = rows[-1].number if is_cut else max(end, position)
    return EventPage(rows, reached, is_cut or reached < last)


def behind() -> timedelta:
    """Return how long the oldest entry has waited for a position, whoever's it is; nothing if none waits.

    Ask before reading a page: what was written longer ago has a position by then. What is not committed is not seen.
    """
    oldest = LedgerOutbox.objects.order_by("number").values_list("entry__at", flat=True).first()
    return timedelta(0) if oldest is None else max(db.now() - oldest, timedelta(0))


def names() -> list[str]:
    """Return the names of all events in the ledger; each is one step in an index."""
    return [name for (name,) in _NAMES.all()]


_NAMES = CompiledSql(
    """
    WITH RECURSIVE found (event) AS (
        SELECT min(event) FROM approvals_ledgerentry
        UNION ALL
        SELECT (SELECT min(event) FROM approvals_ledgerentry WHERE event > found.event) FROM found
        WHERE found.event IS NOT NULL
    )
    SELECT event FROM found WHERE event IS NOT NULL
    """,
    (),
)


def data_of(position: LedgerPosition) -> dict[str, Any]:
    """Return the entry's other data: IDs and digests, never personal data."""
    data: dict[str, Any] = json.loads(position.entry.data)
    return data


def _seen_by(actor: Actor) -> Q:
    if actor.agent is not None:
        return Q(entry__action__agent=actor.agent) & ~Q(entry__event__in=PRIVATE)
    if actor.person is None:
        return Q(pk__in=[])
    if reads_everything(actor.person):
        return Q()
    # Read first: with a subquery the database begins with all that the desks ever held, and not with the window.
    return _of_seats(actor.person)


def _of_seats(person: Person) -> Q:
    of_none, of_all, of_one = set(), set(), Q()
    for seat in Membership.objects.filter(person=person):
        if seat.covers_clients:
            of_all.add(seat.desk_id)
        elif seat.client_id is None:
            of_none.add(seat.desk_id)
        else:
            of_one |= Q(entry__action__desk=seat.desk_id, entry__action__client=seat.client_id)
    seen = Q(entry__action__desk__in=of_none, entry__action__client__isnull=True)
    return seen | Q(entry__action__desk__in=of_all) | of_one if of_all or of_one else seen
