"""The moment that a service records, the latest that pages can show, and how programs read one.

A service records the database's time, except in the demo, which tells a past.
"""

from datetime import MAXYEAR, UTC, datetime

from approvals.actors import Actor, Door
from policies import db

# East of Greenwich, the last evening is in a year that Python cannot write, so no page could show it.
_BEYOND = datetime(MAXYEAR, 1, 1, tzinfo=UTC)


def moment_for(actor: Actor, at: datetime, now: datetime | None = None) -> datetime:
    """The database's time; for the demo alone, which tells a past, the moment told. ``now`` saves asking twice."""
    if actor.door == Door.DEMO:
        return at
    return db.now() if now is None else now


def is_showable(moment: datetime) -> bool:
    """Return whether this moment, which has a zone, can be shown in every time zone."""
    return moment < _BEYOND


def written(moment: datetime) -> str:
    """Return a moment for programs: RFC 3339 in UTC, with microseconds and Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
