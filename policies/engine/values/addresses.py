"""Email addresses that a machine may use without review, and the problems of all others.

A plain address is pure ASCII and stands alone. International domains are valid, but most people cannot tell them from
similar domains that they know, so a person reviews each.
"""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from policies.engine.values.said import message

MAX_LENGTH = 254
# The characters of a usual name before the @. A library allows more: % and ! once named a way through other hosts.
_LOCAL = re.compile(r"[\w#$&'*+/=?^`{|}~.-]+", re.ASCII)
_TOP = re.compile(r"[a-z0-9-]*[a-z][a-z0-9-]*", re.IGNORECASE | re.ASCII)
_BETWEEN = frozenset(",;")
# Unicode classifies them as letters or marks, but they are invisible.
BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})


class Doubt(StrEnum):
    """Why a person must review an address; the value is a template of a sentence about it."""

    HIDDEN = message("{value} contains invisible characters.")
    SEVERAL = message("{value} contains more than one address.")
    NAMED = message("{value} contains other text in addition to the address, for example a name.")
    ALPHABET = message("{value} has a domain with letters other than a–z that might imitate another domain.")
    PUNYCODE = message("{value} has an encoded internationalized domain (xn--) that might imitate another domain.")
    SIGNS = message("{value} has look-alike characters before the @.")
    MALFORMED = message("{value} is not a valid email address.")


def doubt(value: object) -> Doubt | None:
    """Return why a person must review this address, or None for a plain one."""
    return _doubt(value if isinstance(value, str) else "")


@lru_cache(maxsize=1024)
def _doubt(text: str) -> Doubt | None:
    if any(map(is_hidden, text)):
        return Doubt.HIDDEN
    if not _BETWEEN.isdisjoint(text) or text.count("@") > 1:
        return Doubt.SEVERAL
    if "<" in text or ">" in text:
        return Doubt.NAMED
    local, _, host = text.rpartition("@")
    found = host_doubt(host)
    if not local.isascii() and found is not Doubt.ALPHABET:
        return Doubt.SIGNS
    if found:
        return found
    return None if len(text) <= MAX_LENGTH and _LOCAL.fullmatch(local) and _is_valid(text) else Doubt.MALFORMED


def host_doubt(host: str) -> Doubt | None:
    """Return why a person must review a host, or None for a plain domain."""
    if not host.isascii():
        return Doubt.ALPHABET
    labels = host.lower().split(".")
    if any(label.startswith("xn--") for label in labels):
        return Doubt.PUNYCODE
    is_domain = len(labels) > 1 and len(labels[-1]) > 1 and _TOP.fullmatch(labels[-1]) and _is_valid(f"a@{host}")
    return None if is_domain else Doubt.MALFORMED


def _is_valid(address: str) -> bool:
    try:
        validate_email(
            address, check_deliverability=False, globally_deliverable=False, allow_smtputf8=False, strict=True
        )
    except EmailNotValidError:
        return False
    return True


def is_hidden(sign: str) -> bool:
    """Return whether a character is invisible or changes the text direction; a plain space is visible."""
    if " " <= sign <= "~":
        return False
    is_selector = "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"
    return is_selector or sign in BLANKS or unicodedata.category(sign) in _UNSEEN


def legible(text: str) -> str:
    """Return the text with a code in place of each invisible character."""
    return "".join(f"[U+{ord(sign):04X}]" if is_hidden(sign) else sign for sign in text)
