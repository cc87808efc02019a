"""Email addresses that a machine may use without review, and the problems of all others.

A plain address is pure ASCII and stands alone. International domains are valid, but most people cannot tell them from
similar domains that they know, so a person reviews each.
"""

import re
import unicodedata
from enum import StrEnum

MAX_LENGTH = 254
_LOCAL = re.compile(r"(?=.{1,64}@)[\w#$&'*+/=?^`{|}~-]+(?:\.[\w#$&'*+/=?^`{|}~-]+)*@", re.ASCII)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z0-9-]{{2}})(?=[a-z0-9-]*[a-z]){_LABEL}", re.IGNORECASE | re.ASCII)
_BETWEEN = frozenset(",;")
# Unicode classifies them as letters or marks, but they are invisible.
BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})


class Doubt(StrEnum):
    """Why a person must review an address; the value is the end of a sentence about it."""

    HIDDEN = "contains invisible characters."
    SEVERAL = "contains more than one address."
    NAMED = "contains more than the address, for example a name."
    ALPHABET = "has a domain with letters outside a to z that might imitate another domain."
    PUNYCODE = "has an encoded international domain (xn--) that might imitate another domain."
    SIGNS = "has characters before the @ that might imitate others."
    MALFORMED = "is not a valid email address."


def doubt(value: object) -> Doubt | None:
    """Return why a person must review this address, or None for a plain one."""
    text = value if isinstance(value, str) else ""
    if any(map(is_hidden, text)):
        return Doubt.HIDDEN
    if not _BETWEEN.isdisjoint(text) or text.count("@") > 1:
        return Doubt.SEVERAL
    if "<" in text or ">" in text:
        return Doubt.NAMED
    local, _, host = text.rpartition("@")
    if not host.isascii():
        return Doubt.ALPHABET
    if not local.isascii():
        return Doubt.SIGNS
    if any(label.startswith("xn--") for label in host.lower().split(".")):
        return Doubt.PUNYCODE
    is_plain = len(text) <= MAX_LENGTH and _LOCAL.fullmatch(f"{local}@") and _HOST.fullmatch(host)
    return None if is_plain else Doubt.MALFORMED


def is_hidden(sign: str) -> bool:
    """Return whether a character is invisible or changes the text direction; a plain space is visible."""
    if " " <= sign <= "~":
        return False
    is_selector = "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"
    return is_selector or sign in BLANKS or unicodedata.category(sign) in _UNSEEN


def legible(text: str) -> str:
    """Return the text with a code in place of each invisible character."""
    return "".join(f"[U+{ord(sign):04X}]" if is_hidden(sign) else sign for sign in text)
