"""Restores: whether one is on, what it lost, and what an action might have had done before it."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from approvals.actors import Actor
from approvals.authority import visibility
from approvals.models import Action, Attempt, Execution, LedgerEntry, LostDispatch, Restore
from approvals.states import ExecutionState

# So many are looked for in one statement.
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A lost dispatch, and its action where the database still has it."""

    lost: LostDispatch
    action: Action | None


@dataclass(frozen=True, slots=True)
class Reached:
    """What may have been sent to one host after the backup.

    ``ends`` of the ``sent`` took an effect away. ``open`` counts those of which HITL does not
    know yet what happened, and ``uncertain`` those that wait for a person.
    """

    connector: str
    host: str
    sent: int
    ends: int
    latest: datetime
    open: int
    uncertain: int


def on() -> QuerySet[Restore]:
    """Return the restores after which nobody went on yet."""
    return Restore.objects.filter(end__isnull=True)


def is_on() -> bool:
    """Return whether nothing may be sent."""
    return on().exists()


def exist() -> bool:
    """Return whether the database was ever restored."""
    return Restore.objects.exists()


def unknown(attempts: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of the attempts that the database knows neither as its own nor as lost."""
    wanted = list(attempts)
    found = set[uuid.UUID]()
    for place in range(0, len(wanted), AT_ONCE):
        some = wanted[place : place + AT_ONCE]
        own, lost = (rows.objects.filter(pk__in=some).order_by().values_list("pk") for rows in (Attempt, LostDispatch))
        # Django 6.1 orders a union by the model, whose columns it does not have.
        found |= {pk for (pk,) in own.union(lost).order_by()}
    return {pk for pk in wanted if pk not in found}


def last_entry() -> LedgerEntry | None:
    """Return the newest entry that the database knows."""
    return LedgerEntry.objects.order_by("-id").first()


def lost_of(action_id: uuid.UUID, proposal: str, *, is_end: bool) -> list[LostDispatch]:
    """Return what was sent for this action or this piece of work, or for its end, and is in no attempt yet."""
    return list(_owed().filter(Q(action_id=action_id) | Q(proposal=proposal), is_end=is_end))


def is_suspect(action: Action) -> bool:
    """Return whether the action is older than a restore of which nobody knows what it lost."""
    if action.action_type.is_built_in:
        return False
    return Restore.objects.filter(is_complete=False, began_at__gte=action.created_at).exists()


def possibly_sent(rows: QuerySet[Execution]) -> QuerySet[Execution]:
    """Return those of the executions that might have been sent before a restore; the rest waits while one is on."""
    vague = Restore.objects.filter(is_complete=False, began_at__gte=OuterRef("action__created_at"))
    mine = _owed().filter(action_id=OuterRef("action_id"))
    ends = Q(Exists(mine.filter(is_end=True)), end_number__gt=0)
    effects = Q(Exists(mine.filter(is_end=False)), end_number=0)
    # Nobody knows of these: those that wait for a parent go on waiting.
    return rows.filter(ends | effects | Q(Exists(vague), waits_for=None))


def was_sent_otherwise(execution: Execution) -> bool:
    """Return whether an attempt of before a restore was sent under another key, as another revision or round."""
    mine = Attempt.objects.filter(execution=execution).values("pk")
    return LostDispatch.objects.filter(pk__in=mine).exclude(key=execution.key).exists()


def listed(actor: Actor, limit: int) -> tuple[list[Listed], bool]:
    """Return the newest lost dispatches that a person may see, and whether there are more.

    One whose action is lost, too, is shown to those who read everything or may lift halts.
    """
    return _listed(actor, LostDispatch.objects.all(), limit)


def uncertain(actor: Actor, limit: int) -> tuple[list[Listed], bool]:
    """Return the lost dispatches that wait for a person to say what happened, for as long as a restore is on."""
    return _listed(actor, LostDispatch.objects.filter(_UNCERTAIN, restore__end__isnull=True), limit)


def reached() -> list[Reached]:
    """Return what may have been sent after the backup by connector and host, for as long as a restore is on."""
    rows = LostDispatch.objects.filter(restore__end__isnull=True).order_by().values("connector", "host")
    counted = rows.annotate(
        sent=Count("pk"),
        ends=Count("pk", filter=Q(is_end=True)),
        latest=Max("sent_at"),
        open=Count("pk", filter=~_SETTLED & ~_UNCERTAIN),
        uncertain=Count("pk", filter=_UNCERTAIN),
    )
    return [Reached(**row) for row in counted.order_by("connector", "host")]


def _listed(actor: Actor, rows: QuerySet[LostDispatch], limit: int) -> tuple[list[Listed], bool]:
    found = list(rows.order_by("-sent_at", "-id")[: limit + 1])
    if not found:
        return [], False
    ids = {each.action_id for each in found}
    mine = visibility.visible_among(actor, ids, ("action_type",))
    there = set(Action.objects.filter(pk__in=ids).values_list("pk", flat=True))
    person = actor.person
    sees_gone = person is not None and (visibility.reads_everything(person) or person.has_perm("approvals.change_halt"))
    shown = [
        Listed(each, mine.get(each.action_id))
        for each in found[:limit]
        if each.action_id in mine or (sees_gone and each.action_id not in there)
    ]
    return shown, len(found) > limit


def _tried_with(*states: ExecutionState) -> Exists:
    """Whether a lost dispatch is an attempt again, of an execution in one of these states."""
    return Exists(Attempt.objects.filter(pk=OuterRef("pk"), execution__state__in=states))


_UNCERTAIN = _tried_with(ExecutionState.UNCERTAIN)
_SETTLED = _tried_with(ExecutionState.SUCCEEDED, ExecutionState.FAILED, ExecutionState.CANCELED)


def _owed() -> QuerySet[LostDispatch]:
    return LostDispatch.objects.filter(~Exists(Attempt.objects.filter(pk=OuterRef("pk"))))
