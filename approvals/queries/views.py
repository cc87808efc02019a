"""The inbox's views: besides what waits for oneself, what else of one's desks somebody has to look after."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from approvals.actors import Actor
from approvals.models import Action, Note, Person
from approvals.queries.actions import visible_to
from approvals.states import ActionState

MINE, OVERDUE, ASKED = "mine", "overdue", "asked"
EVERYTHING, UNCERTAIN = "all", "uncertain"
NARROW = (MINE, OVERDUE, ASKED)
WIDE = (EVERYTHING, UNCERTAIN)


@dataclass(frozen=True, slots=True)
class WidePage:
    """One page of actions, newest first, and the id to go on from, or None at the end."""

    rows: list[Action]
    next: uuid.UUID | None


def narrowed(view: str, person: Person, now: datetime) -> list[Q]:
    """What narrows what waits for a person to one of the views `NARROW`; nothing for any other."""
    if view == MINE:
        return [Q(claim__person=person, claim__until__gt=now)]
    if view == OVERDUE:
        return [Q(due_at__lt=now)]
    if view == ASKED:
        return [Q(Exists(Note.objects.filter(action=OuterRef("pk"), is_open=True)))]
    return []


def wide(view: str, actor: Actor, *, before: uuid.UUID | None = None, size: int = 50, **filters: Any) -> WidePage:
    """A page of all that waits where one may look, or of what nobody knows whether it happened."""
    rows = _of(view, actor).filter(**filters)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    rows = rows.select_related("action_type", "agent", "desk", "revision", "claim__person")
    found = list(rows.order_by("-pk")[: size + 1])
    more, shown = len(found) > size, found[:size]
    return WidePage(shown, shown[-1].pk if more else None)


def uncertain(actor: Actor, most: int) -> int:
    """How many executions are uncertain where one may look, counted up to ``most``."""
    return _of(UNCERTAIN, actor).values("pk")[:most].count()


def _of(view: str, actor: Actor) -> QuerySet[Action]:
    state = ActionState.UNCERTAIN if view == UNCERTAIN else ActionState.PENDING
    return visible_to(actor).filter(state=state)
