"""Until when the effect of an action lasts: what its type allows, asked before it is stored. Questions."""

from datetime import MAXYEAR, UTC, datetime, timedelta

from django.utils.translation import gettext_noop as _

from approvals.connectors.registry import can_reverse
from approvals.db import is_showable
from approvals.errors import Malformed
from approvals.models import ActionType
from approvals.states import Ends, ExecutionMode
from policies.errors import Refused

_BY_AGENT = _("The agent executes actions of type “{kind}” itself, so they cannot have an end. Leave out “until”.")
_NO_WAY_BACK = _("The connector “{connector}” cannot reverse an action, so it cannot have an end. Leave out “until”.")
_NEVER = _("Actions of type “{kind}” cannot have an end. Leave out “until”.")
_NEEDED = _("Actions of type “{kind}” need an end. Send “until” with a time.")
_NO_ZONE = _("“until” has no time zone. Send a time such as 2026-11-30T17:00:00+01:00.")
_OVER = _("“until” is in the past. Send a later time.")
_BEYOND = _("“until” is too late. Send a time before the year {year}.")
_TOO_LATE = _("“until” is too late. Actions of type “{kind}” last until {latest:%Y-%m-%d %H:%M} UTC at most.")


def check(kind: ActionType, until: datetime | None, now: datetime) -> None:
    """Ask whether an action of this type may end then.

    :raises Malformed: it may not, or it must have an end and has none.
    """
    if (refusal := refusal_for(kind, until, now)) is not None:
        raise refusal


def refusal_for(kind: ActionType, until: datetime | None, now: datetime) -> Refused | None:
    """Why an action of this type may not end then, or None. The first that applies.

    1. It has no end: the type needs one, or nothing is wrong.
    2. The type allows none, or nobody could reverse the effect.
    3. The time has no zone, is past, too late to be shown in every time zone, or later than the type allows.
    """
    if until is None:
        return _refusal(_NEEDED, kind) if kind.ends == Ends.REQUIRED else None
    if kind.execution == ExecutionMode.AGENT:
        return _refusal(_BY_AGENT, kind)
    if not can_reverse(kind.connector, kind.target):
        return _refusal(_NO_WAY_BACK, kind)
    if kind.ends == Ends.NEVER:
        return _refusal(_NEVER, kind)
    if until.tzinfo is None:
        return _refusal(_NO_ZONE, kind)
    if until <= now:
        return _refusal(_OVER, kind)
    if not is_showable(until):
        return _refusal(_BEYOND, kind, year=MAXYEAR)
    last = latest(kind, now)
    return None if last is None or until <= last else _refusal(_TOO_LATE, kind, latest=last.astimezone(UTC))


def latest(kind: ActionType, now: datetime) -> datetime | None:
    """The latest end of an action of this type that is proposed or changed now, or None where there is no limit."""
    return None if kind.longest_seconds is None else now + timedelta(seconds=kind.longest_seconds)


def _refusal(sentence: str, kind: ActionType, **said: object) -> Malformed:
    return Malformed(sentence, said={"kind": kind.name, "connector": kind.connector} | said, field="until")
