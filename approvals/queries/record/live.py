"""What is in effect now, and how it ends."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

from django.db.models import F

from approvals.authority import memberships
from approvals.authority.visibility import reads_everything
from approvals.models import Action, Desk, Execution, Person

_LAST = datetime.max.replace(tzinfo=UTC)
_WITH = ("action_type", "agent", "desk", "revision")


@dataclass(frozen=True, slots=True)
class Live:
    """An action that is in effect, and its last end, if one was promised."""

    action: Action
    end: Execution | None


def end_of(action: Action) -> Execution | None:
    """Return the last end of an action's effect, or None."""
    return Execution.objects.filter(action=action, end_number__gt=0).order_by("-round", "-end_number").first()


def listed(person: Person, limit: int) -> tuple[list[Live], bool]:
    """Return what is in effect at the desks and of the clients of a person, what ends first, and whether there is more.

    Each desk and client is read in its own order, so that a page costs the same however much is in effect.
    """
    each = [_at(books, limit + 1) for books in _books(person)]
    found = list(islice(heapq.merge(*each, key=_place), limit + 1))
    rows = {row.pk: row for row in Action.objects.filter(pk__in=[row.pk for row in found]).select_related(*_WITH)}
    shown = [rows[row.pk] for row in found[:limit]]
    last = _ends(shown)
    return [Live(row, last.get(row.pk)) for row in shown], len(found) > limit


def _books(person: Person) -> list[dict[str, int]]:
    """Return the look-ups of what a person sees, by desk and client; no two find the same."""
    if not person.is_active:
        return []
    if reads_everything(person):
        return [{"desk": desk} for desk in Desk.objects.order_by("pk").values_list("pk", flat=True)]
    seats = set(memberships.visible_seats(person).values_list("desk", "client", "covers_clients"))
    whole = {desk for desk, _client, covers in seats if covers}
    rest = {(desk, client) for desk, client, _covers in seats if desk not in whole}
    return [
        *({"desk": desk} for desk in sorted(whole)),
        *({"desk": desk, **({"client": client} if client else {"client__isnull": True})} for desk, client in rest),
    ]


def _at(books: dict[str, int], limit: int) -> list[Action]:
    rows = Action.objects.filter(**books, is_live=True).order_by(F("until").asc(nulls_last=True), "id")
    return list(rows.only("until")[:limit])


def _place(action: Action) -> tuple[datetime, UUID]:
    return action.until or _LAST, action.pk


def _ends(actions: Sequence[Action]) -> dict[UUID, Execution]:
    rows = Execution.objects.filter(action__in=[action.pk for action in actions], end_number__gt=0)
    return {row.action_id: row for row in rows.order_by("round", "end_number")}
