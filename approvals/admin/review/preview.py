"""A preview of policy's evaluation of an edit; nothing is stored."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from approvals.models import Action
from approvals.services.payloads import revisions
from approvals.services.policy import evaluate
from approvals.states import Tier
from policies import db
from policies.engine.values.vocabulary import Route
from policies.engine.values.vocabulary import Tier as PolicyTier


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The preview of an edit: risk score, anomalies, blocking rules, and whether it needs a senior."""

    score: int
    oddities: Sequence[str]
    blocked_by: Sequence[str]
    needs_senior: bool


def foreseen(action: Action, payload: dict[str, Any]) -> Foreseen:
    """Evaluate the action as if this were its payload."""
    edited, at = copy(action), db.now()
    evaluate.update_extracted_fields(edited, revisions.read(action.action_type, payload), at)
    evaluation, flags = evaluate.evaluate_revision(edited, payload, at)
    return Foreseen(
        score=evaluation.score or 0,
        oddities=[flag.sentence for flag in flags],
        blocked_by=[reason.text for reason in evaluation.reasons if reason.outcome is Route.BLOCK],
        needs_senior=evaluation.tier == PolicyTier.SENIOR and (action.required_tier or 0) < Tier.SENIOR,
    )
