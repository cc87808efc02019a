"""Which steps of a policy's plan the stages of an action cover, and which are missing."""

from collections.abc import Iterable

from approvals.models import Stage
from approvals.services.plans.stage_rows import DEFAULT_NAMES, TIERS
from approvals.states import StageState
from policies.engine.document.plan_steps import PlanStep
from policies.engine.evaluation.result import Evaluation

_COVERS_NOTHING = (StageState.SUPERSEDED, StageState.EXPIRED)


def missing_steps(evaluation: Evaluation, rows: Iterable[Stage], approved_tier: int = 0) -> list[PlanStep]:
    """The steps that an evaluation asks for and none of these stages covers, in their order.

    1. A stage that is superseded or expired covers nothing.
    2. A default step is covered by any stage that is enough for it. It names nobody, so it takes no stage for itself.
    3. A step of a plan takes one stage for itself: one that asks the same people, or makes the same check, and is
       enough. Of several it takes that of the same name, so that each finds its own.
    4. Every other step is missing.

    ``approved_tier`` is the lowest tier of all who approved, where everybody has: they are worth no less at any stage.
    """
    usable = [row for row in rows if row.state not in _COVERS_NOTHING]
    untaken, missing = list(usable), []
    for step in evaluation.plan:
        if step.name in DEFAULT_NAMES:
            if not any(is_enough(row, step, approved_tier) for row in usable):
                missing.append(step)
            continue
        matching = [row for row in untaken if _asks_same(row, step) and is_enough(row, step, approved_tier)]
        if matching:
            untaken.remove(min(matching, key=lambda row: row.name != step.name))
        else:
            missing.append(step)
    return missing


def is_enough(row: Stage, step: PlanStep, approved_tier: int = 0) -> bool:
    """Whether a stage asks for no lower tier and no fewer people than a step, or both are checks."""
    if row.is_check or step.check:
        # A check answers for no person, and no person for a check.
        return row.is_check and bool(step.check)
    return max(row.tier, approved_tier) >= TIERS[step.tier] and row.quorum >= step.quorum


def _asks_same(row: Stage, step: PlanStep) -> bool:
    if row.is_check or step.check:
        return bool(row.written.get("check") == step.check)
    return bool(row.written.get("who") == step.who)
