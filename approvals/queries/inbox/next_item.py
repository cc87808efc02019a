"""The next item for a person who has just left an action."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from approvals.authority import powers
from approvals.models import Action, Decision, Note, Person, Stage
from approvals.queries.inbox import order, waiting
from approvals.states import DecisionType, StageState

# So many are asked about one by one; who can decide none of them finds the rest in the inbox.
MAX_ASKED = 20


def next_for(person: Person, besides: Collection[uuid.UUID], now: datetime) -> Action | None:
    """Return the most urgent action that a person can decide and nobody else has claimed, or None.

    Actions waiting for an agent's answer or another person are skipped, as are those in `besides`. What only others
    can decide is never served: it stays in the inbox, in a group of its own.
    """
    is_free = Q(claim__isnull=True) | Q(claim__until__lte=now) | Q(claim__person=person)
    asked = Note.objects.filter(action=OuterRef("pk"), is_open=True)
    said = Decision.objects.filter(action=OuterRef("pk"), person=person, stage__state=StageState.OPEN)
    # Of the revision as it stands: what was said of a former one counts no more.
    said = said.filter(digest=F("action__revision__digest")).exclude(verdict=DecisionType.UNDO)
    is_left = ~Q(pk__in=besides) & (Q(expires_at__isnull=True) | Q(expires_at__gt=now))
    within = ~order.beyond(person)
    rows = waiting.page(person, is_left, is_free, within, ~Q(Exists(asked)), ~Q(Exists(said)), size=MAX_ASKED).rows
    opened = Stage.objects.filter(action__in=[row.pk for row in rows], state=StageState.OPEN).select_related("person")
    stages = {(stage.action_id, stage.round): stage for stage in opened}
    return next((row for row in rows if _is_decidable(person, row, stages.get((row.pk, row.round)))), None)


def _is_decidable(person: Person, action: Action, stage: Stage | None) -> bool:
    return stage is not None and not stage.is_check and powers.could_decide(person, action, stage)
