"""A draft's text as the editor sees it: its plain value, its faults with their places, and its failing tests."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from policies.admin.editor.cells import ABSENT, Path, name_of, place_of
from policies.admin.editor.paths import at
from policies.engine.document.parse import EMPTY, SAMPLE, Document, PolicyFault, dry_run, load
from policies.engine.document.source_text import SourceFault, read
from policies.engine.evaluation import run_tests
from policies.engine.values.typed_reader import Fault
from policies.lab.findings import Finding
from policies.words import in_words

_PLACE = re.compile(r"Line (?P<line>\d+), column (?P<column>\d+): ")
_STEP = re.compile(r"[^.\[\]]+")
_LINES = 400
_ABSENT = re.compile(r"The field (?P<name>\w+) is missing\. Add it\.")


@dataclass(frozen=True, slots=True)
class Said:
    """A fault as a sentence; if it has a place, the line in three parts with the middle one marked.

    `field` is the name of a field that was not filled in yet, if that is all that is wrong.
    """

    name: str
    place: str
    sentence: str
    marked: tuple[str, str, str] | None = None
    field: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the fault for the page's script."""
        return {
            "name": self.name,
            "place": self.place,
            "sentence": self.sentence,
            "marked": self.marked,
            "field": self.field,
        }


@dataclass(frozen=True, slots=True)
class Judged:
    """A text with its value (None if unreadable), its document, its faults and failing tests."""

    source: str
    body: Any = None
    document: Document | None = None
    faults: Sequence[Said] = ()
    failing: Mapping[int, str] = field(default_factory=dict)
    notes: Sequence[Said] = ()

    @property
    def by_place(self) -> dict[str, list[Said]]:
        """The faults by their place."""
        found: dict[str, list[Said]] = {}
        for fault in self.faults:
            found.setdefault(fault.place, []).append(fault)
        return found

    @property
    def can_be_edited(self) -> bool:
        """Whether forms can show it: it is a mapping or empty."""
        return isinstance(self.body, Mapping)


def _nothing(document: Document) -> Sequence[Finding]:
    return ()


def judged(source: str, find: Callable[[Document], Sequence[Finding]] = _nothing) -> Judged:
    """Read and check a text, and run its tests; `find` looks at a document that can be read."""
    try:
        body = read(source)
    except SourceFault as fault:
        return Judged(source, None, None, [_said(str(fault), source)])
    body = {} if body is None else body
    try:
        document = load(body)
        if faults := dry_run(document, (EMPTY, SAMPLE)):
            raise PolicyFault(faults)
    except PolicyFault as refusal:
        return Judged(source, body, None, [_placed(fault, body) for fault in refusal.faults])
    found = find(document)
    errors = [_placed(Fault(each.path, in_words(each.sentence)), body) for each in found if each.is_error]
    notes = [_placed(Fault(each.path, in_words(each.sentence)), body) for each in found if not each.is_error]
    if errors:
        return Judged(source, body, None, errors, notes=notes)
    failing = {_number(fault.path): fault.sentence for fault in run_tests.failures(document)}
    return Judged(source, body, document, (), failing, notes)


def _number(place: str) -> int:
    return int(re.sub(r"\D", "", place))


def _placed(fault: Fault, body: Any) -> Said:
    path = _path(fault.path, body)
    value = at(body, path) if path else ABSENT
    said = _said(fault.sentence, value if isinstance(value, str) else "")
    place, field = place_of(path) if path else fault.path, _unfilled(fault, path, value)
    return Said(name_of(path), place, said.sentence, said.marked, field)


def _unfilled(fault: Fault, path: Path, value: Any) -> str:
    if absent := _ABSENT.fullmatch(fault.sentence):
        return absent["name"]
    return str(path[-1]) if path and value == "" and isinstance(path[-1], str) else ""


def _path(place: str, body: Any) -> Path:
    """Return the fault's place as a path; names with dots match the longest name in the document."""
    path: Path = ()
    steps: list[str | int] = [int(step) if step.isdecimal() else step for step in _STEP.findall(place)]
    while steps:
        for end in range(len(steps), 0, -1):
            step = steps[0] if end == 1 else ".".join(map(str, steps[:end]))
            if end == 1 or at(body, (*path, step)) is not ABSENT:
                path, steps = (*path, step), steps[end:]
                break
    return path


def _said(sentence: str, text: str) -> Said:
    found = _PLACE.search(sentence)
    if found is None or not text:
        return Said("", "", sentence)
    lines = text.splitlines() or [""]
    line = lines[min(int(found["line"]), len(lines)) - 1]
    return Said("", "", sentence, _marked(line, int(found["column"]) - 1))


def _marked(line: str, column: int) -> tuple[str, str, str]:
    """Split the line around the word at the column: a dotted name or one character."""
    column = max(0, min(column, len(line)))
    start, end = column, column
    while start > 0 and _is_part(line[start - 1]) and (column >= len(line) or not line[column].isspace()):
        start -= 1
    while end < len(line) and _is_part(line[end]):
        end += 1
    end = max(end, min(column + 1, len(line)))
    before, after = line[:start], line[end:]
    return before[-_LINES:], line[start:end][:_LINES] or " ", after[:_LINES]


def _is_part(char: str) -> bool:
    return char.isalnum() or char in "_."
