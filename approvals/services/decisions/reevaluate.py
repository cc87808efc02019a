"""Evaluating again what waits for a decision, because policy may have changed since it was routed.

Asking writes nothing. What policy says by now is kept once, by a change of its own that outlives the refusal.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext_noop as _

from approvals.actors import Actor
from approvals.authority import limits
from approvals.errors import BlockedByPolicy, TierTooLow
from approvals.models import Action, Stage
from approvals.services import locks
from approvals.services.decisions.context import DecisionContext, current_plan
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.plans import matching, stage_rows, stages
from approvals.services.policy import evaluate, overrides
from approvals.states import ActionState, DecisionType
from policies.engine.checks.flag import Flag
from policies.engine.document.plan_steps import PlanStep
from policies.engine.evaluation.result import Evaluation, Reason
from policies.engine.values.said import in_a_row
from policies.engine.values.vocabulary import Route
from policies.errors import Refused


@dataclass(frozen=True, slots=True)
class Reevaluation:
    """What policy says of an action by now, and what that adds to what is kept of it."""

    evaluation: Evaluation
    flags: Sequence[Flag]
    blocks: Sequence[Reason]
    was_blocked: bool
    is_other_block: bool
    steps: Sequence[PlanStep]
    wants_rationale: bool

    @property
    def is_news(self) -> bool:
        """Whether it has to be kept: policy blocks otherwise than before, or asks for more."""
        if self.blocks:
            return self.is_other_block
        return self.was_blocked or bool(self.steps) or self.wants_rationale


def look(action: Action, unfinished: list[Stage], at: datetime) -> Reevaluation:
    """Evaluate a locked action by policy, rates, catalog and lookup results as they are now; writes nothing."""
    evaluate.update_worth(action, at)
    evaluation, flags = evaluate.evaluate_revision(action, action.revision.payload, at)
    kept = Evaluation.from_json(action.evaluation.content) if action.evaluation else None
    now, before = _blocks(action, evaluation), _blocks(action, kept)
    return Reevaluation(
        evaluation=evaluation,
        flags=flags,
        blocks=now,
        was_blocked=bool(before),
        is_other_block=set(now) != set(before),
        steps=matching.missing_steps(evaluation, current_plan(action, unfinished)),
        wants_rationale=_wants_rationale(evaluation) and not (kept and kept.requires_rationale),
    )


def look_for(case: DecisionContext) -> Reevaluation | None:
    """What policy says by now of what is to be approved; nothing is asked for any other decision."""
    request = case.request
    if request.verdict != DecisionType.APPROVE:
        return None
    return look(case.action, [case.stage, *case.waiting], request.at)


def blocked(sentence: str, blocks: Sequence[Reason], **more: Any) -> BlockedByPolicy:
    """The refusal of what policy blocks, with the sentence of each rule that does; a door finds both as data, too."""
    return BlockedByPolicy(
        sentence,
        said={"reasons": in_a_row(list(dict.fromkeys(reason.sentence for reason in blocks)))},
        rules=[reason.rule for reason in blocks],
        blocked_by=[{"rule": reason.rule, "text": reason.text} for reason in blocks],
        **more,
    )


def refusal_for(case: DecisionContext, now: Reevaluation) -> Refused | None:
    """Why policy as it is now does not let this person approve, or None."""
    if now.blocks:
        return blocked(_("Policy now blocks this action: {reasons}"), now.blocks)
    if not now.is_news:
        return None
    tier = _tier_then(case, now)
    if case.power.tier < tier:
        return TierTooLow("This action now needs a senior reviewer. Escalate the action.")
    # The bar that is raised holds for the door, too: a token never decides what seniors are asked.
    return limits.limit(case.action, case.power, tier)


def kept_after(refusal: Refused, case: DecisionContext, now: Reevaluation | None) -> Refused:
    """The refusal; where policy says something new, that is kept once the refusal has rolled everything back."""
    if now is None or not now.is_news:
        return refusal
    request = case.request
    return refusal.followed_by(partial(_keep_after, request.actor, request.at, case.action.pk))


def take_up(case: DecisionContext, now: Reevaluation | None) -> None:
    """Keep what is new and ask for what it adds, in the decision's own transaction; nothing where nothing is new."""
    if now is None or not now.is_news:
        return
    request = case.request
    case.waiting.extend(_keep(case.action, [case.stage, *case.waiting], now, request.actor, request.at))


def _keep_after(actor: Actor, at: datetime, action_id: uuid.UUID) -> None:
    """Ask again under the lock, because the refusal gave it up, and keep what is new.

    :raises NotFound: there is no such action.
    """
    action = locks.action(action_id)
    unfinished = stages.unfinished(action) if action.state == ActionState.PENDING else []
    if not unfinished or unfinished[0].is_check:
        return
    now = look(action, unfinished, at)
    if now.is_news:
        _keep(action, unfinished, now, actor, at)


def _keep(action: Action, unfinished: Sequence[Stage], now: Reevaluation, actor: Actor, at: datetime) -> list[Stage]:
    """Make what policy says now the action's evaluation, and return the stages that it adds."""
    row = evaluate.record(action, now.evaluation, now.flags, action.revision.number, at)
    data = {"revision": action.revision.number, "evaluation": row.digest, "rules": row.rules}
    fact = _event(actor, at, now, data)
    added = [] if now.blocks else stages.extend(action, unfinished, now.steps, fact)
    entries.record_event(action, fact, is_changed=True)
    return added


def _blocks(action: Action, evaluation: Evaluation | None) -> list[Reason]:
    """The reasons that block the action, of which an override that covers them leaves none."""
    if evaluation is None or evaluation.outcome is not Route.BLOCK or overrides.covers(action, evaluation):
        return []
    return [reason for reason in evaluation.reasons if reason.outcome is Route.BLOCK]


def _wants_rationale(evaluation: Evaluation) -> bool:
    return evaluation.requires_rationale and evaluation.outcome is not Route.AUTO


def _tier_then(case: DecisionContext, now: Reevaluation) -> int:
    """The tier that the open stage asks for once the steps are added; only the default stage is raised."""
    stage = case.stage
    default = next((row for row in (stage, *case.waiting) if row.name in stage_rows.DEFAULT_NAMES), None)
    if default is not stage:
        return stage.tier
    return max(
        [stage.tier, *(stage_rows.TIERS[step.tier] for step in now.steps if step.name in stage_rows.DEFAULT_NAMES)]
    )


def _event(actor: Actor, at: datetime, now: Reevaluation, data: dict[str, Any]) -> Event:
    if now.blocks:
        rules = ", ".join(f"{reason.document} {reason.rule}".strip() for reason in now.blocks)
        return Event(actor, at, "action.reevaluated", f"Policy now blocks this action: {rules}", data)
    if now.was_blocked:
        return Event(actor, at, "action.reevaluated", "Policy no longer blocks this action", data)
    said = "Reevaluated: policy now requires additional approval"
    return Event(actor, at, "action.rerouted", said)
