"""What is sent again, and how answers that are no answers are taken."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from hitl_client import Client, NotUnderstood, Refusal, Unreachable
from hitl_client.action import read

ACTION = {"id": "a1", "state": "pending", "action_type": "t", "revision": {"number": 1, "payload": {}}}
FOUND = httpx.Response(200, json=ACTION)


class Script:
    """Answers in order; an exception is raised in place of an answer."""

    def __init__(self, *answers: httpx.Response | Exception):
        self.answers, self.requests = list(answers), list[httpx.Request]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def refused(status: int, code: str = "unavailable", **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "detail": "No."}, headers=headers)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each pause was. The clock goes on by it, so that patience can end."""
    pauses: list[float] = []
    real = time.monotonic
    monkeypatch.setattr(time, "sleep", pauses.append)
    monkeypatch.setattr(time, "monotonic", lambda: real() + sum(pauses))
    return pauses


@pytest.fixture
def scripted(tmp_path: Path, slept: list[float]) -> Callable[..., tuple[Client, Script]]:
    def make(*answers: httpx.Response | Exception) -> tuple[Client, Script]:
        script = Script(*answers)
        return Client("http://hitl.example.com", "k", journal=tmp_path, transport=httpx.MockTransport(script)), script

    return make


@pytest.mark.parametrize(
    "first",
    [refused(503), refused(429, "rate_limited"), httpx.Response(502), httpx.Response(504), httpx.ReadError("lost")],
    ids=["503", "429", "502", "504", "lost"],
)
def test_sends_again_what_is_temporary(scripted: Any, slept: list[float], first: Any) -> None:
    client, script = scripted(first, FOUND)
    assert client.propose("key", "t", {}).id == "a1"
    assert [request.headers["Idempotency-Key"] for request in script.requests] == ["key", "key"]
    assert len(slept) == 1


def test_waits_as_long_as_the_server_says(scripted: Any, slept: list[float]) -> None:
    client, _ = scripted(refused(503, **{"Retry-After": "7"}), FOUND)
    client.get("a1")
    assert slept == [7.0]


@pytest.mark.parametrize(("answer", "error"), [(refused(503), Refusal), (httpx.ConnectError("no"), Unreachable)])
def test_gives_up_in_the_end(scripted: Any, slept: list[float], answer: Any, error: type[Exception]) -> None:
    client, _ = scripted(*[answer] * 50)
    with pytest.raises(error):
        client.get("a1")
    assert 90 < sum(slept) <= 120


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 500])
def test_raises_at_once_what_is_not_temporary(scripted: Any, slept: list[float], status: int) -> None:
    client, _ = scripted(refused(status, "some_code"))
    with pytest.raises(Refusal) as refusal:
        client.get("a1")
    assert (refusal.value.status, refusal.value.code, slept) == (status, "some_code", [])


def test_does_not_send_an_answer_again_whose_fate_is_unknown(scripted: Any) -> None:
    client, script = scripted(httpx.ReadError("lost"))
    with pytest.raises(Unreachable):
        client.answer("a1", "Yes.")
    assert len(script.requests) == 1


def test_leaves_out_a_result_that_is_refused(scripted: Any) -> None:
    client, script = scripted(refused(413, "too_large"), FOUND)
    client.outcome("a1", "succeeded", result="x" * 10)
    assert [json.loads(request.content)["result"] for request in script.requests] == ["x" * 10, None]


def test_a_place_for_waiting_that_is_taken_is_asked_for_later(scripted: Any, slept: list[float]) -> None:
    client, _ = scripted(httpx.Response(200, json=ACTION, headers={"Retry-After": "1"}))
    client.poll("a1", "decided")
    assert slept == [1.0]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={**ACTION, "id": "a2"}),
        httpx.Response(200, json={**ACTION, "state": "imagined"}),
        httpx.Response(200, json={**ACTION, "revision": {"number": 1, "payload": None}}),
    ],
    ids=["a page", "a list", "another action", "an unknown state", "no payload"],
)
def test_does_not_act_on_what_it_does_not_understand(scripted: Any, answer: httpx.Response) -> None:
    client, _ = scripted(answer)
    with pytest.raises(NotUnderstood):
        client.get("a1")


def test_a_redirect_gets_no_key(scripted: Any) -> None:
    client, script = scripted(httpx.Response(302, headers={"Location": "http://evil.example.com/"}))
    with pytest.raises(NotUnderstood):
        client.get("a1")
    assert len(script.requests) == 1


@pytest.mark.parametrize(("second", "is_over"), [(9, False), (10, True)])
def test_a_rejection_is_over_by_the_servers_clock(second: int, is_over: bool) -> None:
    body = {**ACTION, "state": "rejected", "decision": {"final_at": "2020-01-01T00:00:10Z"}}
    assert read(body, datetime(2020, 1, 1, 0, 0, second, tzinfo=UTC)).is_over == is_over
