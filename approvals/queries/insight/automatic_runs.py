"""Recent automatic runs, for people who monitor them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from approvals.actors import Actor
from approvals.authority.visibility import visible_to
from approvals.models import Action, Decision, Execution, SampleCheck
from approvals.models.actions import NOT_REVERSED
from approvals.queries.automation.samples import ALONE
from approvals.queries.record.related import reversals
from approvals.states import ActionState, DecisionType, ExecutionState


@dataclass(frozen=True, slots=True)
class Run:
    """One automatic run: what approved it, its result, and its spot check."""

    decision: Decision
    execution: Execution | None
    sample: SampleCheck | None
    undone_by: Action | None = None

    @property
    def action(self) -> Action:
        """The action."""
        return self.decision.action

    @property
    def may_be_called_back(self) -> bool:
        """Whether the run can still be undone."""
        return self.execution is not None and self.execution.state == ExecutionState.READY

    @property
    def is_done(self) -> bool:
        """Whether the action was executed and has no reversal."""
        is_undone = self.undone_by is not None and self.undone_by.state not in NOT_REVERSED
        return self.action.state == ActionState.EXECUTED and not is_undone


def lately(actor: Actor, since: datetime, *, size: int = 50, **filters: Any) -> list[Run]:
    """Return the newest automatic runs since a time that the actor may see."""
    rows = Decision.objects.filter(
        is_final=True, source__in=ALONE, verdict=DecisionType.APPROVE, at__gte=since, **filters
    )
    rows = rows.filter(action__in=visible_to(actor)).order_by("-at")
    rows = rows.select_related(
        "action__action_type__reversal_type",
        "action__agent",
        "action__desk",
        "action__revision",
        "action__sample",
        "evaluation",
    )
    found = list(rows[:size])
    executions, undone = _executions(found), reversals.newest(row.action for row in found)
    return [
        Run(row, executions.get(row.action_id), getattr(row.action, "sample", None), undone.get(row.action_id))
        for row in found
    ]


def _executions(decisions: Sequence[Decision]) -> dict[Any, Execution]:
    actions = [decision.action_id for decision in decisions]
    rounds = {decision.action_id: decision.round for decision in decisions}
    rows = Execution.objects.filter(action__in=actions, end_number=0)
    return {row.action_id: row for row in rows if row.round == rounds[row.action_id]}
