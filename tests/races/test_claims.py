"""Many workers at once: each execution is claimed by one, carried out once, and undone or carried out, never both."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from pytest_django import Settings

from approvals.actors import Actor, Door, system
from approvals.connectors.fake import FakeConnector
from approvals.errors import AlreadyConsumed
from approvals.models import Action, ActionType, Attempt, Execution, LedgerEntry, LedgerPosition
from approvals.queries.accounts.notification_preferences import NotificationPreferences
from approvals.services.accounts import preferences
from approvals.services.deadlines import overdue
from approvals.services.decisions import undo
from approvals.services.execution import agent, attempts, dispatch, run
from approvals.services.ledger import sequencing
from approvals.services.notifications import batching, queue
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
AT_ONCE = 6


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run all at the same moment, each on a connection of its own; what is refused is returned as its code."""
    barrier = threading.Barrier(len(works))

    def one(work: Callable[[], object]) -> object:
        barrier.wait(10)
        try:
            return work()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


class TestWorkersAtOnce:
    def test_carry_each_execution_out_once(self, here: World, fake: FakeConnector) -> None:
        for _ in range(60):
            here.auto(now())
        done = at_once(*[lambda: run.run_ready(actor=WORKER, clock=now)] * AT_ONCE)
        assert sum(done) == 60  # type: ignore[arg-type]
        assert len(fake.effects) == len(fake.orders) == 60
        assert Counter(Execution.objects.values_list("state", "fence", "attempts")) == {("succeeded", 1, 1): 60}

    def test_claim_no_row_twice(self, here: World) -> None:
        for _ in range(40):
            here.auto(now())
        claims = at_once(*[lambda: dispatch.lease(actor=WORKER, at=now(), limit=10)] * AT_ONCE)
        taken = [claim.execution_id for some in claims for claim in some]
        assert len(taken) == len(set(taken)) == 40

    @pytest.mark.parametrize("wrong", [timedelta(hours=2), -timedelta(hours=2)])
    def test_are_not_misled_by_a_clock_that_is_wrong(self, here: World, fake: FakeConnector, wrong: timedelta) -> None:
        ActionType.objects.update(undo_seconds=30)
        here.auto(now() + wrong)
        ActionType.objects.update(undo_seconds=0)
        on_time = here.auto(now() + wrong)
        done = at_once(*[lambda: run.run_ready(actor=WORKER, clock=lambda: now() + wrong)] * 3)
        assert sum(done) == 1  # type: ignore[arg-type]
        assert [order.action for order in fake.orders] == [str(on_time.pk)]
        assert run.recover(actor=WORKER, clock=lambda: now() + wrong) == 0

    def test_leave_late_fences_without_a_say(
        self, here: World, fake: FakeConnector, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.HITL_LEASE_SECONDS = -1
        # Each lease lapses at once, and what so many workers had is no poison here.
        monkeypatch.setattr(attempts, "MAX_LAPSES", 1_000)
        for _ in range(10):
            here.auto(now())
        at_once(*[lambda: run.run_ready(actor=WORKER, clock=now)] * AT_ONCE)
        while run.run_ready(actor=WORKER, clock=now):
            pass
        assert set(fake.effects.values()) == {1} and len(fake.effects) == 10
        assert Attempt.objects.filter(step="dispatching").count() == 10


def undone(here: World, action: Action) -> object:
    return undo.undo(actor=Actor(Door.ADMIN, person=here.senior), at=now(), action_id=action.pk, rationale="Wait.")


class TestRecallAndDispatch:
    def test_have_one_winner(self, here: World, fake: FakeConnector) -> None:
        ended = Counter[str]()
        for _ in range(20):
            action = here.approved(now())
            at_once(
                lambda: run.run_ready(actor=WORKER, clock=now),
                partial(undone, here, action),
            )
            action = world.fresh(action)
            ended[action.state] += 1
            assert (action.state, fake.effects[Execution.objects.get(action=action).key]) in {
                ("executed", 1),
                ("pending", 0),
            }
        assert sum(ended.values()) == 20


class TestAnApproval:
    def test_is_redeemed_once(self, here: World) -> None:
        ActionType.objects.update(execution=ExecutionMode.AGENT, connector="")
        action = here.approved(now())
        answers = at_once(
            *[lambda: agent.consume(actor=here.as_agent(), at=now(), action_id=action.pk).state] * AT_ONCE
        )
        assert Counter(answers) == {"running": 1, AlreadyConsumed.code: AT_ONCE - 1}

    def test_is_redeemed_once_by_calls_with_one_key_that_all_get_it(self, here: World) -> None:
        ActionType.objects.update(execution=ExecutionMode.AGENT, connector="")
        action = here.approved(now())
        answers = at_once(
            *[lambda: agent.consume(actor=here.as_agent(), at=now(), action_id=action.pk, key="work").pk] * AT_ONCE
        )
        execution = Execution.objects.get()
        assert answers == [execution.pk] * AT_ONCE
        assert Attempt.objects.filter(execution=execution).count() == 1

    def test_expires_or_runs(self, here: World, fake: FakeConnector) -> None:
        ActionType.objects.update(valid_seconds=1)
        actions = [here.auto(now()) for _ in range(10)]
        threading.Event().wait(0.9)
        at_once(
            lambda: run.run_ready(actor=WORKER, clock=now),
            *[lambda: overdue.expire_due(actor=WORKER, clock=now)] * 3,
        )
        overdue.expire_due(actor=WORKER, clock=now)
        for action in actions:
            ran = fake.effects[Execution.objects.get(action=action).key]
            assert (world.fresh(action).state, ran) in {("executed", 1), ("expired", 0), ("approved", 0)}


class TestNotices:
    def test_are_sent_by_one_of_many(
        self, here: World, mailoutbox: list[object], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queue, "AT_ONCE", 2)
        for _ in range(10):
            here.pending(now(), amount=9000)
        at_once(*[lambda: queue.deliver_ready(actor=WORKER, clock=now)] * AT_ONCE)
        # Senders take turns at one person: else each would think that only a few were sent, or make its own digest.
        assert len(mailoutbox) == batching.FEW
        preferences.set_notifications(
            actor=Actor(Door.ADMIN, person=here.senior), at=now(), wishes=NotificationPreferences()
        )
        at_once(*[lambda: queue.deliver_ready(actor=WORKER, clock=now)] * AT_ONCE)
        assert len(mailoutbox) == batching.FEW + 1


class TestSequencers:
    def test_at_once_number_every_entry_once(self, here: World) -> None:
        def propose() -> None:
            for _ in range(15):
                here.auto(now())

        def sequence() -> None:
            for _ in range(20):
                sequencing.sequence(actor=WORKER, at=now(), limit=7)

        at_once(propose, propose, propose, sequence, sequence, sequence)
        while sequencing.sequence(actor=WORKER, at=now()):
            pass
        numbers = list(LedgerPosition.objects.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, LedgerEntry.objects.count() + 1)) and len(numbers) >= 90
        for action_id in set(LedgerEntry.objects.exclude(action=None).values_list("action_id", flat=True)):
            told = LedgerEntry.objects.filter(action_id=action_id).order_by("position__number")
            assert list(told.values_list("event", flat=True)) == ["action.proposed", "decision.approved"]
