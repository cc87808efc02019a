"""The calls of the REST API as flows: what is sent, what is sent again, and what an answer means."""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from hitl_client.action import Action, read
from hitl_client.errors import NotDecidedYet, NotUnderstood, Refusal, Unreachable
from hitl_client.steps import Answer, Flow, Send, Sleep

LONGEST_WAIT = 60
PATIENCE = 120.0


def send(step: Send, *, repeatable: bool = True, patience: float = PATIENCE) -> Flow[Answer]:
    """Send a call and return its answer. What is temporary is sent again for `patience` seconds.

    :raises Refusal: the server refused.
    :raises Unreachable: it did not answer.
    """
    until, pause = time.monotonic() + patience, 0.5
    while True:
        problem: Refusal | Unreachable
        try:
            answer: Answer = yield step
            if answer.status < 400:
                return answer
            problem = refusal_of(answer)
            is_temporary = problem.status in {429, 503}
            pause = problem.retry_after or pause
        except Unreachable as broken:
            problem, is_temporary = broken, repeatable
        if not is_temporary or time.monotonic() + pause > until:
            raise problem
        yield Sleep(pause)
        pause = min(pause * 2, 15.0)


def refusal_of(answer: Answer) -> Refusal:
    """Return the refusal that an answer describes; a proxy's page is one too."""
    try:
        body = json.loads(answer.content)
        code, detail = str(body["code"]), str(body["detail"])
    except (ValueError, KeyError, TypeError):
        body, code, detail = {}, "not_understood", f"The server answered with status {answer.status}."
    try:
        after = float(answer.headers["retry-after"])
    except (KeyError, ValueError):
        after = None
    return Refusal(answer.status, code, detail, body, after)


def body_of(answer: Answer) -> Any:
    """Return the JSON of an answer.

    :raises NotUnderstood: it is not JSON.
    """
    try:
        return json.loads(answer.content)
    except ValueError as error:
        raise NotUnderstood("The answer is not JSON. Check the address of the server.") from error


def seconds_until(moment: str, answer: Answer | None) -> float:
    """How long until this moment by the server's clock, or by ours if the answer does not tell its own."""
    now = datetime.now(UTC)
    if answer is not None and "date" in answer.headers:
        now = parsedate_to_datetime(answer.headers["date"])
    return max(0.0, (datetime.fromisoformat(moment) - now).total_seconds())


def propose(key: str, action_type: str, payload: Mapping[str, Any], more: Mapping[str, Any]) -> Flow[Action]:
    """Propose an action, or return the one that this key already names."""
    body = {"action_type": action_type, "payload": payload, **more}
    answer = yield from send(Send("POST", "actions/", body=body, headers={"Idempotency-Key": key}))
    return read(body_of(answer))


def get(action_id: str) -> Flow[Action]:
    """Read an action."""
    answer = yield from send(Send("GET", f"actions/{action_id}/"))
    return read(body_of(answer))


def poll(action_id: str, until: str, seconds: float) -> Flow[Action]:
    """Read an action once it is so far, or when the seconds are over."""
    wait = max(0, min(LONGEST_WAIT, int(seconds)))
    step = Send("GET", f"actions/{action_id}/", {"wait": wait, "until": until}, seconds=wait + 30.0)
    answer = yield from send(step)
    if "retry-after" in answer.headers:
        # The server has no place left for waiting calls. Asking again immediately would only load it.
        yield Sleep(min(refusal_of(answer).retry_after or 1.0, max(seconds, 0.0)))
    return read(body_of(answer))


def wait(action_id: str, timeout: float | None) -> Flow[Action]:
    """Wait until an action is decided, or a reviewer asks a question.

    :raises NotDecidedYet: nobody decided within `timeout` seconds.
    """
    until = None if timeout is None else time.monotonic() + timeout
    while True:
        left = LONGEST_WAIT if until is None else until - time.monotonic()
        action = yield from poll(action_id, "decided", left)
        if action.is_decided or action.question is not None:
            return action
        if until is not None and time.monotonic() >= until:
            raise NotDecidedYet(action_id, action.state)
        if left < 1:
            yield Sleep(max(left, 0.1))


def consume(action_id: str, key: str) -> Flow[Action]:
    """Redeem an approval. With the same key, the call can be repeated."""
    step = Send("POST", f"actions/{action_id}/consume/", body={}, headers={"Idempotency-Key": key})
    return read(body_of((yield from send(step))))


def report(action_id: str, outcome: str, result: Any, error: str) -> Flow[Action]:
    """Report what happened: `succeeded`, `failed` or `unknown`."""
    body = {"outcome": outcome, "result": result, "error": error[:5_000]}
    answer = yield from send(Send("POST", f"actions/{action_id}/outcome/", body=body))
    return read(body_of(answer))


def withdraw(action_id: str, reason: str) -> Flow[Action]:
    """Withdraw an action. To withdraw it again changes nothing."""
    try:
        answer = yield from send(Send("POST", f"actions/{action_id}/withdraw/", body={"reason": reason}))
    except Refusal as refusal:
        # The answer of an earlier try can have been lost.
        if refusal.code == "wrong_state" and (yield from get(action_id)).state == "withdrawn":
            return (yield from get(action_id))
        raise
    return read(body_of(answer))


def answer(
    action_id: str, text: str, payload: Mapping[str, Any] | None, evidence: Sequence[Mapping[str, Any]]
) -> Flow[Action]:
    """Answer a reviewer's question. A lost answer is not repeated: the next question may be another one."""
    body: dict[str, Any] = {"text": text, "evidence": list(evidence)}
    if payload is not None:
        body["payload"] = payload
    step = Send("POST", f"actions/{action_id}/answer/", body=body)
    return read(body_of((yield from send(step, repeatable=False))))


def corrections(limit: int) -> Flow[list[dict[str, Any]]]:
    """Return the newest decisions' corrections, at most those of `limit` decisions (200 at most)."""
    answer = yield from send(Send("GET", "corrections/", {"limit": limit}))
    try:
        return list(body_of(answer)["results"])
    except (KeyError, TypeError) as error:
        raise NotUnderstood("The answer is not a list of corrections.") from error
