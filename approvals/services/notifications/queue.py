"""Telling people that something waits for them: queued in the deciding transaction, sent by an errand."""

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from approvals import asked
from approvals.actors import Actor
from approvals.channels.base import NotTold
from approvals.channels.registry import channel
from approvals.models import Action, ActionType, Backlog, Breaker, BreakGlass, Delivery, Person, Stage
from approvals.models.deliveries import BACKLOG_FULL, BREAKER_OPENED, BROKEN_GLASS, TYPE_CHANGED, DeliveryState
from approvals.services import doorbell, locks, sweeps
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import batching, messages, recipients
from approvals.services.notifications.messages import Notice
from policies import db, unit
from policies.db import errand, service

MAX_ATTEMPTS = 10
FIRST_WAIT = timedelta(seconds=30)
MAX_WAIT = timedelta(hours=6)
AT_ONCE = 20
# So many batches that are all put off are passed over in one transaction; the next sweep goes on.
MAX_TURNS = 10
_OTHERS = (
    *("break_glass__person", "break_glass__desk", "action_type", "backlog__agent", "backlog__desk", "breaker"),
    *("person__password_set_by", "person__email_set_by"),
)

log = structlog.get_logger()


def notify(
    action: Action, stage: Stage, fact: Event, turn: int | None = None, after: datetime | None = None
) -> list[Delivery]:
    """Queue one notice for each person who is told of this stage; a step of the transaction that opens it.

    ``turn`` tells one from another where the same stage is told of more than once. ``after`` is when it may go out
    first; now unless given.
    """
    people = recipients.of_stage(action, stage)
    if not people:
        log.warning("notice.nobody", action=str(action.pk), desk=action.desk.slug, tier=stage.tier)
        return []
    return notify_people(action, people, fact, stage.number if turn is None else turn, after)


def notify_people(
    action: Action, people: Iterable[Person], fact: Event, stage: int = 1, after: datetime | None = None
) -> list[Delivery]:
    """Queue a notice of what just happened to an action for each of these people, one of each event and round.

    ``stage`` is the number of the stage that it is about, or of whatever else somebody is told of each time.
    """
    start = after or locks.moment(action) or asked.once("now", db.now)
    kind = fact.event if stage == 1 else f"{fact.event}.{stage}"
    rows = [
        Delivery(action=action, person=person, kind=kind, round=action.round, not_before=start, created_at=fact.at)
        for person in people
    ]
    for row in rows:
        unit.insert(row, pass_over=True)
    doorbell.ring(doorbell.DELIVER)
    return rows


def notify_break_glass(glass: BreakGlass, people: Iterable[Person], at: datetime) -> list[Delivery]:
    """Queue the news that glass was broken for each of these people; a step of the transaction that breaks it."""
    now = db.now()
    rows = [
        Delivery(break_glass=glass, person=person, kind=BROKEN_GLASS, not_before=now, created_at=at)
        for person in people
    ]
    if not rows:
        log.warning("notice.nobody", break_glass=str(glass.pk))
        return []
    for row in rows:
        unit.insert(row)
    doorbell.ring(doorbell.DELIVER)
    return rows


def notify_of_change(kind: ActionType, change_id: uuid.UUID, people: Iterable[Person], at: datetime) -> list[Delivery]:
    """Queue the news of a changed action type for each of these people; a step of the transaction that changes it.

    ``change_id`` is its history row, from which the notice is written when it goes out.
    """
    now, about = db.now(), {"action_type": kind, "change_id": change_id}
    rows = [Delivery(person=person, kind=TYPE_CHANGED, not_before=now, created_at=at, **about) for person in people]
    if not rows:
        log.warning("notice.nobody", action_type=kind.name)
        return []
    for row in rows:
        unit.insert(row)
    doorbell.ring(doorbell.DELIVER)
    return rows


def notify_of_backlog(backlog: Backlog, people: Iterable[Person], at: datetime) -> list[Delivery]:
    """Queue the news that a limit of waiting actions is reached for each of these people; a step of who finds it."""
    now = db.now()
    rows = [
        Delivery(backlog=backlog, person=person, kind=BACKLOG_FULL, not_before=now, created_at=at) for person in people
    ]
    if not rows:
        log.warning("notice.nobody", backlog=str(backlog.pk))
        return []
    for row in rows:
        unit.insert(row)
    doorbell.ring(doorbell.DELIVER)
    return rows


def notify_of_breaker(breaker: Breaker, people: Iterable[Person], at: datetime) -> list[Delivery]:
    """Queue the news that a circuit breaker opened for each of these people, once for each opening; a step."""
    now, kind = db.now(), f"{BREAKER_OPENED}.{breaker.openings}"
    rows = [Delivery(breaker=breaker, person=person, kind=kind, not_before=now, created_at=at) for person in people]
    if not rows:
        log.warning("notice.nobody", breaker=str(breaker.pk))
        return []
    for row in rows:
        unit.insert(row)
    doorbell.ring(doorbell.DELIVER)
    return rows


def notify_account(
    person: Person, kind: str, at: datetime, *, address: str = "", change_id: uuid.UUID | None = None
) -> None:
    """Queue the news of a change of somebody's account for them; a step of the transaction that changes it.

    ``address`` is a former address of theirs, where the news goes as well.
    """
    if not (address or person.email):
        log.warning("notice.nobody", account=person.pk)
        return
    given = {"account": person, "change_id": change_id, "address": address}
    unit.insert(Delivery(person=person, kind=kind, not_before=db.now(), created_at=at, **given))
    doorbell.ring(doorbell.DELIVER)


@errand
def deliver_ready(*, actor: Actor, clock: Callable[[], datetime], limit: int = 200) -> int:
    """Send up to ``limit`` messages that are due; return how many were sent. One that fails is tried again, later and
    later.

    The claim itself moves a notice into the future, so that one whose sender dies is sent again: at least once.
    """

    def leased() -> Iterator[Notice]:
        tried = 0
        while tried < limit and (notices := lease(actor=actor, at=clock(), limit=min(AT_ONCE, limit - tried))):
            tried += len(notices)
            yield from notices

    def deliver(notice: Notice) -> bool:
        error = _send(notice)
        record_result(actor=actor, at=clock(), delivery_ids=notice.delivery_ids, error=error)
        return not error

    return sweeps.for_each("notice", leased(), deliver, passes=()).done


@service
def lease(*, actor: Actor, at: datetime, limit: int) -> list[Notice]:
    """Take notices that are due, each for as long as its next wait; those that wait for a digest are put off."""
    now = db.now()
    for _turn in range(MAX_TURNS):
        rows = _due(now, limit)
        parcels = batching.sort(rows, now, at)
        for parcel in parcels:
            until = now + _wait(max(delivery.attempts for delivery in parcel.deliveries) + 1)
            for delivery in parcel.deliveries:
                delivery.claim(until)
        Delivery.write(rows)
        if parcels or not rows:
            return messages.written(parcels)
    return []


@service
def record_result(*, actor: Actor, at: datetime, delivery_ids: Collection[uuid.UUID], error: str) -> list[Delivery]:
    """Record that notices were sent as one message, or why not; each one that is given up leaves an entry."""
    found = Delivery.objects.filter(pk__in=delivery_ids, state=DeliveryState.READY).order_by("pk")
    rows = list(found.select_for_update(of=("self",), no_key=True).select_related("action", "break_glass"))
    for delivery in rows:
        if error:
            delivery.miss(error, MAX_ATTEMPTS)
        else:
            delivery.keep(at)
    Delivery.write(rows)
    for delivery in (row for row in rows if row.state == DeliveryState.DEAD):
        _record_failure(delivery, actor, at)
    return rows


def reschedule(person: Person) -> None:
    """Look anew at when a person is told of what waits; a step of the transaction that changes what she wishes."""
    waiting = Delivery.objects.filter(person=person, state=DeliveryState.READY, attempts=0)
    if waiting.update(not_before=db.now()):
        doorbell.ring(doorbell.DELIVER)


def _due(now: datetime, limit: int) -> list[Delivery]:
    """Notices that are due, with whatever goes out together with them, locked with the people whom they are for.

    Two senders never look at the same person's at once, so people are locked first: each would think that only a few
    were sent, and make a digest of its own.
    """
    waiting = Delivery.objects.filter(state=DeliveryState.READY).order_by("not_before", "id")
    people = Person.objects.filter(pk__in=waiting.filter(not_before__lte=now).values("person")[:limit])
    mine = list(people.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
    if not mine:
        return []
    waiting = waiting.filter(person__in=mine).select_for_update(skip_locked=True, of=("self",), no_key=True)
    waiting = waiting.select_related(
        "person",
        "action__action_type",
        "action__agent",
        "action__desk",
        "action__revision",
        "action__evaluation",
        *_OTHERS,
    )
    rows = list(waiting.filter(not_before__lte=now)[:limit])
    more = batching.together_with(rows, waiting)
    return rows if more is None else [*rows, *more]


def _record_failure(delivery: Delivery, actor: Actor, at: datetime) -> None:
    data = {"delivery": str(delivery.pk), "attempts": delivery.attempts, "channel": delivery.channel}
    about = Event(actor, at, "notice.failed", "A notification could not be sent", data)
    if delivery.action is not None:
        entries.record_event(delivery.action, about)
    elif delivery.break_glass is not None:
        row = {"row": str(delivery.break_glass.pk)}
        entries.record_row(delivery.break_glass, replace(about, data=about.data | row))
    elif delivery.account_id is not None:
        entries.record_refusal(replace(about, data=about.data | {"account": delivery.account_id}))
    elif delivery.action_type_id is not None:
        entries.record_refusal(replace(about, data=about.data | {"action_type": delivery.action_type_id}))
    elif delivery.breaker_id is not None:
        entries.record_refusal(replace(about, data=about.data | {"breaker": str(delivery.breaker_id)}))
    else:
        entries.record_refusal(replace(about, data=about.data | {"backlog": str(delivery.backlog_id)}))


def _wait(attempts: int) -> timedelta:
    doubled: int = 2 ** (attempts - 1)
    return min(FIRST_WAIT * doubled, MAX_WAIT)


def _send(notice: Notice) -> str:
    try:
        channel(notice.channel).tell(notice.message)
    except NotTold as error:
        log.warning("notice.failed", message=notice.message.key, error=str(error))
        return str(error)
    return ""
