"""Agents take turns: none waits behind the backlog of another, in routing, lookups and execution."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from approvals.actors import Door, system
from approvals.connectors.fake import FakeConnector
from approvals.models import Action, Agent
from approvals.services import routing, turns
from approvals.services.execution import dispatch
from approvals.services.execution import run as execution
from approvals.services.policy import evaluate
from approvals.services.policy.lookups import fetching
from policies import db
from tests import world
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_sensitive]
WORKER = system(Door.CELERY)


def another(here: World, name: str) -> World:
    """The same world, seen by another agent."""
    return replace(here, agent=Agent.objects.create(name=name, title=name, owner=here.owner))


def waiting() -> QuerySet[Action]:
    return Action.objects.filter(state="proposed")


def agents_of(ids: Sequence[Any]) -> list[str]:
    names = dict(Action.objects.values_list("pk", "agent__name"))
    return [names[each] for each in ids]


class TestTurns:
    def test_give_each_agent_its_first_before_any_its_second(self, here: World) -> None:
        for _ in range(6):
            here.propose()
        other, third = another(here, "other"), another(here, "third")
        for late in (other, other, third):
            late.propose()
        found = agents_of(turns.Turns[Action]("id").first(waiting(), 9))
        assert Counter(found[:3]) == Counter(["invoice-bot", "other", "third"])
        assert Counter(found[3:5]) == Counter(["invoice-bot", "other"])

    def test_are_each_agents_oldest_first(self, here: World) -> None:
        actions = [here.propose() for _ in range(5)]
        assert turns.Turns[Action]("id").first(waiting(), 4) == [action.pk for action in actions[:4]]

    def test_go_on_behind_the_agent_that_was_served_last(self, here: World) -> None:
        """With one turn at a time, the oldest of all would always be the same agent's."""
        other = another(here, "other")
        for each in (here, here, here, other, other):
            each.propose()
        taking = turns.Turns[Action]("id")
        served = agents_of([taking.first(waiting(), 1, spare=3)[0] for _ in range(4)])
        assert sorted(served[:2]) == sorted(served[2:]) == ["invoice-bot", "other"]

    def test_are_found_by_one_statement(self, here: World) -> None:
        for each in (here, another(here, "other")):
            each.propose()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            turns.Turns[Action]("id").first(waiting(), 10)
        assert len(queries) == 1

    def test_are_none_where_nothing_waits(self, here: World) -> None:
        assert turns.Turns[Action]("id").first(waiting(), 10) == []
        assert not turns.Turns[Action]("id").has_any(waiting())


@pytest.mark.django_db(transaction=True)
class TestFairness:
    def test_of_routing_takes_a_late_proposal_among_the_first(
        self, here: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(routing, "AT_ONCE", 4)
        for _ in range(30):
            here.propose()
        late = another(here, "other").propose()
        assert routing.route_ready(actor=WORKER, clock=lambda: NOON, limit=4) == 4
        assert world.fresh(late).state == "pending"

    def test_of_routing_sees_what_comes_while_it_works(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(routing, "AT_ONCE", 4)
        other, routed, late = another(here, "other"), [], []
        for _ in range(20):
            here.propose()
        route = routing.route_together

        def spy(**given: Any) -> int:
            if not late:
                late.append(other.propose().pk)
            routed.extend(given["action_ids"])
            return route(**given)

        monkeypatch.setattr(routing, "route_together", spy)
        assert routing.route_ready(actor=WORKER, clock=lambda: NOON) == 21
        assert routed.index(late[0]) <= 5

    def test_of_routing_is_not_held_up_by_what_fails(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(routing, "AT_ONCE", 2)
        broken = {here.propose().pk for _ in range(3)}
        for _ in range(3):
            here.propose()
        judge = evaluate.evaluate_revision

        def falter(action: Action, *given: Any, **more: Any) -> Any:
            if action.pk in broken:
                raise KeyError("planted")
            return judge(action, *given, **more)

        monkeypatch.setattr(evaluate, "evaluate_revision", falter)
        assert routing.route_ready(actor=WORKER, clock=lambda: NOON) == 3
        assert {action.pk for action in waiting()} == broken

    def test_of_execution_takes_a_late_approval_among_the_first(self, here: World, fake: FakeConnector) -> None:
        here.set_kind(connector="fake")
        for _ in range(12):
            here.auto()
        late = another(here, "other").auto()
        assert execution.run_ready(actor=WORKER, clock=lambda: NOON, limit=2) == 2
        assert world.fresh(late).state == "executed"

    def test_of_execution_passes_over_what_others_hold(self, here: World, fake: FakeConnector) -> None:
        here.set_kind(connector="fake")
        for _ in range(6):
            here.auto()
        first = dispatch.lease(actor=WORKER, at=NOON, limit=4)
        second = dispatch.lease(actor=WORKER, at=NOON, limit=4)
        assert (len(first), len(second)) == (4, 2)
        assert not {each.execution_id for each in first} & {each.execution_id for each in second}

    def test_of_lookups_alternates_between_agents(self, here: World) -> None:
        other = another(here, "other")
        for each in (here, here, here, other):
            each.propose()
        Action.objects.update(next_lookup_at=db.now() - timedelta(seconds=1))
        taken = [fetching.lease(actor=WORKER, at=NOON) for _ in range(2)]
        assert sorted(agents_of(taken)) == ["invoice-bot", "other"]
