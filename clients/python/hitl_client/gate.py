"""Hold a piece of work until it is decided, and run what was approved once.

| the journal says | what happens |
|---|---|
| nothing, or `open` | propose (the same key finds the same action), wait, redeem, run |
| `began` | the effect may have happened: it is `unknown`, or runs again if it is declared repeatable |
| `finished` | the outcome is reported, and nothing runs |
| `reported` | the recorded result returns, and nothing runs |
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hitl_client import calls, keys
from hitl_client.action import ENDED_WITHOUT_EFFECT, GRANTED, Action
from hitl_client.errors import Failed, HitlError, NotApproved, NotDecidedYet, Refusal, Uncertain
from hitl_client.journal import BEGAN, FINISHED, OPEN, REPORTED, Entry, Journal
from hitl_client.steps import Call, Flow, Sleep

BETWEEN_LOOKS = 3.0


@dataclass(frozen=True, slots=True)
class Work:
    """What to propose, and how to do it. `run` gets the approved payload.

    `on_question` gets the action with its question, and returns the answer or None. `uncertain_on` are the errors of
    `run` after which nobody knows whether the effect happened; after another error it did not happen.
    """

    key: str
    action_type: str
    payload: Mapping[str, Any]
    run: Callable[[Mapping[str, Any]], Any]
    more: Mapping[str, Any] = field(default_factory=dict)
    timeout: float | None = None
    is_repeatable: bool = False
    on_question: Callable[[Action], Any] | None = None
    uncertain_on: tuple[type[BaseException], ...] = (TimeoutError, ConnectionError)


def hold(work: Work, journal: Journal) -> Flow[Any]:
    """Do the work once it is approved, and return its result.

    :raises NotApproved: it was rejected, has expired or was withdrawn.
    :raises NotDecidedYet: `work.timeout` is over; the same work goes on with the same action.
    :raises Uncertain: it may have happened before.
    :raises Failed: it was tried before, and failed.
    """
    until = None if work.timeout is None else time.monotonic() + work.timeout
    while True:
        with journal.hold(work.key) as is_ours:
            if is_ours:
                return (yield from _go_on(work, journal, journal.read(work.key), until))
        _check(until, "", "held by another process")
        yield Sleep(0.5)


def _go_on(work: Work, journal: Journal, entry: Entry, until: float | None) -> Flow[Any]:
    if entry.phase == BEGAN and not work.is_repeatable:
        _finish(journal, entry, "unknown", error="The agent stopped after it began, and before it knew the outcome.")
    if entry.phase == OPEN:
        journal.write(entry)
        action = yield from calls.propose(work.key, work.action_type, work.payload, work.more)
        entry.action_id = action.id
        redeemed = yield from _redeemed(work, entry, action, until)
        if redeemed.state != "executing":
            return _as_ended(redeemed)
        entry.payload, entry.phase = dict(redeemed.payload), BEGAN
        journal.write(entry)
        return (yield from _run(work, journal, entry))
    if entry.phase == BEGAN:
        action = yield from calls.get(entry.action_id)
        if action.state not in {"executing", "uncertain"}:
            return _as_ended(action)
        return (yield from _run(work, journal, entry))
    yield from _report(journal, entry)
    return _as_recorded(entry)


def _redeemed(work: Work, entry: Entry, action: Action, until: float | None) -> Flow[Action]:
    """Wait for the approval and redeem it; an action that ended returns as it is."""
    while True:
        action = yield from _decided(work, action, until)
        if action.state == "executing" or action.state in GRANTED:
            try:
                return (yield from calls.consume(action.id, entry.redemption))
            except Refusal as refusal:
                yield from _wait_out(refusal, action, until)
            action = yield from calls.get(action.id)
        elif action.state == "rejected" and action.final_at and (left := calls.seconds_until(action.final_at, None)):
            yield Sleep(min(left, BETWEEN_LOOKS) + 0.1)
            action = yield from calls.get(action.id)
        else:
            return action


def _decided(work: Work, action: Action, until: float | None) -> Flow[Action]:
    while not action.is_decided:
        if action.question is not None:
            answer = (yield Call(lambda: work.on_question(action))) if work.on_question else None
            if answer is not None:
                action = yield from calls.answer(action.id, str(answer), None, ())
                continue
            # A call that waits for a decision would return immediately while the question is open.
            yield Sleep(BETWEEN_LOOKS)
            action = yield from calls.get(action.id)
        else:
            left = None if until is None else max(0.0, until - time.monotonic())
            action = yield from calls.wait(action.id, left)
        if not action.is_decided:
            _check(until, action.id, action.state)
    return action


def _wait_out(refusal: Refusal, action: Action, until: float | None) -> Flow[None]:
    """Wait as long as a refusal to redeem says.

    :raises Uncertain: another process has redeemed the approval.
    """
    if refusal.code == "already_consumed":
        why = "The approval was redeemed before, by a process whose journal is not here."
        raise Uncertain(why, action.id) from refusal
    if refusal.code not in {"not_redeemable_yet", "not_approved", "approval_expired", "halted", "digest_mismatch"}:
        raise refusal
    _check(until, action.id, action.state)
    opens = refusal.details.get("redeemable_at") or refusal.details.get("not_before")
    left = calls.seconds_until(opens, None) if opens else BETWEEN_LOOKS
    # Never long: until then an approver can undo the approval, and the clocks can differ.
    yield Sleep(min(max(left, 0.2), BETWEEN_LOOKS))


def _run(work: Work, journal: Journal, entry: Entry) -> Flow[Any]:
    payload = entry.payload or {}
    try:
        result = yield Call(lambda: work.run(payload))
    except BaseException as error:
        is_known = isinstance(error, Exception) and not isinstance(error, (Uncertain, *work.uncertain_on))
        said = f"{type(error).__name__}: {error}"
        _finish(journal, entry, "failed" if is_known else "unknown", error=said)
        if isinstance(error, Exception):
            yield from _try_to_report(journal, entry)
        raise
    _finish(journal, entry, "succeeded", result=_recordable(result))
    yield from _try_to_report(journal, entry)
    return result


def _finish(journal: Journal, entry: Entry, outcome: str, *, result: Any = None, error: str = "") -> None:
    entry.phase, entry.outcome, entry.result, entry.error = FINISHED, outcome, result, error
    journal.write(entry)


def _try_to_report(journal: Journal, entry: Entry) -> Flow[None]:
    try:
        yield from _report(journal, entry)
    except HitlError:
        # The effect stands whether or not the server hears of it now. The journal reports it the next time.
        return


def _report(journal: Journal, entry: Entry) -> Flow[None]:
    if entry.phase != FINISHED:
        return
    try:
        yield from calls.report(entry.action_id, entry.outcome, entry.result, entry.error)
    except Refusal as refusal:
        # A person has settled it in the meantime: what they said stands.
        if refusal.code != "wrong_state":
            raise
    entry.phase = REPORTED
    journal.write(entry)


def _as_recorded(entry: Entry) -> Any:
    if entry.outcome == "succeeded":
        return entry.result
    if entry.outcome == "failed":
        raise Failed(entry.action_id, entry.error)
    raise Uncertain(entry.error, entry.action_id)


def _as_ended(action: Action) -> Any:
    if action.state == "executed":
        return action.result
    if action.state == "failed":
        raise Failed(action.id, action.error)
    if action.state in ENDED_WITHOUT_EFFECT:
        raise NotApproved(action.id, action.state, action.rationale, do_not_retry=action.do_not_retry)
    raise Uncertain(f"The action is {action.state}.", action.id)


def _check(until: float | None, action_id: str, state: str) -> None:
    if until is not None and time.monotonic() >= until:
        raise NotDecidedYet(action_id, state)


def _recordable(result: Any) -> Any:
    try:
        return keys.plain(result)
    except TypeError:
        return str(result)
