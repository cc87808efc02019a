"""Characters of a text that a reader cannot see, or takes for others.

Lists say what is harmless; everything else counts. A text wholly in one script is harmless, whichever script that is.
"""

import re
import unicodedata
from collections.abc import Iterator

import regex

from policies.engine.text import lookalikes, scripts

# Most texts: ASCII, Latin letters with accents, and the usual punctuation. Then nothing else is asked.
_USUAL = re.compile("[\t\n\r\x20-\x7e\xa0-\xac\xae-\u017f\u2010-\u2027\u202f-\u205e\u20a0-\u20bf]*")
_HIDDEN = regex.compile(
    r"[\p{Default_Ignorable_Code_Point}\p{C}\p{Zl}\p{Zp}\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0--[\t\n\r]]",
    regex.VERSION1,
)
# Emoji are joined, colored and styled by invisible characters; some scripts join and divide letters with them.
_HARMLESS = regex.compile(
    r"\U0001f3f4[\U000e0061-\U000e007a]{2,6}\U000e007f"
    r"|(?:\p{Extended_Pictographic}|[\U0001f3fb-\U0001f3ff]|\p{RI}\p{RI})\ufe0f?"
    r"(?:\u200d\p{Extended_Pictographic}[\U0001f3fb-\U0001f3ff]?\ufe0f?)*"
    r"|[0-9#*]\ufe0f\u20e3"
    r"|(?<=[\p{Arabic}\p{Syriac}\p{Mongolian}\p{Nko}])[\u200c\u200d](?=[\p{Arabic}\p{Syriac}\p{Mongolian}\p{Nko}])"
    r"|(?<=[\p{Indic_Syllabic_Category=Virama}\p{InSC=Pure_Killer}])[\u200c\u200d]"
    r"|(?<=\p{Han})[\U000e0100-\U000e01ef]"
)
_WORD = re.compile("[\\w\u24b6-\u24e9\U0001f130-\U0001f189]+")
# Units of measure mix a Greek letter with Latin ones.
_UNIT = re.compile("[0-9]*(?:\u03bc[A-Za-z]{1,2}|[kMGm]?[\u03a9\u2126])")
_WIDE_OR_STYLED = frozenset({"<font>", "<wide>", "<circle>", "<square>"})
_PHONETIC = (("\u01c0", "\u01c3"), ("\u0250", "\u02af"), ("\u1d00", "\u1dbf"), ("\ua720", "\ua7ff"))
# These letters of other scripts stand alone as symbols: α-Tocopherol, γ-GT. An omicron never does.
_SYMBOL = re.compile("[\u03b1-\u03be\u03c0-\u03c9]")
_OVERLAY = 1
STACK = 3


def is_usual(text: str) -> bool:
    """Return whether a text needs no check: only characters that hide and imitate nothing."""
    return _USUAL.fullmatch(text) is not None


def hidden(text: str) -> set[int]:
    """Return the places of invisible characters, without those that belong to an emoji or to their script."""
    if is_usual(text):
        return set()
    found = {match.start() for match in _HIDDEN.finditer(text)}
    return found - _of_emoji(text) if found else found


def stacked(text: str) -> set[int]:
    """Return the places of marks that are stacked on more than three others, or that strike out or enclose one."""
    if is_usual(text):
        return set()
    found, height = set(), 0
    for place, character in enumerate(text):
        height = height + 1 if unicodedata.combining(character) else 0
        if height > STACK or _covers(text, place):
            found.add(place)
    return found - _of_emoji(text)


def _covers(text: str, place: int) -> bool:
    """Return whether a mark is drawn over the character before it, and is no part of it, as in ≠."""
    mark = text[place]
    if unicodedata.combining(mark) != _OVERLAY and unicodedata.category(mark) != "Me":
        return False
    return len(unicodedata.normalize("NFC", text[max(place - 1, 0) : place + 1])) > 1


def _of_emoji(text: str) -> set[int]:
    return {place for harmless in _HARMLESS.finditer(text) for place in range(*harmless.span())}


def mixed(text: str) -> set[int]:
    """Return the places of letters and digits whose script is not that of their word."""
    if is_usual(text):
        return set()
    found: set[int] = set()
    for word in _WORD.finditer(text):
        if not word[0].isascii() and not _UNIT.fullmatch(word[0]):
            found.update(word.start() + place for place in scripts.foreign(word[0]))
    return found | _foreign_digits(text)


def _foreign_digits(text: str) -> set[int]:
    """Return the places of digits of another system than the others of the text."""
    # What is a plain digit in another form is disguised, not foreign.
    digits = {place: ord(each) - int(each) for place, each in enumerate(text) if each.isdecimal()}
    systems = {place: zero for place, zero in digits.items() if not unicodedata.decomposition(text[place])}
    if len(set(systems.values())) < 2:
        return set()
    return {place for place, zero in systems.items() if zero != ord("0")}


def disguised(text: str) -> set[int]:
    """Return the places of letters that stand in for plain ones: styled, wide, phonetic, or a word of look-alikes."""
    if is_usual(text):
        return set()
    is_east_asian = scripts.has_east_asian(text)
    found: set[int] = set()
    for word in _WORD.finditer(text):
        if not word[0].isascii():
            found.update(word.start() + place for place in _styled(word[0], is_east_asian))
    return found | set(_words_of_look_alikes(text)) | set(_symbols(text))


def _symbols(text: str) -> Iterator[int]:
    """Yield the symbols beside a letter that look like one: ℮bay."""
    for place, character in enumerate(text):
        is_symbol = not character.isascii() and unicodedata.category(character) in ("So", "Sm")
        if is_symbol and not is_usual(character) and _is_letter(lookalikes.look(character)):
            beside = text[max(place - 1, 0) : place] + text[place + 1 : place + 2]
            if any(each.isalpha() for each in beside):
                yield place


def _is_letter(text: str) -> bool:
    return len(text) == 1 and text.isascii() and text.isalpha()


def _styled(word: str, is_east_asian: bool) -> set[int]:
    forms = {place for place, character in enumerate(word) if _is_styled(character, is_east_asian)}
    phonetic = {place for place, character in enumerate(word) if _is_phonetic(character)}
    numerals = {place for place, character in enumerate(word) if "\u2160" <= character <= "\u217f"}
    # One letter alone is a symbol: a variable of a formula, a sound in brackets.
    return forms | phonetic | (numerals if len(numerals) < len(word) else set()) if len(word) > 1 else set()


def _is_styled(character: str, is_east_asian: bool) -> bool:
    if character.isascii():
        return False
    form, _, plain = unicodedata.decomposition(character).partition(" ")
    if form not in _WIDE_OR_STYLED or (form == "<wide>" and is_east_asian):
        return False
    return len(plain) == 4 and chr(int(plain, 16)).isalnum()


def _is_phonetic(character: str) -> bool:
    if unicodedata.name(character, "").startswith("LATIN LETTER SMALL CAPITAL"):
        return True
    is_phonetic = any(first <= character <= last for first, last in _PHONETIC)
    if not is_phonetic or scripts.of(character) != {"Latin"}:
        return False
    look = lookalikes.look(character)
    return look.isascii() and look.isalpha()


def _words_of_look_alikes(text: str) -> Iterator[int]:
    """Yield the letters of whole words that look Latin, where Latin is near or their own script is hardly used."""
    words = [(word, scripts.of_word(word[0])) for word in _WORD.finditer(text)]
    genuine = {script for word, script in words if script == "Latin" or not lookalikes.is_latin_look(word[0])}
    for word, script in words:
        if _SYMBOL.fullmatch(word[0]):
            continue
        is_odd = script in scripts.RARE or (script not in genuine and "Latin" in genuine)
        if script in scripts.IMITATING and is_odd and lookalikes.is_latin_look(word[0]):
            yield from range(*word.span())
