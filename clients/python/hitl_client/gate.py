"""Hold a piece of work until it is decided, and run what was approved once.

| the journal says | what happens |
|---|---|
| nothing, or `open` | propose (the same key finds the same action), wait, redeem, run |
| `began` | the effect may have happened: it is `unknown`, or runs again if it is declared repeatable |
| `finished` | the outcome is reported, and nothing runs |
| `reported` | the recorded result returns, and nothing runs |
"""

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx

from hitl_client import calls, keys
from hitl_client.action import ENDED_WITHOUT_EFFECT, REDEEMED, Action
from hitl_client.errors import Failed, HitlError, NotApproved, NotDecidedYet, Refusal, Uncertain, Unreachable
from hitl_client.journal import BEGAN, FINISHED, OPEN, REPORTED, Entry, Journal
from hitl_client.steps import Call, Flow, Sleep
from hitl_client.waiting import Waiting

# After these, nobody knows whether the effect happened: a call to another system broke off. Errors of `requests`,
# `aiohttp` and `urllib` are OSErrors.
UNCERTAIN_ON: tuple[type[BaseException], ...] = (OSError, httpx.TransportError)
STOPPED = "The agent stopped after it began, and before it knew the outcome."
NEVER_BEGAN = "The agent stopped after it redeemed the approval, and before it began. Nothing happened."


@dataclass(frozen=True, slots=True)
class Work:
    """What to propose, and how to do it. `run` gets the approved payload.

    `on_question` gets the action with its question, and returns a text, a `Reply` or None. `uncertain_on` are the
    errors of `run` after which nobody knows whether the effect happened; after another error it did not happen.
    """

    key: str
    action_type: str
    payload: Mapping[str, Any]
    run: Callable[[Mapping[str, Any]], Any]
    more: Mapping[str, Any] = field(default_factory=dict)
    timeout: float | None = None
    is_repeatable: bool = False
    on_question: Callable[[Action], Any] | None = None
    uncertain_on: tuple[type[BaseException], ...] = UNCERTAIN_ON


def hold(work: Work, journal: Journal) -> Flow[Any]:
    """Do the work once it is approved, and return its result.

    :raises NotApproved: it was rejected, has expired or was withdrawn.
    :raises NotDecidedYet: `work.timeout` is over; the same work goes on with the same action.
    :raises Uncertain: it may have happened.
    :raises Failed: it was tried before, and failed. What `run` raises now is raised as it is.
    """
    until = math.inf if work.timeout is None else time.monotonic() + work.timeout
    if not journal.is_recovered:
        journal.is_recovered = True
        yield from recover(journal, but=work.key)
    while True:
        with journal.hold(work.key) as is_ours:
            if is_ours:
                return (yield from _go_on(work, journal, journal.read(work.key), until))
        if time.monotonic() >= until:
            raise NotDecidedYet("", "held by another process")
        yield Sleep(0.5)


def recover(journal: Journal, *, but: str = "") -> Flow[list[str]]:
    """Report what earlier processes left unreported; return the IDs of these actions.

    An effect that began without an outcome is `unknown`. What another process works on is left to it.

    :raises Unreachable: the server did not answer.
    """
    told = []
    for key in journal.known():
        with journal.hold(key) as is_ours:
            if key == but or not is_ours:
                continue
            entry = journal.read(key)
            if entry.phase == BEGAN and not entry.is_repeatable:
                _finish(journal, entry, "unknown", error=STOPPED)
            if entry.phase == FINISHED and (yield from _is_reported(journal, entry)):
                told.append(entry.action_id)
    return told


def _go_on(work: Work, journal: Journal, entry: Entry, until: float) -> Flow[Any]:
    if entry.phase == OPEN:
        return (yield from _first(work, journal, entry, until))
    if entry.is_in_doubt and work.is_repeatable:
        return (yield from _again(work, journal, entry))
    if entry.phase == BEGAN:
        _finish(journal, entry, "unknown", error=STOPPED)
    yield from _try_to_report(journal, entry)
    if entry.outcome == "unknown":
        # A person can have found out what happened.
        action = yield from calls.get(entry.action_id)
        return _as_ended(action, entry.error)
    if entry.outcome == "failed":
        raise Failed(entry.action_id, entry.error)
    return entry.result


def _first(work: Work, journal: Journal, entry: Entry, until: float) -> Flow[Any]:
    if entry.proposal is None:
        entry.proposal = {"action_type": work.action_type, "payload": work.payload, **work.more}
        entry.is_repeatable = work.is_repeatable
        journal.write(entry)
    action = yield from calls.propose(work.key, entry.proposal)
    entry.action_id = action.id
    waiting = Waiting(entry.redemption, until, work.on_question)
    action, is_redeemed = yield from waiting.redeem(action)
    if is_redeemed and action.state == "executing":
        entry.payload, entry.phase = dict(action.payload), BEGAN
        journal.write(entry)
        return (yield from _run(work, journal, entry))
    if is_redeemed and action.state == "uncertain":
        # The agent was away for so long that the server gave up. Only this journal knows that nothing ran.
        _finish(journal, entry, "failed", error=NEVER_BEGAN)
        yield from _try_to_report(journal, entry)
        raise Failed(action.id, NEVER_BEGAN)
    return _as_ended(action)


def _again(work: Work, journal: Journal, entry: Entry) -> Flow[Any]:
    action = yield from calls.get(entry.action_id)
    if action.state not in REDEEMED:
        return _as_ended(action)
    entry.phase, entry.outcome, entry.error = BEGAN, "", ""
    journal.write(entry)
    return (yield from _run(work, journal, entry))


def _run(work: Work, journal: Journal, entry: Entry) -> Flow[Any]:
    try:
        result = yield Call(partial(work.run, entry.payload or {}))
    except BaseException as error:
        is_known = isinstance(error, Exception) and not isinstance(error, (Uncertain, *work.uncertain_on))
        _finish(journal, entry, "failed" if is_known else "unknown", error=f"{type(error).__name__}: {error}")
        if not isinstance(error, Exception):
            # The process is about to end. The next one reports it.
            raise
        yield from _try_to_report(journal, entry)
        if is_known:
            raise
        raise Uncertain(str(error), entry.action_id) from error
    _finish(journal, entry, "succeeded", result=_recordable(result))
    yield from _try_to_report(journal, entry)
    return result


def _finish(journal: Journal, entry: Entry, outcome: str, *, result: Any = None, error: str = "") -> None:
    entry.phase, entry.outcome, entry.result = FINISHED, outcome, result
    entry.error = error.encode("utf-8", "replace").decode().replace("\0", " ")
    journal.write(entry)


def _try_to_report(journal: Journal, entry: Entry) -> Flow[None]:
    try:
        yield from _is_reported(journal, entry)
    except Unreachable:
        # The effect stands whether or not the server hears of it now. The journal reports it the next time.
        return


def _is_reported(journal: Journal, entry: Entry) -> Flow[bool]:
    """Report a finished entry; return whether HITL knows now what became of it."""
    if entry.phase == FINISHED:
        try:
            yield from calls.report(entry.action_id, entry.outcome, entry.result, entry.error)
        except Refusal as refusal:
            # A person has settled it in the meantime: what they said stands.
            if refusal.code != "wrong_state":
                return False
        except HitlError as error:
            if isinstance(error, Unreachable):
                raise
            return False
        entry.phase = REPORTED
        journal.write(entry)
    return True


def _as_ended(action: Action, why: str = "") -> Any:
    if action.state == "executed":
        return action.result
    if action.state == "failed":
        raise Failed(action.id, action.error)
    if action.state in ENDED_WITHOUT_EFFECT:
        raise NotApproved(action.id, action.state, action.rationale, do_not_retry=action.do_not_retry)
    raise Uncertain(why or f"The action is {action.state}.", action.id)


def _recordable(result: Any) -> Any:
    """The result as JSON has it, or as text."""
    try:
        found = keys.plain(result)
        json.dumps(found, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError):
        return str(result).encode("utf-8", "replace").decode()
    return found
