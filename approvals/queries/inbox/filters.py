"""Inbox filters, read from a URL or a saved view by the same rules."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from approvals.queries.inbox import views
from approvals.text.risk import BANDS

OVERDUE, TODAY = "overdue", "today"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A view and its filters as text; empty filters match everything."""

    view: str = ""
    desk: str = ""
    kind: str = ""
    agent: str = ""
    client: str = ""
    risk: str = ""
    due: str = ""

    @property
    def kept(self) -> dict[str, str]:
        """Return the active filters, as a URL or a saved view holds them."""
        return {name: text for name, text in asdict(self).items() if text}

    def of_proposals(self) -> dict[str, Any]:
        """Return the filters that hold before an action is evaluated, as ORM lookups on actions."""
        ids = {"desk_id": self.desk, "action_type_id": self.kind, "agent_id": self.agent}
        ids["client_id"] = self.client
        return {column: int(text) for column, text in ids.items() if text}

    def look_ups(self, now: datetime) -> dict[str, Any]:
        """Return the filters, without the view, as ORM lookups on actions."""
        found = self.of_proposals()
        if self.risk:
            found["risk__range"] = BANDS[self.risk]
        if self.due:
            found["due_at__lt"] = now if self.due == OVERDUE else now + timedelta(days=1)
        return found


NAMES = tuple(each.name for each in fields(Chosen))


def read(given: Mapping[str, Any]) -> Chosen:
    """Read filters from a URL or a saved view, ignoring invalid ones."""
    asked = {name: str(given.get(name, "")) for name in NAMES}
    return Chosen(**{name: text for name, text in asked.items() if _is_understood(name, text)})


def _is_understood(name: str, text: str) -> bool:
    known = {"view": views.NARROW + views.WIDE, "risk": tuple(BANDS), "due": (OVERDUE, TODAY)}
    return text in known[name] if name in known else text.isascii() and text.isdecimal() and len(text) < 10
