"""The rows of conditions as a page sends them, after the button that was pressed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from policies.lab.builder import rows

MARK = "c:"
_NAME = re.compile(r"c:(?P<of>.+):(?P<place>\d{1,2})(?:\.(?P<inner>\d{1,2}))?:(?P<part>field|how|value|last|absent)")
Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Typing:
    """A row as it is typed: any of it may be missing or wrong."""

    field: str = ""
    how: str = ""
    value: str = ""
    last: str = ""
    is_guarded: bool | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing was chosen, so that the row says nothing."""
        return not self.field


Entry = Typing | tuple[Typing, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The typed rows of one condition: rows, and groups of rows that are joined the other way."""

    is_any: bool = False
    entries: tuple[Entry, ...] = ()

    def flat(self) -> Iterator[Typing]:
        """Yield all rows."""
        for entry in self.entries:
            yield from (entry,) if isinstance(entry, Typing) else entry


def is_typed(of: str, typed: Typed) -> bool:
    """Return whether the page sent rows for this condition."""
    return f"{MARK}{of}:any" in typed


def form_of(of: str, typed: Typed) -> Form:
    """Return the rows that the page sent for a condition, after the pressed button."""
    found: dict[int, dict[int, dict[str, str]]] = {}
    for name, value in typed.items():
        match = _NAME.fullmatch(name)
        if match and match["of"] == of:
            inner = -1 if match["inner"] is None else int(match["inner"])
            found.setdefault(int(match["place"]), {}).setdefault(inner, {})[match["part"]] = value
    entries: list[Entry] = []
    for _place, lines in sorted(found.items()):
        inside = tuple(_typing(line) for inner, line in sorted(lines.items()) if inner >= 0)
        entries.append(inside if inside else _typing(lines[-1]))
    return _pressed(Form(typed.get(f"{MARK}{of}:any") == "any", tuple(entries[: rows.MAX_ROWS])), of, typed)


def _typing(line: Mapping[str, str]) -> Typing:
    return Typing(
        line.get("field", ""), line.get("how", ""), line.get("value", ""), line.get("last", ""),
        {"no": True, "person": False}.get(line.get("absent", "")),
    )  # fmt: skip


def _pressed(form: Form, of: str, typed: Typed) -> Form:
    """Apply a button of the rows: `add`, `group`, `add/2` into the third entry, `remove/1` or `remove/2.0`."""
    button, _, name = typed.get("rows", "").partition(":")
    if name != of:
        return form
    verb, _, place = button.partition("/")
    entries = list(form.entries)
    at, _, inner = place.partition(".")
    index = int(at) if at.isdecimal() and int(at) < len(entries) else None
    if verb == "group":
        entries.append((Typing(), Typing()))
    elif verb == "add" and index is None:
        entries.append(Typing())
    elif index is not None and isinstance(entry := entries[index], tuple):
        rest = entry if verb == "add" else tuple(row for no, row in enumerate(entry) if str(no) != inner)
        entries[index] = (*rest, Typing()) if verb == "add" else rest
        entries = [each for each in entries if each != ()]
    elif verb == "remove" and index is not None:
        entries.pop(index)
    return replace(form, entries=tuple(entries))
