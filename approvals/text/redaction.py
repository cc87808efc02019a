"""Removes secrets from the agent's text before it is stored or shown.

Payloads stay unchanged, because the approved payload is what runs. Evidence and agent text are only read by people.
"""

import re
from functools import lru_cache
from typing import Any

HIDDEN = "[redacted]"

_NAMES = re.compile(
    r"pass(word|wd|phrase)?$|secret|token$|api[_-]?key|private[_-]?key|authorization|credential|cookie", re.IGNORECASE
)
_PATTERNS = re.compile(
    r"hitl_(?:live|test)_\w+"
    r"|\bBearer\s+[\w.~+/-]{16,}=*"
    r"|\bAKIA[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_\w{20,}"
    r"|\bxox[abprs]-[\w-]{10,}"
    r"|\bsk-[\w-]{20,}"
    # Possessive, and not after a dash, so that near misses cost linear time only.
    r"|(?<![\w-])eyJ[\w-]{10,}+\.[\w-]{10,}+\.[\w-]+"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|(?:(?<=://)[^/\s:@]{1,64}:[^/\s@]{1,128}(?=@))",
    re.DOTALL,
)
# Each pattern holds one of these; texts without any, as most are, cost no search.
_MARKS = re.compile(r"hitl_|Bearer|AKIA|gh[pousr]_|xox|sk-|eyJ|-----BEGIN|://")


def redact(value: Any) -> Any:
    """The value with every secret replaced, found by field name or pattern, at any depth."""
    if isinstance(value, dict):
        return {key: _field(key, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redact(item) for item in value]
    if isinstance(value, str) and _MARKS.search(value):
        return _PATTERNS.sub(HIDDEN, value)
    return value


def _field(name: str, value: Any) -> Any:
    if _is_secret(name) and value not in (None, "", [], {}) and not isinstance(value, dict | list):
        return HIDDEN
    return redact(value)


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    return _NAMES.search(name) is not None
