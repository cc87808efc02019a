"""The limit of what waits: refused beyond it, replays still answered, people told once, and over when it is over."""

from dataclasses import replace

import pytest
from pytest_django import Settings

from approvals.actors import Actor, Door, system
from approvals.errors import Backlogged
from approvals.models import Action, Agent, Backlog, Delivery
from approvals.services.intake import backlog, propose
from approvals.services.notifications import queue
from approvals.states import Mode
from tests import world
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_sensitive]
CLOCK = system(Door.CLOCK)


@pytest.fixture
def full(here: World, settings: Settings) -> World:
    """An agent that has as many waiting actions as it may: one proposed, one pending."""
    settings.HITL_MAX_WAITING_PER_AGENT = 2
    here.propose()
    here.pending()
    return here


@pytest.fixture
def full_desk(here: World, settings: Settings) -> World:
    """Another agent at a desk where as many actions wait as may."""
    settings.HITL_MAX_WAITING_PER_DESK = 2
    here.propose()
    here.pending()
    return another(here)


def another(here: World) -> World:
    return replace(here, agent=Agent.objects.create(name="other", title="Other", owner=here.owner))


class TestTheLimitOfAnAgent:
    def test_refuses_what_is_beyond_it_and_says_when_to_come_again(self, full: World) -> None:
        with pytest.raises(Backlogged, match="limit of 2 waiting actions") as refused:
            full.propose()
        assert refused.value.details == {"scope": "agent", "limit": 2, "retry_after": 60}
        assert Action.objects.count() == 2

    def test_leaves_other_agents_alone(self, full: World) -> None:
        assert another(full).propose().state == "proposed"

    def test_counts_nothing_that_is_decided(self, full: World) -> None:
        world.decide("reject", Action.objects.get(state="pending"), full.junior, rationale="No.", reason_code="other")
        assert full.propose().state == "proposed"

    def test_answers_a_key_that_is_known_as_before(self, here: World, settings: Settings) -> None:
        settings.HITL_MAX_WAITING_PER_AGENT = 1
        proposal = here.proposal()
        first = world.send(here, proposal)
        again = world.send(here, proposal)
        assert (again.is_replay, again.action.pk) == (True, first.action.pk)

    def test_counts_each_item_of_a_batch(self, here: World, settings: Settings) -> None:
        settings.HITL_MAX_WAITING_PER_AGENT = 3
        known, *fresh = [here.proposal() for _ in range(5)]
        world.send(here, known)
        items = [known, fresh[0], fresh[0], *fresh[1:]]
        results = propose.propose_many(actor=here.as_agent(), at=NOON, proposals=items)
        assert [type(result.refusal) for result in results] == [type(None)] * 4 + [Backlogged] * 2
        assert Action.objects.count() == 3

    def test_is_none_where_it_is_zero(self, full: World, settings: Settings) -> None:
        settings.HITL_MAX_WAITING_PER_AGENT = 0
        assert full.propose().state == "proposed"

    def test_does_not_bind_a_person_who_starts_something(self, full: World, settings: Settings) -> None:
        settings.HITL_MAX_WAITING_PER_DESK = 1
        full.set_kind(mode=Mode.IN_COMMAND)
        actor = Actor(Door.ADMIN, person=full.senior, scopes=frozenset({"propose:*"}))
        assert propose.propose(actor=actor, at=NOON, proposal=full.proposal()).action.state == "proposed"


class TestTheLimitOfADesk:
    def test_refuses_whoever_comes_and_names_the_desk(self, full_desk: World) -> None:
        with pytest.raises(Backlogged, match="The desk “Finance” has reached its limit of 2") as refused:
            full_desk.propose()
        assert refused.value.details["scope"] == "desk"

    def test_is_told_to_its_seniors(self, full_desk: World) -> None:
        with pytest.raises(Backlogged):
            full_desk.propose()
        assert [delivery.person for delivery in Delivery.objects.filter(kind="backlog.full")] == [full_desk.senior]


class TestTelling:
    def test_happens_once_for_many_refusals(self, full: World) -> None:
        results = [propose.propose_many(actor=full.as_agent(), at=NOON, proposals=[full.proposal()]) for _ in range(3)]
        assert all(result.refusal for (result,) in results)
        assert [delivery.person for delivery in Delivery.objects.filter(kind="backlog.full")] == [full.owner]

    def test_says_which_agent_and_where_to_look(self, full: World) -> None:
        with pytest.raises(Backlogged):
            full.propose()
        found = {notice.message.to: notice.message for notice in queue.lease(actor=CLOCK, at=NOON, limit=10)}
        message = found[full.owner.email]
        assert message.subject == "Too many waiting actions: Invoice bot"
        assert "limit of 2 waiting actions" in message.text
        assert f"/admin/approvals/action/?agent__id__exact={full.agent.pk}" in message.text

    def test_happens_again_in_the_next_backlog(self, full: World) -> None:
        for _ in range(2):
            with pytest.raises(Backlogged):
                full.propose()
            backlog.end(actor=CLOCK, at=NOON)
            for action in Action.objects.filter(state__in=("proposed", "pending")):
                world.withdraw(full, action)
            backlog.end(actor=CLOCK, at=NOON)
            full.propose()
            full.propose()
        assert Delivery.objects.filter(kind="backlog.full").count() == 2
        assert Backlog.objects.filter(ended_at=None).count() == 0


class TestTheEnd:
    def test_waits_until_there_is_some_room(self, full: World, settings: Settings) -> None:
        """Just below the limit it goes on: else each proposal around the limit would be a backlog of its own."""
        settings.HITL_MAX_WAITING_PER_AGENT = 10
        for _ in range(8):
            full.propose()
        with pytest.raises(Backlogged):
            full.propose()
        world.withdraw(full, Action.objects.filter(state="proposed").first())
        backlog.end(actor=CLOCK, at=NOON)
        assert Backlog.objects.get().ended_at is None
        world.withdraw(full, Action.objects.filter(state="proposed").first())
        backlog.end(actor=CLOCK, at=NOON)
        assert Backlog.objects.get().ended_at == NOON
