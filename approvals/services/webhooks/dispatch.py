"""Leasing deliveries that are due, and recording what receivers answered.

   what a delivery waits for
1  its time: a pause after a failed attempt, or the end of an undo window
2  an earlier event of its action that waits for the same webhook
3  a pause of its webhook, whose receiver failed lately; then one delivery at a time tries
4  a place among the few that are sent to its webhook at the same time
5  a webhook that is active, has its seal and a secret, and whose owner may still sign in

A lease is longer than a call. An answer counts only for the attempt that was the last to begin.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from approvals.actors import Actor
from approvals.db import written
from approvals.models import LedgerPosition, WebhookAttempt, WebhookCursor, WebhookDelivery
from approvals.models.webhooks import WebhookDeliveryState
from approvals.queries.record import events, webhooks
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.webhooks import signing
from approvals.services.webhooks.queueing import SENDING
from policies import db
from policies.db import service

LEASE = timedelta(seconds=60)
# So many are sent together to one webhook, unless its receiver fails.
AT_ONCE = 4
MAX_ANSWER = 1024

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Parcel:
    """One attempt at a delivery: all that its call needs, without the database."""

    webhook_id: int
    delivery_id: UUID
    attempt: int
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt: the status, if a receiver answered, else why nobody did."""

    milliseconds: int
    status: int | None = None
    text: str = ""
    error: str = ""

    @property
    def is_accepted(self) -> bool:
        """Whether the receiver took the message."""
        return self.status is not None and 200 <= self.status < 300


def is_due() -> bool:
    """Return whether a delivery could be sent now."""
    return _cursors(db.now()).exists()


@service
def lease(*, actor: Actor, at: datetime, limit: int) -> list[Parcel]:
    """Take up to ``limit`` deliveries that are due, those of the webhooks first that waited longest for their turn."""
    now = db.now()
    rows = _cursors(now).order_by(F("leased_at").asc(nulls_first=True), "pk")
    rows = rows.select_for_update(of=("self",), skip_locked=True, no_key=True)
    cursors = list(rows.select_related("webhook__owner", "webhook__agent")[:limit])
    share = min(AT_ONCE, limit // max(len(cursors), 1))
    return [parcel for cursor in cursors for parcel in _take(cursor, now, share)]


@service
def record_answer(*, actor: Actor, at: datetime, parcel: Parcel, answer: Answer) -> bool:
    """Record what came of an attempt; false if a later one has begun, whose answer counts.

    A delivery that is given up leaves an entry.
    """
    # In the order of `lease`: the cursor, then the delivery.
    cursor = WebhookCursor.objects.select_for_update(no_key=True).get(pk=parcel.webhook_id)
    held = WebhookDelivery.objects.select_for_update(no_key=True)
    delivery = held.filter(pk=parcel.delivery_id, attempts=parcel.attempt, state=WebhookDeliveryState.READY).first()
    if delivery is None:
        return False
    now = db.now()
    WebhookAttempt.objects.create(
        delivery=delivery,
        number=parcel.attempt,
        at=now,
        milliseconds=answer.milliseconds,
        status=answer.status,
        error=answer.error[:400],
        answer=answer.text,
    )
    if answer.is_accepted:
        delivery.keep(now)
        cursor.recover()
    else:
        delivery.miss(now)
        cursor.pause(now)
    delivery.save()
    cursor.save(update_fields=["failures", "retry_at"])
    if delivery.state == WebhookDeliveryState.DEAD:
        _record_failure(delivery, actor, at)
    return True


def _cursors(now: datetime) -> QuerySet[WebhookCursor]:
    """The cursors of webhooks that have something to send now; see the table above."""
    is_paused = Q(retry_at__isnull=False, retry_at__gt=now)
    has_work = Exists(_ready(now).filter(webhook=OuterRef("pk")))
    return WebhookCursor.objects.filter(SENDING, ~is_paused, has_work)


def _ready(now: datetime) -> QuerySet[WebhookDelivery]:
    """Deliveries whose time has come, that nobody sends, and none of which waits behind another of its action."""
    waiting = WebhookDelivery.objects.filter(state=WebhookDeliveryState.READY)
    before = waiting.filter(
        webhook=OuterRef("webhook"), action=OuterRef("action"), position__lt=OuterRef("position")
    ).order_by()
    is_free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    return waiting.filter(is_free, ~Exists(before), not_before__lte=now)


def _take(cursor: WebhookCursor, now: datetime, share: int) -> Iterator[Parcel]:
    webhook = cursor.webhook
    secrets = signing.secrets_of(webhook, now)
    cursor.leased_at = now
    if not webhook.is_sealed or not secrets:
        # Nothing is sent where somebody has changed the address past HITL; it is looked at again after a pause.
        log.error("webhook.not_sealed", webhook=webhook.pk)
        cursor.pause(now)
        share = 0
    cursor.save(update_fields=["leased_at", "failures", "retry_at"])
    most = _free(cursor, now, share) if share else 0
    for delivery in _visible(cursor, now, most) if most else ():
        delivery.lease(now + LEASE)
        delivery.save(update_fields=["attempts", "leased_until"])
        body = _body(delivery)
        headers = signing.headers(secrets, delivery.message_id, int(now.timestamp()), body)
        yield Parcel(webhook.pk, delivery.pk, delivery.attempts, webhook.url, headers, body)


def _free(cursor: WebhookCursor, now: datetime, share: int) -> int:
    """How many more may be sent to a webhook now; a receiver that fails is tried with one."""
    under_way = WebhookDelivery.objects.filter(
        webhook=cursor.pk, state=WebhookDeliveryState.READY, leased_until__gt=now
    )
    most = 1 if cursor.failures else AT_ONCE
    return max(0, min(share, most - under_way.count()))


def _visible(cursor: WebhookCursor, now: datetime, most: int) -> Iterator[WebhookDelivery]:
    """Yield up to so many deliveries that are due, and drop those that the owner may no longer see."""
    due = _ready(now).filter(webhook=cursor.pk).order_by("position").select_related("position__entry")
    rows = list(due.select_for_update(of=("self",), skip_locked=True, no_key=True)[:most])
    seen = LedgerPosition.objects.filter(webhooks.selected(cursor.webhook), pk__in=[row.position_id for row in rows])
    shown = set(seen.values_list("pk", flat=True))
    for row in rows:
        if row.position_id in shown:
            yield row
        else:
            row.drop(now)
            row.save()


def _body(delivery: WebhookDelivery) -> bytes:
    """The message: the event as `events/` tells it, with its place among those sent to this webhook."""
    event = events.plain(delivery.position)
    message = {
        "type": delivery.event,
        "timestamp": written(delivery.position.entry.at),
        "sequence": delivery.sequence,
        "data": event,
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _record_failure(delivery: WebhookDelivery, actor: Actor, at: datetime) -> None:
    data = {
        "webhook": delivery.webhook_id,
        "delivery": str(delivery.pk),
        "position": delivery.position_id,
        "attempts": delivery.attempts,
    }
    log.warning(webhooks.GIVEN_UP, **data)
    entries.record_refusal(Event(actor, at, webhooks.GIVEN_UP, "A webhook did not accept an event", data))
