"""Parents: an action that names another runs only after that one was executed.

    the parent                                      its children
 1  is executed, whatever became of its effect      may run
 2  was rejected by a person who can still undo it  wait
 3  ended without effect                            never run; the clock ends them
 4  anything else, such as uncertain                wait

Nothing leads out of `executed`. So whoever reads that of a parent needs no lock on it, and may go by it later.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from approvals import asked
from approvals.models import Action, Decision, Execution
from approvals.states import UNSENT, WITHOUT_EFFECT, ActionState, DecisionType, ExecutionState
from policies import db

# Under this name an execution carries whether others wait for its action.
_HAS_AWAITING = "has_awaiting"
# So many children are shown.
SHOWN = 20
# What the sentence about an action is made of.
SHOWN_WITH = ("action_type", "agent", "revision")


@dataclass(frozen=True, slots=True)
class Family:
    """The parent of an action, its newest children, and whether there are more of these."""

    parent: Action | None
    children: Sequence[Action]
    has_more: bool = False


def of(action: Action) -> Family:
    """Return the parent and the newest children of an action, for its page; in at most two statements."""
    rows = Action.objects.select_related(*SHOWN_WITH)
    parent = rows.filter(pk=action.parent_id).first() if action.parent_id else None
    found = list(rows.filter(parent=action).order_by("-id")[: SHOWN + 1])
    return Family(parent, found[:SHOWN], len(found) > SHOWN)


def state_of(action: Action) -> ActionState | None:
    """Return the state of the action's parent as it is now, or None where it has none; one statement, if any."""
    if action.parent_id is None:
        return None
    return asked.once(("parent", action.parent_id), lambda: _state(action.parent_id))


def is_awaited(action: Action) -> bool:
    """Return whether the action has a parent that is not executed, so that nothing of it may run."""
    return action.parent_id is not None and state_of(action) != ActionState.EXECUTED


def has_failed(action: Action) -> bool:
    """Return whether the action's parent ended without effect for good, so that the action never runs."""
    return state_of(action) in WITHOUT_EFFECT and _failed().filter(pk=action.pk).exists()


def orphans() -> QuerySet[Action]:
    """Return the actions that were not sent, and whose parents ended without effect for good."""
    return _failed().filter(state__in=UNSENT).order_by("parent_id", "id")


def overdue() -> QuerySet[Execution]:
    """Return the executions that wait for a parent which was executed meanwhile."""
    rows = Execution.objects.filter(state=ExecutionState.READY, waits_for__isnull=False)
    return rows.filter(waits_for__state=ActionState.EXECUTED).order_by("waits_for_id", "id")


def awaiting(action_id: uuid.UUID) -> QuerySet[Execution]:
    """Return the executions that wait for this action."""
    return Execution.objects.filter(state=ExecutionState.READY, waits_for=action_id).order_by("id")


def with_awaiting(rows: QuerySet[Execution]) -> QuerySet[Execution]:
    """Let each execution of a query tell whether others wait for its action; one look into an index."""
    others = Execution.objects.filter(state=ExecutionState.READY, waits_for=OuterRef("action_id"))
    return rows.annotate(**{_HAS_AWAITING: Exists(others)})


def has_awaiting(execution: Execution) -> bool:
    """Return whether others wait for the execution's action; so it is taken where nobody asked."""
    return bool(vars(execution).get(_HAS_AWAITING, True))


def _state(action_id: uuid.UUID | None) -> ActionState | None:
    found = Action.objects.filter(pk=action_id).values_list("state", flat=True).first()
    return None if found is None else ActionState(found)


def _failed(now: datetime | None = None) -> QuerySet[Action]:
    """The actions whose parents ended without effect, but for those whose rejection can still be undone."""
    rejected = Decision.objects.filter(
        action=OuterRef("parent_id"), round=OuterRef("parent__round"), verdict=DecisionType.REJECT, is_final=True
    )
    is_undoable = Exists(rejected.filter(final_at__gt=now or db.now()))
    rows = Action.objects.filter(parent__isnull=False, parent__state__in=WITHOUT_EFFECT)
    return rows.exclude(is_undoable, parent__state=ActionState.REJECTED)
