"""The scripts of letters, and which of them may stand in one word (UTS #39, highly restrictive)."""

from collections import Counter
from functools import lru_cache

import regex

# In the order of how often they are met. What is in none of them counts as a script of its own.
_SCRIPTS = (
    *(
        "Latin",
        "Cyrillic",
        "Greek",
        "Han",
        "Hiragana",
        "Katakana",
        "Hangul",
        "Arabic",
        "Hebrew",
        "Armenian",
        "Georgian",
    ),
    *("Devanagari", "Bengali", "Thai", "Tamil", "Telugu", "Kannada", "Malayalam", "Gujarati", "Gurmukhi", "Sinhala"),
    *("Bopomofo", "Lao", "Khmer", "Myanmar", "Tibetan", "Ethiopic", "Mongolian", "Thaana", "Syriac", "Nko", "Oriya"),
    *("Cherokee", "Coptic", "Lisu", "Canadian_Aboriginal", "Tifinagh", "Vai", "Deseret", "Old_Italic", "Glagolitic"),
    *(
        "Gothic",
        "Runic",
        "Ogham",
        "Osage",
        "Warang_Citi",
        "Elbasan",
        "Carian",
        "Lycian",
        "Lydian",
        "Miao",
        "Pahawh_Hmong",
    ),
)
_ANY = frozenset[str]()
_UNKNOWN = "Other"
_JAPANESE, _CHINESE, _KOREAN = "Japanese", "Chinese", "Korean"
# Writing systems of several scripts, all of which are mixed with Latin.
_SYSTEMS = {
    "Latin": {_JAPANESE, _CHINESE, _KOREAN},
    "Han": {_JAPANESE, _CHINESE, _KOREAN},
    "Hiragana": {_JAPANESE},
    "Katakana": {_JAPANESE},
    "Bopomofo": {_CHINESE},
    "Hangul": {_KOREAN},
}
_EAST_ASIAN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}]")
RARE = frozenset(_SCRIPTS[_SCRIPTS.index("Cherokee") :])
IMITATING = frozenset({"Cyrillic", "Greek", "Armenian", "Georgian", *RARE})


def foreign(word: str) -> list[int]:
    """Return the places of the letters that are not of the word's main script; none in a word of one system."""
    sets = [of(character) for character in word]
    known = [each for each in sets if each]
    if not known or frozenset.intersection(*map(_with_systems, known)):
        return []
    main = Counter(script for each in known for script in each).most_common(1)[0][0]
    return [place for place, each in enumerate(sets) if each and main not in each]


def of_word(word: str) -> str:
    """Return the only script of a word; empty if it has several or none."""
    found = frozenset().union(*map(of, word))
    return next(iter(found)) if len(found) == 1 else ""


def has_east_asian(text: str) -> bool:
    """Return whether a text has Chinese, Japanese or Korean characters."""
    return _EAST_ASIAN.search(text) is not None


@lru_cache(maxsize=8192)
def of(character: str) -> frozenset[str]:
    """Return the scripts that use a letter or digit; empty for what all scripts use."""
    if character.isascii():
        return frozenset({"Latin"}) if character.isalpha() else _ANY
    own = next((name for name in _SCRIPTS if regex.match(rf"\p{{Script={name}}}", character)), "")
    if own:
        return frozenset({own})
    if regex.match(r"\p{Common}|\p{Inherited}", character):
        return frozenset(name for name in _SCRIPTS if regex.match(rf"\p{{scx={name}}}", character))
    return frozenset({_UNKNOWN})


def _with_systems(own: frozenset[str]) -> frozenset[str]:
    return own.union(*(_SYSTEMS.get(name, ()) for name in own))
