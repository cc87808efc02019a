"""A parent and its child at once: the child runs after its parent, once, and never without it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from approvals.actors import Actor, Door
from approvals.connectors.fake import FakeConnector
from approvals.errors import NotFound
from approvals.models import Action, Execution
from approvals.queries.record.related import parents
from approvals.services.decisions import undo
from approvals.services.execution import children, dispatch
from policies.errors import Refused
from tests import world
from tests.races import meanwhile
from tests.services.execution.families import CLOCK, WORKER, run, settle, waits_for
from tests.world import NOON, World, fresh, states

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]
ROUNDS = {"postgresql": 8, "sqlite": 3}


def at_once(*works: Any) -> None:
    """Do all of these on connections of their own; a refusal is an answer."""
    with ThreadPoolExecutor(len(works)) as pool:
        for each in [pool.submit(_apart, work) for work in works]:
            each.result(timeout=30)


def _apart(work: Any) -> None:
    try:
        work()
    except Refused:
        pass
    finally:
        connection.close()


def approve(action: Action, here: World) -> None:
    world.decide("approve", action, here.junior)


def reject(action: Action, here: World) -> None:
    world.decide("reject", action, here.junior, rationale="No.")


def undo_it(action: Action, here: World) -> None:
    undo.undo(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, action_id=action.pk)


def hold(action: Action) -> None:
    Action.objects.select_for_update(no_key=True).get(pk=action.pk)


class TestAParentRejected:
    @pytest.mark.vendor_sensitive
    def test_while_its_child_is_leased_and_dispatched_stops_it(self, here: World, fake: FakeConnector) -> None:
        for _ in range(ROUNDS[connection.vendor]):
            parent = here.pending()
            child = here.approved(parent=parent.pk)
            # As if the promise had been written without its parent: what stops it then is the dispatch alone.
            Execution.objects.filter(action=child).update(waits_for=None)
            at_once(lambda parent=parent: reject(parent, here), run, run)
            run()
            settle()
            assert states([parent, child]) == ["rejected", "withdrawn"]
        assert fake.orders == []

    @pytest.mark.postgresql_only
    def test_but_not_yet_committed_lets_no_child_be_dispatched(self, here: World, fake: FakeConnector) -> None:
        parent = here.pending()
        child = here.approved(parent=parent.pk)
        Execution.objects.filter(action=child).update(waits_for=None)
        claim = dispatch.lease(actor=WORKER, at=NOON, limit=1)[0]

        def hand_out() -> object:
            return dispatch.dispatch(actor=WORKER, at=NOON, claim=claim)

        # The dispatch asks about the parent without waiting for whoever decides on it.
        assert meanwhile.under_way(lambda: hold(parent), hand_out) is None
        assert fresh(child).state == "approved"

    @pytest.mark.vendor_sensitive
    def test_while_its_child_is_approved_ends_the_child(self, here: World, fake: FakeConnector) -> None:
        for _ in range(ROUNDS[connection.vendor]):
            parent = here.pending()
            child = here.pending(parent=parent.pk)
            at_once(lambda p=parent: reject(p, here), lambda c=child: approve(c, here), settle)
            settle()
            assert states([parent, child]) == ["rejected", "withdrawn"]
            run()
        assert fake.orders == []

    @pytest.mark.vendor_sensitive
    def test_while_a_child_is_proposed_ends_or_refuses_it(self, here: World) -> None:
        for _ in range(ROUNDS[connection.vendor]):
            parent = here.pending()
            at_once(lambda p=parent: reject(p, here), lambda p=parent: here.propose(parent=p.pk), settle)
            settle()
            assert set(states(list(Action.objects.filter(parent=parent)))) <= {"withdrawn"}

    @pytest.mark.postgresql_only
    @pytest.mark.world(connector="fake", undo_seconds=60)
    def test_and_being_undone_keeps_its_children(self, here: World) -> None:
        parent = here.pending()
        child = here.pending(parent=parent.pk)
        reject(parent, here)
        world.tamper("UPDATE approvals_decision SET final_at = %s", [world.now()])

        def end() -> object:
            return children.end_orphan(actor=CLOCK, at=NOON, action_id=child.pk)

        # Whoever undoes it holds the parent, and asked in time: the child is left to the next round.
        assert isinstance(meanwhile.under_way(lambda: hold(parent), end), NotFound)
        assert fresh(child).state == "pending"


class TestAParentExecuted:
    @pytest.mark.vendor_sensitive
    def test_while_its_child_is_approved_lets_it_run(self, here: World, fake: FakeConnector) -> None:
        for _ in range(ROUNDS[connection.vendor]):
            fake.orders.clear()
            parent = here.approved()
            child = here.pending(parent=parent.pk)
            at_once(run, lambda c=child: approve(c, here), run)
            # Where the promise was not seen yet by whoever executed the parent, the clock finds it.
            settle()
            run()
            assert states([parent, child]) == ["executed", "executed"]
            assert [order.action for order in fake.orders] == [str(parent.pk), str(child.pk)]

    @pytest.mark.postgresql_only
    def test_before_the_promise_of_its_child_commits_is_found_by_the_clock(
        self, here: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        parent = here.approved()
        child = here.pending(parent=parent.pk)
        ask = parents.is_awaited

        def asked_too_early(action: Action) -> bool:
            answer = ask(action)
            monkeypatch.setattr(parents, "is_awaited", ask)
            at_once(run)
            return answer

        monkeypatch.setattr(parents, "is_awaited", asked_too_early)
        approve(child, here)
        assert fresh(parent).state == "executed" and waits_for(child) == parent.pk
        assert settle() == 1 and waits_for(child) is None
        run()
        assert fresh(child).state == "executed"

    @pytest.mark.vendor_sensitive
    def test_by_several_workers_lets_each_child_run_once(self, here: World, fake: FakeConnector) -> None:
        parent = here.approved()
        made = [here.approved(parent=parent.pk) for _ in range(6)]
        at_once(run, run, settle)
        settle()
        at_once(run, run, settle)
        assert states(made) == ["executed"] * 6 and len(fake.orders) == 7


class TestAnUndoneRejection:
    @pytest.mark.vendor_sensitive
    @pytest.mark.world(connector="fake", undo_seconds=60)
    def test_at_the_same_time_as_the_clock_loses_no_child(self, here: World) -> None:
        for _ in range(ROUNDS[connection.vendor]):
            parent = here.pending()
            child = here.approved(parent=parent.pk)
            reject(parent, here)
            at_once(lambda p=parent: undo_it(p, here), settle, settle)
            assert states([parent, child]) == ["pending", "approved"]
