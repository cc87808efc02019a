"""Circuit breakers: a connector whose calls fail in a row is left alone for a while, then tried with one action.

   state      what is heard of a call                                 what follows
1  closed     done or refused: the other side answers                 failures are forgotten
2  closed     no answer, or not done                                  noted; the last one of a row opens it
3  open       of a call that was under way when it opened             nothing
4  probing    of the one that tries: done or refused                  closed
5  probing    of the one that tries: no answer, or not done           open again, for longer
6  probing    of the one that tries: HITL could not send it           open, and another one can try

Failures in a row count once for each action, so that one action that always fails holds no others back. They count
for an hour: a connector that fails once a month is not down.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog

from approvals.actors import Actor, Door
from approvals.connectors.base import CallResult, CallStatus
from approvals.errors import NotAllowed, NotFound, WrongState
from approvals.models import Action, ActionType, Breaker, Execution
from approvals.models.flow import WINDOW, BreakerState
from approvals.queries.safety import breakers
from approvals.services import doorbell
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.services.safety import flow
from approvals.services.safety.flow import Lane
from approvals.text import reasons
from policies import db, unit
from policies.db import service

MAX_REASON = 500
MAX_ERROR = 500
_FAILURES = frozenset({CallStatus.UNKNOWN, CallStatus.NOT_DONE})

log = structlog.get_logger()


class Answer(NamedTuple):
    """What came of one call; ``lane`` tells where it was sent, and is asked only if that matters."""

    action: Action
    execution: Execution
    outcome: CallResult
    lane: Callable[[], Lane]

    @property
    def is_failure(self) -> bool:
        """Whether the other side did not do its part: it did not answer, or could not."""
        return self.outcome.answer in _FAILURES and not self.outcome.is_ours


def hear(answers: Sequence[Answer], actor: Actor, at: datetime) -> None:
    """Draw the conclusions for breakers and limits from what calls came to. A step.

    Where nothing failed, and nothing is limited or held back, no statement is needed.
    """
    told = [each for each in answers if each.is_failure or flow.is_touched(each.execution)]
    if not told:
        return
    now = db.now()
    flow.end([each.execution.pk for each in told], now)
    lanes = {each.execution.pk: each.lane() for each in told}
    failing = {lanes[each.execution.pk] for each in told if each.is_failure}
    found = _locked(set(lanes.values()), failing)
    for each in told:
        breaker = found.get(lanes[each.execution.pk])
        if breaker is not None and _takes(breaker, each, actor, at, now):
            unit.update(breaker)


@service
def close(*, actor: Actor, at: datetime, breaker_id: uuid.UUID, reason: str = "") -> Breaker:
    """Close a breaker by hand: what waited starts again.

    :raises NotAllowed: no person with this permission is acting.
    :raises NotFound: there is none.
    :raises WrongState: it is closed already.
    :raises Malformed: the reason is too long.
    """
    if actor.person is None or actor.door is Door.TOKEN or not actor.person.has_perm(breakers.CLOSE):
        raise NotAllowed("You cannot close circuit breakers. Ask an administrator for this permission.")
    why = reasons.checked(reason, MAX_REASON)
    breaker = Breaker.objects.select_for_update(no_key=True).filter(pk=breaker_id).first()
    if breaker is None:
        raise NotFound()
    if breaker.state == BreakerState.CLOSED:
        raise WrongState("This circuit breaker is already closed.", state=breaker.state)
    _close(breaker, Event(actor, at, "breaker.closed", why or "Closed by a person", _data(breaker)))
    unit.update(breaker)
    return breaker


@service
def forget(*, actor: Actor, at: datetime) -> int:
    """Clean the closed breakers whose failures are all too old to count, and return how many there were.

    Until then, each execution of their connectors takes the longer way through flow control.
    """
    old = Breaker.objects.filter(state=BreakerState.CLOSED, failed_at__lt=db.now() - WINDOW).order_by("pk")
    # Locked in the order of everybody else; who holds one has heard of a call, and looks after it.
    mine = list(old.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
    return Breaker.objects.filter(pk__in=mine).update(failed=[], failed_at=None, error="") if mine else 0


def _locked(lanes: set[Lane], failing: set[Lane]) -> dict[Lane, Breaker]:
    """The breakers of these lanes, locked in one order; those of failing lanes are made where there are none."""
    found = _held(lanes)
    missing = sorted(failing - found.keys())
    if not missing:
        return found
    rows = [Breaker(connector=lane.connector, host=lane.host) for lane in missing]
    Breaker.objects.bulk_create(rows, ignore_conflicts=True)
    return _held(lanes)


def _held(lanes: set[Lane]) -> dict[Lane, Breaker]:
    rows = Breaker.objects.filter(connector__in={lane.connector for lane in lanes}).order_by("pk")
    held = {Lane(row.connector, row.host): row for row in rows.select_for_update(no_key=True)}
    return {lane: row for lane, row in held.items() if lane in lanes}


def _takes(breaker: Breaker, each: Answer, actor: Actor, at: datetime, now: datetime) -> bool:
    """Let a breaker take what came of one call; return whether that changed it."""
    if breaker.state == BreakerState.CLOSED:
        return _counts(breaker, each, actor, at, now)
    if breaker.probe_id != each.execution.pk:
        return False
    if each.outcome.is_ours:
        breaker.try_another(now)
    elif each.is_failure:
        _note(breaker, each, now)
        breaker.stay_open(now, _pause(breaker))
    else:
        data = _data(breaker) | {"action": str(each.action.pk)}
        _close(breaker, Event(actor, at, "breaker.closed", "An action was answered", data))
    return True


def _counts(breaker: Breaker, each: Answer, actor: Actor, at: datetime, now: datetime) -> bool:
    if each.outcome.is_ours or not (each.is_failure or breaker.failed):
        return False
    if not each.is_failure:
        breaker.close()
        return True
    _note(breaker, each, now)
    most = breakers.limit_of(breaker.connector, breaker.host).breaker_failures
    if most and len(breaker.failed) >= most:
        breaker.trip(at, now, _pause(breaker))
        _tell(breaker, Event(actor, at, "breaker.opened", "Calls failed in a row", _data(breaker)))
    return True


def _note(breaker: Breaker, each: Answer, now: datetime) -> None:
    error = each.outcome.error.encode(errors="replace").decode().replace("\x00", "\ufffd")
    breaker.note(str(each.action.pk), error[:MAX_ERROR], now)


def _pause(breaker: Breaker) -> timedelta:
    return timedelta(seconds=breakers.limit_of(breaker.connector, breaker.host).breaker_pause)


def _close(breaker: Breaker, fact: Event) -> None:
    breaker.close()
    entries.record_refusal(fact)
    log.info("breaker.closed", connector=breaker.connector, host=breaker.host)
    doorbell.ring(doorbell.EXECUTE)


def _tell(breaker: Breaker, fact: Event) -> None:
    """Record an opening and tell the owners of what waits, once for each opening."""
    entries.record_refusal(fact)
    log.warning("breaker.opened", connector=breaker.connector, host=breaker.host, error=breaker.error)
    kinds = ActionType.objects.filter(connector=breaker.connector, is_active=True, owner__isnull=False)
    mine = [kind for kind in kinds if flow.lane_of(kind) == Lane(breaker.connector, breaker.host)]
    queue.notify_of_breaker(breaker, breakers.told({kind.owner_id for kind in mine if kind.owner_id}), fact.at)


def _data(breaker: Breaker) -> dict[str, object]:
    about = {"breaker": str(breaker.pk), "connector": breaker.connector, "host": breaker.host}
    return about | {"failures": len(breaker.failed), "opening": breaker.openings}
