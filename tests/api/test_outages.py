"""When something behind the door fails, the answer says so without a trace, and health tells it apart."""

import threading
import time
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery import current_app
from django.db import connections
from django.test import Client
from pytest_django import Settings

from approvals.actors import Door, system
from approvals.api import health
from approvals.models import Beat
from approvals.services.heartbeats import CLOCK
from approvals.services.ledger import sequencing
from tests import world
from tests.api.caller import BASE, Caller, as_session
from tests.api.test_hostile import is_problem
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
PROBES = (health.DATABASE, health.SYSTEM, health.BROKER)


@pytest.fixture(autouse=True)
def unasked(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Nothing was asked before, and there is time: this machine may be busy with other tests."""
    monkeypatch.setattr(health, "DEADLINE_SECONDS", 20.0)
    for probe in PROBES:
        probe.forget()
    yield
    for probe in PROBES:
        probe.forget()


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


class TestADatabaseThatCannot:
    """What the database refuses for lack of time or room is told in a sentence, on pages and to callers."""

    @pytest.mark.postgresql_only
    @pytest.mark.parametrize(
        ("setting", "statement", "code"),
        [
            ("statement_timeout = '80ms'", "SELECT pg_sleep(10)", "too_slow"),
            ("default_transaction_read_only = on", "DELETE FROM django_session", "read_only"),
        ],
    )
    def test_says_so(
        self, agent: Caller, here: World, monkeypatch: pytest.MonkeyPatch, setting: str, statement: str, code: str
    ) -> None:
        def fail(*_arguments: Any, **_more: Any) -> None:
            with connections["default"].cursor() as cursor:
                cursor.execute(f"SET {setting}")
                try:
                    cursor.execute(statement)
                finally:
                    cursor.execute(f"RESET {setting.split(' ')[0]}")

        monkeypatch.setattr("approvals.api.intake.pagination.answer", fail)
        monkeypatch.setattr("approvals.admin.account.tokens.TokenForm", fail)
        problem = is_problem(agent.get("actions/"), 503)
        assert (problem["code"], "othing was saved" in problem["detail"]) == (code, True)
        page = as_session(here.junior).client.get("/admin/tokens/")
        assert (page.status_code, page["Retry-After"]) == (503, "5")
        assert "othing was saved" in page.content.decode() and "Traceback" not in page.content.decode()


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
    def test_holds_however_much_waits_and_whatever_else_is_away(
        self, here: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A balancer would take every web process out because of one agent's batch."""
        without_broker(monkeypatch)
        here.propose(at=datetime.now(UTC) - timedelta(seconds=31))
        Beat.objects.create(name=CLOCK, at=datetime.now(UTC) - timedelta(days=1))
        answer = Client().get("/readyz")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok", "faults": []})


class TestHealth:
    def test_is_whole_when_there_is_nothing_to_do(self, here: World) -> None:
        sequencing.sequence(actor=system(Door.CLOCK), at=datetime.now(UTC))
        assert Client().get("/healthz").json() == {
            "status": "ok", "faults": [], "warnings": [], "doorbell": "up", "heartbeats": {}
        }  # fmt: skip

    def test_names_proposals_and_entries_that_nobody_takes_on(self, here: World) -> None:
        sequencing.sequence(actor=system(Door.CLOCK), at=datetime.now(UTC))
        here.propose(at=datetime.now(UTC) - timedelta(seconds=31))
        answer = Client().get("/healthz")
        assert (answer.status_code, answer.json()["status"]) == (503, "failing")
        routing, numbering = answer.json()["faults"]
        assert "for routing" in routing and "for a position" in numbering

    def test_names_a_broker_that_is_away(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        without_broker(monkeypatch)
        sequencing.sequence(actor=system(Door.CLOCK), at=datetime.now(UTC))
        answer = Client().get("/healthz")
        assert (answer.status_code, answer.json()["doorbell"]) == (503, "down")
        assert answer.json()["faults"] == ["The broker does not answer. Work goes on through the clock, seconds later."]

    def test_warns_of_a_limit_that_is_reached(self, here: World, agent: Caller, settings: Settings) -> None:
        settings.HITL_MAX_WAITING_PER_AGENT = 1
        assert [agent.propose().status_code for _ in range(2)] == [201, 429]
        sequencing.sequence(actor=system(Door.CLOCK), at=datetime.now(UTC))
        answer = Client().get("/healthz")
        assert (answer.status_code, len(answer.json()["warnings"])) == (200, 1)
        assert here.agent.name not in answer.content.decode()

    def test_warns_of_connectors_that_do_not_respond(self, here: World) -> None:
        world.open_breaker("http", "secret.example")
        sequencing.sequence(actor=system(Door.CLOCK), at=datetime.now(UTC))
        answer = Client().get("/healthz")
        assert (answer.status_code, answer.json()["warnings"][0][:2]) == (200, "1 ")
        assert "secret.example" not in answer.content.decode()


class TestMetrics:
    def test_name_connectors_that_do_not_respond(self, here: World, settings: Settings) -> None:
        settings.HITL_METRICS_TOKEN = "prometheus"
        world.open_breaker("http", "api.example")
        lines = Client(headers={"Authorization": "Bearer prometheus"}).get("/metrics").content.decode().splitlines()
        assert {'hitl_breaker_open{connector="http",host="api.example"} 1', "hitl_breakers_open 1"} <= {*lines}

    def test_are_for_whoever_has_the_token(self, here: World, settings: Settings) -> None:
        assert Client().get("/metrics").status_code == 404
        settings.HITL_METRICS_TOKEN = "prometheus"
        assert Client().get("/metrics").status_code == 401
        assert Client(headers={"Authorization": "Bearer other"}).get("/metrics").status_code == 401
        assert Client(headers={"Authorization": "Bearer prometheus"}).get("/metrics").status_code == 200

    def test_tell_what_waits_and_whose_limit_is_reached(self, here: World, agent: Caller, settings: Settings) -> None:
        settings.HITL_METRICS_TOKEN, settings.HITL_MAX_WAITING_PER_AGENT = "prometheus", 1
        assert [agent.propose().status_code for _ in range(2)] == [201, 429]
        lines = Client(headers={"Authorization": "Bearer prometheus"}).get("/metrics").content.decode().splitlines()
        assert {'hitl_waiting{what="proposed"} 1', 'hitl_backlog_full{agent="invoice-bot"} 1', "hitl_up 1"} <= {*lines}


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/healthz"])
class TestAProbe:
    def test_is_answered_by_address_and_over_http(self, here: World, settings: Settings, path: str) -> None:
        """Kubernetes and balancers ask by the address of the pod, and follow no redirect."""
        settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["hitl.example"]
        sequencing.sequence(actor=system(Door.CLOCK), at=datetime.now(UTC))
        assert Client(headers={"Host": "10.1.2.3:8000"}).get(path).status_code == 200
        assert Client(headers={"Host": "10.1.2.3:8000"}).get("/admin/").status_code in {301, 400}

    def test_answers_in_time_when_nothing_else_does(
        self, here: World, monkeypatch: pytest.MonkeyPatch, path: str
    ) -> None:
        monkeypatch.setattr(health, "DEADLINE_SECONDS", 0.35)
        hung = threading.Event()
        for probe in PROBES:
            monkeypatch.setattr(probe, "_check", hung.wait)
            probe.forget()
        began = time.monotonic()
        answer = Client().get(path)
        took = time.monotonic() - began
        hung.set()
        # Far less than for ever, and more than a busy machine needs.
        assert took < 10
        assert answer.status_code == (200 if path == "/livez" else 503)


def without_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    # The address to write to first: unset, it is read as the other one, and would be kept as that.
    for name in ("broker_write_url", "broker_url"):
        monkeypatch.setattr(current_app.conf, name, "redis://127.0.0.1:1/0")
