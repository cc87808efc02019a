"""What is counted over time: who or what is counted by, over which windows, and the names that conditions use.

A series is one of each, such as `agent_day`. It has two facts: `recent.agent_day.count` and `recent.agent_day.sum`.
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
    """Return by whom or what a series counts, and over which window."""
    scope, _, window = series.rpartition("_")
    return scope, window


def used(conditions: Iterable[str]) -> Iterator[str]:
    """Yield what conditions count: series, and `first_for_subject`; rather one too many than one too few."""
    for text in conditions:
        if "recent" in text:
            yield from _NAMES.findall(text)
        if FIRST in text:
            yield FIRST


def scopes(names: Iterable[str]) -> list[str]:
    """Return by whom or what these facts or series count, each once and in order."""
    found = {_scope(name.removeprefix("recent.").partition(".")[0]) for name in names}
    return sorted(found)


def _scope(series: str) -> str:
    return "subject" if series == FIRST else parts(series)[0]
