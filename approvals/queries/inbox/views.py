"""The inbox views: a person's own pending actions, and other actions of their desks."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet

from approvals.authority import memberships, visibility
from approvals.authority.memberships import Seats
from approvals.models import Action, ActionType, Agent, Note, Person, SavedView
from approvals.models.saved_views import ViewPage
from approvals.states import ActionState
from policies.compiled import Among, Compiled, CompiledValues, Slot

MINE, FREE, OVERDUE, ASKED = "mine", "unclaimed", "overdue", "asked"
EVERYTHING, UNCERTAIN, BEYOND = "all", "uncertain", "beyond"
NARROW = (MINE, FREE, OVERDUE, ASKED, BEYOND)
WIDE = (EVERYTHING, UNCERTAIN)
MAX_AGENTS = 100
_NUMBER = BigIntegerField()


@dataclass(frozen=True, slots=True)
class WidePage:
    """One page of actions, newest first, and the ID to continue from, or None at the end."""

    rows: list[Action]
    next: uuid.UUID | None


def narrowed(view: str, person: Person, now: datetime) -> list[Q]:
    """Return the filter of one of the views in `NARROW`; empty for other views."""
    if view == MINE:
        return [Q(claim__person=person, claim__until__gt=now)]
    if view == FREE:
        return [Q(claim__isnull=True) | Q(claim__until__lte=now)]
    if view == OVERDUE:
        return [Q(due_at__lt=now)]
    if view == ASKED:
        return [Q(Exists(Note.objects.filter(action=OuterRef("pk"), is_open=True)))]
    return []


def wide(
    view: str, visible: QuerySet[Action], *, before: uuid.UUID | None = None, size: int = 50, **filters: Any
) -> WidePage:
    """Return a page of these actions that are pending or uncertain."""
    rows = _of(view, visible).filter(**filters)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    rows = rows.select_related("action_type", "agent", "desk", "client", "revision", "claim__person", "evaluation")
    found = list(rows.order_by("-pk")[: size + 1])
    more, shown = len(found) > size, found[:size]
    return WidePage(shown, shown[-1].pk if more else None)


def uncertain(visible: Callable[[], QuerySet[Action]], most: int) -> int:
    """Count the uncertain executions among these, up to `most`.

    What somebody may see is a large statement, which is built only where any execution is uncertain at all.
    """
    if not _ANY_UNCERTAIN.all():
        return 0
    return _of(UNCERTAIN, visible()).values("pk")[:most].count()


def saved(person: Person) -> list[SavedView]:
    """Return the person's own saved views of the inbox, oldest first."""
    return _SAVED.all(person=person.pk)


def kinds(seats: Seats) -> list[ActionType]:
    """Return the action types of the desks and clients of these memberships, with their desks."""
    found = _KINDS.all(desks=seats.desks) if seats.desks else []
    return [kind for kind in found if kind.client_id is None or seats.cover_type(kind)]


def kinds_seen(person: Person) -> list[ActionType]:
    """Return the action types whose actions the person may see."""
    found = ActionType.objects.filter(is_active=True).order_by("title", "pk")
    if not visibility.reads_everything(person):
        found = found.filter(memberships.of_kinds(memberships.seats(person)))
    return list(found)


def agents(chosen: str, person: Person) -> list[Agent]:
    """Return the active agents that a person may know of, and the selected one: none of a client that is not theirs."""
    found = _AGENTS.all()
    if chosen and chosen not in {str(agent.pk) for agent in found}:
        found.extend(Agent.objects.filter(pk=int(chosen)))
    if all(agent.client_id is None for agent in found) or visibility.reads_everything(person):
        return found
    seen = set(Agent.objects.filter(memberships.of_clients(person)).values_list("pk", flat=True))
    return [agent for agent in found if agent.client_id is None or agent.pk in seen]


_ANY_UNCERTAIN = CompiledValues(
    lambda: Action.objects.filter(state=ActionState.UNCERTAIN).order_by().values_list("pk")[:1]
)
_SAVED: Compiled[SavedView] = Compiled(
    lambda: SavedView.objects.filter(person=Slot("person", _NUMBER), page=ViewPage.INBOX)
)
_KINDS: Compiled[ActionType] = Compiled(
    lambda: (
        ActionType.objects.filter(Among("desk", "desks", _NUMBER), is_active=True)
        .select_related("desk")
        .order_by("desk__name", "title", "pk")
    )
)
_AGENTS: Compiled[Agent] = Compiled(lambda: Agent.objects.filter(is_active=True).order_by("title", "pk")[:MAX_AGENTS])


def _of(view: str, visible: QuerySet[Action]) -> QuerySet[Action]:
    return visible.filter(state=ActionState.UNCERTAIN if view == UNCERTAIN else ActionState.PENDING)
