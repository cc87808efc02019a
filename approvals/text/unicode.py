"""Shows what text can hide: invisible, direction-changing and look-alike characters."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from policies.engine.text import characters
from policies.engine.values.addresses import is_hidden

MAX_CHIPS = 32
REMEMBERED = 4096


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


def is_plain(text: str) -> bool:
    """Whether the text needs no check: printable ASCII on one line."""
    return text.isascii() and text.isprintable()


def piece_of(sign: str) -> Piece:
    """One character, as a chip."""
    return _chip(sign)


def coded(sign: str) -> str:
    """One character by its code, for places without markup."""
    return f"[{_code(sign)}]"


def _odd_places(text: str) -> list[int]:
    """The positions of characters that need a chip: those for which policy flags the text."""
    if characters.is_usual(text):
        return []
    kinds = (characters.hidden, characters.stacked, characters.mixed, characters.disguised)
    return sorted(set().union(*(kind(text) for kind in kinds)))


@lru_cache(REMEMBERED)
def _chip(sign: str) -> Piece:
    code = _code(sign)
    # Letters of other scripts are shown with their code; invisible characters only as code.
    label = code if is_hidden(sign) or unicodedata.combining(sign) else f"{sign} {code}"
    return Piece(sign, label, unicodedata.name(sign, _kind(sign)))


def _code(sign: str) -> str:
    return f"U+{ord(sign):04X}"


def _kind(sign: str) -> str:
    kinds = {"Cc": "CONTROL CHARACTER", "Co": "PRIVATE USE CHARACTER", "Cn": "UNASSIGNED CHARACTER"}
    return kinds.get(unicodedata.category(sign), "CHARACTER WITHOUT A NAME")


def plainly(value: object) -> str:
    """An external text for places without markup, with hidden characters as codes."""
    return "".join(f"[{piece.chip}]" if piece.chip else piece.text for piece in pieces(str(value)))
