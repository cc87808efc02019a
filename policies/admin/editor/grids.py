"""Forms and tables as values: the part of a document that each shows, and what posting it changes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from policies.admin.editor.cells import ABSENT, Cell, Column, Kind, Path, edited, name_of, place_of
from policies.admin.editor.paths import at, put

Typed = Mapping[str, str]
Build = Callable[[str, str], Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A mapping of the document as a row of fields; ``short`` is the field that can replace the mapping."""

    path: Path
    label: "str | Promise" = ""
    short: str = ""
    is_spare: bool = False

    def value(self, body: Any) -> Any:
        """Return the mapping in the document in full form, or ABSENT."""
        found = at(body, self.path)
        return {self.short: found} if self.short and isinstance(found, str) else found

    def kept(self, value: dict[str, Any]) -> Any:
        """Return the mapping in short form if possible."""
        if not value:
            return ABSENT
        return value[self.short] if self.short and set(value) == {self.short} else value


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of lines with the same columns; ``listed`` is the path of the list whose items they are, if any.

    ``whole`` is the path that is removed with the table, if it can be removed.
    """

    title: "str | Promise"
    columns: Sequence[Column]
    lines: Sequence[Line]
    about: "str | Promise" = ""
    listed: Path = ()
    whole: Path = ()
    is_form: bool = False
    is_odd: bool = False

    @property
    def place(self) -> int:
        """The place of a form in its list, from 1; 0 if it is in none."""
        return self.whole[-1] + 1 if self.whole and isinstance(self.whole[-1], int) else 0

    @property
    def removes(self) -> str:
        """The form name that removes the table; empty if it cannot be removed."""
        return name_of(self.whole) if self.whole else ""

    def changed(self, body: dict[str, Any], typed: Typed) -> dict[str, Any]:
        """Return the document with the edits of this table."""
        if self.is_odd:
            return body
        if self.listed:
            return self._relisted(body, typed)
        for line in self.lines:
            body = self._relined(body, line, typed)
        return body

    def _relined(self, body: dict[str, Any], line: Line, typed: Typed) -> dict[str, Any]:
        old = line.value(body)
        before = old if isinstance(old, Mapping) else {}
        new = edited(before, self.columns, self._typed(line, typed))
        if new == before and repr(new) == repr(dict(before)):
            return body
        return {**new} if not line.path else put(body, line.path, line.kept(new))

    def _relisted(self, body: dict[str, Any], typed: Typed) -> dict[str, Any]:
        old = at(body, self.listed)
        items = []
        for line in self.lines:
            given, before = self._typed(line, typed), line.value(body)
            if self._is_cleared(given, before):
                continue
            items.append(edited(before if isinstance(before, Mapping) else {}, self.columns, given))
        if not items:
            return put(body, self.listed, ABSENT) if old else body
        return put(body, self.listed, items)

    def _is_cleared(self, given: Typed, before: Any) -> bool:
        if any(given.get(column.key, "").strip() not in ("", column.usual) for column in self.columns):
            return False
        known = before if isinstance(before, Mapping) else {}
        was_blank = all(column.shown(known.get(column.key, ABSENT)) in ("", column.usual) for column in self.columns)
        # A line that was blank before and is blank now was not cleared by the user.
        return before is ABSENT or (bool(given) and not was_blank)

    def _typed(self, line: Line, typed: Typed) -> dict[str, str]:
        names = {column.key: name_of((*line.path, column.key)) for column in self.columns}
        return {key: typed[name] for key, name in names.items() if name in typed}


@dataclass(frozen=True, slots=True)
class Row:
    """A line on the page."""

    line: Line
    cells: Sequence[Cell]

    @property
    def name(self) -> str:
        """The form name for removing or moving the line."""
        return name_of(self.line.path)


@dataclass(frozen=True, slots=True)
class Shown:
    """A table on the page, with the faults that belong to no single field."""

    grid: Grid
    rows: Sequence[Row]
    faults: Sequence[Any] = field(default=())

    @property
    def is_empty(self) -> bool:
        """Whether the table shows no value of the document and no fault."""
        cells = [cell for row in self.rows for cell in row.cells]
        return not (self.faults or self.grid.is_odd) and all(
            cell.value in ("", cell.column.usual) and not cell.faults for cell in cells
        )


def shown(grid: Grid, body: Any, faults: Mapping[str, Sequence[Any]], build: Build | None = None) -> Shown:
    """Return the table with the document's values and faults; `build` returns a condition as rows."""
    rows = [Row(line, list(_cells(grid, line, body, faults, build))) for line in grid.lines]
    place = place_of(grid.listed) if grid.listed else ""
    own = {place_of(line.path) for line in grid.lines} | {place}
    return Shown(grid, rows, [fault for name in sorted(own - {""}) for fault in faults.get(name, ())])


def _cells(
    grid: Grid, line: Line, body: Any, faults: Mapping[str, Sequence[Any]], build: Build | None
) -> Iterator[Cell]:
    value = line.value(body)
    known = value if isinstance(value, Mapping) else {}
    for column in grid.columns:
        path = (*line.path, column.key)
        text = column.shown(known.get(column.key, ABSENT))
        rows = build(name_of(path), text) if build and column.kind is Kind.CONDITION else None
        yield Cell(column, path, text, faults.get(place_of(path), ()), rows)


def items(title: Any, columns: Sequence[Column], path: Path, body: Any, *, about: Any = "", whole: Path = ()) -> Grid:
    """Return a table of a list's items, with an empty line for a new one."""
    found = at(body, path)
    if found is not ABSENT and not _is_list_of_mappings(found):
        return Grid(title, columns, (), about, path, is_odd=True)
    count = 0 if found is ABSENT else len(found)
    lines = [Line((*path, place), is_spare=place >= count) for place in range(count + 1)]
    return Grid(title, columns, lines, about, path, whole)


def mappings(title: Any, columns: Sequence[Column], lines: Sequence[Line], body: Any, *, about: Any = "") -> Grid:
    """Return a table of mappings, each at its own path."""
    is_odd = any(not _fits(line.value(body)) or not _may_hold(body, line.path) for line in lines)
    return Grid(title, columns, () if is_odd else lines, about, is_odd=is_odd)


def form(title: Any, columns: Sequence[Column], path: Path, body: Any, *, about: Any = "", whole: Path = ()) -> Grid:
    """Return one mapping as a form."""
    is_odd = not _fits(at(body, path)) or not _may_hold(body, path)
    return Grid(title, columns, () if is_odd else (Line(path),), about, whole=whole, is_form=True, is_odd=is_odd)


def _fits(value: Any) -> bool:
    return value is ABSENT or isinstance(value, Mapping)


def _may_hold(body: Any, path: Path) -> bool:
    """Whether every value on the path is a container or absent."""
    return all(
        isinstance(found, Mapping | list) for end in range(len(path)) if (found := at(body, path[:end])) is not ABSENT
    )


def _is_list_of_mappings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)
