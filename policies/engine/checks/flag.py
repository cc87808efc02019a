"""A flag: one anomaly, and the value that it is about."""

from collections.abc import Mapping
from dataclasses import dataclass

from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values import addresses

MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Flag:
    """One anomaly: its code, the JSON Pointer of the value ("" for the whole payload), and a sentence."""

    code: str
    pointer: str
    sentence: str


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

    def flag(self, code: str, sentence: str) -> Flag:
        """A flag on this value; the sentence begins with the field and its value."""
        return Flag(code, self.pointer, f"{self.name} {self._shown()} {sentence}")

    def _shown(self) -> str:
        text = addresses.legible(str(self.value))
        return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'
