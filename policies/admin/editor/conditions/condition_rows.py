"""Conditions as rows of a form: what each row shows, and what the typed rows say.

Rows stand for a text only where they can say all of it. Rows that nobody touched leave their text as it is written,
and a row that is not complete yet leaves it too, so that no condition ever loses a part without being asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils.formats import get_format

from policies.admin.editor.conditions.condition_typing import Entry, Form, Typed, Typing, form_of, is_typed
from policies.engine.values import typed_numbers
from policies.lab.builder import reader, rows, writer
from policies.lab.builder.fields import DATE, FITTING, NUMBER, TEXT, TRUTH, Field
from policies.lab.builder.rows import LISTED, WITHOUT_VALUE, Comparison, Group, Row, Scalar

Known = Mapping[str, Field]


def of_text(text: str, known: Known) -> Form | None:
    """Return the rows of a condition, or None if only its text can say it."""
    if not text.strip():
        return Form(entries=(Typing(),))
    group = reader.read(text)
    if group is None or not all(_fits(row, known) for row in _rows(group)):
        return None
    return Form(group.is_any, tuple(_entry(item, known) for item in group.items))


def _rows(group: Group) -> Iterator[Row]:
    for item in group.items:
        yield from (item,) if isinstance(item, Row) else _rows(item)


def _entry(item: Row | Group, known: Known) -> Entry:
    if isinstance(item, Row):
        return _typed_row(item)
    return tuple(_typed_row(row) for row in _rows(item))


def _typed_row(row: Row) -> Typing:
    values = [_shown(value) for value in row.values]
    if row.comparison in LISTED:
        values = [", ".join(values)]
    first, last = (*values, "", "")[:2]
    return Typing(row.field, str(row.comparison), first, last, row.is_guarded)


def _shown(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    text = f"{Decimal(repr(value)):f}"
    # Three decimals are unclear in a language with a decimal comma; a fourth is not.
    text += "0" if len(text.partition(".")[2]) == 3 else ""
    return text.replace(".", get_format("DECIMAL_SEPARATOR"))


def _fits(row: Row, known: Known) -> bool:
    kind = kind_of(row.field, known, row.values)
    if row.comparison not in FITTING[kind]:
        return False
    if row.comparison in LISTED:
        return all(isinstance(each, str) and each and each == each.strip() and "," not in each for each in row.values)
    wanted = {NUMBER: int | float, TRUTH: bool}.get(kind, str)
    return all(isinstance(each, wanted) and isinstance(each, bool) == (kind == TRUTH) for each in row.values) and all(
        _parsed(_shown(each), kind) == each for each in row.values
    )


def kind_of(name: str, known: Known, values: Sequence[Scalar] = ()) -> str:
    """Return the kind of a field; of one that no list has, the kind of the values that it is compared with."""
    if name in known and known[name].kind:
        return known[name].kind
    if any(isinstance(value, bool) for value in values):
        return TRUTH
    return NUMBER if any(not isinstance(value, str) for value in values) else TEXT


def _parsed(text: str, kind: str) -> Scalar | None:
    """Return a typed value, or None if it does not fit its kind."""
    if kind == TRUTH:
        return {"true": True, "false": False}.get(text)
    if kind == DATE:
        try:
            return date.fromisoformat(text.strip()).isoformat()
        except ValueError:
            return None
    if kind != NUMBER:
        return text.replace("\r\n", "\n") or None
    try:
        return rows.number(float(typed_numbers.read(text, get_format("DECIMAL_SEPARATOR"))))
    except (typed_numbers.NotANumber, typed_numbers.Unclear, ValueError):
        return None


def is_guarded(typing: Typing, known: Known) -> bool:
    """Return whether a row is not met where its field is missing; unless chosen, so it is where it can be missing."""
    if typing.is_guarded is not None:
        return typing.is_guarded
    return typing.field in known and known[typing.field].is_optional


def comparison_of(typing: Typing, kind: str) -> Comparison:
    """The chosen comparison, or the first that fits the field's kind."""
    fitting = FITTING[kind]
    return next((each for each in fitting if each == typing.how), fitting[0])


def row_of(typing: Typing, known: Known) -> Row | None:
    """Return the row that was typed, or None if a part of it is missing or wrong."""
    if not rows.is_name(typing.field):
        return None
    kind = kind_typed(typing, known)
    how = comparison_of(typing, kind)
    guarded = is_guarded(typing, known)
    if how in WITHOUT_VALUE:
        return Row(typing.field, how, (), guarded and how in (Comparison.EMPTY, Comparison.FILLED))
    texts = [typing.value, typing.last] if how is Comparison.BETWEEN else [typing.value]
    if how in LISTED:
        texts = [text.strip() for text in typing.value.split(",") if text.strip()]
    values = [_parsed(text, kind) for text in texts]
    plain = tuple(value for value in values if value is not None)
    return Row(typing.field, how, plain, guarded) if plain and len(plain) == len(values) else None


def kind_typed(typing: Typing, known: Known) -> str:
    """The kind of a row's field; an unknown field keeps the kind that its value has."""
    if typing.field in known and known[typing.field].kind:
        return known[typing.field].kind
    if typing.value in ("true", "false"):
        return TRUTH
    return NUMBER if isinstance(_parsed(typing.value, NUMBER), int | float) else TEXT


def is_incomplete(form: Form, known: Known) -> bool:
    """Return whether a row was begun and cannot be written yet."""
    return any(not typing.is_blank and row_of(typing, known) is None for typing in form.flat())


def text_of(form: Form, known: Known) -> str:
    """Return the complete rows as CEL."""
    items: list[Row | Group] = []
    for entry in form.entries:
        lines = (entry,) if isinstance(entry, Typing) else entry
        found = tuple(row for line in lines if (row := row_of(line, known)) is not None)
        items += found if isinstance(entry, Typing) else [Group(not form.is_any, found)] if found else []
    return writer.written(Group(form.is_any, tuple(items))) if items else ""


def resolved(typed: Typed, before: Mapping[str, str], known: Known) -> dict[str, str]:
    """Return what was typed, with the text of each condition whose rows were changed.

    :param before: the texts of the conditions, by their form names, as the page was sent.
    """
    found = dict(typed)
    for of, text in before.items():
        if not is_typed(of, typed) or _plain(typed.get(of, text)) != _plain(text):
            continue
        form = form_of(of, typed)
        old = of_text(text, known)
        if is_incomplete(form, known) or old is None:
            continue
        new = text_of(form, known)
        if new != text_of(old, known):
            found[of] = new
    return found


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
