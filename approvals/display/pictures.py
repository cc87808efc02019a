"""The decision page's small pictures: where each mark stands, as the numbers that SVG wants; templates draw them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from approvals.text.money import money
from policies.engine.document.sections import Step

# Each picture is this wide in its own units, with room for a mark at both ends.
WIDTH, EDGE = 240.0, 6.0
HIGHEST_SCORE = 100
# Parts of a score have one of so many tones.
TONES = 5
# Fewer earlier amounts show no usual one.
LEAST_DOTS = 2


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: its points, and where it stands in the bar."""

    part: Mapping[str, Any]
    x: str
    width: str
    tone: int


def stacked(parts: Iterable[Mapping[str, Any]]) -> list[Part]:
    """The parts of a score that have points, one after the other up to the highest score."""
    found: list[Part] = []
    at = 0
    for part in parts:
        points = min(int(part["points"]), HIGHEST_SCORE - at)
        if points > 0:
            place = (_number(at), _number(points))
            found.append(Part(part, *place, tone=len(found) % TONES + 1))
            at += points
    return found


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder, and the amount up to which it goes, without its currency; empty for the last."""

    outcome: str
    x: str
    width: str
    middle: str
    end: str
    until: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """A policy's ladder of amounts, and where this action stands on it."""

    rungs: tuple[Rung, ...]
    at: str
    here: Rung
    amount: str


def ladder(steps: Sequence[Step], amount: Decimal, currency: str) -> Ladder:
    """The ladder with all steps of one width, whatever they span, and the mark within the step of this amount."""
    width = WIDTH / len(steps)
    rungs = tuple(
        Rung(
            str(step.outcome),
            _number(place * width),
            _number(width),
            _number((place + 0.5) * width),
            _number((place + 1) * width),
            "" if step.up_to is None else money(step.up_to, currency).removeprefix(currency).strip(),
        )
        for place, step in enumerate(steps)
    )
    size = abs(amount)
    place = next((at for at, step in enumerate(steps) if step.up_to is None or size <= step.up_to), len(steps) - 1)
    share = _share(size, steps[place - 1].up_to if place else None, steps[place].up_to)
    return Ladder(rungs, _number((place + share) * width), rungs[place], money(amount, currency))


def _share(size: Decimal, low: Decimal | None, high: Decimal | None) -> float:
    """How far into its step an amount is; a step without an end is never used up."""
    low = low or Decimal(0)
    if high is None:
        return float(1 - low / size) * 0.9 if size and low else 0.5
    return float((size - low) / (high - low)) if high > low else 1.0


@dataclass(frozen=True, slots=True)
class Strip:
    """Earlier amounts as dots on a line, and this one among them."""

    dots: tuple[str, ...]
    at: str
    low: str
    high: str
    amount: str

    @property
    def count(self) -> int:
        """The number of earlier amounts."""
        return len(self.dots)


def strip(earlier: Sequence[Decimal], amount: Decimal | None, currency: str) -> Strip | None:
    """The earlier amounts and this one on one scale; None if they are too few."""
    if amount is None or len(earlier) < LEAST_DOTS:
        return None
    low, high = min(*earlier, amount), max(*earlier, amount)
    dots = tuple(_on_line(each, low, high) for each in sorted(earlier))
    bounds = (money(min(earlier), currency), money(max(earlier), currency))
    return Strip(dots, _on_line(amount, low, high), *bounds, amount=money(amount, currency))


def _on_line(amount: Decimal, low: Decimal, high: Decimal) -> str:
    share = float((amount - low) / (high - low)) if high > low else 0.5
    return _number(EDGE + share * (WIDTH - 2 * EDGE))


def _number(value: float) -> str:
    """A number as SVG needs it, independent of the language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
