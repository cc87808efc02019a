"""What the events of HITL are in a trace of AgentAck: each grant names what was shown, and each execution its grant.

A correction is a denial of what was proposed, and an approval of what the reviewer made of it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

Line = dict[str, Any]
GRANTED = frozenset({"approved", "modified"})
ENDED = frozenset({"rejected", "expired", "withdrawn"})
BEGUN = frozenset({"execution.dispatched", "execution.consumed"})


def lines_of(events: Iterable[Mapping[str, Any]], revisions: Mapping[str, list[Mapping[str, Any]]]) -> Iterator[Line]:
    """Yield the lines of a trace.

    :param revisions: by action, its type and payload in each revision.
    """
    at = ""
    for event in events:
        at = event["at"]
        if event["action"] in revisions:
            for line in _told(event, revisions[event["action"]]):
                yield {"schema_version": 2, "timestamp": at, "session_id": "hitl", **line}
    yield {"schema_version": 2, "timestamp": at, "session_id": "hitl", "type": "session_end"}


def _told(event: Mapping[str, Any], revisions: list[Mapping[str, Any]]) -> Iterator[Line]:
    name, moved = event["event"], event["to"]
    first = _Version(event, revisions, 1)
    if name == "action.proposed":
        yield {"type": "action_proposed", **first.seen}
        return
    if event["from"] == "proposed":
        yield {"type": "approval_requested", **first.asked}
    if moved in GRANTED and name.startswith(("action.", "decision.")):
        granted = _Version(event, revisions, event["data"].get("revision", 1))
        if granted.number > 1:
            yield from first.denied("corrected by a reviewer")
            yield {"type": "action_proposed", **granted.seen}
            yield {"type": "approval_requested", **granted.asked}
        yield {"type": "approval_decision", **granted.bound, "decision": "allow"}
    if name in BEGUN:
        last = _Version(event, revisions, len(revisions))
        yield {"type": "action_executed", **last.asked}
    if moved in ENDED:
        yield from first.denied(moved)


class _Version:
    """An action in one of its revisions, as a trace names it."""

    def __init__(self, event: Mapping[str, Any], revisions: list[Mapping[str, Any]], number: int):
        self.number, self.intent = number, event["action"]
        self.name = f"{self.intent}/{number}"
        shown = revisions[number - 1]
        self.action = {"tool": "hitl", "operation": shown["type"], "parameters": shown["payload"]}

    @property
    def seen(self) -> Line:
        return {"action_id": self.name, "intent_id": self.intent, "action": self.action}

    @property
    def bound(self) -> Line:
        return {"action_id": self.name, "intent_id": self.intent, "approval_id": f"{self.name}/asked"}

    @property
    def asked(self) -> Line:
        return {**self.bound, "action": self.action}

    def denied(self, reason: str) -> Iterator[Line]:
        yield {"type": "approval_decision", **self.bound, "decision": "deny"}
        yield {"type": "action_blocked", **self.bound, "reason": reason}


def write(path: Path, lines: Iterable[Line]) -> None:
    """Write a trace."""
    path.write_text("".join(json.dumps(line, sort_keys=True) + "\n" for line in lines))
