"""Dates that are none, or not plausible."""

import re
from datetime import date as Day

from policies.engine.checks.flag import Flag, Place
from policies.engine.values import json_pointer
from policies.engine.values.said import message

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MAX_AGE_DAYS, _MAX_DAYS_AHEAD = 3_653, 731


def date(place: Place) -> Flag | None:
    """Flag a value that is not exactly one date as YYYY-MM-DD, or a date too far from the day of the proposal."""
    day = _day(place.value)
    if day is None:
        return place.flag("malformed_date", message("{value} is not a date. Use the format YYYY-MM-DD."))
    today = place.facts.proposed_on
    if place.expected.get("not_future") and day > today:
        return place.flag("date_in_future", message("{value} is in the future."))
    earliest = _day(json_pointer.find(place.facts.payload, str(place.expected.get("not_before", "/"))))
    if earliest is not None and day < earliest:
        return place.flag("implausible_date", message("{value} is before {earliest}."), earliest=earliest)
    # Without the day of the proposal, no date is near or far.
    return None if today == Day.min else _far_away(place, (day - today).days)


def date_time(place: Place) -> Flag | None:
    """Flag a point in time whose date is too far from the day of the proposal; its schema says how it is written."""
    day = _day(place.value[:10]) if isinstance(place.value, str) else None
    today = place.facts.proposed_on
    return None if day is None or today == Day.min else _far_away(place, (day - today).days)


def _far_away(place: Place, days: int) -> Flag | None:
    if days > _limit(place, "max_days_ahead", _MAX_DAYS_AHEAD):
        return place.flag("implausible_date", message("{value} is too far in the future."))
    if -days > _limit(place, "max_age_days", _MAX_AGE_DAYS):
        return place.flag("implausible_date", message("{value} is too far in the past."))
    return None


def _day(value: object) -> Day | None:
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        return None
    try:
        return Day.fromisoformat(value)
    except ValueError:
        return None


def _limit(place: Place, name: str, usual: int) -> int:
    given = place.expected.get(name)
    return given if isinstance(given, int) and not isinstance(given, bool) else usual
