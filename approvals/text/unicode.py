"""Detects what text can hide: invisible, direction-changing and look-alike characters."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from policies.engine.values.addresses import is_hidden

PLAIN = frozenset("\n\t ")
STACK = 3
MAX_CHIPS = 32
REMEMBERED = 4096
WORD = re.compile(r"\w+")
ALIKE = {"LATIN": "L", "CYRILLIC": "C", "GREEK": "G", "ARMENIAN": "A", "CHEROKEE": "H", "COPTIC": "O"}
OTHER = "_"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of plain text, or one character shown as a chip with its code point and name."""

    text: str
    chip: str = ""
    name: str = ""


def pieces(text: str) -> Iterator[Piece]:
    """Split a text into plain runs and characters that must be shown as chips.

    The number of chips is limited; further characters are shown as codes.
    """
    odd = _odd_places(text)
    start = 0
    for place in odd[:MAX_CHIPS]:
        if start < place:
            yield Piece(text[start:place])
        yield _chip(text[place])
        start = place + 1
    late = set(odd[MAX_CHIPS:])
    rest = text[start:]
    if late:
        codes = {sign: f"[{_code(sign)}]" for sign in set(rest)}
        rest = "".join(codes[sign] if at in late else sign for at, sign in enumerate(rest, start))
    if rest:
        yield Piece(rest)


def suspicions(text: str) -> list[str]:
    """Codes for suspicious text: `hidden` characters, or letters of `mixed` scripts."""
    if is_plain(text):
        return []
    found = []
    if any(map(_is_hidden, set(text))):
        found.append("hidden")
    if any(True for _place in _foreign_letters(text)):
        found.append("mixed")
    return found


def is_plain(text: str) -> bool:
    """Whether the text needs no check: printable ASCII on one line."""
    return text.isascii() and text.isprintable()


def _odd_places(text: str) -> list[int]:
    """The positions of characters that need a chip; each different character is checked once."""
    if is_plain(text):
        return []
    signs = set(text)
    hidden = {sign for sign in signs if _is_hidden(sign)}
    odd = {place for place, sign in enumerate(text) if sign in hidden} if hidden else set()
    combining = {sign for sign in signs if unicodedata.combining(sign)}
    return sorted(odd.union(_foreign_letters(text), _stacked(text, combining)))


def _stacked(text: str, combining: set[str]) -> set[int]:
    """The positions of combining marks stacked on more than a few others."""
    found, height = set(), 0
    for place, sign in enumerate(text) if combining else ():
        height = height + 1 if sign in combining else 0
        if height > STACK:
            found.add(place)
    return found


@lru_cache(REMEMBERED)
def _is_hidden(sign: str) -> bool:
    return sign not in PLAIN and is_hidden(sign)


@lru_cache(REMEMBERED)
def _chip(sign: str) -> Piece:
    code = _code(sign)
    # Letters of other scripts are shown with their code; invisible characters only as code.
    label = code if _is_hidden(sign) or unicodedata.combining(sign) else f"{sign} {code}"
    return Piece(sign, label, unicodedata.name(sign, _kind(sign)))


def _code(sign: str) -> str:
    return f"U+{ord(sign):04X}"


def _kind(sign: str) -> str:
    kinds = {"Cc": "CONTROL CHARACTER", "Co": "PRIVATE USE CHARACTER", "Cn": "UNASSIGNED CHARACTER"}
    return kinds.get(unicodedata.category(sign), "CHARACTER WITHOUT A NAME")


def _foreign_letters(text: str) -> Iterator[int]:
    """Positions of letters whose script differs from their word, such as a Cyrillic a in paypal."""
    if text.isascii():
        return
    scripts = {ord(sign): _script(sign) for sign in set(text)}
    if len(set(scripts.values()) & set(ALIKE.values())) < 2:
        return
    # One letter per script, so that each letter is not looked up separately.
    for word in WORD.finditer(text.translate(scripts)):
        yield from _minority(word)


def _minority(word: re.Match[str]) -> list[int]:
    scripts = word.group()
    present = [script for script in ALIKE.values() if script in scripts]
    if len(present) < 2:
        return []
    most = max(present, key=scripts.count)
    return [place for place, script in enumerate(scripts, word.start()) if script not in {most, OTHER}]


@lru_cache(REMEMBERED)
def _script(sign: str) -> str:
    """The script of a character within a word; other characters stand for themselves."""
    if not WORD.fullmatch(sign):
        return " "
    return ALIKE.get(unicodedata.name(sign, "").partition(" ")[0], OTHER)


def plainly(value: object) -> str:
    """An external text for places without markup, with hidden characters as codes."""
    return "".join(f"[{piece.chip}]" if piece.chip else piece.text for piece in pieces(str(value)))
