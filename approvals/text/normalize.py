"""Normalizes subjects that only look different, and detects blank texts."""

import unicodedata

from approvals.text.names import name, names_in, plain
from policies.engine.values.addresses import BLANKS

__all__ = ["is_blank", "name", "names_in", "plain", "subject"]


def is_blank(text: str) -> bool:
    """Whether a text is empty or has only blank and invisible characters."""
    return not any(unicodedata.category(each)[0] in "LNPS" and each not in BLANKS for each in text)


def subject(text: str) -> str:
    """The normalized subject; empty if all its characters are invisible."""
    return "" if is_blank(text) else plain(text) or text
