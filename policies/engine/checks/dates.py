"""Dates that are none, or not plausible."""

from datetime import date as Day

from policies.engine.checks.flag import Flag, Place


def date(place: Place) -> Flag | None:
    """Flag a value that is no date, or in the future where it may not be."""
    try:
        day = Day.fromisoformat(str(place.value)[:10])
    except ValueError:
        return place.flag("malformed_date", "is not a date.")
    if place.expected.get("not_future") and day > place.facts.proposed_on:
        return place.flag("date_in_future", "is in the future.")
    return None
