"""Parents over REST: named in a proposal, told in an answer, and asked for in a list."""

from uuid import UUID

import pytest

from approvals.ids import uuid7
from approvals.models import Action, Desk, Membership
from approvals.states import Tier
from tests import world
from tests.api.caller import Caller, proposal
from tests.services.execution.families import waits_for
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


class TestAParent:
    def test_is_told_as_it_was_proposed(self, agent: Caller) -> None:
        parent = agent.propose().json()["id"]
        told = agent.propose(parent=parent).json()
        assert told["parent"] == parent
        assert agent.get(f"actions/{told['id']}/").json() == told
        assert agent.get(f"actions/{parent}/").json()["parent"] is None

    def test_is_told_of_the_promise_that_waits_for_it(self, here: World, agent: Caller) -> None:
        parent = agent.propose().json()["id"]
        child = agent.propose(parent=parent, amount=20.5).json()
        assert child["execution"]["waits_for"] is None
        here.route(Action.objects.get(pk=child["id"]))
        execution = agent.get(f"actions/{child['id']}/").json()["execution"]
        assert (execution["state"], execution["waits_for"]) == ("ready", parent)

    def test_is_awaited_by_nothing_that_was_withdrawn(self, here: World) -> None:
        child = here.approved(parent=here.pending().pk)
        assert waits_for(child) == child.parent_id
        world.withdraw(here, child)
        assert waits_for(child) is None

    def test_is_not_named_to_people_who_cannot_see_it(self, here: World, agent: Caller, junior: Caller) -> None:
        other = Desk.objects.create(slug="treasury", name="Treasury")
        world.invoice_type(other, name="treasury.post")
        parent = agent.propose(action_type="treasury.post").json()["id"]
        child = here.auto(parent=UUID(parent))
        path = f"actions/{child.pk}/"
        assert [who.get(path).json()["parent"] for who in (agent, junior)] == [parent, None]
        assert [who.get(path).json()["execution"]["waits_for"] for who in (agent, junior)] == [parent, None]
        Membership.objects.create(person=here.junior, desk=other, tier=Tier.JUNIOR)
        told = junior.get(path).json()
        assert (told["parent"], told["execution"]["waits_for"]) == (parent, parent)

    def test_of_which_the_agent_has_none_is_refused(self, agent: Caller) -> None:
        answer = agent.propose(parent=str(uuid7()))
        body = answer.json()
        assert (answer.status_code, body["code"], body["field"]) == (400, "malformed", "parent")
        assert Action.objects.count() == 0

    @pytest.mark.parametrize("parent", ["", "x", 7, ["a"], {"id": 1}])
    def test_that_is_no_id_is_refused(self, agent: Caller, parent: object) -> None:
        assert agent.propose(parent=parent).status_code == 400

    def test_that_ended_is_refused_with_its_state(self, agent: Caller) -> None:
        parent = agent.propose().json()["id"]
        agent.post(f"actions/{parent}/withdraw/", {"reason": "No longer needed."})
        answer = agent.propose(parent=parent)
        assert (answer.status_code, answer.json()["parent_state"]) == (409, "withdrawn")

    def test_refuses_one_item_of_a_batch_alone(self, agent: Caller) -> None:
        parent = agent.propose().json()["id"]
        named = [{"parent": parent}, {"parent": str(uuid7())}, {}]
        items = [proposal(idempotency_key=f"item-{place}", **more) for place, more in enumerate(named)]
        results = agent.post("actions/batch/", {"proposals": items}).json()["results"]
        assert [result["status"] for result in results] == [201, 400, 201]

    def test_lists_its_children(self, agent: Caller) -> None:
        parent = agent.propose().json()["id"]
        made = [agent.propose(parent=parent).json()["id"] for _ in range(2)]
        found = agent.get(f"actions/?parent={parent}").json()["results"]
        assert [row["id"] for row in found] == made[::-1]
        assert agent.get("actions/?parent=x").status_code == 400
