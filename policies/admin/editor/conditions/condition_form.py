"""The rows of a condition on the page: their fields, comparisons and values to choose from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policies.admin.editor.conditions import condition_rows, condition_typing
from policies.admin.editor.conditions.condition_rows import Known
from policies.admin.editor.conditions.condition_typing import MARK, Form, Typed, Typing
from policies.engine.values.said import Said, message
from policies.lab.builder import rows, words
from policies.lab.builder.fields import DATE, FITTING, NUMBER, TRUTH, Field
from policies.lab.builder.rows import LABELS, LISTED, WITHOUT_VALUE, Comparison, Row
from policies.words import in_words

_OF_CHOICES = frozenset({Comparison.IS, Comparison.IS_NOT, Comparison.INCLUDES, Comparison.EXCLUDES})
_OF_DATES = {
    Comparison.ABOVE: message("is after"),
    Comparison.AT_LEAST: message("is on or after"),
    Comparison.BELOW: message("is before"),
    Comparison.AT_MOST: message("is on or before"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row on the page; `name` is the beginning of its form names, and `button` names it to its buttons."""

    name: str
    button: str
    number: str
    typing: Typing
    kind: str = ""
    how: Comparison | None = None
    field: Field | None = None
    is_guarded: bool = False
    is_incomplete: bool = False

    @property
    def hows(self) -> list[tuple[str, str]]:
        """The comparisons that fit the field."""
        labels = LABELS | (_OF_DATES if self.kind == DATE else {})
        return [(str(how), in_words(labels[how])) for how in FITTING.get(self.kind, ())]

    @property
    def widget(self) -> str:
        """How the value is typed."""
        if self.how is None or self.how in WITHOUT_VALUE:
            return "none"
        if self.kind == TRUTH:
            return "truth"
        if self.field and self.field.choices and self.how in _OF_CHOICES:
            return "choice"
        if self.how in LISTED:
            return "listed"
        return self.kind if self.kind in (DATE, NUMBER) else "text"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The values to choose from, with the one that is there."""
        pairs = [(value, in_words(label)) for value, label in self.field.choices] if self.field else []
        is_known = not self.typing.value or any(value == self.typing.value for value, _label in pairs)
        return pairs if is_known else [*pairs, (self.typing.value, self.typing.value)]

    @property
    def listed(self) -> str:
        """The values that a list can have, for a hint."""
        return ", ".join(value for value, _label in self.choices) if self.how in LISTED and self.field else ""

    @property
    def is_range(self) -> bool:
        """Whether there are two values."""
        return self.how is Comparison.BETWEEN

    @property
    def can_be_absent(self) -> bool:
        """Whether to ask what happens if the value is missing."""
        return self.how is not None and self.how not in (Comparison.GIVEN, Comparison.MISSING)


@dataclass(frozen=True, slots=True)
class Block:
    """A row, or a group of rows, in the place that it has on the page."""

    button: str
    lines: tuple[Line, ...]
    is_group: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A condition as rows; with `is_text`, only its text can say it."""

    of: str
    form: Form
    blocks: tuple[Block, ...] = ()
    text: str = ""
    sentence: str = ""
    is_text: bool = False
    is_incomplete: bool = False

    @property
    def mark(self) -> str:
        """The beginning of the form names."""
        return f"{MARK}{self.of}"

    @property
    def can_grow(self) -> bool:
        """Whether there is room for one more row."""
        return len([*self.form.flat()]) < rows.MAX_ROWS


def shown(of: str, text: str, typed: Typed, known: Known, before: str) -> Shown:
    """Return the rows of a condition: as typed, as long as they stand for its text, or else as the text says."""
    as_text = condition_rows.of_text(text, known)
    is_same = condition_typing.is_typed(of, typed) and _plain(typed.get(of, before)) == _plain(before)
    form = condition_typing.form_of(of, typed) if is_same else as_text
    if form is None or (as_text is None and text.strip()):
        return Shown(of, Form(), text=text, is_text=True)
    if not form.entries:
        form = Form(form.is_any, (Typing(),))
    is_incomplete = condition_rows.is_incomplete(form, known)
    sentence = words.said(text, known) if text.strip() else None
    blocks = tuple(_blocks(of, form, known))
    return Shown(of, form, blocks, text, in_words(sentence) if sentence else "", is_incomplete=is_incomplete)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _blocks(of: str, form: Form, known: Known) -> Iterator[Block]:
    for place, entry in enumerate(form.entries):
        if isinstance(entry, Typing):
            yield Block(str(place), (_line(of, f"{place}", f"{place + 1}", entry, known),), is_group=False)
            continue
        lines = (_line(of, f"{place}.{no}", f"{place + 1}.{no + 1}", row, known) for no, row in enumerate(entry))
        yield Block(str(place), tuple(lines), is_group=True)


def _line(of: str, place: str, number: str, typing: Typing, known: Known) -> Line:
    name = f"{MARK}{of}:{place}"
    if typing.is_blank:
        return Line(name, place, number, typing)
    kind = condition_rows.kind_typed(typing, known)
    how = condition_rows.comparison_of(typing, kind)
    guarded = condition_rows.is_guarded(typing, known)
    row: Row | None = condition_rows.row_of(typing, known)
    return Line(name, place, number, typing, kind, how, known.get(typing.field), guarded, row is None)


def options(known: Known) -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """Return the fields to choose from, by their headings."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for field in known.values():
        is_ours = field.name in words.OWN or isinstance(field.label, Said)
        label = in_words(field.label) if is_ours else field.label
        groups.setdefault(in_words(field.group), []).append((field.name, _capital(label)))
    return list(groups.items())


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
