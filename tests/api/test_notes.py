"""A question and its answer over REST."""

import threading
import time

import pytest
from django.db import connection
from django.http import HttpResponse

from approvals.actors import Actor, Door
from approvals.models import Action
from approvals.services.decisions import notes
from tests import world
from tests.api.caller import Caller, seen
from tests.api.test_hostile import is_problem
from tests.world import NOON, World

pytestmark = pytest.mark.django_db(transaction=True)


class TestAQuestion:
    def test_is_told_to_the_agent_until_it_answers(self, junior: Caller, agent: Caller, action: Action) -> None:
        asked = junior.post(f"actions/{action.pk}/request_info/", {"text": "Which order?"}).json()
        assert (asked["state"], asked["question"]["text"], asked["question"]["by"]) == (
            "pending",
            "Which order?",
            "junior",
        )
        assert agent.get(f"actions/{action.pk}/").json()["question"]["text"] == "Which order?"
        evidence = [{"label": "Order", "url": "https://example.com/orders/7"}]
        answered = agent.post(f"actions/{action.pk}/answer/", {"text": "Order 7.", "evidence": evidence}).json()
        assert (answered["state"], answered["question"]) == ("pending", None)

    def test_is_in_the_timeline_with_its_answer(self, junior: Caller, agent: Caller, action: Action) -> None:
        junior.post(f"actions/{action.pk}/request_info/", {"text": "Which order?"})
        agent.post(f"actions/{action.pk}/answer/", {"text": "Order 7."})
        told = junior.get(f"actions/{action.pk}/timeline/").json()["results"]
        said = {moment["event"]: moment["rationale"] for moment in told}
        assert (said["information.requested"], said["information.given"]) == ("Which order?", "Order 7.")

    def test_ends_a_wait_for_the_decision(self, here: World, agent: Caller, action: Action) -> None:
        def ask() -> None:
            time.sleep(0.4)
            notes.ask(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, action_id=action.pk, text="Which order?")
            connection.close()

        asking = threading.Thread(target=ask)
        asking.start()
        began = time.monotonic()
        body = agent.get(f"actions/{action.pk}/?wait=30").json()
        asking.join()
        assert (body["question"]["text"], time.monotonic() - began < 10) == ("Which order?", True)

    def test_is_not_the_agents_to_ask(self, agent: Caller, action: Action) -> None:
        assert is_problem(agent.post(f"actions/{action.pk}/request_info/", {"text": "?"}), 403)["code"] == "not_allowed"

    def test_is_not_a_persons_to_answer(self, junior: Caller, action: Action) -> None:
        junior.post(f"actions/{action.pk}/request_info/", {"text": "Which order?"})
        assert is_problem(junior.post(f"actions/{action.pk}/answer/", {"text": "7"}), 403)["code"] == "not_allowed"


class TestAnAnswerWithAPayload:
    def answer(self, agent: Caller, action: Action, **changes: object) -> HttpResponse:
        body = {"text": "Corrected.", "payload": action.revision.payload | changes}
        return agent.post(f"actions/{action.pk}/answer/", body)

    @pytest.fixture
    def asked(self, junior: Caller, action: Action) -> Action:
        junior.post(f"actions/{action.pk}/request_info/", {"text": "Is the amount right?"})
        return action

    def test_is_the_agents_new_revision(self, agent: Caller, asked: Action) -> None:
        told = self.answer(agent, asked, amount=700).json()
        assert (told["state"], told["question"], told["changes"]) == ("pending", None, [])
        assert (told["revision"]["number"], told["revision"]["author"]) == (2, "invoice-bot")
        assert told["revision"]["payload"]["amount"] == 700

    def test_makes_what_was_seen_stale(self, junior: Caller, agent: Caller, asked: Action) -> None:
        body = seen(asked)
        self.answer(agent, asked, amount=700)
        assert is_problem(junior.post(f"actions/{asked.pk}/approve/", body), 409)["code"] == "stale_revision"

    def test_is_told_why_policy_blocks_it(self, here: World, agent: Caller, asked: Action) -> None:
        rule = "{name: rude, when: 'payload.issuer == \"Rogue\"', outcome: block, says: Nothing goes to Rogue.}"
        world.publish(f"{world.POLICY}rules: [{rule}]\n", "invoices", here.owner, here.senior)
        problem = is_problem(self.answer(agent, asked, issuer="Rogue"), 422)
        assert (problem["code"], problem["rules"], problem["do_not_retry"]) == ("blocked_by_policy", ["rude"], True)
        assert "Nothing goes to Rogue." in problem["detail"]
        assert agent.get(f"actions/{asked.pk}/").json()["question"]["text"] == "Is the amount right?"

    def test_names_each_fault_of_the_form(self, agent: Caller, asked: Action) -> None:
        problem = is_problem(self.answer(agent, asked, amount="much"), 422)
        assert problem["faults"][0]["pointer"] == "/amount"
