"""Normalizes names that only look different, and extracts all names from a text."""

import unicodedata
from email.utils import parseaddr

# The letters of Cyrillic and Greek that look like Latin ones (Unicode Technical Standard 39, confusables).
LOOK_ALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u043a\u043c\u0442\u0432\u043d"
    "\u03b1\u03b5\u03bf\u03c1\u03c5\u03bd\u03b9\u03ba\u03c4\u03c7",
    "aeopcyxijshdqwkmtbhaeopuviktx",
)

# Characters that distinguish user names, addresses and ids.
_IN_NAMES = "@.:+_-"


def plain(text: str, kept: str = "") -> str:
    """Normalize to letters and digits: compatibility forms, case, marks, invisible and look-alike characters.

    ``kept`` names characters that stay as they are.
    """
    spread = unicodedata.normalize("NFKD", text).casefold().translate(LOOK_ALIKES)
    return "".join(each for each in spread if unicodedata.category(each)[0] in "LN" or each in kept)


def names_in(text: str) -> set[str]:
    """All normalized names in a text: `Ann Lee <ann@example.com>` contains two."""
    shown, address = parseaddr(text)
    return {found for part in (text, shown, address) if (found := name(part))}


def name(text: str) -> str:
    """The normalized form of a user name, an address or a full name."""
    return plain(text, _IN_NAMES).strip(_IN_NAMES)
