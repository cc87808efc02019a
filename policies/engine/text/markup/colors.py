"""Colors of text and ground, as far as inline styles say them, to find text that has the color of its ground."""

import colorsys
import re
from collections.abc import Mapping

from policies.engine.text.markup.named_colors import NAMED, Color

BLACK: Color = (0, 0, 0)
WHITE: Color = (255, 255, 255)
# The color of what nobody sees, or of which nobody knows what it is.
UNSEEN: Color = (-1, -1, -1)
_FAINT = 0.2
_NEAR = 32
_KEEPS = frozenset({"inherit", "initial", "unset", "revert", "currentcolor", "windowtext", "auto", "none", ""})
_TEXT = re.compile(r"(?<![\w-])color\s*:\s*([^;!]+)", re.IGNORECASE)
_FILL = re.compile(r"-webkit-text-fill-color\s*:\s*([^;!]+)", re.IGNORECASE)
_GROUND = re.compile(r"(?<![\w-])background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_HEX = re.compile(r"#([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![0-9a-f])", re.IGNORECASE)
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]*)\)", re.IGNORECASE)
_NUMBER = re.compile(r"([+-]?\d*\.?\d+)(%|[a-z]*)", re.IGNORECASE)
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)


def of_text(style: str, attributes: Mapping[str, str]) -> Color | None:
    """Return the color of an element's text; None if it has its parent's."""
    found = [*_FILL.findall(style)] or _TEXT.findall(style)
    text = (found[-1] if found else attributes.get("color", attributes.get("text", ""))).strip()
    # An attribute may leave out the #.
    color = _color(text if found else re.sub(r"^(?=[0-9a-f]{6}$)", "#", text, flags=re.IGNORECASE))
    return color if color or text.lower() in _KEEPS else UNSEEN


def of_ground(style: str, attributes: Mapping[str, str]) -> Color | None:
    """Return the color behind an element's text; None if it has its parent's, or a picture."""
    found = _GROUND.findall(style)
    color = _color(found[-1] if found else attributes.get("bgcolor", ""))
    return None if color == UNSEEN else color


def is_near(color: Color, other: Color) -> bool:
    """Return whether a reader cannot tell two colors apart, or cannot see the first."""
    return color == UNSEEN or all(abs(one - two) < _NEAR for one, two in zip(color, other, strict=True))


def _color(text: str) -> Color | None:
    if found := _HEX.search(text):
        digits = found[1] if len(found[1]) > 4 else "".join(each * 2 for each in found[1])
        return _seen(int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16), int(digits[6:] or "ff", 16) / 255)
    if function := _FUNCTION.search(text):
        return _of_function(function[1].lower(), function[2])
    words = [word.lower() for word in _WORD.findall(text)]
    if "transparent" in words:
        return UNSEEN
    return next((NAMED[word] for word in words if word in NAMED), None)


def _of_function(name: str, inner: str) -> Color:
    parts = [(float(number), unit) for number, unit in _NUMBER.findall(inner)]
    if len(parts) not in (3, 4):
        return UNSEEN
    alpha = parts[3][0] / (100 if parts[3][1] == "%" else 1) if len(parts) == 4 else 1.0
    if name == "hsl":
        hue, saturation, lightness = (number for number, _unit in parts[:3])
        red, green, blue = colorsys.hls_to_rgb(hue / 360 % 1, lightness / 100, saturation / 100)
        return _seen(int(red * 255), int(green * 255), int(blue * 255), alpha)
    red, green, blue = (number * 2.55 if unit == "%" else number for number, unit in parts[:3])
    return _seen(int(red), int(green), int(blue), alpha)


def _seen(red: int, green: int, blue: int, alpha: float) -> Color:
    return UNSEEN if alpha < _FAINT else (red, green, blue)
