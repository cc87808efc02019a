"""Routing of waiting proposals by one worker, one transaction each."""

import os
from collections.abc import Iterator

from approvals.actors import Door, system
from approvals.models import Action, ActionType
from approvals.services import routing as service
from approvals.services.intake import propose
from approvals.states import ActionState
from benchmarks import processes, world
from benchmarks.load import Timing
from benchmarks.results import Section, table
from benchmarks.sizes import Sizes
from benchmarks.world import World

TITLE = "Routing"
HEAD = ("what", "actions", "actions/s", "CPU ms: worker", "CPU ms: database")
ABOUT = """
One worker, one thread, drains what waits: facts, scorers, two policies (a ladder, bands and rules of the type, and the
house's as shipped), the evaluation kept word for word, stage or execution, history and ledger, a notice where a person
is needed; one transaction for each action.
"""


def measure(here: World, sizes: Sizes) -> Section:
    """Route as many actions that wait for a person, and as many that run by themselves."""
    drain()
    rows = []
    for name, amount in (("to review", world.LARGE), ("approved by policy", world.SMALL)):
        supply(here, sizes.decisions, amount)
        meter = processes.meter(worker=os.getpid())
        timing = drain()
        spent, count = meter.spent(), len(timing.each)
        rows.append((name, count, timing.rate, spent["worker"] / count, spent["database"] / count))
    return Section(TITLE, ABOUT, [table(HEAD, rows)])


def supply(here: World, count: int, amount: float) -> None:
    """Propose so many, through the service."""
    left = count
    while left > 0:
        chunk = [world.proposal(here.kinds[0], amount) for _ in range(min(left, propose.MAX_AT_ONCE))]
        propose.propose_many(actor=here.actor, at=world.now(), proposals=chunk)
        left -= len(chunk)


def one(here: World, kind: ActionType, amount: float) -> Action:
    """Propose one action of a kind, and route it with whatever else waits."""
    proposal = world.proposal(kind, amount)
    proposed = propose.propose(actor=here.actor, at=world.now(), proposal=proposal).action
    drain()
    return Action.objects.select_related("action_type", "revision").get(pk=proposed.pk)


def drain() -> Timing:
    """Route everything that waits; the time of each is that of its round, shared."""
    began = world.now()
    counts = list(_rounds())
    seconds = (world.now() - began).total_seconds()
    done = sum(counts)
    return Timing(seconds, [seconds * 1_000 / done] * done if done else [])


def _rounds() -> Iterator[int]:
    while done := service.route_ready(actor=system(Door.CELERY), clock=world.now):
        yield done
    if left := Action.objects.filter(state=ActionState.PROPOSED).count():
        raise RuntimeError(f"{left} actions could not be routed. See the errors above.")
