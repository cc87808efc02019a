"""The fields that rows of conditions can be about: inputs of every action, and the payload fields of action types."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policies.engine.inputs import usual, windows
from policies.engine.values import json_pointer, schemas
from policies.engine.values.said import Said, message, say
from policies.engine.values.vocabulary import DATA_CLASSES, DOMAINS, FLAGS
from policies.lab import glossary, shapes
from policies.lab.action_types import TypeInfo
from policies.lab.builder.rows import Comparison, is_name

TEXT, NUMBER, TRUTH, DATE, LIST = "text", "number", "truth", "date", "list"
MAX_FIELDS = 80
_GIVEN = (Comparison.GIVEN, Comparison.MISSING)
_ORDER = (Comparison.ABOVE, Comparison.AT_LEAST, Comparison.BELOW, Comparison.AT_MOST, Comparison.BETWEEN)
FITTING: Mapping[str, tuple[Comparison, ...]] = {
    TEXT: (
        Comparison.IS,
        Comparison.IS_NOT,
        Comparison.ONE_OF,
        Comparison.NONE_OF,
        Comparison.CONTAINS,
        Comparison.LACKS,
        Comparison.STARTS,
        Comparison.ENDS,
        *_GIVEN,
    ),
    NUMBER: (*_ORDER, Comparison.IS, Comparison.IS_NOT, *_GIVEN),
    DATE: (*_ORDER, Comparison.IS, Comparison.IS_NOT, *_GIVEN),
    TRUTH: (Comparison.IS, *_GIVEN),
    LIST: (Comparison.INCLUDES, Comparison.EXCLUDES, Comparison.EMPTY, Comparison.FILLED, *_GIVEN),
}
"""The comparisons that fit each kind of field, the most useful first."""

_WORDS = {"in_the_loop": message("in the loop"), "on_the_loop": message("on the loop")} | {
    "human_in_command": message("human in command"),
    "autonomous": message("autonomous"),
    "reversible": message("reversible"),
    "irreversible": message("irreversible"),
    "low": message("low"),
    "medium": message("medium"),
    "high": message("high"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name in CEL, its label, its kind, its heading in the list, and the only values that it has."""

    name: str
    label: str | Said
    kind: str
    group: str | Said
    choices: tuple[tuple[str, str | Said], ...] = ()
    is_optional: bool = False


def _of_words(*names: str) -> tuple[tuple[str, str | Said], ...]:
    return tuple((name, _WORDS[name]) for name in names)


_ACTION, _AMOUNT, _AGENT = message("Action"), message("Amount"), message("Agent and risk")
_SUBJECT, _COUNTS, _OTHER = message("Subject"), message("Counts over time"), message("Other inputs")
INPUTS = (
    Field("amount", message("amount"), NUMBER, _AMOUNT, is_optional=True),
    Field("amount_base", message("amount in the base currency"), NUMBER, _AMOUNT, is_optional=True),
    Field("currency", message("currency"), TEXT, _AMOUNT, is_optional=True),
    Field("amount_minor", message("amount in minor units"), NUMBER, _AMOUNT, is_optional=True),
    Field("action_type", message("action type"), TEXT, _ACTION),
    Field("domain", message("domain"), TEXT, _ACTION, tuple(DOMAINS.items())),
    Field("stakes", message("stakes"), TEXT, _ACTION, _of_words("low", "medium", "high")),
    Field("reversibility", message("reversibility"), TEXT, _ACTION, _of_words("reversible", "irreversible")),
    Field("external", message("external effects"), TRUTH, _ACTION),
    Field("data_classes", message("data classes"), LIST, _ACTION, tuple(DATA_CLASSES.items())),
    Field(
        "mode",
        message("mode"),
        TEXT,
        _ACTION,
        _of_words("human_in_command", "in_the_loop", "on_the_loop", "autonomous"),
    ),
    Field("agent", message("agent"), TEXT, _AGENT),
    Field("confidence", message("the agent’s confidence"), NUMBER, _AGENT, is_optional=True),
    Field("score", message("risk score"), NUMBER, _AGENT),
    Field("flags", message("anomalies"), LIST, _AGENT, tuple(FLAGS.items())),
    Field("missing", message("missing values"), LIST, _AGENT),
    Field("subject", message("subject"), TEXT, _SUBJECT, is_optional=True),
    Field("on_behalf_of", message("requester"), TEXT, _SUBJECT, is_optional=True),
    Field(windows.FIRST, message("first action for its subject"), TRUTH, _SUBJECT),
    Field(usual.RATIO, message("amount divided by the highest one before"), NUMBER, _SUBJECT, is_optional=True),
    Field(usual.COUNT, message("number of earlier actions for the subject"), NUMBER, _SUBJECT),
    Field(usual.FIELDS, message("fields with an unusual value"), LIST, _SUBJECT),
    Field("history.same_number", message("actions with the same document number"), NUMBER, _SUBJECT),
)


def of(types: Sequence[TypeInfo]) -> tuple[Field, ...]:
    """Return all fields for conditions about these action types: their payloads first, then what all actions have."""
    found: dict[str, Field] = {}
    for about in types:
        for field in _payload(about):
            if len(found) < MAX_FIELDS:
                found.setdefault(field.name, field)
    return (*found.values(), *INPUTS, *_others(), *_counts())


def by_name(fields: Iterable[Field]) -> dict[str, Field]:
    """Return the fields by their names."""
    return {field.name: field for field in fields}


def unknown(name: str) -> Field:
    """Return a field that no list has, such as a lookup result: it stays as it is written."""
    return Field(name, name.removeprefix("payload."), "", _OTHER)


def _counts() -> Iterator[Field]:
    for word in glossary.counted():
        yield Field(word.name, _short(word.name), NUMBER, _COUNTS)


def _short(name: str) -> Said:
    _, series, what = name.split(".")
    scope, window = windows.parts(series)
    counted = say("number of actions") if what == "count" else say("total amount of actions")
    return say(
        "{counted} {scope} {span}", counted=counted, scope=say(glossary.WHO[scope]), span=say(glossary.SPANS[window])
    )


def _others() -> Iterator[Field]:
    """Yield the inputs that the list above does not name yet, by their names."""
    kinds = {glossary.TEXT: TEXT, glossary.DECIMAL: NUMBER, glossary.WHOLE: NUMBER, glossary.TRUTH: TRUTH}
    known = {field.name for field in INPUTS} | {"known"}
    for word in glossary.FACTS:
        if word.name not in known and word.type != glossary.OBJECT:
            yield Field(word.name, word.name.replace("_", " "), kinds.get(word.type, LIST), _OTHER, is_optional=True)


def _payload(about: TypeInfo) -> Iterator[Field]:
    group = about.title or about.name
    for pointer in shapes.pointers(about.schema, deepest=2):
        name = ".".join(("payload", *json_pointer.parts(pointer)))
        shape = shapes.at(about.schema, pointer)
        kind = _kind(about.schema, pointer, shape) if shape is not None and is_name(name) else ""
        if shape is not None and kind:
            values = tuple((value, value) for value in shape.values or () if isinstance(value, str))
            is_optional = shape.is_optional or pointer.count("/") > 1
            yield Field(name, schemas.title_at(about.schema, pointer), kind, group, values, is_optional)


def _kind(schema: Mapping[str, Any], pointer: str, shape: shapes.Shape) -> str:
    kinds = {shapes.TEXT: TEXT, shapes.NUMBER: NUMBER, shapes.TRUTH: TRUTH, shapes.LIST: LIST}
    found = (shape.kinds or frozenset()) - {shapes.NULL}
    kind = kinds.get(next(iter(found)), "") if len(found) == 1 else ""
    if kind == LIST and shape.items().kinds != frozenset({shapes.TEXT}):
        return ""
    is_date = kind == TEXT and any(each.get("format") == "date" for each in schemas.at(schema, pointer))
    return DATE if is_date else kind
