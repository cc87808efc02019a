"""Which events a webhook sends, and how its deliveries stand."""

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from approvals.actors import Actor, Door
from approvals.models import Webhook, WebhookDelivery
from approvals.models.webhooks import WebhookDeliveryState
from approvals.queries.record import events

GIVEN_UP, QUEUED_AGAIN = "webhook.given_up", "webhook.queued_again"
# What becomes of a delivery causes no delivery: one that fails would otherwise bring the next, without end.
OF_DELIVERIES = (GIVEN_UP, QUEUED_AGAIN)
_ALL = ".*"


def selected(webhook: Webhook) -> Q:
    """Return the condition of the events that a webhook sends: what its owner may see, less what it leaves out."""
    wanted = _seen(webhook) & ~Q(entry__event__in=OF_DELIVERIES)
    if webhook.events:
        wanted &= _named(webhook.events)
    for name in ("action_type", "agent", "client"):
        if (key := getattr(webhook, f"{name}_id")) is not None:
            wanted &= Q(**{f"entry__action__{name}": key})
    return wanted


def with_counts(rows: QuerySet[Webhook]) -> QuerySet[Webhook]:
    """Return webhooks with how many of their deliveries are `waiting`, and how many `failed`."""
    return rows.annotate(waiting=_number_of(WebhookDeliveryState.READY), failed=_number_of(WebhookDeliveryState.DEAD))


def _number_of(state: WebhookDeliveryState) -> Coalesce:
    found = WebhookDelivery.objects.filter(webhook=OuterRef("pk"), state=state).order_by()
    number = found.values("webhook").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number), 0)


def _seen(webhook: Webhook) -> Q:
    """What the owner may see, and through an agent of theirs what that agent may."""
    seen = events.seen_by(Actor(Door.CLOCK, person=webhook.owner))
    agent = webhook.agent
    if agent is not None and agent.is_active and agent.owner_id == webhook.owner_id:
        seen |= events.seen_by(Actor(Door.CLOCK, agent=agent))
    return seen


def _named(names: list[str]) -> Q:
    found = Q(entry__event__in=[name for name in names if not name.endswith(_ALL)])
    for name in names:
        if name.endswith(_ALL):
            found |= Q(entry__event__startswith=name.removesuffix("*"))
    return found
