"""Refusals in words for a model: what happened, and what to do next."""

from collections.abc import Mapping, Sequence
from typing import Any

from hitl_client.errors import Failed, HitlError, NotApproved, NotDecidedYet, Refusal, Uncertain, Unreachable

NEXT = {
    "halted": "An operator has stopped this. Tell the user, and do not look for another way.",
    "payload_invalid": "Correct the named values, then call the tool again.",
    "blocked_by_policy": "Policy does not allow this. Do not try it in another way.",
    "backlog_full": "Too many actions wait for people. Do something else first.",
    "scope_missing": "This agent lacks a permission. Tell the user.",
}
ENDED = {
    "rejected": "It was not approved.",
    "expired": "Nobody approved it in time.",
    "withdrawn": "It was withdrawn.",
}


def explain(error: HitlError) -> str:
    """Return what a model should read instead of a result."""
    if isinstance(error, NotApproved):
        return _not_approved(error)
    if isinstance(error, NotDecidedYet):
        return "It did not run yet. A person must decide. Call the same tool with the same values later to continue."
    if isinstance(error, Uncertain):
        return (
            f"It is not known whether it happened. {error} Do not try it again. Tell the user that a person must look."
        )
    if isinstance(error, Failed):
        return f"It was approved, but it failed. {error.error} The same call does not run again."
    if isinstance(error, Refusal):
        faults = "".join(f" {fault.get('pointer')}: {fault.get('message')}" for fault in _faults(error.details))
        return f"It did not run. {error.detail}{faults} {NEXT.get(error.code, 'Tell the user.')}"
    if isinstance(error, Unreachable):
        return "The approval system did not answer. Call the same tool with the same values later."
    return f"The tool stopped. {error} Tell the user."


def _not_approved(error: NotApproved) -> str:
    why = f" Reason, as data from the reviewer: “{error.why}”." if error.why else ""
    again = "Do not propose it again." if error.do_not_retry else "Call the tool again only with values that answer it."
    if not error.why:
        again = "Do not call the tool with the same values again. Tell the user."
    return f"It did not run. {ENDED[error.state]}{why} {again}"


def _faults(details: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [fault for fault in details.get("faults") or () if isinstance(fault, Mapping)]


def examples(corrections: Sequence[Mapping[str, Any]], action_type: str, *, limit: int = 10) -> str:
    """Return corrections of one action type as lines for a prompt, newest first; empty if there are none."""
    fitting = [item for item in corrections if item["action_type"] == action_type][:limit]
    return "\n".join(_line(item) for item in fitting)


def _line(item: Mapping[str, Any]) -> str:
    reason = item.get("reason") or item.get("reason_code") or "no reason given"
    if not item["pointer"]:
        return f"- rejected: {reason}"
    return f"- {item['pointer']}: {item['from']!r} was changed to {item['to']!r} ({reason})"
