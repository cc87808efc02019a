"""Publications can always be decided: no policy, and no mistake in one, may keep its own correction out. Steps."""

from dataclasses import replace

from approvals.models import ActionType, Membership
from approvals.states import Tier
from policies.engine.document.plan_steps import PlanStep
from policies.engine.evaluation.evaluate import seniors_step
from policies.engine.evaluation.result import Evaluation, Reason
from policies.engine.values.said import say
from policies.engine.values.vocabulary import Route, StageKind
from policies.engine.values.vocabulary import Tier as PolicyTier


def repairable(evaluation: Evaluation, kind: ActionType) -> Evaluation:
    """Return the evaluation so that people can decide: never blocked or automatic, with a quorum that can be met."""
    tiers = list(Membership.objects.filter(desk=kind.desk_id, person__is_active=True).values_list("tier", flat=True))
    has_seniors = any(tier >= Tier.SENIOR for tier in tiers)
    steps = [step for step in evaluation.plan if step.kind is StageKind.PEOPLE] or [seniors_step(())]
    # One of them is the author, who asks.
    plan = tuple(_within_reach(step, has_seniors, max(1, len(tiers) - 1)) for step in steps)
    if evaluation.outcome in (Route.REVIEW, Route.ESCALATE):
        return replace(evaluation, plan=plan)
    text = say("A publication is never blocked or automatic, so that every policy can be corrected. A person decides.")
    return replace(
        evaluation,
        outcome=Route.ESCALATE,
        tier=PolicyTier.SENIOR,
        plan=plan,
        reasons=(*evaluation.reasons, Reason.of("publication", text, Route.ESCALATE)),
        do_not_retry=False,
    )


def _within_reach(step: PlanStep, has_seniors: bool, most: int) -> PlanStep:
    found = replace(step, quorum=min(step.quorum, most))
    return found if has_seniors else replace(found, tier=PolicyTier.JUNIOR, who="desk")
