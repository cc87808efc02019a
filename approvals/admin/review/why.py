"""Why an action came to its reviewer: its evaluation, and this amount among the earlier ones of its subject."""

from collections.abc import Sequence
from typing import Any

from approvals.display import pictures, reasons
from approvals.models import Action
from approvals.queries.insight import precedents
from approvals.states import STOOD
from policies.queries import ladders


def shown(action: Action, near: Sequence[Action]) -> dict[str, Any]:
    """Template context: reasons and parts of the score that count, those that do not, and the pictures."""
    alike = [row.amount for row in precedents.of_subject(action, near) if _is_like(row, action)]
    past = [amount for amount in alike if amount is not None]
    context: dict[str, Any] = {"strip": pictures.strip(past, action.amount, action.currency)}
    if action.evaluation is None:
        return context
    content = action.evaluation.content
    known = ladders.of([policy["digest"] for policy in content["policies"]]) if action.amount is not None else []
    return context | reasons.shown(action, content, known)


def _is_like(row: Action, action: Action) -> bool:
    """Whether its amount was granted in the same currency."""
    return row.state in STOOD and row.currency == action.currency
