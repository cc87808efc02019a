"""Opening and closing the stages of an approval plan; steps, called on a locked action."""

from datetime import datetime, timedelta

from approvals.actors import Actor, Door
from approvals.models import Action, Stage
from approvals.services import ledger
from approvals.services.contract import database_now
from approvals.services.ledger import Fact
from approvals.states import StageState, Tier
from policies.engine.ruling import Ruling
from policies.engine.ruling import Stage as Step
from policies.engine.vocabulary import Tier as PolicyTier

TIERS = {PolicyTier.JUNIOR: Tier.JUNIOR, PolicyTier.SENIOR: Tier.SENIOR}


def open_first(action: Action, ruling: Ruling, fact: Fact) -> Stage:
    """Freeze the plan's step as a stage of the action's current round, and put the action in its queue."""
    return _open(action, ruling.plan[0], fact)


def open_again(action: Action, former: Stage | None, fact: Fact) -> Stage:
    """Open the former round's stage anew, at no lower a tier; without one, a senior looks."""
    stage = Stage(
        action=action,
        round=action.round,
        number=1,
        name=former.name if former else "senior_review",
        tier=former.tier if former else Tier.SENIOR,
        desk=action.desk,
        person=former.person if former else None,
        quorum=former.quorum if former else 1,
        opened_at=fact.at,
        due_at=fact.at + (former.due_at - former.opened_at) if former and former.due_at else None,
        on_timeout=former.on_timeout if former else "escalate",
    )
    return _place(action, stage, fact)


def current(action: Action) -> Stage | None:
    """The open stage of the action's current round."""
    return Stage.objects.filter(action=action, round=action.round, state=StageState.OPEN).order_by("number").first()


def latest(action: Action) -> Stage | None:
    """The last stage that the action had, in any state."""
    return Stage.objects.filter(action=action).order_by("-round", "-number").first()


def is_over(action: Action, actor: Actor, at: datetime, stage: Stage | None = None) -> bool:
    """Whether the time to decide has passed by the database's clock; a stage that escalates when overdue goes on.

    Only the demo, which tells a past that was, asks at the moment told.
    """
    ends = [action.expires_at]
    if stage is not None and stage.on_timeout == "expire":
        ends.append(stage.due_at)
    given = [moment for moment in ends if moment is not None]
    return bool(given) and min(given) <= (at if actor.door == Door.DEMO else database_now())


def raise_bar(action: Action, stage: Stage, tier: Tier, quorum: int, fact: Fact) -> None:
    """Ask for a higher tier or for more people; a bar is never lowered. The caller saves the action."""
    stage.ask_more(tier, quorum)
    action.needs_tier = stage.tier
    ledger.save(stage, fact)


def close(action: Action, fact: Fact, state: StageState) -> Stage | None:
    """Close the open stage, if there is one."""
    stage = current(action)
    if stage is not None:
        stage.close(state)
        ledger.save(stage, fact)
    return stage


def _open(action: Action, step: Step, fact: Fact) -> Stage:
    stage = Stage(
        action=action,
        round=action.round,
        number=1,
        name=step.name,
        tier=TIERS[step.tier],
        desk=action.desk,
        quorum=step.quorum,
        opened_at=fact.at,
        due_at=fact.at + timedelta(seconds=step.due_seconds) if step.due_seconds else None,
        on_timeout=step.on_timeout,
    )
    return _place(action, stage, fact)


def _place(action: Action, stage: Stage, fact: Fact) -> Stage:
    ledger.save(stage, fact, is_new=True)
    action.needs_tier = stage.tier
    action.due_at = stage.due_at
    return stage
