"""Claims over REST: a lease, so that two people do not work on one item."""

import pytest

from approvals.models import Claim
from tests.api.caller import Caller
from tests.api.test_hostile import is_problem
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


class TestAClaim:
    def test_says_who_and_until_when(self, here: World, junior: Caller) -> None:
        answer = junior.post(f"actions/{here.pending().pk}/claim/", {})
        assert (answer.status_code, answer.json()["by"]) == (200, "junior")
        assert answer.json()["until"] > answer.json()["since"]

    def test_keeps_others_away_until_they_take_over(self, here: World, junior: Caller, senior: Caller) -> None:
        path = f"actions/{here.pending().pk}/claim/"
        junior.post(path, {})
        refused = senior.post(path, {})
        problem = is_problem(refused, 409)
        assert (problem["code"], problem["by"]) == ("claimed_by_another", "junior")
        assert senior.post(path, {"force": True}).json()["by"] == "senior"

    def test_is_given_back(self, here: World, junior: Caller) -> None:
        action = here.pending()
        junior.post(f"actions/{action.pk}/claim/", {})
        assert junior.post(f"actions/{action.pk}/release/", {}).json()["state"] == "pending"
        assert not Claim.objects.exists()

    def test_is_not_for_agents(self, here: World, agent: Caller) -> None:
        assert is_problem(agent.post(f"actions/{here.pending().pk}/claim/", {}), 403)["code"] == "not_allowed"


class TestHandingOver:
    def test_says_who_has_it_now(self, here: World, junior: Caller, senior: Caller) -> None:
        action = here.pending()
        answer = junior.post(f"actions/{action.pk}/hand_over/", {"to": "senior", "reason": "You know them."})
        assert (answer.status_code, answer.json()["by"]) == (200, "senior")
        assert is_problem(junior.post(f"actions/{action.pk}/claim/", {}), 409)["by"] == "senior"

    def test_is_refused_to_whoever_may_not_decide_it(self, here: World, senior: Caller) -> None:
        action = here.pending(amount=9000)
        problem = is_problem(senior.post(f"actions/{action.pk}/hand_over/", {"to": "junior", "reason": "Please."}), 400)
        assert (problem["code"], problem["field"]) == ("malformed", "to")

    def test_is_told_to_people_and_not_to_the_agent(self, here: World, junior: Caller, agent: Caller) -> None:
        action = here.pending()
        junior.post(f"actions/{action.pk}/hand_over/", {"to": "senior", "reason": "You know them."})
        assert "You know them." in junior.get(f"actions/{action.pk}/timeline/").content.decode()
        assert "You know them." not in agent.get(f"actions/{action.pk}/timeline/").content.decode()

    def test_is_not_for_agents(self, here: World, agent: Caller) -> None:
        answer = agent.post(f"actions/{here.pending().pk}/hand_over/", {"to": "senior", "reason": "Please."})
        assert is_problem(answer, 403)["code"] == "not_allowed"
