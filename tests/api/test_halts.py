"""The stop button over REST: what is halted, halting, lifting, and what an agent is told meanwhile."""

import pytest

from approvals.actors import Door, system
from approvals.models import Halt
from approvals.services.ledger import sequencing
from tests import world
from tests.api.caller import Caller, as_session, as_token, proposal, seen
from tests.world import NOON, World

DESK = {"scope": "desk", "name": "finance", "reason": "Odd amounts."}


def start(caller: Caller, **changes: str) -> str:
    answer = caller.post("halts/", DESK | changes)
    assert answer.status_code == 200, answer.content
    return str(answer.json()["id"])


class TestStarting:
    def test_answers_with_the_halt(self, junior: Caller) -> None:
        told = junior.post("halts/", DESK).json()
        assert told["started_by"] == "junior" and told["lifted_at"] is None
        assert {name: told[name] for name in DESK} == DESK

    def test_needs_only_a_scope_and_a_name(self, junior: Caller) -> None:
        assert junior.post("halts/", {"scope": "action_type", "name": "invoice.post"}).status_code == 200

    def test_works_with_a_token_that_may_decide(self, here: World) -> None:
        assert as_token(here.junior, "read").post("halts/", DESK).status_code == 403
        assert as_token(here.junior, "read", "decide").post("halts/", DESK).status_code == 200

    def test_is_not_for_agents(self, agent: Caller) -> None:
        answer = agent.post("halts/", {"scope": "agent", "name": "invoice-bot"})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
        assert agent.get("halts/").status_code == 403

    @pytest.mark.parametrize("body", [{}, {"scope": "planet"}, {"scope": "desk", "name": 1}, DESK | {"until": "x"}])
    def test_is_refused_what_has_no_form(self, junior: Caller, body: dict[str, object]) -> None:
        assert junior.post("halts/", body).status_code == 400

    def test_twice_is_a_conflict(self, junior: Caller, senior: Caller) -> None:
        start(junior)
        assert senior.post("halts/", DESK).json()["code"] == "wrong_state"


class TestLifting:
    def test_needs_a_second_person_and_a_reason(self, junior: Caller, senior: Caller) -> None:
        lift = f"halts/{start(junior)}/lift/"
        alone = junior.post(lift, {"reason": "Done."})
        assert (alone.status_code, alone.json()["code"]) == (403, "self_approval")
        assert senior.post(lift, {}).status_code == 400
        told = senior.post(lift, {"reason": "Checked."}).json()
        assert (told["lifted_by"], told["lift_reason"]) == ("senior", "Checked.")

    def test_is_not_for_tokens(self, here: World, junior: Caller) -> None:
        answer = as_token(here.senior, "decide").post(f"halts/{start(junior)}/lift/", {"reason": "Checked."})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")

    def test_of_nothing_is_not_found(self, junior: Caller) -> None:
        assert junior.post(f"halts/{world.unknown_id()}/lift/", {"reason": "Checked."}).status_code == 404


class TestTheList:
    def test_goes_on_page_by_page_and_filters(self, junior: Caller, senior: Caller) -> None:
        first = start(junior)
        senior.post(f"halts/{first}/lift/", {"reason": "Checked."})
        second = start(junior)
        page = junior.get("halts/", limit=1).json()
        assert [item["id"] for item in page["results"]] == [second]
        rest = junior.client.get(page["next"], headers=junior.headers).json()
        assert [item["id"] for item in rest["results"]] == [first] and rest["next"] is None
        assert [item["id"] for item in junior.get("halts/", lifted="true").json()["results"]] == [first]
        assert [item["id"] for item in junior.get("halts/", lifted="false").json()["results"]] == [second]

    def test_holds_nothing_of_other_desks(self, here: World, junior: Caller) -> None:
        start(junior)
        start(as_session(here.owner), scope="agent", name="invoice-bot")
        seen = as_session(world.person("stranger")).get("halts/").json()["results"]
        assert [item["scope"] for item in seen] == ["agent"]


class TestAnAgent:
    def test_is_told_that_it_is_halted_and_may_send_the_same_later(self, agent: Caller, junior: Caller) -> None:
        body, key = proposal(), {"Idempotency-Key": "one"}
        lift = f"halts/{start(junior, scope='action_type', name='invoice.post')}/lift/"
        refused = agent.post("actions/", body, key)
        assert (refused.status_code, refused.json()["code"]) == (409, "halted")
        assert (refused.json()["scope"], refused.json()["name"]) == ("action_type", "invoice.post")
        assert "junior" not in refused.content.decode() and "Odd" not in refused.content.decode()
        junior.post(lift, {"reason": "Checked."})
        assert agent.post("actions/", body, key).status_code == 201

    def test_is_answered_a_replay_all_the_same(self, agent: Caller, junior: Caller) -> None:
        body, key = proposal(), {"Idempotency-Key": "one"}
        agent.post("actions/", body, key)
        start(junior)
        answer = agent.post("actions/", body, key)
        assert (answer.status_code, answer["Idempotent-Replayed"]) == (200, "true")

    def test_is_told_for_each_item_of_a_batch(self, agent: Caller, junior: Caller) -> None:
        start(junior)
        items = [proposal(idempotency_key=f"item-{number}") for number in range(3)]
        told = agent.post("actions/batch/", {"proposals": items}).json()["results"]
        assert [(item["status"], item["problem"]["code"]) for item in told] == [(409, "halted")] * 3

    def test_may_still_ask_what_policy_would_say(self, agent: Caller, junior: Caller) -> None:
        start(junior)
        assert agent.post("evaluate/", proposal()).status_code == 200


class TestAPerson:
    def test_is_told_that_nothing_is_approved(self, here: World, junior: Caller, senior: Caller) -> None:
        action = here.pending()
        start(junior)
        body = seen(action)
        answer = senior.post(f"actions/{action.pk}/approve/", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "halted")
        assert senior.post(f"actions/{action.pk}/reject/", body).status_code == 200


def test_events_do_not_tell_desks_of_each_others_halts(here: World, junior: Caller, agent: Caller) -> None:
    start(junior)
    sequencing.sequence(actor=system(Door.CLOCK), at=NOON)
    assert "halt.started" not in agent.get("events/").content.decode()
    assert Halt.objects.count() == 1
