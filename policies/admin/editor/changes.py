"""Apply a posted editor page to the text: the edited fields and the pressed button."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.admin.editor import sections
from policies.admin.editor.cells import ABSENT, Path, path_of
from policies.admin.editor.grids import Grid
from policies.admin.editor.paths import at, moved, put
from policies.engine.document.parse import FIELDS
from policies.engine.document.source_text import SourceFault, read
from policies.engine.document.writer import rewrite

Typed = Mapping[str, str]
PARTS = ("about", "rules", "tables", "plans", "tests", "text")
TEXT = "text"
_OPENED = {"rules": sections.rule, "plans": sections.plan, "tests": sections.trial}
_NEW_LADDER = [{"up_to": "100.00", "outcome": "auto"}, {"outcome": "review"}]
_NEW_PLAN = {"stages": [{"name": "first", "who": "responsible"}]}


def grids(part: str, body: Any, opened: int | None) -> Iterator[Grid]:
    """Yield the forms and tables of one part; of rules, plans and tests only the open one."""
    if part == "about":
        yield from sections.about(body)
    elif part == "tables":
        yield from sections.tables(body)
    elif part in _OPENED and opened is not None:
        yield from _OPENED[part](body, opened)


def changed(source: str, typed: Typed) -> str:
    """Return the text with the edited fields, and with what the pressed button removes, moves or adds.

    A text that no form can show stays unchanged.
    """
    part = typed.get("part", TEXT)
    try:
        body = read(source)
    except SourceFault:
        return source
    body = {} if body is None else body
    if part not in PARTS or not isinstance(body, dict):
        return source
    new = body
    for grid in list(grids(part, body, opened(typed.get("open", "")))) if part != TEXT else ():
        new = grid.changed(new, typed)
    new = _pressed(new, typed)
    return source if new is body else rewrite(source, new, FIELDS)


def opened(text: str) -> int | None:
    """Return the index of the open rule or test, or None."""
    return int(text) if text.isdecimal() and len(text) < 4 else None


def _pressed(body: dict[str, Any], typed: Typed) -> dict[str, Any]:
    if "remove" in typed:
        path = path_of(typed["remove"])
        body = put(body, path, ABSENT) if len(path) > 1 and at(body, path) is not ABSENT else body
    for button, by in (("up", -1), ("down", 1)):
        if button in typed and at(body, path_of(typed[button])) is not ABSENT:
            body = moved(body, path_of(typed[button]), by)
    if "add_ladder" in typed:
        body = _with_ladder(body, typed.get("new_currency", "").strip().upper())
    if "add_plan" in typed:
        body = _added(body, ("plans", typed.get("new_plan", "").strip()), _NEW_PLAN)
    if "add_stage" in typed:
        body = _with_stage(body, path_of(typed["add_stage"]))
    return body


def _with_stage(body: dict[str, Any], path: Path) -> dict[str, Any]:
    """Add a stage of reviewers, or a check, to the plan that a button names: `plans/NAME/people`."""
    if len(path) != 3 or path[0] != "plans" or not isinstance(at(body, path[:2]), Mapping):
        return body
    stages = at(body, (*path[:2], "stages"))
    stages = [] if stages is ABSENT else stages
    if not isinstance(stages, list):
        return body
    names = {stage.get("name") for stage in stages if isinstance(stage, Mapping)}
    kind = "check" if path[2] == "check" else "stage"
    free = (f"{kind}-{number}" for number in range(len(stages) + 1, len(stages) + 60))
    name = next(each for each in free if each not in names)
    new = {"name": name, "who": "desk"} if kind == "stage" else {"name": name, "check": "", "says": ""}
    return put(body, (*path[:2], "stages"), [*stages, new])


def _with_ladder(body: dict[str, Any], currency: str) -> dict[str, Any]:
    body = _added(body, ("amounts", "ladders", currency), _NEW_LADDER)
    has_base = at(body, ("amounts", "base")) is not ABSENT
    return (
        body
        if has_base or at(body, ("amounts", "ladders", currency)) is ABSENT
        else put(body, ("amounts", "base"), currency)
    )


def _added(body: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """Add a value unless it has no name, exists already, or has no valid parent."""
    above = [at(body, path[:end]) for end in range(1, len(path))]
    is_free = all(found is ABSENT or isinstance(found, Mapping) for found in above)
    return put(body, path, value) if path[-1] and is_free and at(body, path) is ABSENT else body
