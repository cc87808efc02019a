"""Ends over REST: proposed, changed by a reviewer, ended early, listed while in effect; and requests to cancel."""

import pytest

from approvals.connectors.base import CallResult, CallStatus
from approvals.models import Action
from approvals.services.execution import dispatch
from tests import world
from tests.api.caller import Caller
from tests.api.test_hostile import is_problem
from tests.services.ends.given import WORKER, end_due, executed, tomorrow
from tests.services.ends.test_cancel import sent
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0, ends="optional"),
]


class TestUntil:
    def test_is_proposed_and_read_back(self, here: World, agent: Caller) -> None:
        until = tomorrow().isoformat()
        answer = agent.propose(until=until)
        assert answer.status_code == 201
        told = answer.json()
        assert (told["until"][:19], told["is_live"], told["end"]) == (until[:19], False, None)

    def test_is_refused_where_the_type_has_none(self, here: World, agent: Caller) -> None:
        here.set_kind(ends="never")
        answer = agent.propose(until=tomorrow().isoformat())
        assert "cannot have an end" in is_problem(answer, 400)["detail"]

    @pytest.mark.parametrize("name", ["until", "expires_at"])
    def test_is_refused_where_some_time_zone_cannot_show_it(self, here: World, agent: Caller, name: str) -> None:
        fault = is_problem(agent.propose(**{name: "9999-12-31T23:59:59Z"}), 400)["faults"][0]
        assert (fault["pointer"], fault["message"]) == (f"/{name}", "Enter a time before the year 9999.")
        assert not Action.objects.exists()

    def test_is_changed_by_a_reviewer(self, here: World, junior: Caller) -> None:
        action, until = here.pending(until=tomorrow()), world.now() + (tomorrow() - world.now()) / 2
        seen = {"revision": 1, "digest": action.revision.digest, "target_digest": world.target_of(action)["target"]}
        answer = junior.post(
            f"actions/{action.pk}/modify/",
            seen | {"payload": action.revision.payload, "until": until.isoformat()},
        )
        assert (answer.status_code, answer.json()["until"][:19]) == (200, until.isoformat()[:19])


class TestEnding:
    @pytest.mark.parametrize("who", ["agent", "junior"])
    def test_is_for_its_agent_and_for_a_reviewer(self, here: World, request: pytest.FixtureRequest, who: str) -> None:
        action = executed(here)
        caller: Caller = request.getfixturevalue(who)
        answer = caller.post(f"actions/{action.pk}/end/", {"rationale": "Done."})
        assert answer.status_code == 200
        assert (answer.json()["is_live"], answer.json()["end"]["state"]) == (True, "ready")
        end_due()
        told = caller.get(f"actions/{action.pk}/").json()
        assert (told["state"], told["is_live"], told["end"]["state"]) == ("executed", False, "succeeded")

    def test_is_refused_for_what_is_not_in_effect(self, here: World, junior: Caller) -> None:
        assert is_problem(junior.post(f"actions/{here.pending().pk}/end/", {}), 409)["code"] == "wrong_state"


class TestCanceling:
    @pytest.mark.parametrize("who", ["agent", "junior"])
    def test_says_that_it_was_asked(self, here: World, request: pytest.FixtureRequest, who: str) -> None:
        action, claim = sent(here)
        caller: Caller = request.getfixturevalue(who)
        answer = caller.post(f"actions/{action.pk}/cancel/", {"rationale": "A mistake."})
        assert (answer.status_code, answer.json()["state"]) == (202, "executing")
        assert answer.json()["execution"]["cancel_asked_at"]
        again = caller.post(f"actions/{action.pk}/cancel/", {})
        assert (again.status_code, again.json()["execution"]) == (202, answer.json()["execution"])
        dispatch.conclude(actor=WORKER, at=NOON, claim=claim, outcome=CallResult(CallStatus.DONE))
        assert caller.get(f"actions/{action.pk}/").json()["state"] == "executed"

    def test_says_that_it_was_done_between_attempts(self, here: World, junior: Caller) -> None:
        action, claim = sent(here)
        dispatch.conclude(actor=WORKER, at=NOON, claim=claim, outcome=CallResult(CallStatus.NOT_DONE))
        answer = junior.post(f"actions/{action.pk}/cancel/", {})
        assert (answer.status_code, answer.json()["state"]) == (200, "failed")

    def test_is_what_a_late_withdrawal_is_told_to_do(self, here: World, agent: Caller) -> None:
        action, _claim = sent(here)
        problem = is_problem(agent.post(f"actions/{action.pk}/withdraw/", {"reason": "No."}), 409)
        assert problem["code"] == "wrong_state" and "Ask to cancel" in problem["detail"]


class TestTheList:
    def test_of_what_is_live_holds_nothing_else(self, here: World, agent: Caller, junior: Caller) -> None:
        live, ended, waits = executed(here), executed(here), here.pending()
        junior.post(f"actions/{ended.pk}/end/", {})
        end_due()
        for caller in (agent, junior):
            assert ids(caller, "?live=true") == [str(live.pk)]
        assert set(ids(agent, "?live=false")) == {str(ended.pk), str(waits.pk)}


def ids(caller: Caller, query: str) -> list[str]:
    return [each["id"] for each in caller.get(f"actions/{query}").json()["results"]]


def test_the_execution_that_is_told_is_never_its_end(here: World, agent: Caller) -> None:
    action: Action = executed(here)
    assert agent.get(f"actions/{action.pk}/").json()["execution"]["state"] == "succeeded"
