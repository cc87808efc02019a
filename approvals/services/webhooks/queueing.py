"""Queueing events for webhooks: every position is looked at once for each webhook, in order.

1. The cursor of a webhook is its promise. It moves in the transaction that queues what it passes.
2. A webhook that is inactive, or whose owner is, stays where it is, and goes on there later.
3. A rejection waits until it is final, and what happens to the action meanwhile waits behind it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from approvals.actors import Actor
from approvals.models import Decision, LedgerPosition, WebhookCursor, WebhookDelivery
from approvals.models.people import active_person
from approvals.queries.record import events, webhooks
from policies import db
from policies.db import service

# So many cursors are moved in one transaction, each past so many deliveries at most.
CURSORS = 20
DELIVERIES = 200
# Webhooks that send: under way, and not those whose owner has left.
SENDING = Q(webhook__is_active=True) & active_person("webhook__owner")
_READ = ("webhook__owner", "webhook__agent")


def is_behind() -> bool:
    """Return whether a webhook has not yet looked at an event."""
    return _behind().exists()


@service
def queue_new(*, actor: Actor, at: datetime) -> int:
    """Queue the events that webhooks have not looked at yet; return how many cursors moved."""
    rows = _behind().order_by("position").select_for_update(of=("self",), skip_locked=True, no_key=True)
    cursors = list(rows.select_related(*_READ)[:CURSORS])
    now = db.now()
    for cursor in cursors:
        _move(cursor, now)
    return len(cursors)


def _behind() -> QuerySet[WebhookCursor]:
    return WebhookCursor.objects.filter(SENDING, position__lt=events.last_position())


def _move(cursor: WebhookCursor, now: datetime) -> None:
    page = events.among(webhooks.selected(cursor.webhook), cursor.position, DELIVERIES)
    held = _held([each for each in page.rows if each.entry.event == "decision.rejected"])
    rows = [
        WebhookDelivery(
            webhook=cursor.webhook,
            position=each,
            action_id=each.entry.action_id,
            event=each.entry.event,
            sequence=sequence,
            not_before=held.get(each.entry_id) or now,
            created_at=now,
        )
        for sequence, each in enumerate(page.rows, cursor.sequence + 1)
    ]
    WebhookDelivery.objects.bulk_create(rows)
    cursor.position, cursor.sequence = page.reached, cursor.sequence + len(rows)
    cursor.save(update_fields=["position", "sequence"])


def _held(rejections: Sequence[LedgerPosition]) -> Mapping[UUID, datetime | None]:
    """When the decisions of these entries become final."""
    if not rejections:
        return {}
    found = Decision.objects.filter(entry__in=[each.entry_id for each in rejections])
    return dict(found.values_list("entry", "final_at"))
