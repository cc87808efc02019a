"""The ledger's events in the one order that everybody reads: by dense position, from any position on.

An id or a time would not do: rows commit in another order than they are numbered in, and a reader would lose some.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from approvals.actors import Actor
from approvals.authority.visibility import reads_everything
from approvals.models import LedgerPosition

# So many positions are looked through in one call, whoever's they are; the answer says how far it came.
WINDOW = 5_000


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some positions with their entries, and the position that was looked through to."""

    rows: Sequence[LedgerPosition]
    reached: int
    has_more: bool


def after(actor: Actor, position: int, size: int) -> EventPage:
    """The next events that the actor may see, at most ``size``, within a bounded window of positions."""
    last = LedgerPosition.objects.order_by("-number").values_list("number", flat=True).first() or 0
    end = min(last, position + WINDOW)
    window = LedgerPosition.objects.filter(_seen_by(actor), number__gt=position, number__lte=end)
    rows = list(window.select_related("entry").order_by("number")[: size + 1])
    is_cut = len(rows) > size
    rows = rows[:size]
    reached = rows[-1].number if is_cut else max(end, position)
    return EventPage(rows, reached, is_cut or reached < last)


def data_of(position: LedgerPosition) -> dict[str, Any]:
    """What the entry says besides who, when and which state: ids and digests, never personal data."""
    data: dict[str, Any] = json.loads(position.entry.body)["data"]
    return data


def _seen_by(actor: Actor) -> Q:
    if actor.agent is not None:
        return Q(entry__action__agent=actor.agent)
    if actor.person is None:
        return Q(pk__in=[])
    if reads_everything(actor.person):
        return Q()
    return Q(entry__action__desk__in=actor.person.memberships.values("desk"))
