"""Characters that a reader cannot see or takes for others, in every text of an action."""

from collections.abc import Collection, Iterator, Mapping

from policies.engine.checks.flag import Flag, quoted
from policies.engine.checks.messages import markup
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.text import characters
from policies.engine.values import json_pointer
from policies.engine.values.said import message, say

HIDDEN, MIXED, LOOK_ALIKE = "hidden_characters", "mixed_scripts", "look_alike_characters"
_SAID = {
    HIDDEN: message("{value} contains invisible characters or marks that cover other text."),
    MIXED: message("{value} mixes letters or digits from several scripts in one word."),
    LOOK_ALIKE: message("{value} contains letters that look like Latin letters but are not."),
}
_BESIDE = {"subject": message("The subject {text}"), "on_behalf_of": message("The requester {text}")}
Path = tuple[str | int, ...]


def codes(text: str) -> Iterator[str]:
    """Yield what is odd about the characters of a text."""
    if characters.is_usual(text):
        return
    if characters.hidden(text) or characters.stacked(text):
        yield HIDDEN
    if characters.mixed(text):
        yield MIXED
    if characters.disguised(text):
        yield LOOK_ALIKE


def texts_of(facts: PolicyInput, messages: Collection[str]) -> Iterator[Flag]:
    """Flag the texts of the payload and the names of its fields, then what the agent says beside it."""
    seen = set()
    for path, text in _odd_texts(facts.payload):
        pointer = json_pointer.join(*path)
        yield from markup(pointer, text, messages)
        for code in codes(text):
            seen.add(text)
            yield Flag.of(code, pointer, text, _SAID[code])
    for name, named in _BESIDE.items():
        text = str(getattr(facts, name))
        for code in codes(text) if text not in seen else ():
            yield Flag(code, "", say(_SAID[code], value=say(named, text=quoted(text))))


def _odd_texts(payload: Mapping[str, object]) -> Iterator[tuple[Path, str]]:
    """Yield the texts that need a check, in order; nearly all texts of nearly all payloads need none."""
    waiting: list[tuple[Path, object]] = [((), payload)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            if "<" in value or not characters.is_usual(value):
                yield path, value
        elif isinstance(value, dict):
            yield from (((*path, name), name) for name in value if not characters.is_usual(name))
            waiting += [((*path, name), value[name]) for name in reversed(value)]
        elif isinstance(value, list | tuple):
            waiting += [((*path, at), value[at]) for at in reversed(range(len(value)))]
