"""Parents: an action that names another runs only after that one was executed.

    the parent                                      its children
 1  is executed, whatever became of its effect      may run
 2  was rejected by a person who can still undo it  wait
 3  ended without effect                            never run; the clock ends them
 4  anything else, such as uncertain                wait

No action leaves `executed`. So code that reads this state of a parent needs no lock, and can rely on it later.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from approvals import asked
from approvals.actors import Actor
from approvals.authority import visibility
from approvals.models import Action, Decision, Execution
from approvals.states import UNSENT, WITHOUT_EFFECT, ActionState, DecisionType, ExecutionState
from policies import db

# The attribute of an execution that says whether others wait for its action.
_HAS_AWAITING = "has_awaiting"
# The parents of rows that wait, each found by one step in an index, however many rows wait for it. The states stand in
# the text, so that SQLite knows the index for what it is, too.
_ABOVE = """
    WITH RECURSIVE above (parent) AS (
        SELECT * FROM (SELECT {column} FROM {table} AS w WHERE {waits} ORDER BY {column} LIMIT 1) AS first
        UNION ALL
        SELECT (SELECT {column} FROM {table} AS w WHERE {waits} AND {column} > above.parent ORDER BY {column} LIMIT 1)
        FROM above WHERE above.parent IS NOT NULL
    )
    SELECT parent FROM above WHERE parent IS NOT NULL
    AND (SELECT state FROM approvals_action AS a WHERE a.id = above.parent) IN ({ended})
"""
_ABOVE_UNSENT = _ABOVE.format(
    table="approvals_action",
    column="parent_id",
    waits="state IN ('proposed', 'pending', 'approved', 'modified') AND parent_id IS NOT NULL",
    ended=", ".join(f"'{state}'" for state in sorted(WITHOUT_EFFECT)),
)
_ABOVE_READY = _ABOVE.format(
    table="approvals_execution",
    column="waits_for_id",
    waits="state = 'ready' AND waits_for_id IS NOT NULL",
    ended=f"'{ActionState.EXECUTED}'",
)
# The clock looks after the children of so many parents at once, and comes back for the others.
_PARENTS_AT_ONCE = 500
# How many children are shown at most.
SHOWN = 20
# What the sentence about an action is made of.
SHOWN_WITH = ("action_type", "agent", "revision")


@dataclass(frozen=True, slots=True)
class Family:
    """The parent of an action with its state, and the newest children; of both only what the reader may see.

    Of a parent that they may not see, they learn whether it was executed or ended without effect for good.
    ``is_waiting`` says that the action may run once the parent is executed, ``is_lost`` that it can never run.
    ``has_more`` says that there are further children.
    """

    has_parent: bool = False
    parent: Action | None = None
    parent_state: ActionState | None = None
    is_executed: bool = False
    has_failed: bool = False
    is_waiting: bool = False
    is_lost: bool = False
    children: Sequence[Action] = ()
    has_more: bool = False


def of(action: Action, reader: Actor, *, has_children: bool) -> Family:
    """Return the family of an action for its page, without a statement where it has none."""
    if action.parent_id is None and not has_children:
        return Family()
    children = Action.objects.filter(parent=action).order_by("-id").values_list("pk", flat=True)
    ids = list(children[: SHOWN + 1]) if has_children else []
    own = {action.parent_id} if action.parent_id is not None else set()
    seen = visibility.visible_among(reader, own | set(ids), SHOWN_WITH)
    shown = [seen[each] for each in ids[:SHOWN] if each in seen]
    parent = seen.get(action.parent_id) if action.parent_id is not None else None
    state, failed, is_unsent = state_of(action), has_failed(action), action.state in UNSENT
    is_executed = state == ActionState.EXECUTED
    return Family(
        has_parent=state is not None,
        parent=parent,
        parent_state=state if parent is not None else None,
        is_executed=is_executed,
        has_failed=failed,
        is_waiting=is_unsent and state is not None and not is_executed and not failed,
        is_lost=is_unsent and failed,
        children=shown,
        has_more=len(ids) > len(shown),
    )


def state_of(action: Action) -> ActionState | None:
    """Return the state of the action's parent as it is now, or None where it has none; one statement, if any."""
    parent = action.parent_id
    return None if parent is None else asked.once(("parent", parent), lambda: _state(parent))


def is_awaited(action: Action) -> bool:
    """Return whether the action has a parent that is not executed, so that nothing of it may run."""
    return action.parent_id is not None and state_of(action) != ActionState.EXECUTED


def has_failed(action: Action) -> bool:
    """Return whether the action's parent ended without effect for good, so that the action never runs."""
    return state_of(action) in WITHOUT_EFFECT and _failed().filter(pk=action.pk).exists()


def orphans() -> QuerySet[Action]:
    """Return the actions that were not sent, and whose parents ended without effect for good; it asks for these."""
    found = list(failed_above().values_list("pk", flat=True)[:_PARENTS_AT_ONCE])
    return Action.objects.filter(parent__in=found, state__in=UNSENT).order_by("parent_id", "id")


def overdue() -> QuerySet[Execution]:
    """Return the executions that wait for a parent which was executed meanwhile; it asks for these parents."""
    found = list(executed_above().values_list("pk", flat=True)[:_PARENTS_AT_ONCE])
    return Execution.objects.filter(state=ExecutionState.READY, waits_for__in=found).order_by("waits_for_id", "id")


def failed_above() -> QuerySet[Action]:
    """Return the parents of unsent actions that ended without effect for good; the cost is by parent, not by child."""
    rows = Action.objects.filter(pk__in=RawSQL(_ABOVE_UNSENT, ()))
    return rows.exclude(_is_undoable("pk", "round"), state=ActionState.REJECTED).order_by("pk")


def executed_above() -> QuerySet[Action]:
    """Return the executed parents for which executions still wait; the cost is by parent, not by child."""
    return Action.objects.filter(pk__in=RawSQL(_ABOVE_READY, ())).order_by("pk")


def awaiting(action_id: uuid.UUID) -> QuerySet[Execution]:
    """Return the executions that wait for this action."""
    return Execution.objects.filter(state=ExecutionState.READY, waits_for=action_id).order_by("id")


def with_awaiting(rows: QuerySet[Execution]) -> QuerySet[Execution]:
    """Let each execution of a query tell whether others wait for its action; one look into an index."""
    others = Execution.objects.filter(state=ExecutionState.READY, waits_for=OuterRef("action_id"))
    return rows.annotate(**{_HAS_AWAITING: Exists(others)})


def has_awaiting(execution: Execution) -> bool:
    """Return whether others wait for the execution's action; True where the query did not ask."""
    return bool(vars(execution).get(_HAS_AWAITING, True))


def _state(action_id: uuid.UUID) -> ActionState | None:
    found = Action.objects.filter(pk=action_id).values_list("state", flat=True).first()
    return None if found is None else ActionState(found)


def _failed() -> QuerySet[Action]:
    """The actions whose parents ended without effect, but for those whose rejection can still be undone."""
    rows = Action.objects.filter(parent__isnull=False, parent__state__in=WITHOUT_EFFECT)
    return rows.exclude(_is_undoable("parent_id", "parent__round"), parent__state=ActionState.REJECTED)


def _is_undoable(action: str, number: str) -> Exists:
    """Whether the rejection of an action in this round, both named by their columns, can still be undone."""
    rejected = Decision.objects.filter(
        action=OuterRef(action), round=OuterRef(number), verdict=DecisionType.REJECT, is_final=True
    )
    return Exists(rejected.filter(final_at__gt=db.now()))
