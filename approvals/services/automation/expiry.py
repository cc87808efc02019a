"""End standing rules whose time is over."""

import uuid
from collections.abc import Callable
from datetime import datetime

from approvals.actors import Actor
from approvals.db import moment_for
from approvals.models import StandingRule
from approvals.services import sweeps
from approvals.services.automation import apply
from approvals.states import STANDING, StandingState
from policies import db
from policies.db import errand, service


@errand
def expire_due(*, actor: Actor, clock: Callable[[], datetime], limit: int = 500) -> int:
    """End up to ``limit`` rules whose time is over, each in its own transaction; return how many."""
    due = StandingRule.objects.filter(state__in=sorted(STANDING), expires_at__lte=db.now())

    def end(rule_id: uuid.UUID) -> bool:
        return lapse(actor=actor, at=clock(), rule_id=rule_id)

    ids = due.order_by("expires_at").values_list("pk", flat=True)
    return sweeps.for_each("standing_rule", ids[:limit], end).done


@service
def lapse(*, actor: Actor, at: datetime, rule_id: uuid.UUID) -> bool:
    """End a rule whose time is over; return whether it was."""
    rule = (
        StandingRule.objects.select_for_update(of=("self",), skip_locked=True, no_key=True).filter(pk=rule_id).first()
    )
    if rule is None or not rule.is_standing or rule.expires_at > moment_for(actor, at):
        return False
    apply.end(rule, StandingState.EXPIRED, "The rule expired.", actor, at)
    return True
