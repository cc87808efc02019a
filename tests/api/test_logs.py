"""Each request has one line and an id; by both, and by the action's id, an operator finds what belongs together."""

import json
import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from celery import current_app
from pytest_django import Settings
from structlog.testing import capture_logs

from approvals import logs, tasks
from approvals.services import doorbell
from tests.api.caller import Caller

MERGED = [structlog.contextvars.merge_contextvars]


@pytest.fixture
def lines(settings: Settings) -> Iterator[list[Any]]:
    settings.HITL_ACCESS_LOG = True
    with capture_logs(MERGED) as found:
        yield found
    structlog.contextvars.clear_contextvars()


def of_requests(lines: list[Any]) -> list[Any]:
    return [line for line in lines if line["event"] == "http.request"]


class TestARequest:
    def test_is_one_line_with_the_clients_id_which_is_answered_back(self, agent: Caller, lines: list[Any]) -> None:
        answer = agent.get("me/", headers={"X-Request-ID": "order-7:retry.1"})
        assert answer["X-Request-ID"] == "order-7:retry.1"
        (line,) = of_requests(lines)
        assert (line["request_id"], line["method"], line["route"]) == ("order-7:retry.1", "GET", "api/v1/me/")
        assert (line["status"], line["log_level"]) == (200, "info") and line["ms"] > 0

    @pytest.mark.parametrize("given", ["", "a b", "x" * 129, 'a"b', "ä"])
    def test_gets_an_id_where_the_clients_is_none(self, agent: Caller, lines: list[Any], given: str) -> None:
        answer = agent.get("me/", headers={"X-Request-ID": given})
        assert len(answer["X-Request-ID"]) == 32
        assert of_requests(lines)[0]["request_id"] == answer["X-Request-ID"]

    def test_for_a_page_has_an_id_too(self, junior: Caller, lines: list[Any]) -> None:
        answer = junior.client.get("/admin/inbox/", headers={"X-Request-ID": "page-1"})
        assert answer["X-Request-ID"] == of_requests(lines)[0]["request_id"] == "page-1"

    def test_tells_no_query(self, agent: Caller, lines: list[Any]) -> None:
        agent.get("actions/", subject="secret-subject")
        assert "secret-subject" not in json.dumps(lines)

    def test_that_finds_nothing_tells_a_bounded_path(self, agent: Caller, lines: list[Any]) -> None:
        agent.client.get("/" + "a" * 900)
        assert len(of_requests(lines)[0]["route"]) == 200

    def test_names_the_action_that_it_made_or_asked_for(self, agent: Caller, lines: list[Any]) -> None:
        made = agent.propose().json()["id"]
        agent.get(f"actions/{made}/")
        assert [line["action_id"] for line in of_requests(lines)] == [made, made]

    def test_that_fails_is_an_error(self, agent: Caller, lines: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
        agent.client.raise_request_exception = False
        monkeypatch.setattr("approvals.api.discovery.Me.get", lambda *_: 1 / 0)
        assert agent.get("me/").status_code == 500
        assert of_requests(lines)[0]["log_level"] == "error"

    def test_of_a_probe_is_no_line(self, agent: Caller, lines: list[Any]) -> None:
        agent.client.get("/livez")
        assert of_requests(lines) == []

    def test_leaves_its_names_to_no_other(self, agent: Caller, lines: list[Any]) -> None:
        agent.propose()
        agent.get("me/")
        assert "action_id" not in of_requests(lines)[1]


class TestATask:
    def test_is_told_whose_request_rang(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sent: list[Any] = []
        monkeypatch.setattr(current_app, "send_task", lambda task, **options: sent.append(options["headers"]))
        with logs.within(request_id="order-7"):
            doorbell.ring_now(doorbell.ROUTE)
        doorbell.ring_now(doorbell.ROUTE)
        assert sent == [{"request_id": "order-7"}, {}]

    @pytest.mark.django_db(transaction=True)
    def test_says_so_in_each_line(self, monkeypatch: pytest.MonkeyPatch, lines: list[Any]) -> None:
        monkeypatch.setattr(tasks, "current_task", SimpleNamespace(request=SimpleNamespace(request_id="order-7")))
        tasks.begin(doorbell.ROUTE)
        structlog.get_logger().info("something")
        assert (lines[-1]["request_id"], lines[-1]["task"]) == ("order-7", doorbell.ROUTE)


class TestALineOfOthers:
    def test_is_json_with_level_name_and_failure(self, capsys: pytest.CaptureFixture[str]) -> None:
        logger = logging.getLogger("tests.others")
        logger.propagate = False
        logger.addHandler(handler := logs.Handler())
        try:
            with logs.within(request_id="order-7"):
                logger.error("It failed: %s", "disk", exc_info=ValueError("odd"))
        finally:
            logger.removeHandler(handler)
        line = json.loads(capsys.readouterr().out)
        assert (line["event"], line["level"], line["logger"]) == ("It failed: disk", "error", "tests.others")
        assert line["request_id"] == "order-7" and line["exception"][0]["exc_type"] == "ValueError"
