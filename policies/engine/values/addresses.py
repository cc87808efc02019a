"""Mail addresses that a machine may write to without anybody looking: plain ones, and what is wrong with the others.

A plain address is ASCII throughout and stands alone. Domains with other letters exist, but most people cannot tell
them from the domain that they know, so a person looks at each.
"""

import re
import unicodedata
from enum import StrEnum

MAX_LENGTH = 254
_LOCAL = re.compile(r"(?=.{1,64}@)[\w#$&'*+/=?^`{|}~-]+(?:\.[\w#$&'*+/=?^`{|}~-]+)*@", re.ASCII)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z0-9-]{{2}})(?=[a-z0-9-]*[a-z]){_LABEL}", re.IGNORECASE | re.ASCII)
_BETWEEN = frozenset(",;")
# They are letters or marks to Unicode, and still nobody sees them.
BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})


class Doubt(StrEnum):
    """Why a person looks at an address; the value is the end of a sentence about it."""

    HIDDEN = "holds characters that cannot be seen."
    SEVERAL = "names more than one address."
    NAMED = "holds more than the address itself, such as a name."
    ALPHABET = "goes to a host with letters beyond a to z; it may look like another."
    PUNYCODE = "goes to a host that stands for one with letters beyond a to z (xn--)."
    SIGNS = "has signs before the @ that may look like others."
    MALFORMED = "is not a valid e-mail address."


def doubt(value: object) -> Doubt | None:
    """Return why a person must look at this address, or None for a plain one."""
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
    """Say whether nobody sees this character, or it turns the writing round; a plain blank is seen."""
    if " " <= sign <= "~":
        return False
    is_selector = "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"
    return is_selector or sign in BLANKS or unicodedata.category(sign) in _UNSEEN


def legible(text: str) -> str:
    """Return the text with a code in the place of each character that nobody sees."""
    return "".join(f"[U+{ord(sign):04X}]" if is_hidden(sign) else sign for sign in text)
