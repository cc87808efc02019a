"""When something behind the door fails, the answer says so without a trace, and health tells it apart."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery import current_app
from django.db import connections
from django.test import Client

from approvals.actors import Door, system
from approvals.api import health
from approvals.services.ledger import sequencing
from tests.api.caller import BASE, Caller, proposal
from tests.api.test_hostile import is_problem
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def no_database(here: World) -> Any:
    """The database's address leads nowhere, as when its server is gone."""
    connection = connections["default"]
    connection.close()
    kept = connection.settings_dict["HOST"], connection.settings_dict["NAME"]
    connection.settings_dict.update(HOST="/nowhere", NAME="/nowhere/at/all")
    yield
    connection.close()
    connection.settings_dict.update(HOST=kept[0], NAME=kept[1])


class TestWithoutADatabase:
    def test_every_call_says_that_it_is_unavailable(self, agent: Caller, no_database: None) -> None:
        answers = [agent.get("me/"), agent.propose(), agent.get("actions/"), agent.get("events/", wait=5)]
        for answer in answers:
            assert is_problem(answer, 503)["code"] == "unavailable"
            assert int(answer["Retry-After"]) > 0

    def test_the_process_lives_and_is_not_ready(self, no_database: None) -> None:
        assert Client().get("/livez").json() == {"status": "ok"}
        answer = Client().get("/readyz")
        assert (answer.status_code, answer.json()["status"]) == (503, "failing")
        assert b"nowhere" not in answer.content


class TestAFaultOfOurs:
    def test_is_told_without_details(self, agent: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
        # Nothing known fails so, which is why a fault has to be put in to be seen.
        monkeypatch.setattr("approvals.api.intake.pagination.answer", lambda *_: 1 / 0)
        problem = is_problem(agent.get("actions/", {"X-Request-ID": "work-7"}), 500)
        assert (problem["code"], problem["request_id"]) == ("internal", "work-7")
        assert "division" not in problem["detail"]

    def test_outside_the_calls_is_told_so_too(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("django.contrib.messages.middleware.MessageMiddleware.process_request", lambda *_: 1 / 0)
        answer = Client(raise_request_exception=False).get(f"{BASE}me/")
        assert is_problem(answer, 500)["code"] == "internal"


class TestReadiness:
    @pytest.fixture(autouse=True)
    def unasked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The broker was not asked yet, whatever another test heard from it."""
        monkeypatch.setattr(health, "_bell", {"at": -health.BELL_SECONDS, "is_up": True})

    def test_holds_when_there_is_nothing_to_do(self, here: World) -> None:
        sequencing.sequence(actor=system(Door.CLOCK), at=datetime.now(UTC))
        assert Client().get("/readyz").json() == {"status": "ok", "faults": [], "doorbell": "up"}

    def test_ends_when_proposals_stay_unrouted(self, here: World, agent: Caller) -> None:
        agent.post("actions/", proposal(), {"Idempotency-Key": "new"})
        sequencing.sequence(actor=system(Door.CLOCK), at=datetime.now(UTC))
        assert Client().get("/readyz").status_code == 200
        here.propose(at=datetime.now(UTC) - timedelta(seconds=31))
        answer = Client().get("/readyz")
        assert (answer.status_code, len(answer.json()["faults"])) == (503, 2)
        assert "routing" in answer.json()["faults"][0]

    def test_tells_that_the_doorbell_is_down_and_holds(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
        monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
        sequencing.sequence(actor=system(Door.CLOCK), at=datetime.now(UTC))
        body = Client().get("/readyz").json()
        assert (body["status"], body["doorbell"]) == ("ok", "down")
