"""A flag: one anomaly, and the value that it is about."""

from collections.abc import Mapping
from dataclasses import dataclass

from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values import addresses

MAX_LENGTH = 200
MAX_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Flag:
    """One anomaly: its code, the JSON Pointer of the value ("" for the whole payload), and a sentence."""

    code: str
    pointer: str
    sentence: str

    @classmethod
    def of(cls, code: str, pointer: str, value: object, sentence: str) -> "Flag":
        """A flag on a value; the sentence begins with the field and its value."""
        return cls(code, pointer, f"{pointer.rsplit('/', 1)[-1]} {cls.shown(value)} {sentence}")

    @staticmethod
    def shown(value: object) -> str:
        """The beginning of a value in quotation marks, with a code for each invisible character."""
        text = addresses.legible(str(value)[: MAX_SHOWN + 1])
        return f'"{text[:MAX_SHOWN]}…"' if len(text) > MAX_SHOWN else f'"{text}"'


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
        """A flag on this value."""
        return Flag.of(code, self.pointer, self.value, sentence)
