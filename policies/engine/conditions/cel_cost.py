"""The cost of a condition, estimated before it runs because the engine cannot be interrupted.

The engine counts loop iterations only. What one iteration costs is up to the condition (a search in a list, a pattern
over a long text), so the worst case is reckoned here from the condition's words and the size of the facts. A unit is
about 20 nanoseconds on a slow core.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_TEXT_LENGTH = 8 * 1024
LARGEST_PAYLOAD = 64 * 1024
UNITS = 1_500_000
ITERATIONS = 10_000
MAX_LOOP_DEPTH = 2
MAX_VALUE_DEPTH = 40

_WORD = re.compile(
    r"""(?P<text>[rRbB]{0,2}(?:'''(?:.|\n)*?'''|\"{3}(?:.|\n)*?\"{3}|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"))"""
    r"""|(?P<name>[A-Za-z_]\w*)|(?P<number>\d[\w.]*)|(?P<sign>==|!=|<=|>=|&&|\|\||//[^\n]*|\S)"""
)
_LOOPS = frozenset({"all", "exists", "exists_one", "existsOne", "filter", "map"})
_LISTS = frozenset({"in", "==", "!="})
# Whether their result is finite is checked, which costs as much as so many words.
_RECKONED, _CHECK = frozenset({"double", "+", "-", "*", "/"}), 15
_TEXTS = frozenset({"contains", "startsWith", "endsWith", "size", "+", "string", "<", ">", "<=", ">="})


@dataclass(frozen=True, slots=True)
class Size:
    """The size of an input: total values and characters, the longest list and text, and the nesting depth.

    No JSON holds a number that is not finite; `is_finite` is false where facts from elsewhere do.
    """

    values: int
    text: int
    longest_list: int
    longest_text: int
    depth: int
    is_finite: bool = True


@dataclass(frozen=True, slots=True)
class Cost:
    """The number of costly tokens of each kind at each loop depth (0 is outside any loop)."""

    words: tuple[int, ...]
    lists: tuple[int, ...]
    texts: tuple[int, ...]
    patterns: tuple[int, ...]
    filters: tuple[int, ...]
    longest_literal: int
    deepest_loop: int
    deepest_bracket: int
    loops: frozenset[str]

    def units(self, size: Size) -> int:
        """Return the maximum cost of one evaluation over an input of this size."""
        length = max(size.longest_list, self.longest_literal)
        total = 0
        for depth in range(len(self.words)):
            rounds = min(length**depth, ITERATIONS)
            total += rounds * self._once(depth, size, length)
        return total

    def _once(self, depth: int, size: Size, length: int) -> int:
        # Filtering rebuilds its list for each value that it keeps, hence the square.
        return (
            self.words[depth]
            + self.lists[depth] * (size.values + size.text // 64)
            + self.texts[depth] * (size.longest_text // 12)
            + self.patterns[depth] * (400 + size.longest_text)
            + self.filters[depth] * length * length * 3
        )


LARGEST = Size(LARGEST_PAYLOAD // 2, LARGEST_PAYLOAD, LARGEST_PAYLOAD // 2, MAX_TEXT_LENGTH, MAX_VALUE_DEPTH)
"""Larger than any input that reaches a condition."""


def cost(condition: str) -> Cost:
    """Estimate the cost of a condition from its tokens."""
    tally = _Tally()
    for word in _words(condition):
        tally.add(word)
    return tally.cost()


def measure(values: Iterable[object]) -> Size:
    """Measure an input level by level, so that no depth can exhaust the stack."""
    count = text = longest_list = longest_text = depth = 0
    is_finite = True
    level = list(values)
    while level:
        depth += 1
        count += len(level)
        below: list[object] = []
        # This runs for every action: a comparison is cheaper than a call of max().
        for value in level:
            if isinstance(value, str):
                text += len(value)
                longest_text = len(value) if len(value) > longest_text else longest_text
            elif isinstance(value, dict | list | tuple):
                longest_list = len(value) if len(value) > longest_list else longest_list
                below.extend(value.values() if isinstance(value, dict) else value)
                text += sum(map(len, value)) if isinstance(value, dict) else 0
            elif isinstance(value, float) and not math.isfinite(value):
                is_finite = False
        level = below
    return Size(count, text, longest_list, longest_text, depth, is_finite)


class _Tally:
    """Read the tokens of a condition from left to right, and track the open brackets."""

    def __init__(self) -> None:
        self.counts: dict[str, list[int]] = {}
        self.open: list[bool] = []
        self.before = ""
        self.before_that = ""
        self.commas = 0
        self.deepest_loop = 0
        self.deepest_bracket = 0
        self.loops: set[str] = set()

    def add(self, word: str) -> None:
        self._count(word)
        if word in "([{":
            self._enter(word)
        elif word in ")]}" and self.open:
            self.open.pop()
        self.before_that, self.before = self.before, word

    def _enter(self, word: str) -> None:
        is_loop = word == "(" and self.before in _LOOPS and self.before_that == "."
        if is_loop:
            self.loops.add(self.before)
            if self.before in ("filter", "map"):
                self._more("filters")
        self.open.append(is_loop)
        self.deepest_loop = max(self.deepest_loop, sum(self.open))
        self.deepest_bracket = max(self.deepest_bracket, len(self.open))

    def _count(self, word: str) -> None:
        self._more("words", _CHECK if word in _RECKONED else 1)
        if word in _LISTS:
            self._more("lists")
        elif word in _TEXTS:
            self._more("texts")
        elif word == "matches":
            self._more("patterns")
        self.commas += word == ","

    def _more(self, kind: str, times: int = 1) -> None:
        depth = sum(self.open)
        counts = self.counts.setdefault(kind, [])
        counts.extend([0] * (depth + 1 - len(counts)))
        counts[depth] += times

    def cost(self) -> Cost:
        depths = self.deepest_loop + 1
        return Cost(
            words=self._padded("words", depths),
            lists=self._padded("lists", depths),
            texts=self._padded("texts", depths),
            patterns=self._padded("patterns", depths),
            filters=self._padded("filters", depths),
            longest_literal=self.commas + 1,
            deepest_loop=self.deepest_loop,
            deepest_bracket=self.deepest_bracket,
            loops=frozenset(self.loops),
        )

    def _padded(self, kind: str, depths: int) -> tuple[int, ...]:
        counts = self.counts.get(kind, [])
        return tuple(counts + [0] * (depths - len(counts)))


def _words(condition: str) -> Iterator[str]:
    for found in _WORD.finditer(condition):
        if found.lastgroup == "text":
            yield '""'
        elif not found.group().startswith("//"):
            yield found.group()
