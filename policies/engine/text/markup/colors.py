"""Colors of text and ground, as far as inline styles say them, to find text that has the color of its ground."""

import re
from collections.abc import Mapping

Color = tuple[int, int, int]
BLACK: Color = (0, 0, 0)
WHITE: Color = (255, 255, 255)
_NEAR = 24
_NAMED: Mapping[str, Color] = {
    "black": BLACK,
    "white": WHITE,
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245),
    "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
    "yellow": (255, 255, 0),
    "navy": (0, 0, 128),
}
_TEXT = re.compile(r"(?<![\w-])color\s*:\s*([^;!]+)", re.IGNORECASE)
_GROUND = re.compile(r"(?<![\w-])background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_HEX = re.compile(r"#([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![0-9a-f])", re.IGNORECASE)
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})", re.IGNORECASE)
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)


def of_text(style: str, attributes: Mapping[str, str]) -> Color | None:
    """Return the color of an element's text; None if it has its parent's."""
    found = _TEXT.findall(style)
    return _color(found[-1] if found else attributes.get("color", attributes.get("text", "")))


def of_ground(style: str, attributes: Mapping[str, str]) -> Color | None:
    """Return the color behind an element's text; None if it has its parent's."""
    found = _GROUND.findall(style)
    return _color(found[-1] if found else attributes.get("bgcolor", ""))


def is_near(color: Color, other: Color) -> bool:
    """Return whether a reader cannot tell two colors apart."""
    return all(abs(one - two) < _NEAR for one, two in zip(color, other, strict=True))


def _color(text: str) -> Color | None:
    if found := _HEX.search(text):
        digits = found[1] if len(found[1]) > 4 else "".join(each * 2 for each in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    if rgb := _RGB.search(text):
        return int(rgb[1]), int(rgb[2]), int(rgb[3])
    return next((_NAMED[word.lower()] for word in _WORD.findall(text) if word.lower() in _NAMED), None)
