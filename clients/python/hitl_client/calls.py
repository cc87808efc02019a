"""The calls of the REST API as flows: what is sent, what is sent again, and what an answer means."""

import json
import math
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from hitl_client.action import Action, read
from hitl_client.errors import NotDecidedYet, NotUnderstood, Refusal, Unreachable
from hitl_client.steps import Answer, Flow, Send, Sleep

LONGEST_WAIT = 60
# How many seconds a call is sent again while the server is away; waiting for people is more patient.
PATIENCE = 120.0
WAITING_PATIENCE = 3600.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
LONGEST_ERROR = 5_000


def send(step: Send, *, repeatable: bool = True, patience: float = PATIENCE) -> Flow[Answer]:
    """Send a call and return its answer. What is temporary is sent again for `patience` seconds.

    :raises Refusal: the server refused.
    :raises Unreachable: it did not answer.
    """
    until, pause = time.monotonic() + patience, FIRST_PAUSE
    while True:
        problem: Refusal | Unreachable
        try:
            answer: Answer = yield step
            if answer.status < 400:
                return answer
            problem = refusal_of(answer)
            # A proxy that says 502 or 504 does not know whether the server took the call.
            is_temporary = answer.status in {429, 503} or (repeatable and answer.status in {502, 504})
        except Unreachable as broken:
            problem, is_temporary = broken, repeatable
        wait = getattr(problem, "retry_after", None) or pause
        if not is_temporary or time.monotonic() + wait > until:
            raise problem
        yield Sleep(wait)
        pause = min(pause * 2, LONGEST_PAUSE)


def refusal_of(answer: Answer) -> Refusal:
    """Return the refusal that an answer describes; a proxy's page is one too."""
    try:
        body = json.loads(answer.content)
        code, detail = str(body["code"]), str(body["detail"])
    except (ValueError, KeyError, TypeError):
        body, code, detail = {}, "not_understood", f"The server answered with status {answer.status}."
    return Refusal(answer.status, code, detail, body, retry_after(answer))


def retry_after(answer: Answer) -> float | None:
    """Return the seconds that an answer asks to wait, or None."""
    try:
        return max(0.0, float(answer.headers["retry-after"]))
    except (KeyError, ValueError):
        return None


def body_of(answer: Answer) -> Any:
    """Return the JSON of an answer.

    :raises NotUnderstood: it is not JSON.
    """
    try:
        return json.loads(answer.content)
    except ValueError as error:
        raise NotUnderstood("The answer is not JSON. Check the address of the server.") from error


def action_of(answer: Answer, action_id: str | None = None) -> Action:
    """Return the action that an answer describes, and its time by the server's clock.

    :raises NotUnderstood: it describes none, or another one than the call was about.
    """
    found = read(body_of(answer), _time_of(answer))
    if action_id is not None and found.id != action_id:
        raise NotUnderstood(f"The answer is about action {found.id}, and the call was about {action_id}.")
    return found


def _time_of(answer: Answer) -> datetime | None:
    try:
        return parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return None


def propose(key: str, body: Mapping[str, Any]) -> Flow[Action]:
    """Propose an action, or return the one that this key already names.

    `body` has `action_type`, `payload` and the other fields of a proposal.
    """
    return action_of((yield from send(Send("POST", "actions/", body=body, headers={"Idempotency-Key": key}))))


def get(action_id: str) -> Flow[Action]:
    """Read an action."""
    return action_of((yield from send(Send("GET", f"actions/{action_id}/"))), action_id)


def poll(action_id: str, until: str, seconds: float = LONGEST_WAIT) -> Flow[Action]:
    """Read an action once it is so far, or a reviewer asks, or when the seconds are over (60 at most).

    `until` is `routed`, `decided`, `redeemable` or `final`.
    """
    wait = max(0, min(LONGEST_WAIT, math.ceil(seconds)))
    step = Send("GET", f"actions/{action_id}/", {"wait": wait, "until": until}, seconds=wait + 30.0)
    answer = yield from send(step, patience=WAITING_PATIENCE)
    if wait and (pause := retry_after(answer)):
        # The server has no place left for waiting calls. Asking again immediately would only load it.
        yield Sleep(min(pause, wait))
    return action_of(answer, action_id)


def wait(action_id: str, timeout: float | None) -> Flow[Action]:
    """Wait until an action is decided, or has a reviewer's question.

    :raises NotDecidedYet: nobody decided within `timeout` seconds.
    """
    until = math.inf if timeout is None else time.monotonic() + timeout
    action = yield from get(action_id)
    while not action.is_decided and action.question is None:
        if (left := until - time.monotonic()) <= 0:
            raise NotDecidedYet(action_id, action.state)
        action = yield from poll(action_id, "decided", min(left, LONGEST_WAIT))
    return action


def consume(action_id: str, key: str) -> Flow[Action]:
    """Redeem an approval. With the same key, the call can be repeated."""
    step = Send("POST", f"actions/{action_id}/consume/", body={}, headers={"Idempotency-Key": key})
    return action_of((yield from send(step)), action_id)


def report(action_id: str, outcome: str, result: Any, error: str) -> Flow[Action]:
    """Report what happened: `succeeded`, `failed` or `unknown`. A result that HITL does not take is left out."""
    body = {"outcome": outcome, "result": result, "error": error[:LONGEST_ERROR]}
    step = Send("POST", f"actions/{action_id}/outcome/", body=body)
    try:
        answer = yield from send(step)
    except Refusal as refusal:
        if refusal.status not in {400, 413, 422} or result is None:
            raise
        answer = yield from send(Send("POST", f"actions/{action_id}/outcome/", body={**body, "result": None}))
    return action_of(answer, action_id)


def withdraw(action_id: str, reason: str) -> Flow[Action]:
    """Withdraw an action. To withdraw it again changes nothing."""
    try:
        answer = yield from send(Send("POST", f"actions/{action_id}/withdraw/", body={"reason": reason}))
    except Refusal as refusal:
        # The answer of an earlier try can have been lost.
        if refusal.code == "wrong_state" and (now := (yield from get(action_id))).state == "withdrawn":
            return now
        raise
    return action_of(answer, action_id)


def answer(
    action_id: str, text: str, payload: Mapping[str, Any] | None, evidence: Sequence[Mapping[str, Any]]
) -> Flow[Action]:
    """Answer a reviewer's question. A lost answer is not repeated: the next question may be another one."""
    body: dict[str, Any] = {"text": text, "evidence": list(evidence)}
    if payload is not None:
        body["payload"] = payload
    step = Send("POST", f"actions/{action_id}/answer/", body=body)
    return action_of((yield from send(step, repeatable=False)), action_id)


def corrections(limit: int) -> Flow[list[dict[str, Any]]]:
    """Return the corrections of the newest decisions, at most those of `limit` decisions (200 at most)."""
    return (yield from _listed(Send("GET", "corrections/", {"limit": limit})))


def action_types() -> Flow[list[dict[str, Any]]]:
    """Return the action types that this key may propose, with their schemas."""
    return (yield from _listed(Send("GET", "action_types/")))


def _listed(step: Send) -> Flow[list[dict[str, Any]]]:
    body = body_of((yield from send(step)))
    try:
        return list(body["results"] if isinstance(body, dict) else body)
    except (KeyError, TypeError) as error:
        raise NotUnderstood("The answer is not a list.") from error
