"""Sending deliveries again: those that were given up, and those that a receiver lost."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from approvals.actors import Actor
from approvals.errors import Malformed, WrongState
from approvals.models import WebhookCursor, WebhookDelivery
from approvals.models.webhooks import WebhookDeliveryState
from approvals.queries.record import webhooks
from approvals.services import doorbell
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.webhooks.issuing import check_person
from policies import db
from policies.db import service

MAX_TOGETHER = 500
_OVER = (WebhookDeliveryState.SENT, WebhookDeliveryState.DEAD)


@service
def send_again(*, actor: Actor, at: datetime, delivery_ids: Collection[UUID]) -> int:
    """Queue deliveries that were sent or given up once more; return how many. Others stay as they are.

    :raises NotAllowed: the person may not change webhooks.
    :raises Malformed: they are too many.
    :raises WrongState: none of them was sent or given up.
    """
    check_person(actor)
    if len(delivery_ids) > MAX_TOGETHER:
        raise Malformed("You can send at most 500 deliveries again together. Select fewer.")
    found = WebhookDelivery.objects.filter(pk__in=delivery_ids, state__in=_OVER).order_by("pk")
    _end_pauses(found)
    rows = list(found.select_for_update(of=("self",), no_key=True))
    if not rows:
        raise WrongState("Nothing to send again. Select deliveries that were sent or failed.", state="ready")
    now = db.now()
    for delivery in rows:
        delivery.queue_again(now)
        delivery.save()
    data = {"deliveries": [str(delivery.pk) for delivery in rows]}
    entries.record_refusal(Event(actor, at, webhooks.QUEUED_AGAIN, "Sent again.", data))
    doorbell.ring(doorbell.WEBHOOK)
    return len(rows)


def _end_pauses(deliveries: QuerySet[WebhookDelivery]) -> None:
    """Let their webhooks send now: who sends again has fixed the receiver. Cursors are locked before deliveries."""
    cursors = WebhookCursor.objects.filter(webhook__in=deliveries.order_by().values("webhook")).order_by("pk")
    for cursor in cursors.select_for_update(of=("self",), no_key=True):
        cursor.recover()
        cursor.save(update_fields=["failures", "retry_at"])
