"""What text may hide: characters that nobody sees, that turn the writing round, or that pass for others."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
PLAIN = frozenset("\n\t ")
STACK = 3
WORD = re.compile(r"\w+")
ALIKE = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
HIDDEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp", "Zs"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of plain text, or one character to be shown as a chip with its code point and name."""

    text: str
    chip: str = ""
    name: str = ""


def pieces(text: str) -> Iterator[Piece]:
    """Split a text into what may be shown as it is and what must be shown as a chip."""
    foreign = _foreign_letters(text)
    start = marks = 0
    for place, sign in enumerate(text):
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if place in foreign or marks > STACK or _is_hidden(sign):
            if start < place:
                yield Piece(text[start:place])
            yield _chip(sign)
            start = place + 1
    if start < len(text):
        yield Piece(text[start:])


def suspicions(text: str) -> list[str]:
    """Say in codes what is suspicious about a text: `hidden` characters, letters of `mixed` scripts."""
    found = []
    if any(map(_is_hidden, text)):
        found.append("hidden")
    if _foreign_letters(text):
        found.append("mixed")
    return found


def _is_hidden(sign: str) -> bool:
    if sign in PLAIN:
        return False
    is_selector = "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"
    return is_selector or sign in BLANKS or unicodedata.category(sign) in HIDDEN


def _chip(sign: str) -> Piece:
    code = f"U+{ord(sign):04X}"
    # A letter of another script stays legible beside its code; what cannot be seen has its code alone.
    label = code if _is_hidden(sign) or unicodedata.combining(sign) else f"{sign} {code}"
    return Piece(sign, label, unicodedata.name(sign, _kind(sign)))


def _kind(sign: str) -> str:
    kinds = {"Cc": "CONTROL CHARACTER", "Co": "PRIVATE USE CHARACTER", "Cn": "UNASSIGNED CHARACTER"}
    return kinds.get(unicodedata.category(sign), "CHARACTER WITHOUT A NAME")


def _foreign_letters(text: str) -> frozenset[int]:
    """The places of letters that differ in script from most of their own word, such as a Cyrillic a in paypal."""
    if text.isascii():
        return frozenset()
    return frozenset(place for word in WORD.finditer(text) for place in _minority(word))


def _minority(word: re.Match[str]) -> list[int]:
    if word.group().isascii():
        return []
    scripts = [(place, _script(sign)) for place, sign in enumerate(word.group(), start=word.start())]
    counts = {name: sum(script == name for _, script in scripts) for name in ALIKE}
    present = [name for name in ALIKE if counts[name]]
    if len(present) < 2:
        return []
    most = max(present, key=counts.__getitem__)
    return [place for place, script in scripts if script in present and script != most]


def _script(sign: str) -> str:
    return unicodedata.name(sign, "").partition(" ")[0]
