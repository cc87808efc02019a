"""Counts over time: their scopes, their windows, and their names in conditions.

A series is a scope and a window, such as `agent_day`. It has a count and a sum: `recent.agent_day.count` and
`recent.agent_day.sum`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal

SCOPES = ("agent", "subject", "type", "agent_subject")
WINDOWS: Mapping[str, timedelta] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}
SERIES = tuple(f"{scope}_{window}" for scope in SCOPES for window in WINDOWS)
FIRST = "first_for_subject"
COUNTS = tuple(f"recent.{series}.count" for series in SERIES)
SUMS = tuple(f"recent.{series}.sum" for series in SERIES)

Counted = bool | int | Decimal
_NAMES = re.compile(rf"\b(?:{'|'.join(SCOPES)})_(?:{'|'.join(WINDOWS)})\b")


def parts(series: str) -> tuple[str, str]:
    """Return the scope and the window of a series."""
    scope, _, window = series.rpartition("_")
    return scope, window


def used(conditions: Iterable[str]) -> Iterator[str]:
    """Yield the series and `first_for_subject` that conditions use; it may yield too many, never too few."""
    for text in conditions:
        if "recent" in text:
            yield from _NAMES.findall(text)
        if FIRST in text:
            yield FIRST


def scopes(names: Iterable[str]) -> list[str]:
    """Return the scopes of these counts or series, sorted and without duplicates."""
    found = {_scope(name.removeprefix("recent.").partition(".")[0]) for name in names}
    return sorted(found)


def _scope(series: str) -> str:
    return "subject" if series == FIRST else parts(series)[0]
