"""Ends in the admin: until when an effect lasts, how it ended, and who asked to cancel the action before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.actors import Actor
from approvals.errors import Malformed
from approvals.models import Action, ActionType, Execution, StopRequest
from approvals.queries.record import live
from approvals.services.ends import cancel, early
from approvals.states import OPEN, Ends, ExecutionState

FIELD = "until"
_FORM = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Ending:
    """What the page says of the end of an effect; ``end`` is its last one, if any was promised."""

    action: Action
    end: Execution | None
    may_end: bool

    @property
    def is_asked(self) -> bool:
        """Whether it is to end now, or is about to."""
        return self.end is not None and (self.end.state == ExecutionState.RUNNING or self._is_early)

    @property
    def is_in_doubt(self) -> bool:
        """Whether nobody knows if it has ended."""
        return self.end is not None and self.end.state == ExecutionState.UNCERTAIN

    @property
    def has_failed(self) -> bool:
        """Whether it was to end, and could not."""
        return self.end is not None and self.end.state == ExecutionState.FAILED

    @property
    def _is_early(self) -> bool:
        return self.end is not None and self.end.state == ExecutionState.READY and self.end.is_early


def shown(actor: Actor, action: Action) -> Ending | None:
    """What a page shows of the end of an action's effect; None where it has none and is not in effect."""
    if action.state in OPEN or not (action.is_live or action.until):
        return None
    end = live.end_of(action)
    if not action.is_live and end is None:
        return None
    ending = Ending(action, end, may_end=False)
    return Ending(action, end, may_end=not ending.is_asked and early.is_open_to(actor, action))


@dataclass(frozen=True, slots=True)
class Canceling:
    """Who asked to cancel an action while it was executed, if anybody did, and whether this person may ask."""

    request: StopRequest | None
    may_ask: bool


def canceling(actor: Actor, action: Action, execution: Execution | None) -> Canceling | None:
    """The request to cancel that a page shows, or that this person may make; None where there is neither."""
    if execution is not None and execution.cancel_asked_at is not None:
        found = StopRequest.objects.select_related("person", "agent", "delegator", "rationale")
        return Canceling(found.get(execution=execution), may_ask=False)
    may_ask = cancel.is_open_to(actor, action, execution)
    return Canceling(None, may_ask) if may_ask else None


def may_be_set(kind: ActionType) -> bool:
    """Whether a form asks when an action of this type ends."""
    return kind.ends != Ends.NEVER


def as_typed(until: datetime | None) -> str:
    """A time as the form's field holds it, in the reader's time zone."""
    return timezone.localtime(until).strftime(_FORM) if until else ""


def said(until: datetime | None) -> str:
    """A time as text, in the reader's time zone."""
    return f"{timezone.localtime(until):%Y-%m-%d %H:%M %Z}" if until else ""


def typed(request: HttpRequest, former: datetime | None = None) -> datetime | None:
    """The time in a sent form, in the reader's time zone; None where it is empty or ``former``, to the minute.

    :raises Malformed: it is no time.
    """
    text = request.POST.get(FIELD, "").strip()
    if not text or text == as_typed(former):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Malformed(_("The end is not a date and time. Enter one, or leave the field empty.")) from error
    return found if found.tzinfo else timezone.make_aware(found)


def context_of(request: HttpRequest, action: Action | None, kind: ActionType) -> dict[str, Any]:
    """What a form needs to ask for the end: whether, whether it must be given, and what it holds."""
    before = as_typed(action.until) if action is not None else ""
    return {
        "asks_until": may_be_set(kind),
        "needs_until": kind.ends == Ends.REQUIRED,
        "typed_until": request.POST.get(FIELD, before),
    }
