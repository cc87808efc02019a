"""Telling people that something waits for them: queued in the deciding transaction, sent by an errand."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from approvals import conf
from approvals.actors import Actor
from approvals.channels.base import Message, NotTold
from approvals.channels.registry import channel
from approvals.models import Action, BreakGlass, Delivery, Membership, Person, Stage
from approvals.models.deliveries import BROKEN_GLASS, EDGE_CASE, LOW_CONFIDENCE, DeliveryState
from approvals.queries import delegations, duty
from approvals.queries.actions import money
from approvals.services import doorbell, ledger, rights
from approvals.services.contract import database_now, errand, service
from approvals.services.ledger import Fact
from approvals.states import Tier

MOST_ATTEMPTS = 10
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
AT_ONCE = 20
MOST_REASONS = 5

# What a notice that asks for no decision says; by its kind.
_WORDING = {
    LOW_CONFIDENCE: ("email/told.txt", _("low confidence"), _("The agent is not sure, or did not say how sure it is.")),
    EDGE_CASE: ("email/told.txt", _("an edge case"), _("Something is missing in this, or looks wrong.")),
}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Notice:
    """One claimed delivery: which row, by which channel, and what to say."""

    delivery_id: uuid.UUID
    channel: str
    message: Message


def tell(action: Action, stage: Stage, fact: Fact) -> list[Delivery]:
    """Queue one notice for each person who is responsible for this stage; a step of the transaction that opens it."""
    people = responsible(action, stage)
    if not people:
        log.warning("notice.nobody", action=str(action.pk), desk=action.desk.slug, tier=stage.tier)
        return []
    return tell_people(action, people, fact, stage.number)


def tell_people(action: Action, people: Iterable[Person], fact: Fact, stage: int = 1) -> list[Delivery]:
    """Queue a notice of what just happened to an action for each of these people, one of each event and round.

    ``stage`` is the number of the stage that it is about: of each, somebody is told.
    """
    now, kind = database_now(), fact.event if stage == 1 else f"{fact.event}.{stage}"
    rows = [
        Delivery(action=action, person=person, kind=kind, round=action.round, not_before=now, created_at=fact.at)
        for person in people
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    doorbell.ring(doorbell.DELIVER)
    return rows


def responsible(action: Action, stage: Stage) -> list[Person]:
    """Who is told: the person named, if that person may decide; else everybody at the desk who may."""
    if stage.asks_somebody and stage.person is not None:
        able = [stage.person] if _may(stage.person, action) else []
        return _present(able, able, action, stage)
    members = Membership.objects.filter(tier__gte=stage.tier, person__is_active=True)
    at = {"person__groups": stage.group_id} if stage.asks_somebody else {"desk_id": stage.desk_id}
    found = members.filter(**at).select_related("person").order_by("pk")
    able = [person for person in dict.fromkeys(member.person for member in found) if _may(person, action)]
    named = action.action_type.responsible_id
    return _present([person for person in able if person.pk == named] or able, able, action, stage)


def alarm(glass: BreakGlass, people: Iterable[Person], at: datetime) -> list[Delivery]:
    """Queue the news that glass was broken for each of these people; a step of the transaction that breaks it."""
    now = database_now()
    rows = [
        Delivery(break_glass=glass, person=person, kind=BROKEN_GLASS, not_before=now, created_at=at)
        for person in people
    ]
    if not rows:
        log.warning("notice.nobody", break_glass=str(glass.pk))
        return []
    Delivery.objects.bulk_create(rows)
    doorbell.ring(doorbell.DELIVER)
    return rows


@errand
def deliver_ready(*, actor: Actor, clock: Callable[[], datetime], limit: int = 200) -> int:
    """Send up to ``limit`` waiting notices; return how many were sent. One that fails is tried again, later and later.

    The claim itself moves a notice into the future, so that one whose sender dies is sent again: at least once.
    """
    sent = tried = 0
    while tried < limit:
        notices = claim(actor=actor, at=clock(), limit=min(AT_ONCE, limit - tried))
        for notice in notices:
            error = _send(notice)
            keep(actor=actor, at=clock(), delivery_id=notice.delivery_id, error=error)
            sent += not error
        tried += len(notices)
        if not notices:
            break
    return sent


@service
def claim(*, actor: Actor, at: datetime, limit: int) -> list[Notice]:
    """Take notices that are due, each for as long as its next wait."""
    now = database_now()
    rows = Delivery.objects.filter(state=DeliveryState.READY, not_before__lte=now).order_by("not_before", "id")
    taken = list(rows.select_for_update(skip_locked=True, of=("self",)).select_related("person")[:limit])
    for delivery in taken:
        delivery.attempts += 1
        delivery.not_before = now + _wait(delivery.attempts)
    Delivery.objects.bulk_update(taken, ["attempts", "not_before"])
    return [_notice(delivery) for delivery in taken]


@service
def keep(*, actor: Actor, at: datetime, delivery_id: uuid.UUID, error: str) -> Delivery:
    """Record that a notice was sent, or why it was not; one that is given up leaves an entry."""
    delivery = (
        Delivery.objects.select_for_update(of=("self",)).select_related("action", "break_glass").get(pk=delivery_id)
    )
    if delivery.state != DeliveryState.READY:
        return delivery
    if error:
        delivery.miss(error, MOST_ATTEMPTS)
    else:
        delivery.keep(at)
    delivery.save(update_fields=["state", "error", "sent_at"])
    if delivery.state == DeliveryState.DEAD:
        data = {"delivery": str(delivery.pk), "attempts": delivery.attempts, "channel": delivery.channel}
        about = Fact(actor, at, "notice.failed", "A notice could not be sent", data)
        if delivery.action is not None:
            ledger.noted(delivery.action, about)
        elif delivery.break_glass is not None:
            row = {"row": str(delivery.break_glass.pk)}
            ledger.stated(delivery.break_glass, replace(about, data=about.data | row))
    return delivery


def _present(asked: list[Person], able: list[Person], action: Action, stage: Stage) -> list[Person]:
    """Those asked who are not out of office, or whoever decides for them; else others who may; else all seniors."""
    gone = duty.absent_now(person.pk for person in able)
    if gone.isdisjoint(person.pk for person in asked):
        return asked
    away = [person.pk for person in asked if person.pk in gone]
    lent = [given.delegate for given in delegations.delegates_of(away, stage.desk_id) if _may(given.delegate, action)]
    gone |= duty.absent_now(person.pk for person in lent)
    for people in ([*asked, *lent], able):
        if here := [person for person in dict.fromkeys(people) if person.pk not in gone]:
            return here
    log.warning("notice.all_away", action=str(action.pk), desk=stage.desk.slug, tier=stage.tier)
    seniors = Membership.objects.filter(desk_id=stage.desk_id, tier=Tier.SENIOR, person__is_active=True)
    return [each.person for each in seniors.select_related("person").order_by("pk") if _may(each.person, action)]


def _may(person: Person, action: Action) -> bool:
    return bool(person.email) and rights.is_eligible(person, action)


def _wait(attempts: int) -> timedelta:
    return min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)


def _send(notice: Notice) -> str:
    try:
        channel(notice.channel).tell(notice.message)
    except NotTold as error:
        log.warning("notice.failed", delivery=str(notice.delivery_id), error=str(error))
        return str(error)
    return ""


def _notice(delivery: Delivery) -> Notice:
    if delivery.action_id is None:
        return _alarm(delivery)
    action = Action.objects.select_related("action_type", "agent", "desk", "ruling").get(pk=delivery.action_id)
    kind = action.action_type.title
    template, subject, why = _WORDING.get(delivery.kind, ("email/review.txt", _("a decision is needed"), ""))
    text = render_to_string(
        template,
        {
            "why": why,
            "state": action.get_state_display(),
            "agent": action.agent.title,
            "kind": kind,
            "amount": money(action.amount, action.currency),
            "desk": action.desk,
            "tier": action.get_needs_tier_display(),
            "due": f"{action.due_at:%Y-%m-%d %H:%M}" if action.due_at else "",
            "reasons": list(_reasons(action)),
            # It shows the action and never decides it: mail scanners open links.
            "link": f"{conf.site_url()}/admin/approvals/action/{action.pk}/review/",
        },
    )
    again = "Reminder: " if delivery.kind.startswith("stage.reminded") else ""
    message = Message(str(delivery.pk), delivery.person.email, f"{again}{kind}: {subject}", text)
    return Notice(delivery.pk, delivery.channel, message)


def _alarm(delivery: Delivery) -> Notice:
    glass = BreakGlass.objects.select_related("person", "desk").get(deliveries=delivery)
    link = f"{conf.site_url()}/admin/break-glass/"
    until = f"{glass.expires_at:%Y-%m-%d %H:%M}"
    text = render_to_string("email/break_glass.txt", {"glass": glass, "until": until, "link": link})
    subject = _("Break-glass: %(who)s at %(desk)s") % {"who": glass.person, "desk": glass.desk}
    return Notice(delivery.pk, delivery.channel, Message(str(delivery.pk), delivery.person.email, subject, text))


def _reasons(action: Action) -> Iterable[str]:
    """Policy's own sentences; nothing that the agent wrote goes into a mail."""
    reasons = action.ruling.content["reasons"] if action.ruling else []
    return (" ".join(str(reason["text"]).split()) for reason in reasons[:MOST_REASONS])
