"""Reversals: an executed action, and the one that reverses it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from approvals.models import Action
from approvals.models.actions import NOT_REVERSED
from approvals.states import ActionState

# What the sentence about an action is made of.
SHOWN_WITH = ("action_type", "agent", "revision")


@dataclass(frozen=True, slots=True)
class Reversal:
    """An executed action, and its newest reversal."""

    original: Action
    action: Action

    @property
    def is_standing(self) -> bool:
        """Return whether the reversal is in progress or done; a failed one may be repeated."""
        return self.action.state not in NOT_REVERSED


def of(action: Action) -> Reversal | None:
    """Return what this action reverses, or its latest reversal, or None."""
    if action.reverses_id is None and action.state != ActionState.EXECUTED:
        return None
    rows = Action.objects.select_related(*SHOWN_WITH, *(f"reverses__{name}" for name in SHOWN_WITH))
    rows = rows.filter(pk=action.pk) if action.reverses_id else rows.filter(reverses=action)
    made = rows.order_by("-id").first()
    return Reversal(made.reverses, made) if made is not None and made.reverses is not None else None


def newest(actions: Iterable[Action]) -> dict[UUID, Action]:
    """Return the newest reversal of each action, by ID, in at most one statement."""
    done = [action.pk for action in actions if action.state == ActionState.EXECUTED]
    if not done:
        return {}
    rows = Action.objects.filter(reverses__in=done).order_by("id")
    return {row.reverses_id: row for row in rows if row.reverses_id is not None}
