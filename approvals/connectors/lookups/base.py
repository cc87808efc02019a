"""The lookup source interface: return one value for a short text made from an action."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from policies.engine.values import json_pointer
from policies.engine.values.canonical import canonical_bytes, holds_nul
from policies.engine.values.said import message

# What a template may use in addition to payload fields.
WORDS = ("subject", "on_behalf_of", "agent", "action_type")
PLACE = re.compile(r"\{([^{}]*)\}")
MAX_WORD_LENGTH = 400
MAX_BYTES = 16 * 1024
MAX_DEPTH = 12


class NothingFound(Exception):
    """There is no value, and a retry would not help; the message says why."""


class Unreachable(Exception):
    """The source did not respond; a retry may help. The message says why."""


@dataclass(frozen=True, slots=True)
class Question:
    """The values for a request: an action's payload and its describing fields."""

    payload: Mapping[str, Any]
    words: Mapping[str, str]

    def fill(self, template: str, *, is_address: bool = False) -> str:
        """Fill `{/pointer}` and `{word}` into the template; in a URL, values are percent-encoded.

        :raises NothingFound: a value is missing, or is neither text nor a whole number.
        """
        encoded: Callable[[str], str] = (lambda text: quote(text, safe="")) if is_address else str
        return PLACE.sub(lambda place: encoded(self._word(place[1])), template)

    def _word(self, name: str) -> str:
        found = self.words.get(name) if name in WORDS else json_pointer.find(self.payload, name)
        if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
            raise NothingFound(f"The lookup needs {name}, but this action has no text or whole number there.")
        text = str(found)
        if len(text) > MAX_WORD_LENGTH:
            raise NothingFound(f"{name} is longer than {MAX_WORD_LENGTH} characters, so the lookup was skipped.")
        return text


class Source(Protocol):
    """One read-only way to look up a value."""

    name: str

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Return the faults of a target as sentences; empty if it is valid."""

    def described(self, target: dict[str, Any]) -> str:
        """Return the source's name for people, without values of the action."""

    def asked(self, target: dict[str, Any], question: Question) -> str:
        """Return the text of the request: only what the value depends on.

        :raises NothingFound: the action lacks a value for it.
        """

    def fetch(self, target: dict[str, Any], asked: str) -> Any:
        """Return the value as plain JSON, in bounded time.

        :raises NothingFound: there is no such value.
        :raises Unreachable: the source did not respond; a retry may help.
        """


def faults_of_template(template: Any, name: str) -> list[str]:
    """Return the faults of a template with placeholders."""
    if not isinstance(template, str) or not template:
        return [f"{name} is missing in the target. Enter a text such as {{/email}}."]
    return [
        f"Unknown placeholder {{{place}}} in {name}. Use a pointer such as {{/email}}, or one of: {', '.join(WORDS)}."
        for place in PLACE.findall(template)
        if place not in WORDS and not place.startswith("/")
    ]


def usable(value: Any) -> Any:
    """Return the value if it can be stored, shown and evaluated.

    :raises NothingFound: it is null, too large, too deep or not storable.
    """
    if value is None:
        raise NothingFound(message("The source has no value for this request."))
    if _depth(value) > MAX_DEPTH:
        raise NothingFound(f"The response is nested deeper than {MAX_DEPTH} levels.")
    try:
        size = canonical_bytes(value)
    except ValueError as error:
        raise NothingFound(f"The response is not usable: {error}") from error
    if len(size) > MAX_BYTES:
        raise NothingFound(
            f"The response is larger than {MAX_BYTES // 1024} KiB. Use a pointer to select the part that you need."
        )
    if holds_nul(size):
        raise NothingFound(message("The response contains U+0000, which cannot be stored."))
    return json.loads(size)


def _depth(value: Any, so_far: int = 0) -> int:
    if so_far > MAX_DEPTH or not isinstance(value, Mapping | list | tuple):
        return so_far
    inner = value.values() if isinstance(value, Mapping) else value
    return max((_depth(each, so_far + 1) for each in inner), default=so_far + 1)
