"""A flag: one anomaly, and the value that it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values import addresses
from policies.engine.values.said import Said, as_json, say

MAX_LENGTH = 200
MAX_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Flag:
    """One anomaly: its code, the JSON Pointer of the value ("" for the whole payload), and what is odd about it.

    ``name`` is the field as the agent calls it. Pages show its title instead, and translate ``said``.
    """

    code: str
    pointer: str
    said: Said
    name: str = ""

    @classmethod
    def of(cls, code: str, pointer: str, value: object, template: str, **values: object) -> "Flag":
        """A flag on a value; the template says what is odd about ``{value}``."""
        return cls(code, pointer, say(template, values, value=quoted(value)), pointer.rsplit("/", 1)[-1])

    @property
    def sentence(self) -> str:
        """What is odd, in English, with the field's name first; it can be understood without the page."""
        return f"{self.name} {self.said}" if self.name else str(self.said)

    def as_json(self) -> dict[str, object]:
        """What an action keeps of the flag."""
        kept: dict[str, object] = {"code": self.code, "pointer": self.pointer, "sentence": self.sentence}
        return kept if (said := as_json(self.said)) is None else kept | {"said": said}


def quoted(value: object) -> Said:
    """The beginning of a value in quotation marks, with a code for each invisible character."""
    text = addresses.legible(str(value)[: MAX_SHOWN + 1])
    return say("“{text}”", text=f"{text[:MAX_SHOWN]}…" if len(text) > MAX_SHOWN else text)


class Odd(NamedTuple):
    """What is odd about a value: the code of the anomaly, and a template about ``{value}`` with its other values."""

    code: str
    template: str
    values: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Place:
    """A value with an expectation."""

    pointer: str
    value: object
    expected: Mapping[str, object]
    facts: PolicyInput

    @property
    def name(self) -> str:
        """The last part of the pointer: the field's name."""
        return self.pointer.rsplit("/", 1)[-1]

    def flag(self, code: str, template: str, **values: object) -> Flag:
        """A flag on this value."""
        return Flag.of(code, self.pointer, self.value, template, **values)

    def odd(self, found: Odd | None) -> Flag | None:
        """A flag on this value, where something odd was found."""
        return self.flag(found.code, found.template, **found.values) if found else None
