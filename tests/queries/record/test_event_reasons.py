"""The reasons of events: read from the English record, and said in the reader's language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import approvals.services
from approvals.queries.record import event_reasons

EVERY = (*event_reasons._WHOLE, *event_reasons._OPEN)
RULE = "Approved by the standing rule created by {person} on {day}"
GIVEN = {"day": "2026-03-02"}


def filled(template: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda place: GIVEN.get(place[1], "1234"), template)


def written() -> Iterator[tuple[str, str]]:
    """The event and the reason of each `Event(...)` in a service whose reason is written there."""
    paths = Path(approvals.services.__path__[0]).rglob("*.py")
    calls = (node for path in paths for node in ast.walk(ast.parse(path.read_text())) if _is_event(node))
    for call in calls:
        event, reason = [*map(_text, call.args[2:4]), "", ""][:2]
        if event.startswith(event_reasons._OURS) and reason not in ("", "1234"):
            yield event, reason


def _is_event(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Event"


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "1234" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else ""


@pytest.mark.parametrize("template", EVERY)
def test_every_reason_of_ours_is_read_with_its_values(template: str, foreign: None) -> None:
    told = event_reasons.in_words("action.routed", filled(template))
    assert not re.search(r"[a-z]{2}", told.replace("March", "").replace("utc", "").replace("hitl", ""))


@pytest.mark.parametrize(("event", "reason"), sorted(set(written())))
def test_what_services_write_is_read(event: str, reason: str, foreign: None) -> None:
    assert event_reasons.in_words(event, reason) != reason


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (
            "Approved revision 3 as Senior at Buying (Bonn), on behalf of Ann, with break-glass access (urgent.one)",
            "aPPROVED REVISION 3 AS sENIOR AT Buying (Bonn), ON BEHALF OF Ann, WITH BREAK-GLASS ACCESS (urgent.one)",
        ),
        (
            "Rejected revision 2 as the assigned reviewer (duplicate)",
            "rEJECTED REVISION 2 AS THE ASSIGNED REVIEWER (duplicate)",
        ),
        ("Reassigned: Ann is deactivated.", "rEASSIGNED: Ann IS DEACTIVATED."),
    ],
)
def test_a_reason_is_read_part_by_part(reason: str, told: str, foreign: None) -> None:
    assert event_reasons.in_words("decision.approved", reason) == told


def test_a_day_is_written_as_everywhere() -> None:
    with translation.override("de"):
        told = event_reasons.in_words("decision.approved", filled(RULE))
    assert told.endswith("2026-03-02")


def test_what_is_no_sentence_of_ours_stays(foreign: None) -> None:
    assert event_reasons.in_words("action.withdrawn", "Executed") == "Executed"
    assert event_reasons.in_words("halt.started", "Executed") == "Executed"
