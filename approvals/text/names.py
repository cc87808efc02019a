"""Normalizes names that only look different, and extracts all names from a text."""

import unicodedata
from email.utils import parseaddr

from policies.engine.values.lookalikes import skeleton

# Characters that distinguish user names, addresses and ids.
_IN_NAMES = "@.:+_-"


def plain(text: str, kept: str = "") -> str:
    """Normalize to letters and digits: compatibility forms, case, marks, invisible and look-alike characters.

    ``kept`` names characters that stay as they are.
    """
    spread = skeleton(text)
    return "".join(each for each in spread if unicodedata.category(each)[0] in "LN" or each in kept)


def names_in(text: str) -> set[str]:
    """All normalized names in a text: `Ann Lee <ann@example.com>` contains two."""
    shown, address = parseaddr(text)
    return {found for part in (text, shown, address) if (found := name(part))}


def name(text: str) -> str:
    """The normalized form of a user name, an address or a full name."""
    return plain(text, _IN_NAMES).strip(_IN_NAMES)
