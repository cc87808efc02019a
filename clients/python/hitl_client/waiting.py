"""Wait until an approval can be redeemed, and redeem it.

Only the server's clock counts: `until=redeemable` holds the call until nobody can undo the approval any more.

| the refusal to redeem | what happens |
|---|---|
| `already_consumed` | it was redeemed under another key: nobody knows what became of it |
| `not_redeemable_yet`, `halted`, `restoring` | wait, and try again |
| `not_approved`, `approval_expired`, `digest_mismatch`, `attachment_missing` | read the action: it went back or ended |
| anything else, or one of those three times in a row | it is raised |
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from hitl_client import calls
from hitl_client.action import GRANTED, REDEEMED, Action
from hitl_client.errors import NotDecidedYet, Refusal, Uncertain, Unreachable
from hitl_client.steps import Call, Flow, Sleep

LATER = frozenset({"not_redeemable_yet", "halted", "restoring"})
LOOK_AGAIN = frozenset({"not_approved", "approval_expired", "digest_mismatch", "attachment_missing"})
MOST_IN_A_ROW = 3
# How long an approval is waited for at least, so that a time limit for people does not cut off the undo time.
GRACE = 60.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a reviewer's question. `payload` is the complete corrected payload, if the proposal was wrong."""

    text: str
    payload: Mapping[str, Any] | None = None
    evidence: Sequence[Mapping[str, Any]] = ()


@dataclass(slots=True)
class Waiting:
    """One wait for one action. `until` is in seconds of the monotonic clock."""

    redemption: str
    until: float = math.inf
    on_question: Callable[[Action], Any] | None = None
    left_open: str | None = None
    pause: float = calls.FIRST_PAUSE
    refused: int = 0
    is_extended: bool = False

    def redeem(self, action: Action) -> Flow[tuple[Action, bool]]:
        """Wait for the approval and redeem it; return the action, and whether this redeemed it.

        :raises NotDecidedYet: the time is over.
        :raises Uncertain: the approval was redeemed under another key.
        """
        while not action.is_over:
            if action.state in GRANTED | REDEEMED:
                self._extend()
                try:
                    return (yield from calls.consume(action.id, self.redemption)), True
                except Refusal as refusal:
                    yield from self._after(refusal, action)
            elif action.state == "rejected":
                # It can still be undone. The time of an answer has whole seconds.
                yield Sleep(1.0)
            elif (yield from self._answered(action)):
                action = yield from calls.get(action.id)
                continue
            action = yield from self._later(action)
        return action, False

    def _extend(self) -> None:
        if not self.is_extended:
            self.is_extended, self.until = True, max(self.until, time.monotonic() + GRACE)

    def _later(self, action: Action) -> Flow[Action]:
        if (left := self.until - time.monotonic()) <= 0:
            raise NotDecidedYet(action.id, action.state)
        return (yield from calls.poll(action.id, "redeemable", min(left, calls.LONGEST_WAIT)))

    def _after(self, refusal: Refusal, action: Action) -> Flow[None]:
        if refusal.code == "already_consumed":
            why = "The approval was redeemed before, by a process whose journal is not here."
            raise Uncertain(why, action.id) from refusal
        if refusal.code in LOOK_AGAIN:
            self.refused += 1
        if refusal.code not in LATER | LOOK_AGAIN or self.refused >= MOST_IN_A_ROW:
            raise refusal
        yield Sleep(min(refusal.retry_after or self.pause, max(0.0, self.until - time.monotonic())))
        self.pause = min(self.pause * 2, calls.LONGEST_PAUSE)

    def _answered(self, action: Action) -> Flow[bool]:
        """Ask the agent for an answer, once for each question; return whether the action is to be read again."""
        if action.question is None or self.on_question is None or action.question == self.left_open:
            return False
        reply = yield Call(partial(self.on_question, action))
        if reply is None:
            self.left_open = action.question
            return False
        reply = reply if isinstance(reply, Reply) else Reply(str(reply))
        try:
            yield from calls.answer(action.id, reply.text, reply.payload, reply.evidence)
        except Unreachable:
            # Whether it arrived shows when the action is read: then the question is gone.
            yield Sleep(self.pause)
        except Refusal as refusal:
            # Somebody decided, or asked something else, in the meantime.
            if refusal.code != "wrong_state":
                raise
        return True
