"""The moment that a service records: the database's, but for the demo, which tells a past; and the last one."""

from datetime import MAXYEAR, UTC, datetime

from approvals.actors import Actor, Door
from policies import db

# East of Greenwich, the last day that there is has no evening: no page could show it.
_BEYOND = datetime(MAXYEAR, 1, 1, tzinfo=UTC)


def moment_for(actor: Actor, at: datetime, now: datetime | None = None) -> datetime:
    """The database's time; for the demo alone, which tells a past, the moment told. ``now`` saves asking twice."""
    if actor.door == Door.DEMO:
        return at
    return db.now() if now is None else now


def is_showable(moment: datetime) -> bool:
    """Return whether every time zone can show a moment, which has a zone."""
    return moment < _BEYOND
