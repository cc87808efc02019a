"""Which decision on an action can still be undone."""

from collections.abc import Sequence

from approvals.models import Action, Decision
from approvals.states import ActionState, DecisionType, StageState

_BY_STATE = {ActionState.REJECTED: DecisionType.REJECT, ActionState.PENDING: DecisionType.ESCALATE}


def last_decision(action: Action, decisions: Sequence[Decision] | None = None) -> Decision | None:
    """The rejection or escalation that a person made last on the action, if nobody decided since.

    ``decisions`` are the action's, newest first, where they are read already.
    """
    verdict = _BY_STATE.get(ActionState(action.state))
    if verdict is None:
        return None
    if decisions is None:
        decisions = list(Decision.objects.filter(action=action).select_related("person", "stage").order_by("-id")[:1])
    found = next(iter(decisions), None)
    if found is None or found.verdict != verdict or found.final_at is None or found.round != action.round:
        return None
    if verdict == DecisionType.ESCALATE and (found.stage is None or found.stage.state != StageState.OPEN):
        return None
    return found
