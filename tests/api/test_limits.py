"""Each key has its own limit, and whoever is over it is told when to come back."""

import pytest
from pytest_django import Settings

from approvals.api.auth.throttling import BUCKETS, MAX_BUCKETS, Buckets
from tests.api.caller import Caller, as_agent, proposal
from tests.api.test_hostile import is_problem
from tests.world import World


class TestABucket:
    def test_gives_a_minutes_worth_at_once_and_then_fills_up(self) -> None:
        buckets = Buckets()
        assert [buckets.take("a", 60, 0.0) for _ in range(60)] == [0.0] * 60
        assert buckets.take("a", 60, 0.0) == 1.0
        assert buckets.take("a", 60, 0.5) == 0.5
        assert buckets.take("a", 60, 1.0) == 0.0
        assert buckets.take("a", 60, 1.0) > 0

    def test_is_each_keys_own(self) -> None:
        buckets = Buckets()
        for _ in range(10):
            buckets.take("a", 10, 0.0)
        assert buckets.take("a", 10, 0.0) > 0
        assert buckets.take("b", 10, 0.0) == 0.0

    def test_is_forgotten_when_there_are_too_many(self) -> None:
        buckets = Buckets()
        for number in range(MAX_BUCKETS + 10):
            buckets.take(str(number), 10, 0.0)
        assert len(buckets._levels) == MAX_BUCKETS


@pytest.mark.django_db(transaction=True)
class TestAKey:
    def test_over_its_limit_is_told_when_to_come_back(self, here: World, agent: Caller, settings: Settings) -> None:
        settings.HITL_RATE_PER_MINUTE = 12
        BUCKETS.forget()
        answers = [agent.get("me/") for _ in range(13)]
        assert [answer.status_code for answer in answers[:12]] == [200] * 12
        assert is_problem(answers[12], 429)["code"] == "rate_limited"
        assert 1 <= int(answers[12]["Retry-After"]) <= 5
        assert as_agent(here.agent).get("me/").status_code == 200

    def test_has_no_limit_when_it_is_set_to_none(self, agent: Caller, settings: Settings) -> None:
        settings.HITL_RATE_PER_MINUTE = 0
        assert {agent.get("me/").status_code for _ in range(20)} == {200}


@pytest.mark.django_db(transaction=True)
class TestABacklog:
    def test_that_is_full_is_told_with_the_time_to_come_again(self, agent: Caller, settings: Settings) -> None:
        settings.HITL_MAX_WAITING_PER_AGENT = 1
        assert agent.propose().status_code == 201
        answer = agent.propose()
        problem = is_problem(answer, 429)
        assert (problem["code"], problem["scope"], problem["limit"]) == ("backlog_full", "agent", 1)
        assert answer["Retry-After"] == "60"

    def test_refuses_each_item_of_a_batch_that_finds_no_room(self, agent: Caller, settings: Settings) -> None:
        settings.HITL_MAX_WAITING_PER_AGENT = 2
        items = [proposal(idempotency_key=f"item-{number}") for number in range(3)]
        results = agent.post("actions/batch/", {"proposals": items}).json()["results"]
        assert [result["status"] for result in results] == [201, 201, 429]
        assert results[2]["problem"]["retry_after"] == 60
