"""An evaluation for its readers: the strictest reason first, what did not send it here apart, and pictures."""

from collections.abc import Iterable, Mapping
from typing import Any

from approvals.display import pictures
from approvals.display.pictures import Ladder
from approvals.models import Action
from policies.engine.document.sections import Amounts
from policies.engine.evaluation.votes import applies_to
from policies.engine.values.vocabulary import Route

_STRICTNESS = {str(route): place for place, route in enumerate(Route)}


def shown(action: Action, content: Mapping[str, Any], known: Iterable[Amounts]) -> dict[str, Any]:
    """Template context: reasons and parts of the score that count, those that do not, and where the amount stands."""
    sent, idle = _parted(content)
    parts = [_of_a_person(part) if action.agent.person_id else part for part in content["parts"]]
    return {
        "sent_here": sent,
        "idle": idle,
        "score_parts": pictures.stacked(parts),
        "idle_parts": [part for part in parts if not part["points"]],
        "ladder": _ladder(action, known),
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


def _ladder(action: Action, known: Iterable[Amounts]) -> Ladder | None:
    """The first ladder for this type's amounts in the action's currency, or in the policy's base currency."""
    if action.amount is None:
        return None
    for amounts in known:
        if not applies_to(amounts.action_types, action.action_type.name):
            continue
        if steps := amounts.ladders.get(action.currency):
            return pictures.ladder(steps, action.amount, action.currency)
        if action.amount_base is not None and (steps := amounts.ladders.get(amounts.base)):
            return pictures.ladder(steps, action.amount_base, amounts.base)
    return None
