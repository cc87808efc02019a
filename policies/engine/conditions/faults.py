"""What went wrong in a condition, in words: errors of compilation and of evaluation."""

import difflib
import re
from collections.abc import Collection, Mapping

from policies.engine.conditions import compile_hints
from policies.engine.values.said import Said, message, say

_FAULT = re.compile(r"ERROR: <input>:(?P<line>\d+):(?P<column>\d+): (?P<what>[^\n]*)")
_MIXED = re.compile(r"found no matching overload for '([^']+)' applied to '\((.*)\)'")
_NUMBERS = re.compile(r"(?:(?:list\((?:int|double)\)|int|double)(?:, |$))+")
# Remainders exist only for whole numbers.
_WITHOUT_DECIMALS = frozenset({"_%_"})
_KINDS = {
    "int": message("a whole number"),
    "int64": message("a whole number"),
    "double": message("a number"),
    "string": message("text"),
    "bool": message("true or false"),
    "null_type": message("an empty value"),
    "list": message("a list"),
    "map": message("an object"),
    "bytes": message("bytes"),
    "timestamp": message("a point in time"),
    "google.protobuf.Timestamp": message("a point in time"),
    "duration": message("a duration"),
    "google.protobuf.Duration": message("a duration"),
    "dyn": message("a value of unknown type"),
}
_CURES = {
    frozenset({"string", "double"}): " To compare an amount written as text, use double(), for example double(x) > 5.",
    frozenset({"string", "int"}): " To compare a number written as text, use double(), for example double(x) > 5.",
}
ABSENT = re.compile(r'No value with name "(?P<name>[\w.]+)"|Key not found in map : "(?P<key>.*)"')


def kind_in_words(name: str) -> str:
    """Return the name of a kind of value as people say it."""
    return _KINDS.get(re.sub(r"\(.*", "", name.strip()), name.strip())


def is_about_numbers(error: str) -> bool:
    """Return whether whole numbers and decimals in one comparison or calculation are all that is wrong."""
    found = [_MIXED.match(fault["what"]) for fault in _FAULT.finditer(error)]
    return bool(found) and all(mixed is not None and _is_of_numbers(mixed) for mixed in found)


def _is_of_numbers(mixed: re.Match[str]) -> bool:
    kinds = mixed[2].removeprefix("bool, ") if mixed[1] == "_?_:_" else mixed[2]
    return mixed[1] not in _WITHOUT_DECIMALS and _NUMBERS.fullmatch(kinds) is not None


def of_compilation(error: str, text: str, known: Collection[str], hint: str) -> str:
    """Return why a condition does not compile; `known` names the inputs and `hint` describes them."""
    if "recursion" in error:
        return "The condition is nested too deeply. Split it into two rules."
    faults = [
        f"Line {m['line']}, column {m['column']}: {_explained(m, text, known, hint)}" for m in _FAULT.finditer(error)
    ]
    return " ".join(faults[:3]) or "The condition is invalid. Check its brackets and quotes."


def _explained(fault: re.Match[str], text: str, known: Collection[str], hint: str) -> str:
    what = fault["what"]
    if unknown := re.match(r"undeclared reference to '([\w.]+)'", what):
        near = difflib.get_close_matches(unknown[1], known, n=1, cutoff=0.7)
        return f"`{unknown[1]}` is neither an input nor a function. {f'Did you mean `{near[0]}`?' if near else hint}"
    if mixed := _MIXED.match(what):
        return _mixed(mixed[1], mixed[2])
    line = text.split("\n")[int(fault["line"]) - 1 : int(fault["line"])]
    what = what.split(" expecting ")[0].removeprefix("Syntax error: ")
    return compile_hints.plainly(what, "".join(line), int(fault["column"]))


def _mixed(sign: str, given: str) -> str:
    kinds = re.split(r", (?![^(]*\))", given)
    words = " and ".join(map(kind_in_words, kinds)) if len(kinds) > 1 else kind_in_words(given)
    return f"`{sign.strip('_@').replace('_', ' ')}` cannot be applied to {words}.{_CURES.get(frozenset(kinds), '')}"


def of_absence(error: str) -> Said | None:
    """Return the sentence about a value that is missing, if that is what went wrong."""
    absent = ABSENT.search(error)
    if absent is None:
        return None
    if absent["name"]:
        return say("The condition needs {name}, which is unknown for this action.", name=absent["name"])
    return say("The condition needs the value {name}, which is missing.", name=absent["key"][:100])


def of_evaluation(error: str) -> Said:
    """Return why a condition could not be evaluated, without the words of the engine."""
    if overload := re.search(r"No matching overloads found : (.*?)(?: \[|$)", error):
        return _of_kinds(overload[1])
    return next((say(sentence) for pattern, sentence in _SENTENCES.items() if re.search(pattern, error)), say(_OTHER))


def _of_kinds(overload: str) -> Said:
    if found := re.fullmatch(r"_?[@\w<>=!+\-*/%]+_?\((\w+), (\w+)\)", overload):
        left, right = (say(kind_in_words(each)) for each in found.groups())
        return say(
            "The rule expects two values of the same type, but found {left} and {right}.", left=left, right=right
        )
    if found := re.search(r"\((\w+)\)", overload):
        return say("The rule cannot use {kind} here.", kind=say(kind_in_words(found[1])))
    return say("The rule received a value of the wrong type, for example text instead of a number.")


_OTHER = message("The rule could not be evaluated.")
_SENTENCES: Mapping[str, str] = {
    r"out of u?int64 range|overflow|too large": message("A number in the calculation is too large or not finite."),
    r"budget exceeded": message("The input is too large to check this condition."),
    r"divide by zero|modulus by zero|division": message("The rule divides by zero."),
    r"cannot convert string to": message("The rule expects a number, but the text is not a number."),
    r"conversion failed": message("The rule expects a date or a duration, but the text is neither."),
    r"Index error: index": message("The rule refers to a list entry that does not exist."),
    r"SELECT to non-message|Index error: expected": message(
        "The rule refers to a field of a value that has no fields."
    ),
    r"regular expression": message("The pattern in the rule is not a valid regular expression."),
}
