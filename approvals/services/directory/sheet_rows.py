"""What a line of a sheet does to a row, and what is wrong in it. Steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from approvals.models import Person
from approvals.models.recorded import Recorded
from approvals.text.csv_sheet import Fault, Line

LENGTHS = {"key": 254, "name": 200, "department": 120, "title": 120, "subject": 200}
_YES, _NO = {"", "yes", "true", "1"}, {"no", "false", "0"}


@dataclass(frozen=True, slots=True)
class Change:
    """What a line does: to which row, whether that is new, and each field from what to what."""

    line: int
    row: Recorded
    is_new: bool
    fields: Mapping[str, tuple[str, str]]

    @property
    def is_none(self) -> bool:
        """Whether the row is there already, just so."""
        return not self.is_new and not self.fields


@dataclass
class Reader:
    """What lines are read against, and what was found wrong so far."""

    people: Mapping[str, Person]
    faults: list[Fault] = field(default_factory=list)

    def person(self, line: Line, column: str) -> Person | None:
        """The active person whose user name the cell holds."""
        found = self.people.get(line.get(column))
        if found is None:
            self.wrong(line, f"No active person has the username {line.get(column)[:80]!r}.")
        return found

    def wrong(self, line: Line, message: str) -> None:
        """Note what is wrong in a line."""
        self.faults.append(Fault(line.number, message))


def is_yes(line: Line, reader: Reader) -> bool:
    """Whether the cell `active` says so; nothing in it does."""
    word = line.get("active").lower()
    if word not in _YES | _NO:
        reader.wrong(line, f"active is {word[:20]!r}. Use yes or no.")
    return word in _YES


def changed_row(line: Line, row: Any, wanted: Mapping[str, Any], reader: Reader) -> Change:
    """Set the fields of a row; what each of them was and is now."""
    changed: dict[str, tuple[str, str]] = {}
    for name, value in wanted.items():
        before = getattr(row, name, None)
        if len(str(value)) > LENGTHS.get(name, 4_000):
            reader.wrong(line, f"{name} is longer than {LENGTHS.get(name, 4_000)} characters.")
        if before != value:
            changed[name] = ("" if before is None else str(before), "" if value is None else str(value))
            setattr(row, name, value)
    return Change(line.number, row, row.pk is None, changed)
