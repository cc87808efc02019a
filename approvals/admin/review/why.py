"""Why an action came to its reviewer: the strictest reason first, what did not send it here apart, and pictures."""

from collections.abc import Mapping, Sequence
from typing import Any

from approvals.display import pictures
from approvals.display.pictures import Ladder
from approvals.models import Action
from approvals.queries.insight import precedents
from approvals.states import STOOD
from policies.engine.evaluation.votes import applies_to
from policies.engine.values.vocabulary import Route
from policies.queries import ladders

_STRICTNESS = {str(route): place for place, route in enumerate(Route)}


def shown(action: Action, near: Sequence[Action]) -> dict[str, Any]:
    """Template context: reasons and parts of the score that count, those that do not, and the pictures."""
    alike = [row.amount for row in precedents.of_subject(action, near) if _is_like(row, action)]
    past = [amount for amount in alike if amount is not None]
    context: dict[str, Any] = {"strip": pictures.strip(past, action.amount, action.currency)}
    if action.evaluation is None:
        return context
    content = action.evaluation.content
    sent, idle = _parted(content)
    parts = [_of_a_person(part) if action.agent.person_id else part for part in content["parts"]]
    return context | {
        "sent_here": sent,
        "idle": idle,
        "score_parts": pictures.stacked(parts),
        "idle_parts": [part for part in parts if not part["points"]],
        "ladder": _ladder(action, content),
    }


def _parted(content: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The reasons that sent the action here, the strictest first, and those that did not."""
    reasons = sorted(content["reasons"], key=lambda reason: -_STRICTNESS.get(reason["outcome"], 0))
    if content["outcome"] == Route.AUTO:
        return reasons, []
    idle = [reason for reason in reasons if reason["outcome"] == Route.AUTO]
    return [reason for reason in reasons if reason not in idle], idle


def _of_a_person(part: dict[str, Any]) -> dict[str, Any]:
    """A person gives no confidence; the sentence of the score that speaks of an agent's is about nobody here."""
    if part["name"] != "confidence":
        return part
    return {**part, "sentence": "A person started this action, so there is no confidence value.", "said": None}


def _is_like(row: Action, action: Action) -> bool:
    """Whether its amount was granted in the same currency."""
    return row.state in STOOD and row.currency == action.currency


def _ladder(action: Action, content: Mapping[str, Any]) -> Ladder | None:
    """The first ladder for this type's amounts in the action's currency, or in the policy's base currency."""
    if action.amount is None:
        return None
    for amounts in ladders.of([policy["digest"] for policy in content["policies"]]):
        if not applies_to(amounts.action_types, action.action_type.name):
            continue
        if steps := amounts.ladders.get(action.currency):
            return pictures.ladder(steps, action.amount, action.currency)
        if action.amount_base is not None and (steps := amounts.ladders.get(amounts.base)):
            return pictures.ladder(steps, action.amount_base, amounts.base)
    return None
