"""The next item for a person who has just left an action."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from approvals.authority import assignees, memberships, powers
from approvals.authority.memberships import Seats
from approvals.models import Action, Decision, Note, Person, Stage
from approvals.queries.inbox import order, waiting
from approvals.states import DecisionType, StageState

# So many are asked about one by one; who can decide none of them finds the rest in the inbox.
MAX_ASKED = 20
READ_WITH = ("action__action_type", "action__agent", "action__desk", "action__revision")


def next_for(
    person: Person, besides: Collection[uuid.UUID], now: datetime, given: Seats | None = None
) -> Action | None:
    """Return the most urgent action that a person can decide and nobody else has claimed, or None.

    Actions waiting for an agent's answer or another person are skipped, as are those in `besides`. What only others
    can decide is never served: it stays in the inbox, in a group of its own.
    """
    is_free = Q(claim__isnull=True) | Q(claim__until__lte=now) | Q(claim__person=person)
    asked = Note.objects.filter(action=OuterRef("pk"), is_open=True)
    said = Decision.objects.filter(action=OuterRef("pk"), person=person, stage__state=StageState.OPEN)
    # Of the revision as it stands: what was said of a former one counts no more.
    said = said.filter(digest=OuterRef("revision__digest")).exclude(verdict=DecisionType.UNDO)
    is_left = ~Q(pk__in=besides) & (Q(expires_at__isnull=True) | Q(expires_at__gt=now))
    seats = memberships.seats_now(person) if given is None else given
    reach, within = assignees.reach(person, seats), ~order.beyond(person, seats)
    keys = waiting.keys(reach, is_left, is_free, within, ~Q(Exists(asked)), ~Q(Exists(said)), size=MAX_ASKED)
    # Mostly it is the first, so the others are only read where it is not.
    return _first_decidable(person, keys[:1]) or _first_decidable(person, keys[1:])


def _first_decidable(person: Person, keys: Sequence[uuid.UUID]) -> Action | None:
    opened = Stage.objects.filter(action__in=keys, state=StageState.OPEN, round=F("action__round"))
    stages = {stage.action_id: stage for stage in opened.select_related("person", *READ_WITH)}
    found = (stages[key] for key in keys if key in stages)
    return next((stage.action for stage in found if _is_decidable(person, stage)), None)


def _is_decidable(person: Person, stage: Stage) -> bool:
    return not stage.is_check and powers.could_decide(person, stage.action, stage)
