"""Carrying out what was decided, once, by our connectors: the worker's loops, and the call itself.

The errands find ready rows by themselves, so they need no message: a doorbell only makes them come sooner.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.db import InterfaceError, OperationalError, connection

from approvals import conf, logs, tracing
from approvals.actors import Actor
from approvals.connectors.base import CallResult, CallStatus
from approvals.connectors.registry import NoConnector, connector, objections
from approvals.errors import StoreAway
from approvals.services import pace, sweeps
from approvals.services.attachments import presence
from approvals.services.execution import attempts, dispatch, recheck, recovery
from approvals.services.execution.attempts import Lease
from approvals.services.execution.dispatch import Dispatch
from approvals.services.safety import last_known, restores
from approvals.services.safety.last_known import Sent
from policies.db import errand

# An answer that we hold is worth waiting for: without it the effect is in doubt.
PATIENCE = timedelta(minutes=10)
SOON = 0.2
# The calls of a batch are made within a moment: only one that hangs makes the others late.
MIN_SECONDS = 1.0
NOT_NOTED = "The file of what is sent could not be written, so it was not sent: {error}."
NOT_SENT = CallResult(CallStatus.NOT_DONE, error="The calls before it took too long. It was not sent.", is_ours=True)

log = structlog.get_logger()


def never() -> bool:
    """Nobody asks to stop."""
    return False


@errand
def run_ready(
    *, actor: Actor, clock: Callable[[], datetime], limit: int = 500, is_stopping: Callable[[], bool] = never
) -> int:
    """Carry out up to ``limit`` executions that may start; return how many were begun with.

    When asked to stop it finishes the calls in hand and gives the rest of its claims back.
    """

    if not last_known.can_note():
        log.critical("execution.last_known_unwritable", path=str(conf.last_known()))
        return 0

    def leased() -> Iterator[list[Lease]]:
        left, claims = limit, list[Lease]()
        while not is_stopping():
            # Asked before each lease: the database might be restored while a worker runs.
            restores.notice(actor=actor, at=clock())
            if not claims:
                claims = dispatch.lease(actor=actor, at=clock(), limit=min(pace.lease_size(), left)) if left else []
                left -= len(claims)
            if not claims:
                return
            first, claims = _apart(claims)
            yield first
        dispatch.release_lease(actor=actor, at=clock(), claims=claims)

    def run_together(claims: Sequence[Lease]) -> int:
        return carry_through_together(actor=actor, clock=clock, claims=claims)

    def run(claim: Lease) -> None:
        carry_through(actor=actor, clock=clock, claim=claim)

    # Nobody refuses here: whatever is raised is a fault.
    return sweeps.in_batches("execution", leased(), run_together, run, passes=()).tried


def _apart(claims: list[Lease]) -> tuple[list[Lease], list[Lease]]:
    """The first claims that may be dispatched together, and the rest."""
    first = claims[0]
    if first.is_alone:
        return claims[:1], claims[1:]
    same = [claim for claim in claims if claim.connector == first.connector and not claim.is_alone]
    together = same[: pace.size(first.connector)]
    return together, [claim for claim in claims if claim not in together]


@errand
def carry_through_together(*, actor: Actor, clock: Callable[[], datetime], claims: Sequence[Lease]) -> int:
    """Dispatch claims in one transaction, make their calls and store the answers in another; return how many.

    What could not be sent long before its lease ends is not sent: by then others look after it.
    """
    if claims[0].is_alone:
        carry_through(actor=actor, clock=clock, claim=claims[0])
        return 1
    found = dispatch.dispatch_together(actor=actor, at=clock(), claims=claims)
    if found.todo:
        keep_together(actor=actor, clock=clock, answers=_answers(found.todo))
    for claim in found.left:
        carry_through(actor=actor, clock=clock, claim=claim)
    return len(claims)


def _answers(todo: Sequence[Dispatch]) -> list[tuple[Lease, CallResult]]:
    """Send one after the other; the first is sent in any case."""
    until = time.monotonic() + max(conf.lease_seconds() / 2, MIN_SECONDS)
    answers: list[tuple[Lease, CallResult]] = []
    for each in todo:
        is_late = bool(answers) and time.monotonic() > until
        answers.append((each.claim, NOT_SENT if is_late else carry_out(todo=each)))
    return answers


@errand
def carry_through(*, actor: Actor, clock: Callable[[], datetime], claim: Lease) -> None:
    """Dispatch one claim, make its call and store the answer.

    Where that fails, what was not dispatched is claimed anew when the lease lapses; what was is recovered then.
    """
    if claim.is_poison:
        dispatch.give_up(actor=actor, at=clock(), claim=claim)
        return
    answers = recheck.ask_again(action_id=claim.action_id) if claim.rechecks else []
    try:
        faults = presence.missing(actor=actor, action_id=claim.action_id) if claim.has_attachments else []
    except StoreAway:
        # Nobody has to decide again because a store is away: it is asked again, as a silent lookup is.
        dispatch.postpone(actor=actor, at=clock(), claim=claim)
        return
    faults += check(claim=claim) if claim.checks and not faults else []
    todo = dispatch.dispatch(actor=actor, at=clock(), claim=claim, answers=answers, objections=faults)
    if todo:
        keep(actor=actor, clock=clock, todo=todo, outcome=carry_out(todo=todo))


@errand
def recover(
    *, actor: Actor, clock: Callable[[], datetime], limit: int = 100, is_stopping: Callable[[], bool] = never
) -> int:
    """Find out about up to ``limit`` attempts that nobody heard back from; return how many were looked at."""

    def lapsed() -> Iterator[Lease]:
        for _turn in range(limit):
            restores.notice(actor=actor, at=clock())
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
def check(*, claim: Lease) -> list[str]:
    """Ask the connector why it cannot execute a claim now; whatever it raises is a reason for a person to look."""
    held = attempts.read_execution(claim)
    try:
        return objections(held.execution.connector, dispatch.order_of(held))
    except NoConnector as error:
        return [str(error)]
    except Exception:
        log.exception("connector.check_failed", connector=held.execution.connector, action=str(claim.action_id))
        return ["The connector could not check the action."]


@errand
def carry_out(*, todo: Dispatch, is_question: bool = False) -> CallResult:
    """Make the call, or ask; whatever a connector raises, nobody can say that nothing happened."""
    named = {"action_id": todo.order.action}
    with logs.within(**named), tracing.span("connector", connector=todo.connector, **named):
        began = time.monotonic()
        result = _carried_out(todo, is_question)
        milliseconds = round((time.monotonic() - began) * 1000, 1)
        told = {"connector": todo.connector, "attempt": todo.order.attempt, "answer": str(result.answer)}
        log.info("connector.asked" if is_question else "connector.called", ms=milliseconds, **told)
        return result


def _carried_out(todo: Dispatch, is_question: bool) -> CallResult:
    try:
        way = connector(todo.connector)
        if todo.sent and not is_question and (fault := _note(todo.sent)):
            return fault
        with pace.timed(todo.connector):
            return way.look_up(todo.order) if is_question else way.send(todo.order)
    except NoConnector as error:
        return CallResult(CallStatus.NOT_DONE, error=str(error), is_ours=True)
    except Exception as error:
        log.exception("connector.failed", connector=todo.connector, action=todo.order.action)
        return CallResult(CallStatus.UNKNOWN, error=f"The connector failed: {error!r}.")


def _note(sent: Sent) -> CallResult | None:
    """Write down what leaves, and return the result where that fails: then nothing does."""
    try:
        last_known.note(sent)
    except OSError as error:
        log.critical("execution.not_noted", error=str(error), action=str(sent.action))
        return CallResult(CallStatus.NOT_DONE, error=NOT_NOTED.format(error=error), is_ours=True)
    return None


@errand
def keep(*, actor: Actor, clock: Callable[[], datetime], todo: Dispatch, outcome: CallResult) -> None:
    """Store an answer, also when the database is away for a while."""
    _patiently(lambda: dispatch.conclude(actor=actor, at=clock(), claim=todo.claim, outcome=outcome))


@errand
def keep_together(*, actor: Actor, clock: Callable[[], datetime], answers: Sequence[tuple[Lease, CallResult]]) -> None:
    """Store several answers at once; where that fails, each for itself, so that one keeps no other from the record."""
    try:
        _patiently(lambda: dispatch.conclude_together(actor=actor, at=clock(), answers=answers))
        return
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.warning("execution.batch_failed", rows=len(answers), exc_info=True)
    for claim, outcome in answers:
        try:
            _patiently(partial(dispatch.conclude, actor=actor, at=clock(), claim=claim, outcome=outcome))
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("execution.failed", execution=str(claim.execution_id))


def _patiently(store: Callable[[], object]) -> None:
    """Store what was heard; a database that is away is waited for."""
    until = time.monotonic() + PATIENCE.total_seconds()
    while True:
        try:
            store()
            return
        except (OperationalError, InterfaceError) as error:
            log.warning("execution.answer_waits", error=str(error))
            if time.monotonic() > until:
                raise
            connection.close()
            time.sleep(SOON)
