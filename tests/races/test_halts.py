"""A halt against workers that are carrying things out: from its commit on nothing starts."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import TypeVar

import pytest
from django.db import connection, transaction

from approvals.actors import Actor, Door, system
from approvals.connectors.fake import FakeConnector
from approvals.errors import Halted
from approvals.models import Action, ActionType, Attempt, Execution, Halt
from approvals.services.execution import agent, run
from approvals.services.safety import halt_gate, halts
from approvals.states import ExecutionMode
from policies.errors import Refused
from tests import world
from tests.world import World, now

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]
WORKER = system(Door.CELERY)
READY = 50
ROUNDS = {"postgresql": 6, "sqlite": 3}
Answer = TypeVar("Answer")


def unhurried() -> datetime:
    """A worker's clock, or an agent's; a pause between transactions is when others come to write on SQLite."""
    threading.Event().wait(0.004)
    return now()


def apart(work: Callable[[], Answer]) -> Answer:
    """Do it on a thread's own connection."""
    try:
        return work()
    finally:
        connection.close()


def redeemed(here: World, action: Action) -> object:
    try:
        return agent.consume(actor=here.as_agent(), at=unhurried(), action_id=action.pk)
    except Refused as refusal:
        return refusal


def freeze_and_look(here: World, started: Callable[[], int], after: int) -> tuple[Halt, int]:
    """Halt the desk once so many have started, and say how many had when the commit was made."""
    while started() < after:
        threading.Event().wait(0.002)
    halt = halts.start(actor=Actor(Door.ADMIN, person=here.junior), at=now(), scope="desk", name="finance")
    return halt, started()


def dispatched() -> int:
    return Attempt.objects.filter(step="dispatching").count()


def consumed() -> int:
    return Execution.objects.exclude(state="ready").count()


@pytest.mark.timeout(300)
def test_nothing_is_dispatched_after_a_halt_has_committed(here: World, fake: FakeConnector) -> None:
    caught = 0
    for round_number in range(ROUNDS[connection.vendor]):
        before = dispatched()
        for _ in range(READY):
            here.auto(now())
        with ThreadPoolExecutor(4) as pool:
            work = partial(run.run_ready, actor=WORKER, clock=unhurried)
            workers = [pool.submit(apart, work) for _ in range(3)]
            after = before + 3 * round_number
            halt, seen = pool.submit(apart, partial(freeze_and_look, here, dispatched, after)).result()
            for worker in workers:
                worker.result()
        assert dispatched() == seen
        caught += seen < before + READY
        assert Execution.objects.filter(state="ready").count() == before + READY - seen
        # Whoever had claimed some gave them back, so that nothing has to wait for a lease after the thaw.
        assert not Execution.objects.filter(state="ready", leased_until__isnull=False).exists()
        halts.lift(actor=Actor(Door.ADMIN, person=here.senior), at=now(), halt_id=halt.pk, reason="Checked.")
        run.run_ready(actor=WORKER, clock=now)
        assert dispatched() == before + READY
    assert caught, "Every halt came too late to stop anything, so nothing was shown."
    assert set(fake.effects.values()) == {1} and len(fake.effects) == READY * ROUNDS[connection.vendor]


def test_nothing_is_redeemed_after_a_halt_has_committed(here: World) -> None:
    ActionType.objects.update(execution=ExecutionMode.AGENT, connector="")
    actions = [here.auto(now()) for _ in range(READY)]

    def redeem(some: list[Action]) -> list[object]:
        return [redeemed(here, action) for action in some]

    with ThreadPoolExecutor(4) as pool:
        agents = [pool.submit(apart, partial(redeem, actions[at::3])) for at in range(3)]
        _halt, seen = pool.submit(apart, partial(freeze_and_look, here, consumed, 5)).result()
        answers = [answer for each in agents for answer in each.result()]
    assert consumed() == seen < READY
    assert sum(isinstance(answer, Halted) for answer in answers) == READY - seen


@pytest.mark.postgresql_only
def test_a_worker_that_sleeps_inside_its_transaction_does_not_hold_the_button_back(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(halt_gate, "PATIENCE_MS", 200)
    awake, asleep = threading.Event(), threading.Event()
    action = here.auto(now())

    def sleep() -> None:
        with transaction.atomic():
            halt_gate.blocking_halt(world.fresh(action))
            asleep.set()
            awake.wait(20)

    with ThreadPoolExecutor(1) as pool:
        sleeper = pool.submit(apart, sleep)
        assert asleep.wait(10)
        halts.start(actor=Actor(Door.ADMIN, person=here.junior), at=now(), scope="desk", name="finance")
        awake.set()
        sleeper.result()
    assert run.run_ready(actor=WORKER, clock=now) == 0
