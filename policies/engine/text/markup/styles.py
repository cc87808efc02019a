"""Styles that take text from its reader, inline and in style sheets."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from justhtml.selector import SelectorError

_REMARK = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_HIDING = re.compile(
    r"(?<![\w-])(display\s*:\s*none|visibility\s*:\s*(hidden|collapse)|mso-hide|clip(-path)?\s*:|content-visibility"
    r"|(font|(max-)?height|(max-)?width|zoom)\s*:\s*(0(?![.\d]*[1-9])|[01](\.\d+)?px)"
    r"|(left|top|right|bottom|text-indent|margin(-left|-top)?|inset)\s*:\s*-\s*\d{3}"
    r"|(left|top|right|bottom|text-indent|inset)\s*:\s*\+?(\d{4}|\d{3}v)"
    r"|transform\s*:[^;]*(scale|translate)|filter\s*:[^;]*opacity|unicode-bidi\s*:[^;]*override)",
    re.IGNORECASE,
)
_SMALL = re.compile(r"(?<![\w-])(font-size|opacity|line-height|letter-spacing)\s*:\s*([^;!]+)", re.IGNORECASE)
_NUMBER = re.compile(r"([+-]?\d*\.?\d+)\s*(%|[a-z]*)", re.IGNORECASE)
# The least that a reader still sees, in pixels or parts of the usual.
_LEAST: Mapping[str, float] = {"font-size": 4, "opacity": 0.2, "line-height": 0.3, "letter-spacing": -6}
_PIXELS: Mapping[str, float] = {
    "pt": 1.33,
    "pc": 16,
    "em": 16,
    "rem": 16,
    "ex": 8,
    "ch": 8,
    "mm": 3.8,
    "cm": 38,
    "in": 96,
}
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_SAYS_TEXT = re.compile(r"(?<![\w-])content\s*:\s*[\"'][^\"']*\w", re.IGNORECASE)
# Elements times rules, so that no message keeps its evaluation busy.
MAX_LOOKS = 200_000


def plain(style: str) -> str:
    """Return a style without its comments."""
    return _REMARK.sub("", style)


def hides(style: str) -> bool:
    """Return whether a style may take text from its reader."""
    # An escape can spell any property, so it counts as one that hides.
    found = plain(style)
    return "\\" in found or "@import" in found.lower() or _HIDING.search(found) is not None or _is_too_small(found)


def adds_text(sheet: str) -> bool:
    """Return whether a style sheet shows words that are not in the text."""
    return _SAYS_TEXT.search(plain(sheet)) is not None


def by_element(document: Any, sheets: str, elements: int) -> Mapping[int, str] | None:
    """Return what style sheets say of each element, by its id; None if they say too much to be applied.

    All rules in a condition count as met.
    """
    rules = list(_rules(sheets))
    if len(rules) * elements > MAX_LOOKS:
        return None
    found: dict[int, str] = {}
    for selector, block in rules:
        for element in _chosen(document, selector):
            found[id(element)] = f"{found.get(id(element), '')};{block}"
    return found


def _rules(sheets: str) -> Iterator[tuple[str, str]]:
    for selectors, block in _RULE.findall(plain(sheets)):
        if "color" in block.lower() or "background" in block.lower():
            yield selectors.strip(), block


def _chosen(document: Any, selector: str) -> list[Any]:
    try:
        return list(document.query(selector))
    except SelectorError:
        # What is said of a link under the pointer says nothing of its usual look.
        return []


def _is_too_small(style: str) -> bool:
    return any(_is_below(name.lower(), value.strip()) for name, value in _SMALL.findall(style))


def _is_below(name: str, value: str) -> bool:
    if "(" in value:
        return True
    number = _NUMBER.match(value)
    if number is None:
        return False
    amount, unit = float(number[1]), number[2].lower()
    if name == "font-size":
        amount *= 0.16 if unit == "%" else _PIXELS.get(unit, 1)
    elif unit == "%":
        amount /= 100
    elif name in ("line-height", "letter-spacing"):
        amount *= _PIXELS.get(unit, 1) / (16 if name == "line-height" and unit else 1)
    return amount < _LEAST[name]
