"""Carrying out what was decided, once, by our connectors: the worker's loops, and the call itself.

The errands find ready rows by themselves, so they need no message: a doorbell only makes them come sooner.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, connection

from approvals.actors import Actor
from approvals.connectors.base import CallResult, CallStatus
from approvals.connectors.registry import NoConnector, connector
from approvals.services import sweeps
from approvals.services.execution import dispatch, recovery
from approvals.services.execution.attempts import Lease
from approvals.services.execution.dispatch import Dispatch
from policies.db import errand

# One claim holds few: each call may take ten seconds, and the rest must not wait for long behind it.
AT_ONCE = 8
# An answer that we hold is worth waiting for: without it the effect is in doubt.
PATIENCE = timedelta(minutes=10)
SOON = 0.2

log = structlog.get_logger()


def never() -> bool:
    """Nobody asks to stop."""
    return False


@errand
def run_ready(
    *, actor: Actor, clock: Callable[[], datetime], limit: int = 500, is_stopping: Callable[[], bool] = never
) -> int:
    """Carry out up to ``limit`` executions that may start; return how many were begun with.

    When asked to stop it finishes the call in hand and gives the rest of its claims back.
    """

    def leased() -> Iterator[Lease]:
        left = limit
        while left > 0 and not is_stopping():
            claims = dispatch.lease(actor=actor, at=clock(), limit=min(AT_ONCE, left))
            if not claims:
                return
            left -= len(claims)
            for place, claim in enumerate(claims):
                if is_stopping():
                    dispatch.release_lease(actor=actor, at=clock(), claims=claims[place:])
                    return
                yield claim

    def run(claim: Lease) -> None:
        carry_through(actor=actor, clock=clock, claim=claim)

    # Nobody refuses here: whatever is raised is a fault.
    return sweeps.for_each("execution", leased(), run, passes=()).tried


@errand
def carry_through(*, actor: Actor, clock: Callable[[], datetime], claim: Lease) -> None:
    """Dispatch one claim, make its call and store the answer.

    Where that fails, what was not dispatched is claimed anew when the lease lapses; what was is recovered then.
    """
    todo = dispatch.dispatch(actor=actor, at=clock(), claim=claim)
    if todo:
        keep(actor=actor, clock=clock, todo=todo, outcome=carry_out(todo=todo))


@errand
def recover(
    *, actor: Actor, clock: Callable[[], datetime], limit: int = 100, is_stopping: Callable[[], bool] = never
) -> int:
    """Find out about up to ``limit`` attempts that nobody heard back from; return how many were looked at."""

    def lapsed() -> Iterator[Lease]:
        for _turn in range(limit):
            if is_stopping() or not (claims := recovery.reclaim(actor=actor, at=clock(), limit=1)):
                return
            yield claims[0]

    def look(claim: Lease) -> None:
        find_out(actor=actor, clock=clock, claim=claim)

    return sweeps.for_each("recovery", lapsed(), look, passes=()).tried


@errand
def find_out(*, actor: Actor, clock: Callable[[], datetime], claim: Lease) -> None:
    """Find out about one attempt: ask, or send again, and store the answer."""
    step = recovery.examine(actor=actor, at=clock(), claim=claim)
    if step and step.is_question:
        answer = carry_out(todo=step.errand, is_question=True)
        step = recovery.weigh(actor=actor, at=clock(), claim=claim, outcome=answer)
    if step:
        keep(actor=actor, clock=clock, todo=step.errand, outcome=carry_out(todo=step.errand))


@errand
def carry_out(*, todo: Dispatch, is_question: bool = False) -> CallResult:
    """Make the call, or ask; whatever a connector raises, nobody can say that nothing happened."""
    try:
        way = connector(todo.connector)
        return way.look_up(todo.order) if is_question else way.send(todo.order)
    except NoConnector as error:
        return CallResult(CallStatus.NOT_DONE, error=str(error))
    except Exception as error:
        log.exception("connector.failed", connector=todo.connector, action=todo.order.action)
        return CallResult(CallStatus.UNKNOWN, error=f"The connector failed: {error!r}.")


@errand
def keep(*, actor: Actor, clock: Callable[[], datetime], todo: Dispatch, outcome: CallResult) -> None:
    """Store an answer, also when the database is away for a while."""
    until = time.monotonic() + PATIENCE.total_seconds()
    while True:
        try:
            dispatch.conclude(actor=actor, at=clock(), claim=todo.claim, outcome=outcome)
            return
        except (OperationalError, InterfaceError) as error:
            log.warning("execution.answer_waits", action=todo.order.action, error=str(error))
            if time.monotonic() > until:
                raise
            connection.close()
            time.sleep(SOON)
