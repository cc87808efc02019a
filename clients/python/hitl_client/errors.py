"""What can go wrong, in classes that a program can tell apart."""

from collections.abc import Mapping
from typing import Any


class HitlError(Exception):
    """Base of every error of this client; the message says what happened."""


class Unreachable(HitlError):
    """The server did not answer, so nobody knows whether it took the call. Every call but `answer` can be repeated."""


class NotUnderstood(HitlError):
    """The answer is not what the API promises. A proxy may have answered in place of HITL."""


class Refusal(HitlError):
    """HITL refused a call.

    `code` is stable, `details` has all members of the problem document, and `retry_after` is in seconds or None.
    """

    def __init__(self, status: int, code: str, detail: str, details: Mapping[str, Any], retry_after: float | None):
        super().__init__(f"{code}: {detail}")
        self.status, self.code, self.detail = status, code, detail
        self.details, self.retry_after = details, retry_after


class NotDecidedYet(HitlError):
    """The time to wait is over. The action still waits for a person; the same call goes on waiting for it."""

    def __init__(self, action_id: str, state: str):
        named = f"Action {action_id}" if action_id else "The action"
        super().__init__(f"{named} is {state}. It has not run yet.")
        self.action_id, self.state = action_id, state


class NotApproved(HitlError):
    """The action ended without approval and did not run. `state` is rejected, expired or withdrawn."""

    def __init__(self, action_id: str, state: str, why: str = "", *, do_not_retry: bool = False):
        super().__init__(f"Action {action_id} is {state}.{' ' + why if why else ''}")
        self.action_id, self.state, self.why, self.do_not_retry = action_id, state, why, do_not_retry


class Failed(HitlError):
    """The action was approved and its function failed: now, or when it ran before."""

    def __init__(self, action_id: str, error: str):
        super().__init__(f"Action {action_id} failed. {error}".rstrip())
        self.action_id, self.error = action_id, error


class Uncertain(HitlError):
    """Nobody knows whether the effect happened. It is not run again; a person must look.

    A function can raise it with its reason, if it cannot know whether its effect happened.
    """

    def __init__(self, why: str = "", action_id: str = ""):
        super().__init__(why or "Nobody knows whether the effect happened.")
        self.action_id = action_id


class JournalDamaged(HitlError):
    """A journal file cannot be read. Nothing runs until a person has looked at it."""
