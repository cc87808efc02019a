"""Reading the files of a set-up: rows as they are written, each with its line, and what cannot be read. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import yaml

from approvals.services.configuration.folder.sections import POLICIES, SECTIONS, Section
from policies.engine.document.source_text import SourceFault, compose

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 60
MAX_FAULTS = 100


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A file, and a line of it; line 0 stands for the whole file."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong at a place, and what to do."""

    place: Place
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"


class FolderFaults(Exception):
    """The files are wrong; it lists every fault, and nothing was changed."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        left = len(self.faults) - MAX_FAULTS
        more = [f"And {left} more."] if left > 0 else []
        super().__init__("\n".join([*map(str, self.faults[:MAX_FAULTS]), *more]))


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as a file states it: its fields, their lines, and the rows that are written inside it."""

    place: Place
    fields: Mapping[str, Any]
    lines: Mapping[str, int]
    parts: Mapping[str, "tuple[Entry, ...]"] = field(default_factory=dict)

    def at(self, name: str) -> Place:
        """Where a field stands, or else the row."""
        return Place(self.place.file, self.lines.get(name, self.place.line))


@dataclass(slots=True)
class Folder:
    """Every row that the files state by its section, and the text of each policy by its file."""

    rows: dict[str, list[Entry]] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read(files: Mapping[str, str]) -> Folder:
    """Read the files of a folder, by their paths in it; what cannot be read is a fault."""
    folder = Folder()
    for path in sorted(files):
        if _is_policy(path):
            folder.policies[path] = files[path]
            continue
        section = _section_of(path)
        if section is None:
            known = ", ".join(f"{each.path}/NAME.yaml" if each.is_folder else each.path for each in SECTIONS)
            folder.faults.append(
                Fault(
                    Place(path), f"HITL reads no such file. Rename or remove it. It reads {known}, policies/NAME.yaml."
                )
            )
        else:
            found = folder.rows.setdefault(section.name, [])
            found.extend(_entries(section, path, files[path], folder.faults))
    return folder


def _is_policy(path: str) -> bool:
    found = PurePosixPath(path)
    return str(found.parent) == POLICIES and found.suffix == ".yaml"


def _section_of(path: str) -> Section | None:
    found = PurePosixPath(path)
    for section in SECTIONS:
        if path == section.path or (
            section.is_folder and str(found.parent) == section.path and found.suffix == ".yaml"
        ):
            return section
    return None


def _entries(section: Section, path: str, source: str, faults: list[Fault]) -> Iterator[Entry]:
    place = Place(path)
    try:
        value, node = compose(source, longest=MAX_BYTES, deepest=MAX_DEPTH)
    except SourceFault as fault:
        faults.append(Fault(place, str(fault)))
        return
    if node is None:
        return
    if not isinstance(value, dict) or not isinstance(node, yaml.MappingNode):
        faults.append(Fault(place, f"Expected fields with values. Begin the file with {_first(section)}"))
    elif section.is_folder:
        yield _entry(section, path, value, node, faults)
    else:
        yield from _listed(section, path, value, node, faults)


def _first(section: Section) -> str:
    return f"{section.key[0]}: and its value." if section.is_folder else f"{section.name}: and a list below it."


def _listed(
    section: Section, path: str, value: dict[str, Any], node: yaml.MappingNode, faults: list[Fault]
) -> Iterator[Entry]:
    """The rows of the only list of a file."""
    for key, items in node.value:
        line = Place(path, key.start_mark.line + 1)
        if key.value != section.name:
            faults.append(Fault(line, f"There is no list {key.value!r} here. This file holds {section.name}."))
        else:
            yield from _items(section, line, value[key.value], items, faults)


def _items(section: Section, line: Place, values: Any, node: yaml.Node, faults: list[Fault]) -> Iterator[Entry]:
    if values is None:
        return
    if not isinstance(values, list) or not isinstance(node, yaml.SequenceNode):
        faults.append(Fault(line, f"{section.name} is no list. Start each row with a dash."))
        return
    for value, item in zip(values, node.value, strict=True):
        if isinstance(item, yaml.MappingNode):
            yield _entry(section, line.file, value, item, faults)
        else:
            at = Place(line.file, item.start_mark.line + 1)
            faults.append(Fault(at, "Expected fields with values. Write each as name: value."))


def _entry(section: Section, path: str, value: dict[str, Any], node: yaml.MappingNode, faults: list[Fault]) -> Entry:
    lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
    nodes = {key.value: inner for key, inner in node.value}
    parts = {
        part.name: tuple(_items(part, Place(path, lines[part.name]), value[part.name], nodes[part.name], faults))
        for part in section.parts
        if part.name in nodes
    }
    fields = {name: given for name, given in value.items() if name not in parts}
    return Entry(Place(path, node.start_mark.line + 1), fields, lines, parts)
