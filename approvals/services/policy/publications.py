"""Built-in types: whether a draft can still be published, and a plan that people can always decide. Steps.

No policy, and no mistake in one, may keep its own correction out.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext_noop as _

from approvals.authority import memberships
from approvals.errors import WrongState
from approvals.models import Action, ActionType
from approvals.states import Tier
from policies.engine.document.plan_steps import PlanStep
from policies.engine.evaluation.evaluate import seniors_step
from policies.engine.evaluation.result import Evaluation, Reason
from policies.engine.values.said import say
from policies.engine.values.vocabulary import Route, StageKind
from policies.engine.values.vocabulary import Tier as PolicyTier
from policies.errors import Refused
from policies.queries import versions
from policies.queries.versions import Obstacle

_WHY = {
    Obstacle.OVERTAKEN: _(
        "A newer version of this policy is already in force, so this draft can no longer be published. "
        "Reject the request."
    ),
    Obstacle.NOT_A_DRAFT: _("This version has already been published. Reject the request."),
    Obstacle.UNKNOWN: _("The requested draft does not exist. Reject the request."),
}


def refusal_for(action: Action) -> Refused | None:
    """Why the draft cannot be published any more, or None; also of every other action."""
    if not action.action_type.is_publication:
        return None
    payload = action.revision.payload
    found = versions.obstacle(payload["policy"], payload["number"], payload["digest"])
    return WrongState(_WHY[found], state=action.state) if found else None


# What every action lacks that a person starts, or that no policy applies to: nothing to tell of a built-in type.
_NOT_SAID = frozenset({"no_policy", "ambiguous_intent"})


def repairable(evaluation: Evaluation, kind: ActionType) -> Evaluation:
    """Return the evaluation so that people can decide: never blocked or automatic, with a quorum that can be met."""
    # What is built in belongs to no client.
    seats = memberships.in_force().filter(memberships.for_client(None), desk=kind.desk_id)
    tiers = list(seats.values_list("tier", flat=True))
    has_seniors = any(tier >= Tier.SENIOR for tier in tiers)
    steps = [step for step in evaluation.plan if step.kind is StageKind.PEOPLE] or [seniors_step(())]
    # One of them may be the author, who asks.
    plan = tuple(_within_reach(step, has_seniors, max(1, len(tiers) - 1)) for step in steps)
    evaluation = replace(evaluation, plan=plan, reasons=_worth_saying(evaluation.reasons))
    if evaluation.outcome in (Route.REVIEW, Route.ESCALATE):
        return evaluation
    text = say(
        "Policy and configuration changes are never blocked, so mistakes can always be corrected. They never run "
        "automatically. A person always decides."
    )
    return replace(
        evaluation,
        outcome=Route.ESCALATE,
        tier=PolicyTier.SENIOR,
        reasons=(*evaluation.reasons, Reason.of("publication", text, Route.ESCALATE)),
        do_not_retry=False,
    )


def _worth_saying(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """The reasons without those that every such action has; one that asks for more than a review stays."""
    return tuple(each for each in reasons if each.rule not in _NOT_SAID or each.outcome is not Route.REVIEW)


def _within_reach(step: PlanStep, has_seniors: bool, most: int) -> PlanStep:
    found = replace(step, quorum=min(step.quorum, most))
    return found if has_seniors else replace(found, tier=PolicyTier.JUNIOR, who="desk")
