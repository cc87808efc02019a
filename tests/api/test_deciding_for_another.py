"""Deciding for somebody over REST: by whom and for whom, refusals by their code, and warnings that agents read."""

from approvals.actors import Actor, Door
from approvals.models import Action, Calendar, Desk, Holiday, LedgerEntry, Membership, Person
from approvals.services.accounts import delegations
from approvals.states import Tier
from tests import world
from tests.api.caller import Caller, as_session
from tests.api.test_decisions import decide, is_problem
from tests.delegating import DAY, NOW, lend
from tests.world import World


class TestADelegate:
    def test_decides_and_is_named_with_whom_it_was_for(self, here: World, friend: Person, big: Action) -> None:
        lend(here.senior, friend)
        caller = as_session(friend)
        assert [item["id"] for item in caller.get("queue/").json()["results"]] == [str(big.pk)]
        decision = decide(caller, "approve", big).json()["decision"]
        assert (decision["by"], decision["for"]) == ("friend", "senior")

    def test_is_refused_when_it_is_over_passed_on_or_the_proposers(
        self, here: World, junior: Caller, friend: Person, big: Action
    ) -> None:
        given = lend(here.senior, here.junior)
        delegations.end(actor=Actor(Door.ADMIN, person=here.senior), at=NOW, delegation_id=given.pk)
        problem = is_problem(decide(junior, "approve", big), 403)
        assert (problem["code"], "Your delegation from senior ended on" in problem["detail"]) == (
            "delegation_refused",
            True,
        )

        other = world.person("other")
        Membership.objects.create(person=other, desk=Desk.objects.create(slug="it", name="IT"), tier=Tier.SENIOR)
        lend(here.senior, other)
        lend(other, friend)
        problem = is_problem(decide(as_session(friend), "approve", big), 403)
        assert (problem["code"], "cannot be passed on" in problem["detail"]) == ("delegation_refused", True)

        lend(here.senior, here.owner)
        assert is_problem(decide(as_session(here.owner), "approve", big), 403)["code"] == "self_approval"
        assert LedgerEntry.objects.filter(action=big, event="decision.refused").count() == 3


class TestWarnings:
    def test_are_in_the_answer_to_a_proposal_and_in_the_queue(self, here: World, agent: Caller, junior: Caller) -> None:
        calendar = Calendar.objects.create(desk=here.desk)
        first = NOW.date() - DAY
        Holiday.objects.bulk_create(Holiday(calendar=calendar, on=first + DAY * step) for step in range(9))
        expiry = f"{NOW + DAY:%Y-%m-%dT%H:%M:%SZ}"
        body = agent.propose(expires_at=expiry).json()
        opens = f"{NOW.date() + 8 * DAY}T00:00:00Z"
        assert [(item["code"], item["next_on_duty_at"]) for item in body["warnings"]] == [("nobody_on_duty", opens)]
        routed = here.route(Action.objects.get(pk=body["id"]), NOW)
        assert junior.get("queue/").json()["results"][0]["warnings"] == routed.warnings != []

    def test_are_none_where_somebody_is_there(self, agent: Caller) -> None:
        assert agent.propose().json()["warnings"] == []
