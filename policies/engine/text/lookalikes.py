"""What a text looks like: one form for all texts that a reader cannot tell apart (UTS #39, confusables).

Names of subjects and people, and document numbers are compared by it. Letter case and whitespace make no difference.
"""

import re
import unicodedata
from functools import lru_cache

import regex
from confusable_homoglyphs.confusables import confusables_data

_WORD = re.compile(r"\w+")
_UNSEEN = regex.compile(
    r"[\p{Default_Ignorable_Code_Point}\p{C}\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0--[\t\n\r]]+", regex.VERSION1
)
_MARKS_AROUND = "\u200e\u200f"
# I, l and 1 look alike, so without letter case i is one of them.
_DOTLESS = str.maketrans({"i": "l", "\u0131": "l"})
_MAX_ROUNDS = 6


def skeleton(text: str) -> str:
    """Return the form that all texts share that look like this one."""
    if text.isascii():
        seen = text if text.isprintable() else _UNSEEN.sub("", text)
        return " ".join(seen.translate(_ascii_looks()).split())
    # Compatibility forms come later: a long s looks like an f, although it stands for an s.
    seen = _UNSEEN.sub("", unicodedata.normalize("NFD", text))
    return " ".join(_settled(_WORD.sub(lambda word: _drawn(word[0]), seen)).split())


def is_alike(text: str, other: str) -> bool:
    """Return whether two different texts look the same."""
    return text != other and skeleton(text) == skeleton(other)


def look(character: str) -> str:
    """Return the plainest text that a character looks like; itself if it looks like no other."""
    return _looks().get(character, character)


def is_latin_look(word: str) -> bool:
    """Return whether every letter of a word looks like a Latin one."""
    plain = unicodedata.normalize("NFD", word)
    looks = [unicodedata.normalize("NFKD", look(each)) for each in plain if each.isalpha()]
    return bool(looks) and all(each.isascii() for each in looks)


def _drawn(word: str) -> str:
    """Map capitals by their looks, but fold the letter case of a genuine word of another script before."""
    return _mapped(word) if is_latin_look(word) or _has_ascii(word) else word.casefold()


def _has_ascii(word: str) -> bool:
    return any(character.isascii() and character.isalpha() for character in word)


def _mapped(text: str) -> str:
    looks = _looks()
    return "".join(looks.get(character, character) for character in text)


def _settled(text: str) -> str:
    """Map and fold until nothing changes any more: what a character looks like may have letter case again."""
    for _ in range(_MAX_ROUNDS):
        again = unicodedata.normalize("NFKD", _mapped(text).casefold())
        if again == text:
            break
        text = again
    return text.translate(_DOTLESS)


@lru_cache(maxsize=1)
def _ascii_looks() -> dict[int, str]:
    """The forms of ASCII letters, digits and signs."""
    found = {code: _settled(chr(code)) for code in range(0x21, 0x7F)}
    # A capital M does not look like rn, but it is an m without letter case.
    return found | {ord(each.upper()): found[ord(each)] for each in "abcdefghijklmnopqrstuvwxyz"}


@lru_cache(maxsize=1)
def _looks() -> dict[str, str]:
    """Every character of the confusables with the text that stands for all that look like it."""
    parents: dict[str, str] = {}

    def top(text: str) -> str:
        while parents.setdefault(text, text) != text:
            text = parents[text]
        return text

    for key, others in confusables_data.items():
        for other in others:
            one, two = sorted((top(_bare(key)), top(_bare(other["c"]))), key=_rank)
            parents[two] = one
    return {text: top(text) for text in parents if len(text) == 1 and top(text) != text}


def _bare(text: str) -> str:
    return text.strip(_MARKS_AROUND)


def _rank(text: str) -> tuple[bool, bool, bool, bool, str]:
    """The order of what stands for the others: a sequence, since only characters are replaced, then a plain letter."""
    return len(text) == 1, not text.isascii(), not text.isalpha(), not text.islower(), text
