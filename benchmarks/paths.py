"""Each path of the product that a target names, measured one after the other, and what an action left behind."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from approvals.actors import Actor, Door, system
from approvals.models import Action, Decision
from approvals.services.accounts import api_keys
from approvals.services.execution import run
from approvals.services.ledger import sequencing
from approvals.states import ActionState
from benchmarks import costs, decisions, journeys, lives, processes, proposals, routing, storage, world
from benchmarks.costs import Cost, Path
from benchmarks.load import Call, Timing, press
from benchmarks.sizes import Sizes
from benchmarks.storage import Stored
from benchmarks.world import World

Headers = Sequence[dict[str, str]]
BATCH_CLIENTS = 4


@dataclass(frozen=True, slots=True)
class Found:
    """What the paths cost, how long one action takes alone, and what one stores."""

    costs: Sequence[Cost]
    alone: Timing
    automatic: Stored
    by_person: Stored


@dataclass(frozen=True, slots=True)
class Stock:
    """What is stored at one moment, and of how many."""

    stored: Stored
    actions: int
    decisions: int
    executed: int


def measure(here: World, sizes: Sizes) -> Found:
    """Measure all: the automatic path first, before there is anything to remind people of."""
    automatic, alone = _automatic(here, sizes)
    steps = [_stock()]
    found = _proposed(here, sizes)
    found.append(_routed(here, sizes, "route to a person", world.LARGE))
    steps.append(_stock())
    found += _approved(here, sizes)
    steps.append(_stock())
    waiting, decided = (_grown(before, after) for before, after in pairwise(steps))
    # What was approved is not due for now and must not become due while others are measured.
    lives.set_all_aside()
    steps = [_stock()]
    found.append(_routed(here, sizes, "route by policy", world.SMALL))
    steps.append(_stock())
    found.append(_backlog("execute").cost(int, _carry_out, sizes.targets))
    steps.append(_stock())
    ready, executed = (_grown(before, after) for before, after in pairwise(steps))
    by_person = storage.added(storage.added(waiting, decided), executed)
    return Found([*found, automatic], alone, storage.added(ready, executed), by_person)


def _automatic(here: World, sizes: Sizes) -> tuple[Cost, Timing]:
    with processes.web() as (port, pid), processes.behind() as behind:
        journeys.one_by_one(here, port, 5)
        alone = journeys.one_by_one(here, port, sizes.alone)
        path = Path("automatic", {"web": pid, **behind}, counted=costs.BACKLOG)
        cost = path.cost(
            lambda count: journeys.proposals(here, count),
            lambda calls: journeys.burst(port, calls, sizes.clients),
            sizes.targets,
        )
    return cost, alone


def _proposed(here: World, sizes: Sizes) -> list[Cost]:
    def singles(count: int) -> list[Call]:
        return [world.propose_call(here, world.LARGE) for _ in range(count)]

    def batches(count: int) -> list[Call]:
        return [proposals.batch_call(here) for _ in range(count)]

    with processes.web() as (port, pid):
        press(port, singles(_warm(sizes)), sizes.clients, 201)
        one = Path("propose", {"web": pid}).cost(
            singles, lambda calls: press(port, calls, sizes.clients, 201), sizes.targets
        )
        # By as many clients as there are threads, so that each connection has prepared the statements of a batch.
        press(port, batches(3 * sizes.clients), sizes.clients)
        batch = Path("batch", {"web": pid}, proposals.BATCH).cost(
            batches, lambda calls: press(port, calls, BATCH_CLIENTS), sizes.batches
        )
    return [one, batch]


def _routed(here: World, sizes: Sizes, name: str, amount: float) -> Cost:
    def enough(count: int) -> None:
        left = count - Action.objects.filter(state=ActionState.PROPOSED).count()
        routing.supply(here, max(0, left), amount)

    return _backlog(name).cost(enough, lambda _: routing.drain(), sizes.targets)


def _approved(here: World, sizes: Sizes) -> list[Cost]:
    """By token, then by session, each from what waits; what was left over stays."""
    wanted = 2 * (sizes.targets + costs.FEW + _warm(sizes))
    waiting = decisions.waiting(here)
    if len(waiting) < wanted:
        routing.supply(here, wanted - len(waiting), world.LARGE)
        routing.drain()
        waiting = decisions.waiting(here)
    ways = {
        "approve by token": [_token(here, place) for place in range(sizes.clients)],
        "approve by session": [
            world.session(here.reviewers[place % len(here.reviewers)]) for place in range(sizes.clients)
        ],
    }
    return [_approve_by(name, headers, waiting, sizes) for name, headers in ways.items()]


def _approve_by(name: str, headers: Headers, waiting: list[Action], sizes: Sizes) -> Cost:
    def calls(count: int) -> list[Call]:
        return decisions.approvals([waiting.pop() for _ in range(count)], headers)

    with processes.web() as (port, pid):
        press(port, calls(_warm(sizes)), sizes.clients)
        return Path(name, {"web": pid}).cost(calls, lambda made: press(port, made, sizes.clients), sizes.targets)


def _warm(sizes: Sizes) -> int:
    """How many are not measured, so that a server has built its queries and each connection has prepared them.

    A floor is warm, too, before its clock runs.
    """
    return 4 * sizes.clients


def _token(here: World, place: int) -> dict[str, str]:
    person = here.reviewers[place % len(here.reviewers)]
    issued = api_keys.issue(
        actor=Actor(Door.ADMIN, person=person),
        at=world.now(),
        person=person,
        scopes=api_keys.PERSON_SCOPES,
        expires_at=world.now() + timedelta(days=1),
    )
    return {"Authorization": f"Bearer {issued.plain}", "Content-Type": "application/json"}


def _carry_out(count: int) -> Timing:
    """Execute so many of what is ready; the time of each is that of all, shared.

    :raises RuntimeError: fewer were ready.
    """
    began, left = world.now(), count
    while left > 0:
        done = run.run_ready(actor=lives.CELERY, clock=world.now, limit=left)
        if not done:
            raise RuntimeError(f"{left} of {count} actions were not ready for execution.")
        left -= done
    seconds = (world.now() - began).total_seconds()
    return Timing(seconds, [seconds * 1_000 / count] * count)


def _backlog(name: str) -> Path:
    """A path that this process works off."""
    return Path(name, {"worker": os.getpid()}, counted=costs.BACKLOG)


def _stock() -> Stock:
    """Everything packed, once each entry has its number."""
    while sequencing.sequence(actor=system(Door.CLOCK), at=world.now()):
        pass
    executed = Action.objects.filter(state=ActionState.EXECUTED).count()
    return Stock(storage.packed(), Action.objects.count(), Decision.objects.count(), executed)


def _grown(before: Stock, after: Stock) -> Stored:
    """What a step left of each action that it moved: new ones, or else decided ones, or else executed ones."""
    moved = after.actions - before.actions or after.decisions - before.decisions or after.executed - before.executed
    return storage.grown(before.stored, after.stored, moved)
