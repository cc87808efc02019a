"""Dates and times in forms: localized display and browser input formats."""

import re
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

KINDS = frozenset({"date", "datetime", "time"})
# A time can also have a zone (RFC 3339), which a browser's time input cannot hold.
INPUTS = {"date": "date", "datetime": "datetime-local"}
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
CLOCK = re.compile(r"(\d\d:\d\d)(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?", re.ASCII | re.IGNORECASE)
MOMENT = re.compile(
    r"(?P<local>\d{4}-\d\d-\d\dT\d\d:\d\d(?P<seconds>:\d\d)?)(?P<fraction>\.\d{1,6})?(?P<zone>Z|[+-]\d\d:\d\d)?",
    re.ASCII | re.IGNORECASE,
)
# Browsers drop or change dates before this one.
FIRST_YEAR = "1000"


def said(kind: str, text: str) -> str:
    """A date or time in the reader's language and time zone; empty if invalid."""
    found = _read(kind, text)
    if isinstance(found, datetime):
        return _said_moment(found)
    if isinstance(found, date):
        return date_format(found)
    return time_format(found) if found is not None else ""


def is_readable(kind: str, text: str) -> bool:
    """Whether the date or time exists."""
    return _read(kind, text) is not None


def offered(kind: str, text: str) -> str:
    """The value for the browser's input: without time zone, and without zero seconds."""
    found = MOMENT.fullmatch(text) if kind == "datetime" else None
    if found is None or found["fraction"]:
        return text
    local = found["local"].upper()
    short = local[:-3] if found["seconds"] == ":00" else local
    return short if completed(short, text) == text else text


def completed(typed: str, was: str) -> str:
    """Complete a moment from the browser's input with its original zone and seconds.

    Where there was none, it is a time of the reader's own zone.
    """
    found = MOMENT.fullmatch(typed)
    if found is None or found["zone"]:
        return typed
    before = MOMENT.fullmatch(was)
    seconds = ":00" if not found["seconds"] and (before is None or before["seconds"]) else ""
    zone = (before["zone"] or "") if before else _own_zone(typed)
    return f"{typed}{seconds}{zone}"


def zone_of(text: str) -> str:
    """The time zone of a moment, which its input does not show."""
    found = MOMENT.fullmatch(text)
    return (found["zone"] or "").upper().replace("Z", "UTC") if found else ""


def input_type(kind: str, text: str) -> str:
    """The browser input type that preserves this text; plain text otherwise."""
    if kind not in INPUTS or not text:
        return INPUTS.get(kind, "text")
    found = MOMENT.fullmatch(text) if kind == "datetime" else DAY.fullmatch(text)
    is_more = found is not None and kind == "datetime" and (found["zone"] or found["fraction"])
    holds = found is not None and not is_more and text >= FIRST_YEAR and is_readable(kind, text)
    return INPUTS[kind] if holds else "text"


def _read(kind: str, text: str) -> date | time | datetime | None:
    try:
        if kind == "date":
            return date.fromisoformat(text) if DAY.fullmatch(text) else None
        if kind == "time":
            found = CLOCK.fullmatch(text)
            return time.fromisoformat(found[1]) if found else None
        return datetime.fromisoformat(text.upper()) if MOMENT.fullmatch(text) else None
    except ValueError:
        return None


def _said_moment(at: datetime) -> str:
    if at.tzinfo is None:
        return _("%(moment)s (no time zone)") % {"moment": date_format(at, "DATETIME_FORMAT").strip()}
    try:
        local = timezone.localtime(at)
    except OverflowError:
        # The first and last representable days can overflow in another time zone.
        local = at
    return date_format(local, "DATETIME_FORMAT")


def _own_zone(typed: str) -> str:
    try:
        offset = timezone.make_aware(datetime.fromisoformat(typed.upper())).strftime("%z")
    except (ValueError, OverflowError):
        return ""
    return f"{offset[:3]}:{offset[3:5]}"
