"""Groups long numbers for reading; the digits on the page stay unchanged."""

import re
from decimal import Decimal

from approvals.text import local_numbers
from policies import words
from policies.engine.values.currencies import CODES

DECIMAL = re.compile(r"([+-]?)(\d+)((?:\.\d+)?)", re.ASCII)
ACCOUNT = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}", re.ASCII)
# Longer numbers are not grouped: they are unreadable anyway and can be as long as a payload.
MAX_DIGITS = 40
# The precision of decimal arithmetic; a longer fraction would be shown rounded.
MAX_EXACT = 28
FRACTION = "fraction"


def thousands(text: str) -> tuple[str, ...]:
    """Group a decimal in threes; unchanged if it is not a decimal or too long."""
    found = DECIMAL.fullmatch(text)
    if found is None or len(text) > MAX_DIGITS:
        return (text,)
    sign, whole, rest = found.groups()
    first = len(whole) % 3 or 3
    groups = [whole[:first], *(whole[at : at + 3] for at in range(first, len(whole), 3))]
    return (sign + groups[0], *groups[1:-1], groups[-1] + rest) if len(groups) > 1 else (text,)


def in_words(text: str, unit: str) -> str:
    """A decimal as the reader's language writes it, with its unit; empty where that is the text itself."""
    if local_numbers.mark() == "." or not DECIMAL.fullmatch(text) or len(text) > MAX_DIGITS:
        return ""
    if "." not in text:
        # Groups alone show it as well, and a bare whole number may name something, such as an account.
        return ""
    said = words.written(text, unit if unit in CODES else "", words.locale())
    return f"{said} {unit}" if unit and unit not in CODES else said


def fours(text: str) -> tuple[str, ...]:
    """Group an IBAN in fours; unchanged if it does not look like an IBAN."""
    if not ACCOUNT.fullmatch(text):
        return (text,)
    return tuple(text[at : at + 4] for at in range(0, len(text), 4))


def percentage(text: str) -> str:
    """A fraction as an exact percentage; empty if it is not a decimal."""
    if not DECIMAL.fullmatch(text) or len(text) > MAX_EXACT:
        return ""
    share = (Decimal(text).scaleb(2)).normalize()
    return f"{share:f} %"
