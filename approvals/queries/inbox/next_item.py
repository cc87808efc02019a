"""The next item for a person who has just left an action."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from approvals.models import Action, Decision, Note, Person
from approvals.queries.inbox import waiting
from approvals.states import DecisionType, StageState


def next_for(person: Person, besides: Collection[uuid.UUID], now: datetime) -> Action | None:
    """Return the most urgent action that a person may decide and nobody else has claimed, or None.

    Actions waiting for an agent's answer or another person are skipped, as are those in `besides`.
    """
    is_free = Q(claim__isnull=True) | Q(claim__until__lte=now) | Q(claim__person=person)
    asked = Note.objects.filter(action=OuterRef("pk"), is_open=True)
    said = Decision.objects.filter(action=OuterRef("pk"), person=person, stage__state=StageState.OPEN)
    # Of the revision as it stands: what was said of a former one counts no more.
    said = said.filter(digest=F("action__revision__digest")).exclude(verdict=DecisionType.UNDO)
    rows = waiting.page(person, ~Q(pk__in=besides), is_free, ~Q(Exists(asked)), ~Q(Exists(said)), size=1).rows
    return rows[0] if rows else None
