"""Read plain values into typed ones, and collect every fault with its path."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

_SLUG = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_DECIMAL = re.compile(r"\d{1,15}(?:\.\d{1,6})?")
_DURATION = re.compile(r"(\d{1,6})\s*([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
MAX_DURATION = 366 * 86400

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a document, with its path."""

    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}" if self.path else self.sentence


class Node:
    """A value at a path; an unreadable value is recorded as a fault and replaced by a safe default."""

    def __init__(self, value: object, path: str, faults: list[Fault]) -> None:
        self.value = value
        self.path = path
        self.faults = faults

    def fault(self, sentence: str) -> None:
        """Record a fault here."""
        self.faults.append(Fault(self.path, sentence))

    def fields(self, allowed: tuple[str, ...], required: tuple[str, ...] = ()) -> dict[str, "Node"]:
        """Return the fields of an object; unknown and absent ones are faults."""
        found = self.entries()
        for name in found.keys() - set(allowed):
            found.pop(name).fault(f"Unknown field. Use one of: {', '.join(allowed)}.")
        for name in required:
            if name not in found:
                self.fault(f"The field {name} is missing. Add it.")
        return found

    def entries(self) -> dict[str, "Node"]:
        """Return the entries of an object whose keys are free."""
        if not isinstance(self.value, Mapping):
            self.fault("Expected fields with values. Write each as name: value.")
            return {}
        return {str(key): self._child(item, f".{key}" if self.path else str(key)) for key, item in self.value.items()}

    def items(self) -> Iterator["Node"]:
        """Yield the items of a list."""
        if not isinstance(self.value, list):
            self.fault("Expected a list. Start each item with a dash.")
            return
        for index, item in enumerate(self.value):
            yield self._child(item, f"[{index}]")

    def _child(self, value: object, step: str) -> "Node":
        return Node(value, self.path + step, self.faults)

    def text(self, longest: int = 500) -> str:
        """Read a non-empty text."""
        if not isinstance(self.value, str) or not self.value.strip():
            self.fault("Expected text. Put the value in quotes if necessary.")
            return ""
        if len(self.value) > longest:
            self.fault(f"The text has {len(self.value)} characters. Shorten it to at most {longest}.")
        return self.value.strip()

    def slug(self) -> str:
        """Read a name: lowercase letters and digits, joined by dashes, dots, or underscores."""
        if not isinstance(self.value, str) or len(self.value) > 100 or not _SLUG.fullmatch(self.value):
            self.fault("Invalid name. Use lowercase letters and digits, joined by dashes, dots, or underscores.")
            return ""
        return self.value

    def word(self, words: type[Word], *, without: tuple[Word, ...] = ()) -> Word:
        """Read one of a few words; an unreadable value counts as the strictest."""
        allowed = [word for word in words if word not in without]
        if self.value not in list(allowed):
            self.fault(f"{self.value!r} is not allowed here. Use one of: {', '.join(allowed)}.")
            return allowed[-1]
        return words(str(self.value))

    def truth(self) -> bool:
        """Read true or false."""
        if not isinstance(self.value, bool):
            self.fault("Expected true or false. Write one of them.")
            return True
        return self.value

    def whole(self, lowest: int, highest: int) -> int:
        """Read a whole number between two bounds."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not lowest <= self.value <= highest:
            self.fault(f"Expected a whole number from {lowest} to {highest}.")
            return lowest
        return self.value

    def ratio(self) -> float:
        """Read a number between 0 and 1."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float) or not 0 <= self.value <= 1:
            self.fault("Expected a number from 0 to 1, for example 0.8.")
            return 1.0
        return float(self.value)

    def amount(self) -> Decimal:
        """Read an amount of money: a number or a decimal text, not negative."""
        text = "" if isinstance(self.value, bool) else str(self.value)
        if not _DECIMAL.fullmatch(text):
            self.fault('Expected an amount. Write a decimal number such as "500.00".')
            return Decimal(0)
        return Decimal(text)

    def seconds(self) -> int:
        """Read a duration such as 90s, 30m, 4h or 2d."""
        found = _DURATION.fullmatch(self.value) if isinstance(self.value, str) else None
        seconds = int(found[1]) * _SECONDS[found[2]] if found else -1
        if not 0 <= seconds <= MAX_DURATION:
            self.fault("Expected a duration of at most a year. Write it as 90s, 30m, 4h, or 2d.")
            return 0
        return seconds
