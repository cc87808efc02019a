"""Which notices go out now, which wait to go out together, and which nobody needs any more. Steps of who sends them.

The first few go at once, one each, and so does what is urgent. The rest is held until a moment of which the person's
own wishes decide, and then goes out as one message.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from itertools import groupby
from operator import attrgetter, or_

from django.db.models import Count, F, Min, Q, QuerySet

from approvals.authority import assignees
from approvals.authority.visibility import visible_to_person
from approvals.ids import uuid7
from approvals.models import Action, Decision, Delivery, Person, Stage
from approvals.models.deliveries import (
    ALARMS,
    ANSWERED,
    CORRECTED,
    HANDED_BACK,
    HANDED_OVER,
    LOW_CONFIDENCE,
    DeliveryState,
)
from approvals.models.people import NotificationMode
from approvals.queries.accounts.notification_preferences import NotificationPreferences, preferences_of
from approvals.states import ActionState, StageState
from approvals.text.risk import HIGH

# So many notices go out one each within the window; what comes beyond them is held for as long, and goes together.
FEW = 5
WINDOW = timedelta(minutes=15)
SHORTLY = timedelta(hours=2)
MAX_TOGETHER = 500

# What is told whichever stage is open.
OF_ANY_STAGE = frozenset({HANDED_OVER, HANDED_BACK, ANSWERED, CORRECTED})
# What is told at once because somebody already asked, waited or doubted.
URGENT = OF_ANY_STAGE | {LOW_CONFIDENCE, "decision.escalated", "stage.escalated", "stage.reassigned", "stage.reminded"}


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """What goes out as one message to one person; ``key`` is the same each time that it is sent."""

    key: uuid.UUID
    deliveries: tuple[Delivery, ...]


@dataclass(slots=True)
class RecipientState:
    """One person's wishes, how many more may go out one each, and until when what is held waits already."""

    wishes: NotificationPreferences
    now: datetime
    room: int
    held_until: datetime | None
    quiet_until: datetime | None = field(init=False)

    def __post_init__(self) -> None:
        self.quiet_until = self.wishes.after_quiet(self.now) if self.wishes.is_quiet(self.now) else None

    def admit(self, delivery: Delivery) -> datetime | None:
        """Take in one more notice: until when it waits to go out with others, or None when it goes now, by itself.

        The first that applies; what comes later finds the room that is left, and waits for the same moment.

        1. An alarm goes now.
        2. In quiet hours what presses before they end goes now, unless the person wishes that it waits.
        3. In quiet hours everything else waits for their end.
        4. Where each is told by itself, and where it went out by itself and failed, it goes now.
        5. What is urgent, or presses before the others go, goes now, unless the person wishes that it waits.
        6. The first few of someone who gets many go now, while nothing waits; each takes up room.
        7. Else it waits: as long as what waits already, for the next digest, or for the window.
        """
        if delivery.event in ALARMS:
            return None
        if self.quiet_until is not None:
            return None if self._breaks_quiet(delivery, self.quiet_until) else self.quiet_until
        if self.wishes.notification_mode == NotificationMode.EACH or (delivery.attempts and not delivery.held_at):
            return None
        until = self.held_until or self._next()
        if not self.wishes.hold_urgent and self._is_urgent(delivery, until):
            return None
        if self.wishes.notification_mode == NotificationMode.MANY and self.held_until is None and self.room > 0:
            self.room -= 1
            return None
        self.held_until = until
        return until

    def _next(self) -> datetime:
        if self.wishes.notification_mode == NotificationMode.DIGEST:
            return self.wishes.next_digest(self.now)
        return self.wishes.after_quiet(self.now + WINDOW)

    def _breaks_quiet(self, delivery: Delivery, ends: datetime) -> bool:
        return not self.wishes.hold_urgent and _is_pressing(delivery, ends)

    def _is_urgent(self, delivery: Delivery, until: datetime) -> bool:
        return delivery.event in URGENT or _is_pressing(delivery, max(until, self.now + SHORTLY))


def sort(rows: Iterable[Delivery], now: datetime, at: datetime) -> list[QueuedMessage]:
    """What of these due notices, locked with their people, goes out now; the rest is held or dropped.

    Nothing is saved: whoever calls saves what was changed of each.
    """
    rows = list(rows)
    wanted = _wanted(rows)
    for delivery in rows:
        if delivery.pk not in wanted:
            delivery.drop()
    open_rows = [delivery for delivery in rows if delivery.pk in wanted]
    boxes = _boxes({delivery.person for delivery in open_rows}, now, at)
    return list(_parcels(open_rows, boxes, now))


def together_with(rows: Iterable[Delivery], waiting: QuerySet[Delivery]) -> QuerySet[Delivery] | None:
    """What else goes out with those of these due notices that were held: whatever waits for the same people.

    None when none of them was held. What went out before as one message goes out again as the same one.
    """
    held = [delivery for delivery in rows if delivery.held_at is not None]
    if not held:
        return None
    fresh = {delivery.person_id for delivery in held if delivery.digest is None}
    again = {delivery.digest for delivery in held if delivery.digest is not None}
    found = waiting.filter(Q(person__in=fresh, digest__isnull=True) | Q(digest__in=again), held_at__isnull=False)
    return found.exclude(pk__in=[delivery.pk for delivery in rows])[:MAX_TOGETHER]


def _parcels(rows: Iterable[Delivery], boxes: Mapping[int, RecipientState], now: datetime) -> Iterator[QueuedMessage]:
    together: dict[tuple[int, str, uuid.UUID | None], list[Delivery]] = defaultdict(list)
    for delivery in rows:
        box = boxes[delivery.person_id]
        if delivery.held_at is not None and box.quiet_until is None:
            together[delivery.person_id, delivery.channel, delivery.digest].append(delivery)
        elif (until := box.admit(delivery)) is not None:
            delivery.hold(now, until)
        else:
            yield QueuedMessage(delivery.pk, (delivery,))
    for (_person, _channel, former), deliveries in together.items():
        digest = former or uuid7()
        for delivery in deliveries:
            delivery.digest = digest
        yield QueuedMessage(digest, tuple(deliveries))


def _boxes(people: Iterable[Person], now: datetime, at: datetime) -> dict[int, RecipientState]:
    """Each person's letterbox; what somebody was told of lately is counted by the clock that the record is kept by."""
    known = {person.pk: person for person in people}
    told = Delivery.objects.filter(person__in=known, attempts__gt=0, created_at__gt=at - WINDOW)
    lately = dict(told.order_by().values_list("person").annotate(Count("pk")))
    held = Delivery.objects.filter(person__in=known, state=DeliveryState.READY, held_at__isnull=False)
    held = held.filter(digest__isnull=True, not_before__gt=now)
    waits = dict(held.order_by().values_list("person").annotate(Min("not_before")))
    return {
        key: RecipientState(preferences_of(person), now, max(0, FEW - lately.get(key, 0)), waits.get(key))
        for key, person in known.items()
    }


def _wanted(rows: list[Delivery]) -> set[uuid.UUID]:
    """Which of these are still of use: their action waits for this stage, and for this person's decision."""
    asking = [delivery for delivery in rows if delivery.asks_to_decide]
    actions = {delivery.action_id for delivery in asking}
    stages = Stage.objects.filter(action__in=actions, state=StageState.OPEN) if asking else ()
    open_now: dict[tuple[uuid.UUID | None, int], Stage] = {(each.action_id, each.round): each for each in stages}
    decided = _decided(open_now.values())
    wanted = {delivery.pk for delivery in rows if not delivery.asks_to_decide}
    for delivery in asking:
        stage = open_now.get((delivery.action_id, delivery.round))
        if stage is not None and _is_of_use(delivery, stage) and (stage.pk, delivery.person_id) not in decided:
            wanted.add(delivery.pk)
    gone = {delivery.pk for delivery in rows if not delivery.person.is_active}
    return wanted - gone - _lost(rows)


def _decided(stages: Iterable[Stage]) -> set[tuple[uuid.UUID, int]]:
    """Who has decided already, at which stage, on the revision as it stands."""
    asked = [stage.pk for stage in stages]
    if not asked:
        return set()
    given = Decision.objects.filter(stage__in=asked, digest=F("action__revision__digest"), person__isnull=False)
    return set(given.values_list("stage_id", "person_id"))


def _is_of_use(delivery: Delivery, stage: Stage) -> bool:
    assert delivery.action is not None  # what asks to decide is about an action
    is_open = delivery.action.state == ActionState.PENDING and delivery.action.round == delivery.round
    return is_open and (delivery.event in OF_ANY_STAGE or delivery.number == stage.number)


def _lost(rows: Iterable[Delivery]) -> set[uuid.UUID]:
    """Those that were held meanwhile, and that their people may not decide, or not even see, any more."""
    held = sorted((row for row in rows if row.held_at is not None and row.action_id), key=attrgetter("person_id"))
    lost: set[uuid.UUID] = set()
    for _key, group in groupby(held, key=attrgetter("person_id")):
        mine = list(group)
        asked, told = _now_asked(mine), _now_seen(mine)
        lost |= {row.pk for row in mine if row.action_id not in (asked if row.asks_to_decide else told)}
    return lost


def _now_asked(mine: Iterable[Delivery]) -> set[uuid.UUID]:
    rows = [row for row in mine if row.asks_to_decide]
    if not rows:
        return set()
    asked = reduce(or_, (Q(**each) for each in assignees.reach(rows[0].person)))
    return set(Action.objects.filter(asked, pk__in=[row.action_id for row in rows]).values_list("pk", flat=True))


def _now_seen(mine: Iterable[Delivery]) -> set[uuid.UUID]:
    rows = [row for row in mine if not row.asks_to_decide]
    if not rows:
        return set()
    seen = visible_to_person(rows[0].person)
    return set(seen.filter(pk__in=[row.action_id for row in rows]).values_list("pk", flat=True))


def _is_pressing(delivery: Delivery, until: datetime) -> bool:
    action = delivery.action
    if action is None:
        return False
    return action.risk >= HIGH or (action.due_at is not None and action.due_at <= until)
