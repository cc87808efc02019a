"""Reminders: whoever has not decided yet is told once more, once, before the time is over."""

import uuid
from collections.abc import Callable
from datetime import datetime

from approvals.actors import Actor
from approvals.models import Action, Stage
from approvals.services import locks, sweeps
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue, recipients
from approvals.services.plans import quorum, stages
from approvals.states import ActionState, StageState
from policies import db
from policies.db import errand, service


@errand
def remind_due(*, actor: Actor, clock: Callable[[], datetime], limit: int = 500) -> int:
    """Remind of up to ``limit`` stages whose reminder is due, each in its own transaction; return of how many."""
    waiting = Stage.objects.filter(state=StageState.OPEN, remind_at__lte=db.now(), reminded_at__isnull=True)
    due = waiting.order_by("remind_at").values_list("action_id", flat=True)

    def tell(action_id: uuid.UUID) -> bool:
        return remind(actor=actor, at=clock(), action_id=action_id)

    return sweeps.for_each("reminder", due[:limit], tell).done


@service
def remind(*, actor: Actor, at: datetime, action_id: uuid.UUID) -> bool:
    """Tell those who have not decided on the open stage that its time is short; return whether it was so.

    :raises NotFound: there is no such action, or somebody holds it.
    """
    action = locks.action(action_id, skip=True)
    stage = stages.current(action)
    if stage is None or not _is_due(action, stage, db.now()):
        return False
    stage.reminded_at = at
    fact = Event(actor, at, "stage.reminded", f"Reminder: {stage.name} is due soon", {"round": action.round})
    entries.save_with_history(stage, fact)
    entries.record_event(action, fact)
    open_to = [person for person in recipients.of_stage(action, stage) if not _has_decided(action, stage, person.pk)]
    queue.notify_people(action, open_to, fact, stage.number)
    return True


def _is_due(action: Action, stage: Stage, now: datetime) -> bool:
    if action.state != ActionState.PENDING or stage.remind_at is None or stage.reminded_at is not None:
        return False
    # Once the time is over, what follows is no reminder any more.
    return stage.remind_at <= now and (stage.due_at is None or now < stage.due_at)


def _has_decided(action: Action, stage: Stage, person: int) -> bool:
    return person in quorum.counted(action, stage)
