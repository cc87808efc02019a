"""Proposing over REST: durable at once, once per key, and refused with a reason when it is faulty."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from approvals.models import Action, LedgerEntry
from tests.api.caller import Caller, as_agent, as_session, proposal
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


class TestPropose:
    def test_takes_an_action_in(self, agent: Caller) -> None:
        answer = agent.propose(instruction="Post what came in.", reasoning="It is an invoice.", thread="mail-7")
        body = answer.json()
        assert answer.status_code == 201
        assert answer["Location"] == body["links"]["self"]
        assert (body["state"], body["evaluation"], body["decision"]) == ("proposed", None, None)
        assert (body["agent"], body["action_type"], body["thread"]) == ("invoice-bot", "invoice.post", "mail-7")
        assert body["revision"]["payload"]["amount"] == 717.97

    def test_tells_the_same_as_a_read(self, agent: Caller) -> None:
        evidence = [{"label": "PDF", "url": "https://example.com/a.pdf"}, {"label": "Lines", "value": [1, "x", None]}]
        told = agent.propose(evidence=evidence, expires_at="2099-01-01T00:00:00+02:00").json()
        assert agent.get(f"actions/{told['id']}/").json() == told
        assert told["evidence"] == evidence
        assert told["expires_at"] == "2098-12-31T22:00:00.000000Z"

    def test_answers_a_repetition_with_the_action_as_it_stands(self, here: World, agent: Caller) -> None:
        body = proposal()
        first = agent.post("actions/", body, {"Idempotency-Key": "one"})
        here.route(Action.objects.get())
        second = agent.post("actions/", body, {"Idempotency-Key": "one"})
        assert (second.status_code, second["Idempotent-Replayed"]) == (200, "true")
        assert (second.json()["id"], second.json()["state"]) == (first.json()["id"], "pending")
        assert "Idempotent-Replayed" not in first

    def test_refuses_the_key_with_another_body(self, agent: Caller) -> None:
        agent.propose(key="one")
        answer = agent.propose(key="one", amount=1)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_conflict")
        assert Action.objects.count() == 1

    def test_lets_two_agents_use_one_key(self, here: World, agent: Caller) -> None:
        other = as_agent(type(here.agent).objects.create(name="other", title="Other", owner=here.owner))
        assert agent.propose(key="one").status_code == other.propose(key="one").status_code == 201

    @pytest.mark.parametrize("key", ["", " ", "a b", "ä", "x" * 201])
    def test_needs_a_key(self, agent: Caller, key: str) -> None:
        answer = agent.post("actions/", proposal(), {"Idempotency-Key": key})
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")

    def test_points_at_each_fault_of_the_payload(self, agent: Caller) -> None:
        answer = agent.propose(issuer=None, currency="euro")
        assert (answer.status_code, answer.json()["code"]) == (422, "payload_invalid")
        assert {fault["pointer"] for fault in answer.json()["faults"]} == {"/issuer", "/currency"}

    def test_takes_a_payload_that_lacks_what_automation_needs(self, agent: Caller) -> None:
        answer = agent.propose(payload={"issuer": "Mill", "currency": "EUR"})
        assert answer.status_code == 201
        assert answer.json()["missing"] == ["/amount", "/invoice_number"]

    def test_refuses_an_unknown_type(self, agent: Caller) -> None:
        answer = agent.propose(action_type="moon.landing")
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_action_type")

    def test_needs_the_scope_of_the_type(self, here: World) -> None:
        answer = as_agent(here.agent, ("propose:other.kind",)).propose()
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
        assert as_agent(here.agent, ("propose:invoice.post",)).propose().status_code == 201

    def test_is_not_for_people(self, here: World) -> None:
        assert as_session(here.senior).propose().status_code == 403

    def test_waits_when_asked_to(self, here: World, agent: Caller) -> None:
        answer = agent.propose(headers={"Prefer": "wait=1"})
        assert (answer.status_code, answer["Preference-Applied"]) == (201, "wait=1")

    def test_makes_one_action_of_a_thousand_at_once(self, here: World) -> None:
        body = proposal()
        callers = threading.local()
        key = as_agent(here.agent).headers

        def send(_: int) -> tuple[int, str]:
            if not hasattr(callers, "one"):
                callers.one = Caller(Client(), key)
            answer = callers.one.post("actions/", body, {"Idempotency-Key": "one"})
            return answer.status_code, answer.json()["id"]

        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(send, range(1_000)))
            list(pool.map(lambda _: connection.close(), range(64)))
        assert sorted(status for status, _ in answers) == [200] * 999 + [201]
        assert len({found for _, found in answers}) == 1
        assert LedgerEntry.objects.filter(event="action.proposed").count() == 1


class TestBatch:
    def test_answers_each_item(self, agent: Caller) -> None:
        items = [proposal(idempotency_key=f"item-{number}") for number in range(250)]
        answer = agent.post("actions/batch/", {"proposals": items})
        results = answer.json()["results"]
        assert (answer.status_code, len(results), Action.objects.count()) == (200, 250, 250)
        assert {item["status"] for item in results} == {201}
        assert [item["idempotency_key"] for item in results] == [f"item-{number}" for number in range(250)]
        assert agent.get(f"actions/{results[0]['action']['id']}/").json()["state"] == "proposed"

    def test_refuses_faulty_items_alone(self, agent: Caller) -> None:
        good, again = proposal(idempotency_key="good"), proposal(idempotency_key="good")
        faulty: list[tuple[Any, int, str]] = [
            (proposal(), 400, "malformed"),
            (again, 422, "idempotency_conflict"),
            (proposal(idempotency_key="a", unknown=1), 400, "malformed"),
            (proposal(idempotency_key="b", issuer=7), 422, "payload_invalid"),
            (proposal(idempotency_key="c", action_type="x"), 422, "unknown_action_type"),
            (proposal(idempotency_key="d", confidence=2), 400, "malformed"),
            (proposal(idempotency_key="e", issuer="x" * 140_000), 413, "too_large"),
            ("text", 400, "malformed"),
        ]
        answer = agent.post("actions/batch/", {"proposals": [good, *(item for item, _, _ in faulty)]})
        first, *others = answer.json()["results"]
        assert (first["status"], first["problem"]) == (201, None)
        assert [(item["status"], item["problem"]["code"]) for item in others] == [(s, c) for _, s, c in faulty]
        assert Action.objects.count() == 1

    def test_is_replayed_item_by_item(self, agent: Caller) -> None:
        items = {"proposals": [proposal(idempotency_key="one")]}
        first, second = (agent.post("actions/batch/", items).json()["results"][0] for _ in range(2))
        assert (first["status"], second["status"], second["is_replay"]) == (201, 200, True)
        assert first["action"]["id"] == second["action"]["id"]

    @pytest.mark.parametrize("count", [0, 1_001])
    def test_takes_one_to_a_thousand(self, agent: Caller, count: int) -> None:
        assert agent.post("actions/batch/", {"proposals": [{}] * count}).status_code == 400

    def test_takes_a_thousand(self, agent: Caller) -> None:
        items = [proposal(idempotency_key=f"item-{number}") for number in range(1_000)]
        answer = agent.post("actions/batch/", {"proposals": items})
        assert (answer.status_code, Action.objects.count()) == (200, 1_000)
