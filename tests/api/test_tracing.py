"""Spans follow a request into its task, its statements and its calls, and hold nothing private."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from celery import current_app
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from approvals import tasks, tracing
from approvals.connectors.http import authorized
from approvals.connectors.outbound import Request
from approvals.services import doorbell
from hitl_project.observability import traces
from hitl_project.postgresql import base
from tests.api.caller import Caller


class Recorder:
    """Keeps what was told, as a tracer would."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, dict[str, str], str]] = []
        self.open: list[dict[str, str]] = []

    @contextmanager
    def span(self, name: str, attributes: Mapping[str, str], carried: Mapping[str, str]) -> Iterator[None]:
        own = dict(attributes)
        self.spans.append((name, own, carried.get(tracing.NAME, "")))
        self.open.append(own)
        try:
            yield
        finally:
            self.open.pop()

    def note(self, attributes: Mapping[str, str]) -> None:
        if self.open:
            self.open[-1].update(attributes)

    def carried(self) -> dict[str, str]:
        return {tracing.NAME: "00-aa-bb-01"}


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    found = Recorder()
    tracing.use(found)
    yield found
    tracing.use(None)


def test_a_request_is_a_span_with_its_route_and_action(agent: Caller, recorder: Recorder) -> None:
    made = agent.propose(headers={"traceparent": "00-cc-dd-01"}).json()["id"]
    name, told, carried = recorder.spans[0]
    assert (name, carried, told["route"], told["action_id"]) == ("http POST", "00-cc-dd-01", "api/v1/actions/", made)


def test_a_task_goes_on_with_the_trace_of_who_rang(monkeypatch: pytest.MonkeyPatch, recorder: Recorder) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(current_app, "send_task", lambda task, **options: sent.append(options["headers"]))
    doorbell.ring_now(doorbell.ROUTE)
    monkeypatch.setattr(tasks, "current_task", SimpleNamespace(request=SimpleNamespace(**sent[0])))
    with tasks.traced(doorbell.ROUTE):
        pass
    assert recorder.spans == [(doorbell.ROUTE, {}, "00-aa-bb-01")]


def test_an_outbound_request_carries_the_trace(recorder: Recorder) -> None:
    sent = authorized(Request("POST", "https://erp.example.com/", {}, b""), {"url": "https://erp.example.com/"})
    assert sent.headers[tracing.NAME] == "00-aa-bb-01"


@pytest.mark.postgresql_only
@pytest.mark.django_db
def test_a_statement_is_told_by_its_first_word(recorder: Recorder) -> None:
    wrapped = base.DatabaseWrapper(connection.settings_dict).execute_wrappers
    with connection.execute_wrapper(wrapped[0]), connection.cursor() as cursor:
        cursor.execute("SELECT %s", ["private"])
    assert recorder.spans == [("database", {"operation": "SELECT"}, "")]


def test_nothing_is_kept_unless_it_is_wanted() -> None:
    assert not tracing.is_on() and tracing.carried() == {}
    assert base.DatabaseWrapper(connection.settings_dict).execute_wrappers == []
    traces.start(False)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    monkeypatch.delitem(sys.modules, "hitl_project.observability.otel", raising=False)
    with pytest.raises(ImproperlyConfigured, match="HITL_TRACING needs the package opentelemetry"):
        traces.start(True)
