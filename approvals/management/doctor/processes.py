"""The processes: when each was last seen, and how long work has waited for them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from celery import current_app
from django.db import DatabaseError, InterfaceError, OperationalError

from approvals.management.doctor.finding import Finding, amber, first_line, green, red
from approvals.queries.insight import operation
from approvals.queries.insight.operation import Operation
from approvals.services.heartbeats import CLOCK, of_worker

LATE, SILENT = timedelta(seconds=30), timedelta(seconds=60)


def processes() -> Sequence[Finding]:
    """When clock and workers were last seen, and what waits for them."""
    try:
        system = operation.now_running()
    except (OperationalError, InterfaceError):
        # The database's own line says so.
        return []
    except DatabaseError as error:
        return [red("processes", f"Nothing is known of them: {first_line(error)}.", "Correct what the database says.")]
    return [*_clock(system), *_workers(system), *_waiting(system), *_stopped(system)]


def _clock(system: Operation) -> Iterator[Finding]:
    since = system.beats.get(CLOCK)
    hint = "Start it: manage.py clock. Without it, nothing overdue is noticed."
    if since is None:
        yield red("clock", "It was never seen.", hint)
    elif since > SILENT:
        yield red("clock", f"It was last seen {since.total_seconds():.0f} seconds ago.", hint)
    else:
        yield green("clock", f"It was seen {since.total_seconds():.0f} seconds ago.")


def _workers(system: Operation) -> Iterator[Finding]:
    """A worker says so when it takes a task, so silence means something only while work waits."""
    for queue in current_app.conf.task_queues or ():
        since = system.beats.get(of_worker(queue.name))
        if since is None:
            words = f"None has taken the task {queue.name} yet."
            yield amber(
                "workers", words, "Start one, unless there was nothing to do. Until then the clock does its work."
            )
        else:
            yield green("workers", f"One took the task {queue.name} {since.total_seconds():.0f} seconds ago.")


def _waiting(system: Operation) -> Iterator[Finding]:
    hint = "Check that clock and workers run, and add worker processes if they are busy."
    for since, what in ((system.unrouted, "proposal"), (system.unnumbered, "ledger entry without a position")):
        words = f"The oldest {what} has waited {since.total_seconds():.0f} seconds."
        yield red("queues", words, hint) if since > LATE else green("queues", words)
    yield green("queues", f"Waiting: {', '.join(f'{name} {number}' for name, number in system.waiting.items())}.")


def _stopped(system: Operation) -> Iterator[Finding]:
    if system.is_restored:
        hint = "Compare what was sent, then run manage.py resume_after_restore."
        yield red("restore", "The database was restored, so nothing is executed.", hint)
    full = len(system.full_agents) + len(system.full_desks)
    if full:
        words = f"Agents and desks that have reached their limit of waiting actions: {full}."
        yield amber("backlogs", words, "See docs/how-to/propose-actions.md.")
