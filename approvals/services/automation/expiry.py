"""End standing rules whose time is over."""

import uuid
from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError

from approvals.actors import Actor
from approvals.db import database_now, errand, service
from approvals.models import StandingRule
from approvals.services.automation import apply, standing_rules
from approvals.states import STANDING, StandingState

log = structlog.get_logger()


@errand
def expire_due(*, actor: Actor, clock: Callable[[], datetime], limit: int = 500) -> int:
    """End up to ``limit`` rules whose time is over, each in its own transaction; return how many."""
    due = StandingRule.objects.filter(state__in=sorted(STANDING), expires_at__lte=database_now())
    ended = 0
    for rule_id in due.order_by("expires_at").values_list("pk", flat=True)[:limit]:
        try:
            ended += lapse(actor=actor, at=clock(), rule_id=rule_id)
        except (OperationalError, InterfaceError):
            raise
        except (DatabaseError, ValueError, TypeError) as error:
            # One that cannot end must not keep the others from ending.
            log.error("standing_rule.failed", rule=str(rule_id), error=repr(error), exc_info=True)
    return ended


@service
def lapse(*, actor: Actor, at: datetime, rule_id: uuid.UUID) -> bool:
    """End a rule whose time is over; return whether it was."""
    rule = StandingRule.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=rule_id).first()
    if rule is None or not rule.is_standing or rule.expires_at > standing_rules.moment_for(actor, at):
        return False
    apply.end(rule, StandingState.EXPIRED, "The rule expired.", actor, at)
    return True
