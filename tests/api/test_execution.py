"""An agent takes back, redeems once and reports; a person settles what is uncertain."""

import pytest

from approvals.models import Action, Agent
from approvals.states import ExecutionMode
from tests import world
from tests.api.caller import Caller, as_agent
from tests.api.test_hostile import is_problem
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def redeemable(here: World) -> Action:
    here.kind.execution, here.kind.connector, here.kind.undo_seconds = ExecutionMode.AGENT, "", 0
    here.kind.save()
    return here.approved()


@pytest.fixture
def stranger(here: World) -> Caller:
    return as_agent(Agent.objects.create(name="other", title="Other", owner=here.owner))


class TestWithdraw:
    def test_takes_an_action_back(self, here: World, agent: Caller) -> None:
        answer = agent.post(f"actions/{here.pending().pk}/withdraw/", {"reason": "The customer called."})
        assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")

    def test_needs_a_reason(self, here: World, agent: Caller) -> None:
        is_problem(agent.post(f"actions/{here.pending().pk}/withdraw/", {}), 400)

    def test_is_for_its_own_agent(self, here: World, stranger: Caller) -> None:
        is_problem(stranger.post(f"actions/{here.pending().pk}/withdraw/", {"reason": "Mine."}), 404)

    def test_comes_too_late_when_it_was_rejected(self, here: World, agent: Caller) -> None:
        action = here.pending()
        world.decide("reject", action, here.junior)
        assert is_problem(agent.post(f"actions/{action.pk}/withdraw/", {"reason": "x"}), 409)["code"] == "wrong_state"


class TestConsume:
    def test_redeems_an_approval_once(self, redeemable: Action, agent: Caller) -> None:
        first = agent.post(f"actions/{redeemable.pk}/consume/")
        assert (first.status_code, first.json()["state"]) == (200, "executing")
        assert first.json()["revision"]["payload"] == redeemable.revision.payload
        again = agent.post(f"actions/{redeemable.pk}/consume/")
        assert is_problem(again, 409)["code"] == "already_consumed"

    def test_with_the_same_key_is_answered_again(self, redeemable: Action, agent: Caller) -> None:
        one, other = {"Idempotency-Key": "work-1"}, {"Idempotency-Key": "work-2"}
        first, again = (agent.post(f"actions/{redeemable.pk}/consume/", headers=one) for _ in range(2))
        assert (first.status_code, first.json()) == (again.status_code, again.json()) and first.status_code == 200
        refused = agent.post(f"actions/{redeemable.pk}/consume/", headers=other)
        assert is_problem(refused, 409)["code"] == "already_consumed"

    def test_with_a_key_that_is_none_is_refused(self, redeemable: Action, agent: Caller) -> None:
        answer = agent.post(f"actions/{redeemable.pk}/consume/", headers={"Idempotency-Key": "a b"})
        assert is_problem(answer, 400)["code"] == "malformed"

    def test_is_told_when_it_can_be_redeemed(self, here: World, agent: Caller) -> None:
        here.set_kind(execution=ExecutionMode.AGENT, connector="", undo_seconds=60)
        action = here.approved()
        told = agent.get(f"actions/{action.pk}/").json()["execution"]
        refused = is_problem(agent.post(f"actions/{action.pk}/consume/"), 409)
        assert (refused["code"], refused["redeemable_at"]) == ("not_redeemable_yet", told["redeemable_at"])
        assert told["redeemable_at"] < told["valid_until"]

    def test_needs_an_approval(self, here: World, agent: Caller) -> None:
        here.kind.execution = ExecutionMode.AGENT
        here.kind.save()
        assert is_problem(agent.post(f"actions/{here.pending().pk}/consume/"), 409)["code"] == "not_approved"

    def test_is_for_its_own_agent(self, redeemable: Action, stranger: Caller) -> None:
        is_problem(stranger.post(f"actions/{redeemable.pk}/consume/"), 404)

    def test_is_not_for_what_our_worker_carries_out(self, here: World, agent: Caller) -> None:
        assert is_problem(agent.post(f"actions/{here.approved().pk}/consume/"), 409)


class TestOutcome:
    @pytest.mark.parametrize(("outcome", "state"), [("succeeded", "executed"), ("failed", "failed")])
    def test_ends_a_redeemed_action(self, redeemable: Action, agent: Caller, outcome: str, state: str) -> None:
        agent.post(f"actions/{redeemable.pk}/consume/")
        error = "" if outcome == "succeeded" else "No such account."
        report = {"outcome": outcome, "result": {"voucher": 7}, "error": error}
        body = agent.post(f"actions/{redeemable.pk}/outcome/", report).json()
        assert body["state"] == state
        assert body["execution"]["result"] == {"voucher": 7}

    def test_that_is_unknown_leaves_it_uncertain(self, redeemable: Action, agent: Caller) -> None:
        agent.post(f"actions/{redeemable.pk}/consume/")
        body = agent.post(f"actions/{redeemable.pk}/outcome/", {"outcome": "unknown", "error": "No answer."}).json()
        assert (body["state"], body["execution"]["error"]) == ("uncertain", "No answer.")

    def test_that_is_unknown_has_no_result(self, redeemable: Action, agent: Caller) -> None:
        agent.post(f"actions/{redeemable.pk}/consume/")
        is_problem(agent.post(f"actions/{redeemable.pk}/outcome/", {"outcome": "unknown", "result": 1}), 400)

    def test_is_not_for_what_was_not_redeemed(self, redeemable: Action, agent: Caller) -> None:
        is_problem(agent.post(f"actions/{redeemable.pk}/outcome/", {"outcome": "succeeded"}), 409)

    @pytest.mark.parametrize("body", [{}, {"outcome": True}, {"outcome": "done"}, {"outcome": "failed", "x": 1}])
    def test_says_whether_it_succeeded(self, redeemable: Action, agent: Caller, body: dict[str, object]) -> None:
        is_problem(agent.post(f"actions/{redeemable.pk}/outcome/", body), 400)


class TestResolve:
    def test_is_not_for_what_is_certain(self, here: World, senior: Caller) -> None:
        body = {"resolution": "happened", "rationale": "I saw it."}
        is_problem(senior.post(f"actions/{here.approved().pk}/resolve/", body), 409)

    def test_knows_three_outcomes(self, here: World, senior: Caller) -> None:
        is_problem(
            senior.post(f"actions/{here.approved().pk}/resolve/", {"resolution": "maybe", "rationale": "x"}), 400
        )
