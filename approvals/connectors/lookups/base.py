"""What a source of facts is: it is asked for one value by a short text made of an action's own values."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from policies.engine.values import json_pointer
from policies.engine.values.canonical import canonical_bytes, holds_nul

# What an action may fill in besides the fields of its payload.
WORDS = ("subject", "on_behalf_of", "agent", "action_type")
PLACE = re.compile(r"\{([^{}]*)\}")
MAX_WORD_LENGTH = 400
MAX_BYTES = 16 * 1024
MAX_DEPTH = 12


class NothingFound(Exception):
    """There is no value, and asking again would not bring one; the message says why."""


class Unreachable(Exception):
    """The source gave no answer; asking again may. The message says why."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a source is asked about: an action's payload and the words that describe it."""

    payload: Mapping[str, Any]
    words: Mapping[str, str]

    def fill(self, template: str, *, is_address: bool = False) -> str:
        """The template with `{/pointer}` and `{word}` filled in; in an address each value is percent-encoded.

        :raises NothingFound: a value that the template needs is not there, or is neither a text nor a whole number.
        """
        encoded: Callable[[str], str] = (lambda text: quote(text, safe="")) if is_address else str
        return PLACE.sub(lambda place: encoded(self._word(place[1])), template)

    def _word(self, name: str) -> str:
        found = self.words.get(name) if name in WORDS else json_pointer.find(self.payload, name)
        if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
            raise NothingFound(f"It needs {name}, which this action does not have as a text or a whole number.")
        text = str(found)
        if len(text) > MAX_WORD_LENGTH:
            raise NothingFound(f"{name} is longer than {MAX_WORD_LENGTH} characters, so nothing was looked up by it.")
        return text


class Source(Protocol):
    """One way to look a value up; it changes nothing on the other side."""

    name: str

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Say in sentences what is wrong with a target; nothing when it can be asked."""

    def described(self, target: dict[str, Any]) -> str:
        """Name the other side for the people who read the value; without any of the action's own values."""

    def asked(self, target: dict[str, Any], question: Question) -> str:
        """The text that is asked with: what the value depends on, and nothing else.

        :raises NothingFound: the action lacks a value that it is made of.
        """

    def fetch(self, target: dict[str, Any], asked: str) -> Any:
        """The value as plain JSON, in bounded time.

        :raises NothingFound: there is no such value.
        :raises Unreachable: no answer came; another attempt may bring one.
        """


def faults_of_template(template: Any, name: str) -> list[str]:
    """What is wrong with a text that names places to be filled in."""
    if not isinstance(template, str) or not template:
        return [f"The target has no {name}; write a text such as {{/email}}."]
    return [
        f"{{{place}}} in {name} is no place; use a pointer such as {{/email}}, or one of {', '.join(WORDS)}."
        for place in PLACE.findall(template)
        if place not in WORDS and not place.startswith("/")
    ]


def usable(value: Any) -> Any:
    """The value, if it can be stored, shown and judged by.

    :raises NothingFound: it is null, too large, too deep, or holds what no database or rule takes.
    """
    if value is None:
        raise NothingFound("The source has no value for it.")
    if _depth(value) > MAX_DEPTH:
        raise NothingFound(f"The answer is nested deeper than {MAX_DEPTH} levels.")
    try:
        size = canonical_bytes(value)
    except ValueError as error:
        raise NothingFound(f"The answer cannot be used: {error}") from error
    if len(size) > MAX_BYTES:
        raise NothingFound(f"The answer is larger than {MAX_BYTES // 1024} KiB; point at the part that is needed.")
    if holds_nul(size):
        raise NothingFound("The answer holds U+0000, which cannot be stored.")
    return json.loads(size)


def _depth(value: Any, so_far: int = 0) -> int:
    if so_far > MAX_DEPTH or not isinstance(value, Mapping | list | tuple):
        return so_far
    inner = value.values() if isinstance(value, Mapping) else value
    return max((_depth(each, so_far + 1) for each in inner), default=so_far + 1)
