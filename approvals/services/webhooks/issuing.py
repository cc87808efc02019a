"""Issuing a webhook's secret, which is shown once; the one before it stays valid for a while."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from approvals.actors import Actor
from approvals.errors import Malformed, NotAllowed, NotFound
from approvals.models import Webhook, WebhookCursor
from approvals.queries.record import events
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.webhooks import signing
from policies import db
from policies.db import service

MAX_OVERLAP = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Issued:
    """A webhook and its new secret, which nobody is shown again."""

    webhook: Webhook
    secret: str


@service
def issue(*, actor: Actor, at: datetime, webhook_id: int, overlap: timedelta) -> Issued:
    """Give a webhook another secret; the one of now stays valid for the time of ``overlap``, which can be none.

    The first secret begins the webhook: it sends what happens from then on.

    :raises NotAllowed: the person may not change webhooks.
    :raises NotFound: there is no such webhook.
    :raises Malformed: the overlap is negative, or longer than 30 days.
    """
    check_person(actor)
    if not timedelta(0) <= overlap <= MAX_OVERLAP:
        raise Malformed("The former secret can stay valid for at most 30 days. Choose a shorter time.")
    webhook = Webhook.objects.select_for_update(of=("self",), no_key=True).filter(pk=webhook_id).first()
    if webhook is None:
        raise NotFound()
    now = db.now()
    webhook.renew(secrets.token_hex(16), now, overlap)
    data = {"overlap_seconds": int(overlap.total_seconds())}
    entries.record_row(webhook, Event(actor, at, "webhook.secret_issued", "Secret issued.", data))
    WebhookCursor.objects.get_or_create(webhook=webhook, defaults={"position": events.last_position()})
    return Issued(webhook, signing.shown(signing.secrets_of(webhook, now)[0]))


def check_person(actor: Actor) -> None:
    """Let only the product itself and people pass who may change webhooks.

    :raises NotAllowed: anybody else.
    """
    is_product = actor.person is None and actor.agent is None
    if not (is_product or (actor.person is not None and actor.person.has_perm("approvals.change_webhook"))):
        raise NotAllowed()
