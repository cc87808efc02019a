"""What a policy would have said of past actions: the same facts, another document. Steps."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from approvals.models import Action, ActionType
from approvals.services.policy import budgets, evaluate
from policies.engine.document.parse import Document
from policies.engine.values.vocabulary import Route

MAX_REPLAYED = 200
MAX_EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Change:
    """An action that would have been routed otherwise."""

    action_id: uuid.UUID
    was: str
    would_be: str
    is_stricter: bool


def replay(document: Document, at: datetime) -> dict[str, Any]:
    """Rule anew on the latest actions that the document is about; return counts and examples as plain JSON values.

    At most 200 actions are looked at, each as it stands now, so that an edit counts as what it was corrected to.
    """
    kinds = ActionType.objects.filter(is_active=True)
    if not document.is_house_wide:
        kinds = kinds.filter(policy=document.name)
    judged = [kind.pk for kind in kinds if not (document.is_house_wide and kind.is_built_in)]
    past = Action.objects.filter(action_type__in=judged, evaluation__isnull=False).order_by("-id")
    looked_at = list(
        past.select_related("action_type", "agent", "desk__calendar", "revision", "evaluation")[:MAX_REPLAYED]
    )
    changes = [change for action in looked_at if (change := _change(action, document, at)) is not None]
    return {
        "looked_at": len(looked_at),
        "unchanged": len(looked_at) - len(changes),
        "stricter": sum(change.is_stricter for change in changes),
        "laxer": sum(not change.is_stricter for change in changes),
        "examples": [_example(change) for change in changes[:MAX_EXAMPLES]],
    }


def _change(action: Action, document: Document, at: datetime) -> Change | None:
    kind = action.action_type
    others = [each for each in evaluate.documents_for(kind) if each.name != document.name]
    documents = sorted([*others, document], key=lambda each: each.is_house_wide)
    # By what was counted then: the same facts, another document.
    counted = budgets.look_back(action, documents, at)
    evaluation, _flags = evaluate.evaluate_revision(
        action, action.revision.payload, at, documents=documents, counted=counted
    )
    was = action.evaluation.content if action.evaluation else {}
    before, after = (was.get("outcome"), was.get("tier")), (str(evaluation.outcome), evaluation.tier)
    if before == after:
        return None
    return Change(action.pk, _route(*before), _route(*after), _rank(*after) > _rank(*before))


def _route(outcome: Any, tier: Any) -> str:
    return f"{outcome} ({tier})" if tier else str(outcome)


def _rank(outcome: Any, tier: Any) -> tuple[int, str]:
    # By the alphabet too, a senior asks for more than a junior.
    return Route(outcome).rank, tier or ""


def _example(change: Change) -> dict[str, str]:
    return {"action": str(change.action_id), "was": change.was, "would_be": change.would_be}
