"""The clock: polling loops that find due work without a broker.

Ledger numbering has its own thread, separate from external calls, so that slow calls delay neither numbers nor
deadlines. Loops wait for an unavailable database. A loop that still ends stops the process, so that it is restarted.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from approvals.actors import Door, system
from approvals.services import doorbell, heartbeats, routing
from approvals.services.accounts import sessions
from approvals.services.attachments import hosts, removal
from approvals.services.automation import expiry
from approvals.services.deadlines import overdue, reminders
from approvals.services.decisions import checks
from approvals.services.ends import due
from approvals.services.execution import children, dispatch
from approvals.services.execution import run as execution
from approvals.services.exports import removal as old_exports
from approvals.services.exports import writing
from approvals.services.intake import backlog
from approvals.services.ledger import sequencing
from approvals.services.notifications import queue
from approvals.services.plans import reassignment
from approvals.services.ringing import Ringing
from approvals.services.safety import breakers, passwords, restores
from approvals.services.webhooks import removal as old_deliveries
from approvals.services.webhooks import sending
from policies import db

ACTOR = system(Door.CLOCK)
# How long stopping waits for current calls; each takes at most ten seconds.
GRACE_SECONDS = 20.0
# After a failure, threads that hold an answer can store it before the next round.
PAUSE_SECONDS = 2.0
UPLOADS = 500

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sweep:
    """One loop: its name, its work, its interval, and the count at which it repeats immediately."""

    name: str
    work: Callable[[], int]
    seconds: float
    full: int = 1


class LoopEnded(Exception):
    """A loop ended unexpectedly; the message names it."""


class Clock:
    """All loops of one process, each in a thread, until it is stopped."""

    def __init__(self, sweeps: tuple[Sweep, ...] = ()) -> None:
        self.stopping = threading.Event()
        self.sweeps = sweeps or self._all_sweeps()

    def stop(self) -> None:
        """Ask every loop to end after its current call."""
        self.stopping.set()

    def run(self, is_orphaned: Callable[[], bool]) -> None:
        """Run until stopped, or until the parent process is gone.

        :raises LoopEnded: a loop ended unexpectedly; the others were stopped.
        """
        threads = [
            threading.Thread(target=self._loop, args=(sweep,), name=sweep.name, daemon=True) for sweep in self.sweeps
        ]
        for thread in threads:
            thread.start()
        ended: list[str] = []
        while not self.stopping.wait(0.5):
            # Only a loop that was not asked to has ended here: the question is asked before anybody is stopped.
            ended = [thread.name for thread in threads if not thread.is_alive() and not self.stopping.is_set()]
            if ended or is_orphaned():
                self.stop()
        until = time.monotonic() + GRACE_SECONDS
        for thread in threads:
            thread.join(max(until - time.monotonic(), 0))
        if ended:
            log.critical("clock.loop_ended", loops=ended)
            raise LoopEnded(f"These clock loops stopped unexpectedly: {', '.join(ended)}. Start the clock again.")

    def _loop(self, sweep: Sweep) -> None:
        while not self.stopping.is_set():
            began = time.monotonic()
            done = self._once(sweep)
            if done < sweep.full:
                pause = PAUSE_SECONDS if done < 0 else sweep.seconds - (time.monotonic() - began)
                self.stopping.wait(max(pause, 0.01))
        connection.close()

    def _once(self, sweep: Sweep) -> int:
        """Return how much one round did, or a negative number on failure; errors never end a loop."""
        try:
            close_old_connections()
            return sweep.work()
        except (DatabaseError, InterfaceError) as error:
            log.warning("clock.database_failed", sweep=sweep.name, error=str(error))
            _disconnect()
        except Exception:
            log.exception("clock.sweep_failed", sweep=sweep.name)
        return -1

    def _all_sweeps(self) -> tuple[Sweep, ...]:
        stopping = self.stopping.is_set
        return (
            Sweep("sequence", lambda: sequencing.sequence(actor=ACTOR, at=db.now()), 0.2, full=5_000),
            Sweep("route", Ringing(doorbell.ROUTE, routing.is_due, lambda: _route(stopping)), 0.5),
            Sweep("check", lambda: checks.run_due(actor=ACTOR, clock=db.now, is_stopping=stopping), 0.5),
            Sweep("check too", lambda: checks.run_due(actor=ACTOR, clock=db.now, is_stopping=stopping), 0.9),
            Sweep("execute", Ringing(doorbell.EXECUTE, dispatch.is_due, lambda: _execute(stopping)), 0.5),
            Sweep("execute too", Ringing(doorbell.EXECUTE, dispatch.is_due, lambda: _execute(stopping)), 0.7),
            Sweep("end", Ringing(doorbell.END, due.is_due, lambda: _end(stopping)), 0.5),
            Sweep("export", Ringing(doorbell.EXPORT, writing.is_due, lambda: _export(stopping)), 2.0),
            Sweep(
                "webhook", _unless_restored(Ringing(doorbell.WEBHOOK, sending.is_due, lambda: _webhook(stopping))), 0.5
            ),
            Sweep("forget webhooks", lambda: old_deliveries.remove_old(actor=ACTOR, at=db.now()), 600.0, full=500),
            Sweep("remove exports", lambda: old_exports.remove_old(actor=ACTOR, at=db.now()), 600.0, full=100),
            Sweep("recover", lambda: execution.recover(actor=ACTOR, clock=db.now, is_stopping=stopping), 1.0),
            Sweep("expire", _unless_restored(lambda: overdue.expire_due(actor=ACTOR, clock=db.now, limit=100)), 1.0),
            Sweep("children", _unless_restored(lambda: children.settle_due(actor=ACTOR, clock=db.now, limit=100)), 1.0),
            Sweep("reassign", lambda: reassignment.reassign_due(actor=ACTOR, clock=db.now, limit=100), 1.0),
            Sweep("remind", lambda: reminders.remind_due(actor=ACTOR, clock=db.now, limit=100), 1.0),
            Sweep("end rules", lambda: expiry.expire_due(actor=ACTOR, clock=db.now, limit=100), 10.0),
            Sweep("end backlogs", lambda: backlog.end(actor=ACTOR, at=db.now()), 10.0),
            Sweep("forget failures", lambda: breakers.forget(actor=ACTOR, at=db.now()), 60.0),
            Sweep("forget tries", lambda: passwords.forget(actor=ACTOR, at=db.now(), limit=1_000), 600.0, full=1_000),
            Sweep(
                "forget sessions",
                lambda: sessions.forget_expired(actor=ACTOR, at=db.now(), limit=1_000),
                600.0,
                full=1_000,
            ),
            Sweep(
                "beat",
                lambda: heartbeats.beat(actor=ACTOR, at=db.now(), name=heartbeats.CLOCK),
                heartbeats.EVERY_SECONDS,
            ),
            Sweep("announce store", lambda: hosts.announce(actor=ACTOR, is_used=False), hosts.EVERY_SECONDS),
            Sweep("remove uploads", _unless_restored(_remove_uploads), 600.0, full=UPLOADS),
            Sweep("deliver", _unless_restored(lambda: queue.deliver_ready(actor=ACTOR, clock=db.now, limit=50)), 1.0),
        )


def is_orphan_of(parent: int) -> Callable[[], bool]:
    """Return a function that tells whether this process has lost the given parent."""
    return lambda: os.getppid() != parent


def _disconnect() -> None:
    """Close this thread's connection; a broken one may fail at that, too, and must end no loop."""
    try:
        connection.close()
    except (DatabaseError, InterfaceError, OSError) as error:
        log.warning("clock.close_failed", error=str(error))
        connection.connection = None


def _unless_restored(work: Callable[[], int]) -> Callable[[], int]:
    """Return work that rests until an operator goes on after a restore: what it would end might have been sent."""
    return lambda: 0 if restores.notice(actor=ACTOR, at=db.now()) else work()


def _remove_uploads() -> int:
    return removal.remove_old(actor=ACTOR, clock=db.now, limit=UPLOADS)


def _route(stopping: Callable[[], bool]) -> int:
    return routing.route_ready(actor=ACTOR, clock=db.now, limit=100, is_stopping=stopping)


def _execute(stopping: Callable[[], bool]) -> int:
    return execution.run_ready(actor=ACTOR, clock=db.now, limit=100, is_stopping=stopping)


def _export(stopping: Callable[[], bool]) -> int:
    return writing.run_due(actor=ACTOR, clock=db.now, is_stopping=stopping)


def _webhook(stopping: Callable[[], bool]) -> int:
    return sending.run_due(actor=ACTOR, clock=db.now, is_stopping=stopping)


def _end(stopping: Callable[[], bool]) -> int:
    return due.run_due(actor=ACTOR, clock=db.now, limit=100, is_stopping=stopping)
