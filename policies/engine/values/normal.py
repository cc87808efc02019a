"""Values as intake takes them in; tests of a policy go through the same functions."""

import json
import re
import unicodedata
from typing import Any

import regex

from policies.engine.values.canonical import canonical_bytes

# Hyphens, dashes, the minus and the hyphen bullet, as word processors and PDF files write a hyphen.
_DASHES = regex.compile(r"[\p{Pd}\u2043\u2212]")
_SPACES = regex.compile(r"\p{Zs}")
_SLASHES = re.compile("[\u2044\u2215\u29f8\uff0f]")


def decoded(value: Any) -> Any:
    """Return a JSON value as it comes back from its canonical text: 3.0 is 3.

    :raises ValueError: it has no canonical form.
    """
    return json.loads(canonical_bytes(value))


def currency(value: Any) -> str:
    """Return a currency code in capitals, or nothing if the value is not a code."""
    # Nothing is cut off to make it one: whoever executes reads the whole text.
    is_code = isinstance(value, str) and len(value) == 3 and value.isascii() and value.isalpha()
    return str(value).upper() if is_code else ""


def spelled(text: str) -> str:
    """Return a text with one kind of spaces, dashes and compatibility forms, so that a spelling is not a new name."""
    return " ".join(_DASHES.sub("-", unicodedata.normalize("NFKC", text)).split())


def typed(text: str) -> str:
    """Return a text with the dashes, spaces and slashes of a keyboard, and everything else as it is."""
    return text if text.isascii() else _SLASHES.sub("/", _SPACES.sub(" ", _DASHES.sub("-", text)))
