"""What is ready, drained by Celery's workers and by the bare loop: what broker, tasks and clock cost on the way."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import psycopg
from django.db import connection

from approvals.actors import Actor, Door, system
from approvals.models import Action, Halt
from approvals.services.execution import run
from approvals.services.ledger import sequencing
from approvals.services.safety import halts
from approvals.states import ActionState, HaltScope
from benchmarks import processes, routing, tracking, world
from benchmarks.load import Refused
from benchmarks.results import Section, table
from benchmarks.sizes import Sizes
from benchmarks.world import World

TITLE = "Draining what is ready"
HEAD = ("what", "executions", "seconds", "per second", "CPU ms: processes", "CPU ms: clock", "CPU ms: database")
ABOUT = """
{count:,} executions of the journal connector are ready and halted. Then the halt is lifted, and the time runs until
the last one is executed. *Workers* is a Celery worker as production starts it (`{worker}`), with the clock and Valkey.
*The bare loop* is `run_ready`, called again and again by {loops} plain processes without Celery, broker and clock. Half
of it runs before the workers, and half after them, so that a change of the machine or of the tables counts for both.

The workers drain at **{ratio:.2f}** of the rate of the bare loop. At least {REQUIRED:g} is required.
"""
REQUIRED = 0.5
LOOPS = 2
PATIENCE = 900.0
# The product's processes have started, and what they do first is over.
SETTLE = 5.0
_IDLE = 0.02
_LEFT = "SELECT EXISTS (SELECT 1 FROM approvals_execution WHERE state IN ('ready', 'running') AND end_number = 0)"


@dataclass(frozen=True, slots=True)
class Drained:
    """How many were executed, in which time, and what it cost, in milliseconds by process."""

    count: int
    seconds: float
    spent: Mapping[str, float]

    @property
    def rate(self) -> float:
        """Executions a second."""
        return self.count / self.seconds

    def __add__(self, other: "Drained") -> "Drained":
        spent = {name: self.spent[name] + other.spent[name] for name in self.spent}
        return Drained(self.count + other.count, self.seconds + other.seconds, spent)

    def cells(self, name: str) -> tuple[object, ...]:
        """The row of the table."""
        ours = sum(spent for of, spent in self.spent.items() if of not in {"clock", "database"})
        each = (spent / self.count for spent in (ours, self.spent.get("clock", 0.0), self.spent["database"]))
        return name, self.count, self.seconds, self.rate, *each


def measure(here: World, sizes: Sizes) -> Section:
    """Half of the bare loop, the workers, and the other half."""
    half = sizes.ready // 2
    before = _drained(here, half, bare_loops)
    by_workers = _drained(here, sizes.ready, processes.behind)
    bare = before + _drained(here, half, bare_loops)
    worker = " ".join(processes.worker_command())
    ratio = by_workers.rate / bare.rate
    about = ABOUT.format(count=sizes.ready, worker=worker, loops=LOOPS, ratio=ratio, REQUIRED=REQUIRED)
    return Section(TITLE, about, [table(HEAD, [by_workers.cells("workers"), bare.cells("the bare loop")])])


def loop() -> None:
    """Be the bare loop: carry out what is ready, until this process is ended."""
    while True:
        if not run.run_ready(actor=system(Door.CELERY), clock=world.now):
            time.sleep(_IDLE)


@contextmanager
def bare_loops() -> Iterator[dict[str, int]]:
    """As many processes of the bare loop as the worker has: their processes by name."""
    started = [
        processes.script(f"loop-{place}", "from benchmarks import draining; draining.loop()") for place in range(LOOPS)
    ]
    try:
        for each in started:
            each.start(lambda: True)
        yield {f"loop {place}": each.pid for place, each in enumerate(started)}
    finally:
        for each in started:
            each.stop()


def _drained(here: World, count: int, start: Callable[[], AbstractContextManager[dict[str, int]]]) -> Drained:
    """Make so many ready under a halt, start the processes, lift the halt, and wait for the last."""
    last = _last()
    routing.supply(here, count, world.SMALL)
    routing.drain()
    while sequencing.sequence(actor=system(Door.CLOCK), at=world.now()):
        pass
    operator = Actor(Door.ADMIN, person=here.reviewers[0])
    name = here.kinds[0].name
    halt = halts.start(actor=operator, at=world.now(), scope=HaltScope.ACTION_TYPE, name=name, reason="measured")
    _settle_tables()
    with start() as pids, processes.connect(options=tracking.UNSEEN, autocommit=True) as own:
        time.sleep(SETTLE)
        meter, began = processes.meter(**pids), time.monotonic()
        _lift(halt, operator)
        seconds = _until_empty(own, began)
        spent = meter.spent()
    done = Action.objects.filter(pk__gt=last, state=ActionState.EXECUTED).count()
    if done != count:
        raise Refused(f"{done} of {count} actions were executed.")
    return Drained(count, seconds, spent)


def _lift(halt: Halt, operator: Actor) -> None:
    halts.lift(actor=operator, at=world.now(), halt_id=halt.pk, reason="measured")


def _until_empty(own: "psycopg.Connection[tuple[bool]]", began: float) -> float:
    while own.execute(_LEFT).fetchone() != (False,):
        if time.monotonic() - began > PATIENCE:
            raise Refused(f"Not everything that was ready was executed within {PATIENCE:.0f} s.")
        time.sleep(0.1)
    return time.monotonic() - began


def _settle_tables() -> None:
    """Let the database know how much is there, as it does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) approvals_action, approvals_execution, approvals_attempt, approvals_revision")


def _last() -> object:
    return Action.objects.order_by("-pk").values_list("pk", flat=True).first() or "00000000-0000-0000-0000-000000000000"
