"""The operators and functions of conditions: the kinds they take and give, and the words that inputs can have."""

from collections.abc import Mapping

from policies.engine.inputs.usual import COUNT, FIELDS, RATIO
from policies.engine.inputs.windows import COUNTS, SUMS
from policies.engine.values.said import message
from policies.engine.values.vocabulary import DATA_CLASSES, DOMAINS, FLAGS, Mode, Reversibility, Stakes
from policies.lab import shapes
from policies.lab.action_types import KINDS
from policies.lab.shapes import LIST, NUMBER, OBJECT, TEXT, TIME, TRUTH, Kinds

ORDER = frozenset({"_<_", "_<=_", "_>_", "_>=_"})
EQUAL = frozenset({"_==_", "_!=_"})
CALCULATE = frozenset({"_+_", "_-_", "_*_", "_/_", "_%_"})
LOGIC = frozenset({"_&&_", "_||_", "!_"})
OF_TEXTS = frozenset({"contains", "startsWith", "endsWith", "matches"})
TAKES: Mapping[str, Kinds] = {
    **dict.fromkeys(OF_TEXTS, frozenset({TEXT})),
    **dict.fromkeys(LOGIC, frozenset({TRUTH})),
    "size": frozenset({TEXT, LIST, OBJECT}),
    "double": frozenset({NUMBER, TEXT}),
    "int": frozenset({NUMBER, TEXT, TIME}),
    "string": frozenset({NUMBER, TEXT, TRUTH, TIME}),
    "timestamp": frozenset({NUMBER, TEXT, TIME}),
    "duration": frozenset({TEXT, TIME}),
    "-_": frozenset({NUMBER}),
}
GIVES: Mapping[str, str] = {
    **dict.fromkeys((*ORDER, *EQUAL, *LOGIC, *OF_TEXTS, "@in"), TRUTH),
    **dict.fromkeys(("size", "double", "int", "-_", "_-_", "_*_", "_/_", "_%_"), NUMBER),
    "string": TEXT,
    "timestamp": TIME,
    "duration": TIME,
}
ORDERED = frozenset({NUMBER, TEXT, TIME, TRUTH})
WORDS: Mapping[str, frozenset[str]] = {
    "domain": frozenset(DOMAINS),
    "mode": frozenset(Mode),
    "reversibility": frozenset(Reversibility),
    "stakes": frozenset(Stakes),
}
LISTED: Mapping[str, frozenset[str]] = {
    "data_classes": frozenset(DATA_CLASSES),
    "flags": frozenset(FLAGS),
    "known": frozenset({*KINDS, *COUNTS, *SUMS, COUNT, RATIO, FIELDS}),
}
NAMES: Mapping[str, str] = {
    TEXT: message("text"),
    NUMBER: message("a number"),
    TRUTH: message("true or false"),
    LIST: message("a list"),
    OBJECT: message("an object"),
    shapes.NULL: message("an empty value"),
    TIME: message("a point in time or a duration"),
}
