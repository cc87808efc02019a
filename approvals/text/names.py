"""Normalizes names that only look different, and extracts all names from a text."""

import re
import unicodedata
from collections.abc import Iterator
from email.utils import parseaddr
from functools import lru_cache

from policies.engine.text.lookalikes import skeleton

# Forms of address, in the languages that we speak.
_ADDRESSED = frozenset(
    ["mr", "mrs", "ms", "miss", "dr", "prof", "herr", "hr", "frau", "fr", "m", "mme", "mlle", "madame", "monsieur"]
)
_MAX_WORDS = 6
# Characters that distinguish user names, addresses and ids.
_IN_NAMES = "@.:+_-"


def plain(text: str, kept: str = "") -> str:
    """Normalize to letters and digits: compatibility forms, case, marks, invisible and look-alike characters.

    ``kept`` names characters that stay as they are.
    """
    spread = skeleton(text)
    if spread.isascii():
        return _others(kept).sub("", spread)
    return "".join(each for each in spread if unicodedata.category(each)[0] in "LN" or each in kept)


@lru_cache(maxsize=8)
def _others(kept: str) -> re.Pattern[str]:
    """What is no letter, digit or kept character, in ASCII."""
    return re.compile(f"[^0-9A-Za-z{re.escape(kept)}]+")


def names_in(text: str) -> set[str]:
    """All normalized names in a text: `Ann Lee <ann@example.com>` contains two, and `Lee, Ann` is one of them."""
    shown, address = parseaddr(text)
    parts = [each for part in (text, shown, address) for each in (part, *_otherwise_written(part))]
    return {found for part in parts if (found := name(part))}


def _otherwise_written(text: str) -> Iterator[str]:
    """How else a name may be written: without a domain, a tag or a form of address, and with the last name first."""
    plain_text = unicodedata.normalize("NFKC", text).strip()
    if "\\" in plain_text:
        yield plain_text.rpartition("\\")[2]
    local, at_sign, domain = plain_text.rpartition("@")
    if at_sign and "+" in local:
        yield f"{local.partition('+')[0]}@{domain}"
    every = plain_text.replace(",", " ").split()
    words = [word for word in every if word.casefold().strip(".") not in _ADDRESSED]
    if not at_sign and len(words) == 1 < len(every):
        yield words[0]
    if not at_sign and 1 < len(words) <= _MAX_WORDS:
        yield " ".join(words)
        yield " ".join([words[-1], *words[:-1]])
        yield " ".join([*words[1:], words[0]])


def name(text: str) -> str:
    """The normalized form of a user name, an address or a full name."""
    return plain(text, _IN_NAMES).strip(_IN_NAMES)
