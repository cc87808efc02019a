"""Regular expressions that people write, matched by RE2 in time linear in the text."""

from functools import lru_cache
from typing import Any

import re2

MAX_LENGTH = 1_000


class Unsupported(ValueError):
    """RE2 does not accept a pattern; the message says why."""


def fault(pattern: str) -> str:
    """Return why a pattern is not supported, or an empty text."""
    try:
        _compiled(pattern)
    except Unsupported as error:
        return str(error)
    return ""


def is_found(pattern: str, text: str) -> bool:
    """Return whether a pattern matches anywhere in a text.

    :raises Unsupported: RE2 does not accept the pattern.
    """
    return _compiled(pattern).search(_encoded(text)) is not None


@lru_cache(maxsize=1_024)
def _compiled(pattern: str) -> Any:
    if len(pattern) > MAX_LENGTH:
        raise Unsupported(f"it has more than {MAX_LENGTH} characters")
    options = re2.Options()
    options.log_errors = False
    # Nobody asks for groups, and finding their places takes longer than finding a match.
    options.never_capture = True
    try:
        return re2.compile(_encoded(pattern), options=options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        raise Unsupported(reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)) from error


def _encoded(text: str) -> bytes:
    # Half a surrogate pair has no encoding; it then matches like any other unknown character.
    return text.encode(errors="replace")
