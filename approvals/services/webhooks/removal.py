"""Removing the log of deliveries that were sent some time ago; those that failed stay until a person sends them."""

from datetime import datetime, timedelta

from approvals import conf
from approvals.actors import Actor
from approvals.models import WebhookAttempt, WebhookDelivery
from approvals.models.webhooks import WebhookDeliveryState
from policies import db
from policies.db import service

_OVER = (WebhookDeliveryState.SENT, WebhookDeliveryState.DROPPED)


@service
def remove_old(*, actor: Actor, at: datetime, limit: int = 500) -> int:
    """Delete up to ``limit`` deliveries that were sent or dropped long ago, with their attempts; return how many."""
    before = db.now() - timedelta(days=conf.webhook_log_days())
    old = WebhookDelivery.objects.filter(state__in=_OVER, settled_at__lt=before).order_by("settled_at")
    rows = list(old.select_for_update(skip_locked=True, no_key=True)[:limit].values_list("pk", flat=True))
    WebhookAttempt.objects.filter(delivery__in=rows).delete()
    WebhookDelivery.objects.filter(pk__in=rows).delete()
    return len(rows)
