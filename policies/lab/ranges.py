"""What an action type's schema leaves open: the range of each number and length, and what is always present."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf

from policies.engine.conditions.tree import Call, Expression, Has, Path, walk
from policies.lab.action_types import TypeInfo
from policies.lab.shapes import LIST, NUMBER, OBJECT, TEXT, Schema, Shape

_LENGTHS = {
    TEXT: ("minLength", "maxLength"),
    LIST: ("minItems", "maxItems"),
    OBJECT: ("minProperties", "maxProperties"),
}


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers from `lowest` to `highest`; a whole one has no others, an open one leaves its ends out."""

    lowest: float = -inf
    highest: float = inf
    is_whole: bool = False
    is_above: bool = False
    is_below: bool = False

    def has(self, value: float) -> bool:
        """Return whether a number is in the range."""
        is_over = value > self.lowest or (value == self.lowest and not self.is_above)
        is_under = value < self.highest or (value == self.highest and not self.is_below)
        return is_over and is_under and (not self.is_whole or value == floor(value))

    def above(self, value: float, *, is_open: bool) -> "Range":
        """Return the part of the range from a number on."""
        if value < self.lowest or (value == self.lowest and (self.is_above or not is_open)):
            return self
        return Range(value, self.highest, self.is_whole, is_open, self.is_below)

    def below(self, value: float, *, is_open: bool) -> "Range":
        """Return the part of the range up to a number."""
        if value > self.highest or (value == self.highest and (self.is_below or not is_open)):
            return self
        return Range(self.lowest, value, self.is_whole, self.is_above, is_open)

    def has_room(self, without: Sequence[float] = ()) -> bool:
        """Return whether the range holds a number other than these."""
        if self.is_whole and self.lowest > -inf and self.highest < inf:
            first = floor(self.lowest) + 1 if self.is_above else ceil(self.lowest)
            last = ceil(self.highest) - 1 if self.is_below else floor(self.highest)
            taken = {value for value in without if self.has(value)}
            return last - first + 1 > len(taken)
        return self.lowest < self.highest or (self.has(self.lowest) and self.lowest not in without)


def of(condition: Expression, about: TypeInfo) -> Iterator[tuple[Expression, Range]]:
    """Yield each number and length of the condition that the type's schema bounds, and its range."""
    for each in walk(condition):
        if isinstance(each, Path) and (shape := _shape(each, about)) and shape.kinds == frozenset({NUMBER}):
            yield each, _union([_numbers(found) for found in shape.alternatives])
        elif isinstance(each, Call) and each.function == "size" and isinstance(each.operands[0], Path):
            shape = _shape(each.operands[0], about)
            if shape and shape.kinds and len(shape.kinds) == 1 and (words := _LENGTHS.get(next(iter(shape.kinds)))):
                yield each, _union([_lengths(found, words) for found in shape.alternatives])


def always_there(condition: Expression, about: TypeInfo) -> Iterator[Has]:
    """Yield each `has()` of a field that the type's schema requires."""
    for each in walk(condition):
        if isinstance(each, Has) and _is_required(each.path, about):
            yield each


def _shape(path: Path, about: TypeInfo) -> Shape | None:
    found = about.shape(path.root) if path.keys else None
    for key in path.keys:
        found = found.member(key) if found else None
    return found


def _is_required(path: Path, about: TypeInfo) -> bool:
    found = about.shape(path.root)
    for key in path.keys:
        # Where a value need not be an object, nothing in it is sure to be there.
        found = found.member(key) if found and found.kinds == frozenset({OBJECT}) else None
        if found is None or found.is_optional:
            return False
    return bool(path.keys)


def _numbers(found: Sequence[Schema]) -> Range:
    """The range of a number by schemas that all apply; what is not a number there bounds nothing."""
    reached = Range(is_whole=any(each.get("type") == "integer" for each in found))
    for schema in found:
        for word, is_open in (("minimum", False), ("exclusiveMinimum", True)):
            if (value := _number(schema, word)) is not None:
                reached = reached.above(value, is_open=is_open)
        for word, is_open in (("maximum", False), ("exclusiveMaximum", True)):
            if (value := _number(schema, word)) is not None:
                reached = reached.below(value, is_open=is_open)
    return reached


def _lengths(found: Sequence[Schema], words: tuple[str, str]) -> Range:
    reached = Range(0, is_whole=True)
    for schema in found:
        if (least := _number(schema, words[0])) is not None:
            reached = reached.above(least, is_open=False)
        if (most := _number(schema, words[1])) is not None:
            reached = reached.below(most, is_open=False)
    return reached


def _number(schema: Schema, word: str) -> float | None:
    value = schema.get(word)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _union(ranges: Sequence[Range]) -> Range:
    """The range that holds all of these."""
    first = min(ranges, key=lambda each: (each.lowest, each.is_above))
    last = max(ranges, key=lambda each: (each.highest, not each.is_below))
    is_whole = all(each.is_whole for each in ranges)
    return Range(first.lowest, last.highest, is_whole, first.is_above, last.is_below)
