"""What REST says of actions with the same document number: which one, how much, and how it was decided."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approvals.models import Action, ActionType, Agent, Desk, Membership
from approvals.queries.record.related.twins import MAX
from approvals.states import Tier
from tests import world
from tests.api.caller import Caller, as_agent, as_session, proposal, seen
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "INV-77001"


def told(caller: Caller, action: Action) -> dict[str, Any]:
    """The action as the caller reads it."""
    body: dict[str, Any] = caller.get(f"actions/{action.pk}/").json()
    return body


def flag_of(flags: list[dict[str, Any]]) -> dict[str, Any]:
    """The flag that speaks of another action."""
    (found,) = [flag for flag in flags if flag["code"] == "seen_before"]
    return found


def of_another(here: World, **changes: Any) -> Action:
    """An action with the same number, by an agent of the same owner."""
    agent, here.agent = here.agent, Agent.objects.create(name="other-bot", title="Other", owner=here.owner)
    action = here.pending(invoice_number=NUMBER, **changes)
    here.agent = agent
    return action


@pytest.fixture
def pair(here: World) -> tuple[Action, Action]:
    """Two pending actions with one number."""
    return here.pending(invoice_number=NUMBER), here.pending(invoice_number="inv 077001", amount=900.5)


class TestAFlag:
    def test_names_the_other_action(self, pair: tuple[Action, Action], agent: Caller) -> None:
        first, second = pair
        other = flag_of(told(agent, second)["flags"])["other"]
        assert (other["id"], other["state"], other["decision"]) == (str(first.pk), "pending", None)
        assert other["amount"] == {"amount": "717.97", "currency": "EUR"}
        assert other["created_at"] == told(agent, first)["created_at"]
        assert agent.get(other["links"]["self"].split("/api/v1/")[1]).json()["id"] == str(first.pk)

    def test_says_how_the_other_was_decided(
        self, here: World, pair: tuple[Action, Action], agent: Caller, junior: Caller
    ) -> None:
        junior.post(f"actions/{pair[0].pk}/reject/", seen(pair[0], rationale="Paid."))
        other = flag_of(told(agent, pair[1])["flags"])["other"]
        assert other["state"] == "rejected"
        given_at = other["decision"].pop("at")
        assert other["decision"] == {"verdict": "reject", "by": "junior", "source": "person"}
        assert given_at == told(agent, pair[0])["decision"]["at"]

    def test_says_that_policy_let_the_other_run(self, here: World, agent: Caller) -> None:
        first = here.auto(invoice_number=NUMBER)
        other = flag_of(told(agent, here.pending(invoice_number=NUMBER))["flags"])["other"]
        assert (other["id"], other["decision"]["source"]) == (str(first.pk), "policy")
        assert other["decision"]["by"] == told(agent, first)["decision"]["by"]

    def test_names_an_identical_action_without_a_number(self, here: World, agent: Caller) -> None:
        payload = {"issuer": "Mill", "amount": 717.97, "currency": "EUR"}
        first, second = here.pending(payload=payload), here.pending(payload=payload)
        flag = flag_of(told(agent, second)["flags"])
        assert flag["sentence"] == "An identical action was proposed recently or is still open."
        assert flag["other"]["id"] == str(first.pk)
        assert [each["id"] for each in told(agent, first)["duplicates"]] == [str(second.pk)]

    def test_of_something_else_names_none(self, here: World, agent: Caller) -> None:
        action = here.pending(invoice_number="F")
        here.pending(invoice_number="F")
        assert [flag["other"] for flag in told(agent, action)["flags"]] == [None]

    def test_is_in_the_queue(self, pair: tuple[Action, Action], junior: Caller) -> None:
        rows = {row["id"]: row for row in junior.get("queue/").json()["results"]}
        assert flag_of(rows[str(pair[1].pk)]["flags"])["other"]["id"] == str(pair[0].pk)

    def test_is_in_a_trial_evaluation(self, here: World, agent: Caller) -> None:
        first = here.pending(invoice_number=NUMBER)
        found = agent.post("evaluate/", proposal(invoice_number=NUMBER)).json()
        assert flag_of(found["flags"])["other"]["id"] == str(first.pk)

    def test_is_in_the_preview_of_a_correction(self, here: World, junior: Caller) -> None:
        first, second = here.pending(invoice_number=NUMBER), here.pending()
        payload = second.revision.payload | {"invoice_number": NUMBER}
        body = seen(second, payload=payload, preview=True)
        found = junior.post(f"actions/{second.pk}/modify/", body).json()
        assert flag_of(found["flags"])["other"]["id"] == str(first.pk)


class TestDuplicates:
    def test_know_each_other(self, here: World, pair: tuple[Action, Action], agent: Caller) -> None:
        three = (*pair, here.pending(invoice_number=NUMBER))
        for action in three:
            found = [each["id"] for each in told(agent, action)["duplicates"]]
            assert found == [str(each.pk) for each in reversed(three) if each != action]

    def test_are_listed_with_each_action(self, pair: tuple[Action, Action], agent: Caller) -> None:
        rows = agent.get("actions/").json()["results"]
        assert [[each["id"] for each in row["duplicates"]] for row in rows] == [[str(pair[0].pk)], [str(pair[1].pk)]]

    def test_leave_out_what_came_to_nothing(self, here: World, pair: tuple[Action, Action], agent: Caller) -> None:
        agent.post(f"actions/{pair[0].pk}/withdraw/", {"reason": "Wrong."})
        assert told(agent, pair[1])["duplicates"] == []

    def test_cost_as_much_for_many_as_for_one(self, here: World, agent: Caller) -> None:
        here.pending(invoice_number=NUMBER)
        here.pending(invoice_number=NUMBER)
        with CaptureQueriesContext(connection) as few:
            agent.get("actions/")
        for number in (NUMBER, "INV-2", "INV-2", "INV-3", "INV-3"):
            here.pending(invoice_number=number)
        with CaptureQueriesContext(connection) as many:
            agent.get("actions/")
        assert len(many) == len(few)


class TestNobodyLearnsOfWhatTheyMayNotSee:
    def test_an_agent_of_another_agents_action(self, here: World, agent: Caller) -> None:
        foreign = of_another(here)
        own = here.pending(invoice_number=NUMBER)
        for body in (
            agent.get(f"actions/{own.pk}/"), agent.get("actions/"),
            agent.post("evaluate/", proposal(invoice_number=NUMBER)), agent.get(f"actions/{own.pk}/timeline/"),
        ):  # fmt: skip
            assert body.status_code == 200
            assert str(foreign.pk) not in body.content.decode()
        assert flag_of(told(agent, own)["flags"])["other"] is None
        assert told(agent, own)["duplicates"] == []

    def test_a_reviewer_of_another_desk(self, here: World) -> None:
        first = here.pending(invoice_number=NUMBER)
        other = Desk.objects.create(slug="it", name="IT")
        ActionType.objects.filter(pk=here.kind.pk).update(desk=other)
        here.kind.refresh_from_db()
        second, stranger = here.pending(invoice_number=NUMBER), world.person("stranger")
        Membership.objects.create(person=stranger, desk=other, tier=Tier.SENIOR)
        caller = as_session(stranger)
        assert flag_of(told(caller, second)["flags"])["other"] is None
        assert str(first.pk) not in caller.get("queue/").content.decode() + caller.get("actions/").content.decode()

    def test_and_what_they_may_see_is_not_crowded_out(self, here: World, agent: Caller) -> None:
        first, second = here.pending(invoice_number=NUMBER), here.pending(invoice_number=NUMBER)
        for _ in range(MAX + 2):
            of_another_quickly(here)
        assert [each["id"] for each in told(agent, second)["duplicates"]] == [str(first.pk)]


def of_another_quickly(here: World) -> None:
    agent, here.agent = (
        here.agent,
        Agent.objects.get_or_create(name="other-bot", defaults={"title": "Other", "owner": here.owner})[0],
    )
    here.pending(invoice_number=NUMBER)
    here.agent = agent


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    owners=st.lists(st.tuples(st.booleans(), st.sampled_from(["A-1", "A-2"])), min_size=2, max_size=6),
    round_=st.integers(),
)
def test_an_agent_sees_all_of_its_own_and_none_of_others(
    here: World, owners: list[tuple[bool, str]], round_: int
) -> None:
    made: list[tuple[bool, str, Action]] = []
    theirs, mine = Agent.objects.get_or_create(name="b", defaults={"title": "B", "owner": here.owner})[0], here.agent
    for is_own, number in owners:
        here.agent = mine if is_own else theirs
        made.append((is_own, number, here.pending(invoice_number=f"{round_}-{number}")))
    here.agent = mine
    caller = as_agent(mine)
    for is_own, number, action in made:
        if is_own:
            wanted = {str(each.pk) for own, other, each in made if own and other == number and each != action}
            assert {each["id"] for each in told(caller, action)["duplicates"]} == wanted
