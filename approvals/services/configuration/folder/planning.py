"""What the files of a set-up would change: each row that they state, compared with the row that is there. Pure."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Field, Model

from approvals.models import ActionType, Agent, Employee, Person
from approvals.models.action_types import BUILT_IN
from approvals.services.catalog.row_changes import ADD, CHANGE, REMOVE
from approvals.services.configuration.folder.reading import Entry, Fault, Folder
from approvals.services.configuration.folder.registry import Registry
from approvals.services.configuration.folder.sections import SECTIONS, Section, default_of, is_required
from approvals.services.configuration.folder.values import Wrong, is_same, parsed, shown, written
from approvals.services.directory import import_sheet


@dataclass(eq=False, slots=True)
class Planned:
    """What happens to one row, with each changed field as files write it, before and after.

    Whether it ``loosens`` the gate is found on saving, and only on a live installation. ``was`` is what the database
    held of a row that was there.
    """

    section: Section
    entry: Entry
    row: Any
    label: str
    is_new: bool
    is_removed: bool = False
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    was: dict[str, Any] = field(default_factory=dict)
    is_faulty: bool = False
    loosens: bool = False

    @property
    def operation(self) -> str:
        """What happens to the row."""
        return REMOVE if self.is_removed else ADD if self.is_new else CHANGE

    @property
    def is_none(self) -> bool:
        """Whether the row is already as the files want it."""
        return not (self.is_new or self.is_removed or self.fields)


class Plan:
    """The rows of a folder in the order in which they need each other, and every fault that was found."""

    def __init__(self, folder: Folder) -> None:
        self.faults = list(folder.faults)
        self.registry = Registry()
        self.rows: list[Planned] = []
        # Each row is known before the first is filled, so that it may be named further up.
        named = [
            (section, found)
            for section in SECTIONS
            for found in self._found(section, folder.rows.get(section.name, []))
        ]
        for section, found in named:
            self._fill(found)
            self.rows.append(found)
            for part in section.parts:
                self.rows.extend(self._of_part(part, found))
        self._check_managers()

    def wrong(self, entry: Entry, name: str, sentence: str) -> None:
        """Note a fault at a field of a row."""
        self.faults.append(Fault(entry.at(name), sentence))

    def _found(self, section: Section, entries: list[Entry], owner: Planned | None = None) -> Iterator[Planned]:
        """Each row that is stated, as it is in the database or new."""
        seen: dict[Any, Entry] = {}
        for entry in entries:
            values = self._key(section, entry)
            if values is None:
                continue
            model: Any = section.model
            names = {name: self._written(model._meta.get_field(name), value) for name, value in values.items()}
            beside = () if owner is None else (self._written(model._meta.get_field(section.owner), owner.row),)
            key = (*beside, *self.registry.spelled(model, names))
            if key in seen:
                self.wrong(entry, section.key[0], f"This is already in {seen[key].place}. Remove one of them.")
                continue
            seen[key] = entry
            yield self._planned(section, entry, values, key)

    def _planned(self, section: Section, entry: Entry, values: dict[str, Any], key: Any) -> Planned:
        row = self.registry.rows(section.model).get(key)
        if row is not None:
            return Planned(section, entry, row, str(row), is_new=False, was=_held(section, row))
        row = section.model(**values)
        self.registry.add(key, row)
        return Planned(section, entry, row, "", is_new=True)

    def _key(self, section: Section, entry: Entry) -> dict[str, Any] | None:
        """The fields that name a row; None if one of them is missing or wrong."""
        model: Any = section.model
        values: dict[str, Any] = {}
        faults = len(self.faults)
        for name in section.key:
            values[name] = self._value(model._meta.get_field(name), entry)
        if len(self.faults) > faults:
            return None
        if section.model in (ActionType, Agent) and not self._is_ours(section, entry, values["name"]):
            return None
        return values

    def _is_ours(self, section: Section, entry: Entry, name: str) -> bool:
        if name in BUILT_IN:
            self.wrong(entry, "name", f"{name} is part of HITL, so files do not hold it. Remove it.")
            return False
        row = self.registry.rows(section.model).get((name,))
        if row is not None and not section.holds(row):
            self.wrong(entry, "name", f"{name} represents a person, so files do not hold it. Remove it.")
            return False
        return True

    def _value(self, held: "Field[Any, Any]", entry: Entry) -> Any:
        """The value of a field as the row holds it, or its default; a fault is noted."""
        if held.name not in entry.fields:
            if is_required(held):
                self.wrong(entry, "", f"{held.name} is missing. Add it.")
            return default_of(held)
        given = entry.fields[held.name]
        try:
            return self._reference(held, given) if held.is_relation else parsed(held, given)
        except Wrong as fault:
            self.wrong(entry, held.name, str(fault))
        return None

    def _reference(self, held: "Field[Any, Any]", name: Any) -> Any:
        if name is None and held.null:
            return None
        model: Any = held.related_model
        found = self.registry.find(model, name) if isinstance(name, str) else None
        if found is None:
            what = model._meta.verbose_name
            raise Wrong(
                f"{held.name} names the {what} {shown(name)}, which does not exist. Correct it, or add the {what}."
            )
        return found

    def _written(self, held: "Field[Any, Any]", value: Any) -> Any:
        """A value that was read, as files write it."""
        if not held.is_relation or value is None:
            return written(held, value)
        # A row holds it for the moment of the question.
        return self.registry.written(held, held.model(**{held.name: value}))

    def _fill(self, planned: Planned) -> None:
        """Set what differs in a row, and note what cannot be."""
        entry, row, section = planned.entry, planned.row, planned.section
        faults = len(self.faults)
        known = {each.name for each in section.fields}
        for name in entry.fields.keys() - known:
            names = ", ".join([*(each.name for each in section.fields), *(part.name for part in section.parts)])
            self.wrong(entry, name, f"There is no field {name!r}. Use one of: {names}.")
        for held in section.fields:
            if held.name not in section.key:
                self._set(planned, held)
        planned.is_faulty = len(self.faults) > faults
        if planned.is_new and not planned.is_faulty:
            planned.label = str(row)

    def _set(self, planned: Planned, held: "Field[Any, Any]") -> None:
        faults = len(self.faults)
        value = self._value(held, planned.entry)
        if len(self.faults) > faults:
            return
        before, after = self.registry.written(held, planned.row), self._written(held, value)
        if is_same(before, after):
            return
        if isinstance(value, Person) and not value.is_active:
            self.wrong(
                planned.entry, held.name, f"{held.name} names {value.username}, who is inactive. Name another person."
            )
            return
        planned.fields[held.name] = (before, after)
        if held.name == "schema":
            planned.row.write_schema(value)
        else:
            setattr(planned.row, held.name, value)

    def _of_part(self, part: Section, owner: Planned) -> Iterator[Planned]:
        """What happens to the rows inside a row; the list is the whole of them, so those left out go."""
        model: Any = part.model
        held = model._meta.get_field(part.owner)
        rows = self.registry.rows(model)
        mark = self._written(held, owner.row)
        left = {key: row for key, row in rows.items() if key[0] == mark}
        for found in self._found(part, list(owner.entry.parts.get(part.name, ())), owner):
            setattr(found.row, part.owner, owner.row)
            self._fill(found)
            left = {key: row for key, row in left.items() if row is not found.row}
            yield found
        for row in left.values():
            yield Planned(part, owner.entry, row, str(row), is_new=False, is_removed=True, was=_held(part, row))

    def _check_managers(self) -> None:
        """Note each employee who would come to manage themselves."""
        rows: dict[Any, Employee] = (
            self.registry.rows(Employee) if any(planned.section.model is Employee for planned in self.rows) else {}
        )
        for row in rows.values():
            if row.manager_id and "manager" not in row._state.fields_cache:
                row.manager = self.registry.row(Employee, row.manager_id)
        safe: set[tuple[str, int]] = set()
        for planned in self.rows:
            if "manager" in planned.fields and (path := import_sheet.circle(planned.row, safe)):
                self.wrong(
                    planned.entry, "manager", f"These managers form a loop: {' → '.join(path)}. Change one of them."
                )
                planned.is_faulty = True


def _held(section: Section, row: Model) -> dict[str, Any]:
    """What the columns of a row hold; a copy, because values such as schemas can be changed in place."""
    return {held.attname: deepcopy(getattr(row, held.attname)) for held in section.fields}


def references(row: Model) -> Iterator[tuple[str, Any]]:
    """The rows that a row leads to, as far as they were set, by field."""
    for held in row._meta.concrete_fields:
        other = row._state.fields_cache.get(held.name) if held.is_relation else None
        if other is not None:
            yield held.name, other
