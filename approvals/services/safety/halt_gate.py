"""Asking whether something is halted, inside the transaction that would start it. Steps.

On PostgreSQL whoever starts an effect shares a lock that whoever halts takes alone: a halt waits for the few
transactions that are dispatching right now, and each that comes after it reads the halt. A transaction of SQLite is
IMMEDIATE: it holds the only write lock, so there is nothing to share.
"""

import uuid
from collections.abc import Mapping

import structlog
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from approvals import asked
from approvals.errors import Halted
from approvals.models import Action, Execution, Halt
from approvals.queries.safety import halts
from approvals.services import locks

# An arbitrary number that names this lock among the database's advisory locks.
GATE = 7_241_904_316
# A worker that was paused inside a transaction must not hold the stop button back for longer.
PATIENCE_MS = 3_000
_SHARED = "the halt gate is shared"

log = structlog.get_logger()


def blocking_halt(action: Action) -> Halt | None:
    """The halt over an action whose effect would start in this transaction, or None: then none commits before it."""
    if asked.once(_SHARED, _share):
        locks.read_again([action])
    about = ("halt", action.desk_id, action.action_type_id, action.agent_id, action.action_type.connector)
    return asked.once(about, lambda: halts.holding(action))


def blocking_halt_of_end(execution: Execution) -> Halt | None:
    """The same for the end of an effect, which fewer halts hold back."""
    asked.once(_SHARED, _share)
    return halts.holding_end(execution.connector, is_early=execution.is_early)


def share_ahead() -> None:
    """Share the gate before anything is locked and read, so that what a batch goes by is of after the wait."""
    _share()
    asked.ahead(_SHARED, answer=False)


def close() -> None:
    """Wait for whoever is starting an effect, and let nobody else begin before this transaction has ended.

    Whoever still has not ended after three seconds is passed over: a halt is better late for one than for all.
    """
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {PATIENCE_MS}")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GATE])
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as error:
        log.warning("halt.gate_is_held", error=str(error))


def startable(rows: QuerySet[Execution]) -> QuerySet[Execution]:
    """Those of the executions that no halt holds back; while nothing is halted the query stays as it is."""
    for halt in halts.in_force():
        rows = rows.exclude(halts.executions(halt))
    return rows


def startable_ends(rows: QuerySet[Execution]) -> QuerySet[Execution]:
    """Those of these ends that no halt holds back."""
    for halt in halts.in_force():
        if (held := halts.ends(halt)) is not None:
            rows = rows.exclude(held)
    return rows


def refusal_for(action: Action) -> Halted | None:
    """Why nothing is granted on an action that `locks.action` has locked, or None."""
    halt_id = locks.halt_of(action)
    return refusal(halts.named([halt_id])[halt_id]) if halt_id else None


def refusals(halted: Mapping[int, uuid.UUID | None]) -> dict[int, Halted]:
    """The refusal for each key whose value names a halt."""
    found = halts.named(halt_id for halt_id in halted.values() if halt_id)
    return {key: refusal(found[halt_id]) for key, halt_id in halted.items() if halt_id}


def refusal(halt: Halt) -> Halted:
    """What whoever would start something is told: what is halted and since when, not who did it or why."""
    return Halted(
        "{what} has been halted since {at:%Y-%m-%d %H:%M} UTC. Try again after the halt is lifted.",
        said={"what": halt, "at": halt.started_at},
        scope=str(halt.scope),
        name=halt.name,
        since=halt.started_at.isoformat(),
    )


def _share() -> bool:
    """Share the gate, and return whether that had to wait for a halt."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [GATE])
        if cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [GATE])
    return True
