"""Conditions as sentences, where rows can say what they say."""

from collections.abc import Mapping

from policies.engine.values.money import figure
from policies.engine.values.said import Said, as_figure, message, say
from policies.lab.builder import fields, reader
from policies.lab.builder.fields import Field
from policies.lab.builder.rows import Comparison, Group, Row, Scalar

TEMPLATES = {
    Comparison.IS: message("{field} is {value}"),
    Comparison.IS_NOT: message("{field} is not {value}"),
    Comparison.ABOVE: message("{field} is above {value}"),
    Comparison.AT_LEAST: message("{field} is at least {value}"),
    Comparison.BELOW: message("{field} is below {value}"),
    Comparison.AT_MOST: message("{field} is at most {value}"),
    Comparison.BETWEEN: message("{field} is from {value} to {last}"),
    Comparison.ONE_OF: message("{field} is one of: {values}"),
    Comparison.NONE_OF: message("{field} is none of: {values}"),
    Comparison.CONTAINS: message("{field} contains {value}"),
    Comparison.LACKS: message("{field} does not contain {value}"),
    Comparison.STARTS: message("{field} starts with {value}"),
    Comparison.ENDS: message("{field} ends with {value}"),
    Comparison.INCLUDES: message("{field} include {value}"),
    Comparison.EXCLUDES: message("{field} do not include {value}"),
    Comparison.EMPTY: message("{field} are empty"),
    Comparison.FILLED: message("{field} are not empty"),
    Comparison.GIVEN: message("{field} is given"),
    Comparison.MISSING: message("{field} is missing"),
}
ALWAYS = message("always")


def said(text: str, known: Mapping[str, Field]) -> Said | None:
    """Return a condition in words, or None where only its text says what it means."""
    if text.strip() == "true":
        return say(ALWAYS)
    rows = reader.read(text)
    return None if rows is None else of_rows(rows, known)


def of_rows(group: Group, known: Mapping[str, Field]) -> Said:
    """Return rows in words."""
    parts = [_in_brackets(item, known) if isinstance(item, Group) else of_row(item, known) for item in group.items]
    template = message("{one} or {other}") if group.is_any else message("{one} and {other}")
    return joined(parts, template)


def joined(parts: list[Said], last: str) -> Said:
    """Return parts as one list, with a word before the last one."""
    *before, end = parts
    found = before[0] if before else end
    for part in before[1:]:
        found = say("{one}, {other}", one=found, other=part)
    return say(last, one=found, other=end) if before else found


def of_row(row: Row, known: Mapping[str, Field]) -> Said:
    """Return one row in words."""
    field = known.get(row.field) or fields.unknown(row.field)
    words = dict(field.choices)
    if row.comparison is Comparison.IS and field.kind == fields.TRUTH:
        template = message("{field}: yes") if row.values[0] else message("{field}: no")
        return say(template, field=_label(field))
    is_own = field.name in OWN
    values = [_value(value, words if is_own else {}) for value in row.values]
    given = {"value": values[0] if values else "", "last": values[-1] if values else "", "values": values}
    return say(TEMPLATES[row.comparison], {"field": _label(field), **given})


def _in_brackets(group: Group, known: Mapping[str, Field]) -> Said:
    return say("({group})", group=of_rows(group, known))


def _label(field: Field) -> str | Said:
    """The label as a value that is translated where it is ours, and stays as it is where a schema says it."""
    is_own = field.name in OWN
    return say(field.label) if is_own and not isinstance(field.label, Said) else field.label


OWN = frozenset(field.name for field in fields.INPUTS)


def _value(value: Scalar, words: Mapping[str, str | Said]) -> Said | str:
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, int | float):
        digits = figure(value)
        whole, point, fraction = str(digits).partition(".")
        return as_figure(f"{int(whole):,}{point}{fraction}" if abs(value) >= 1 else digits, digits)
    return say(words[value]) if value in words else say("“{text}”", text=value)
