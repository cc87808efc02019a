"""Texts of notifications in the recipient's language and time zone, never with agent text."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from approvals import conf
from approvals.authority.visibility import may_see
from approvals.channels.base import Message
from approvals.models import Action, Backlog, Breaker, BreakGlass, Delivery, Execution, Note, Person
from approvals.models.deliveries import (
    CANCEL_ANSWERED,
    CHANGE_REQUESTED,
    EDGE_CASE,
    END_FAILED,
    END_IN_DOUBT,
    GIVEN_UP,
    HANDED_BACK,
    HANDED_OVER,
    LOW_CONFIDENCE,
)
from approvals.models.notes import NoteKind
from approvals.queries.accounts.locale import language_of, zone_of
from approvals.queries.record import type_changes
from approvals.services.notifications import account_messages
from approvals.services.notifications.account_messages import one_line
from approvals.services.notifications.batching import QueuedMessage
from approvals.states import MailKind
from approvals.text import money
from approvals.text.risk import BANDS, risk_band
from policies.words import in_words

MAX_REASONS = 5
MAX_LINES = 40
MAX_WORDS = 400

# Email template, subject and reason by event, for messages other than decision requests.
_WORDING = {
    HANDED_OVER: ("email/decision_request.txt", gettext_lazy("handed over to you"), ""),
    HANDED_BACK: ("email/decision_request.txt", gettext_lazy("handed back to you"), ""),
    LOW_CONFIDENCE: (
        "email/notice.txt",
        gettext_lazy("low confidence"),
        gettext_lazy("The agent’s confidence is low or was not provided."),
    ),
    EDGE_CASE: (
        "email/notice.txt",
        gettext_lazy("edge case"),
        gettext_lazy("A value is missing or unusual."),
    ),
    GIVEN_UP: ("email/notice.txt", gettext_lazy("execution stopped"), ""),
    CANCEL_ANSWERED["executed"]: (
        "email/notice.txt",
        gettext_lazy("executed all the same"),
        gettext_lazy(
            "You asked to cancel this action, but it was executed. Open the action to see whether you can end or "
            "reverse it."
        ),
    ),
    CANCEL_ANSWERED["failed"]: (
        "email/notice.txt",
        gettext_lazy("not executed"),
        gettext_lazy("You asked to cancel this action. It was not executed, and HITL does not try again."),
    ),
    CANCEL_ANSWERED["uncertain"]: (
        "email/notice.txt",
        gettext_lazy("result unknown"),
        gettext_lazy(
            "You asked to cancel this action. Nobody knows whether it was executed. Find out, and resolve the action."
        ),
    ),
    END_FAILED: (
        "email/notice.txt",
        gettext_lazy("the end failed"),
        gettext_lazy("Its end has come, but the effect could not be reversed. Open the action to see why."),
    ),
    END_IN_DOUBT: (
        "email/notice.txt",
        gettext_lazy("end uncertain"),
        gettext_lazy("Its end was sent, but the result is unknown. Find out, and resolve the action."),
    ),
}
_DECIDE = ("email/decision_request.txt", gettext_lazy("decision needed"), "")


@dataclass(frozen=True, slots=True)
class Notice:
    """One message: its deliveries, its channel and its text."""

    delivery_ids: tuple[uuid.UUID, ...]
    channel: str
    message: Message

    def __str__(self) -> str:
        # Logs name a notice, and never what it says.
        return self.message.key


def written(parcels: Iterable[QueuedMessage]) -> list[Notice]:
    """The messages, each in its recipient's language and time zone."""
    parcels = list(parcels)
    notes = _notes_of(parcel.deliveries[0] for parcel in parcels if len(parcel.deliveries) == 1)
    return [_written(parcel, notes) for parcel in parcels]


def _notes_of(deliveries: Iterable[Delivery]) -> dict[uuid.UUID, Note]:
    """The handover note of each delivery, with its people and text."""
    handed = [delivery for delivery in deliveries if delivery.event in {HANDED_OVER, HANDED_BACK}]
    if not handed:
        return {}
    notes = Note.objects.filter(action__in=[delivery.action_id for delivery in handed], kind=NoteKind.HANDOVER)
    found: dict[uuid.UUID, Note] = {}
    for note in notes.select_related("person", "handed_to", "text").order_by("id"):
        for delivery in (each for each in handed if each.action_id == note.action_id):
            told = note.handed_to_id if delivery.event == HANDED_OVER else note.person_id
            # A later note has its own notification.
            if told == delivery.person_id and note.at <= delivery.created_at:
                found[delivery.pk] = note
    return found


def _written(parcel: QueuedMessage, notes: Mapping[uuid.UUID, Note]) -> Notice:
    first = parcel.deliveries[0]
    person = first.person
    with translation.override(language_of(person)), timezone.override(zone_of(person)):
        subject, text = (
            _digest(parcel.deliveries) if len(parcel.deliveries) > 1 else _single(first, notes.get(first.pk))
        )
    message = Message(str(parcel.key), first.address or person.email, subject, text, _kind(parcel))
    return Notice(tuple(delivery.pk for delivery in parcel.deliveries), first.channel, message)


def _kind(parcel: QueuedMessage) -> str:
    """What the message is about, in one word for mail filters."""
    first = parcel.deliveries[0]
    if len(parcel.deliveries) > 1:
        return MailKind.DIGEST
    if first.account_id is not None:
        return MailKind.ACCOUNT
    if first.backlog is not None or first.breaker is not None or first.break_glass is not None:
        return MailKind.ALARM
    if first.action is None or first.event == CHANGE_REQUESTED:
        return MailKind.CONFIGURATION
    return MailKind.DECISION if _WORDING.get(first.event, _DECIDE)[0] == _DECIDE[0] else MailKind.NOTICE


def _single(delivery: Delivery, note: Note | None) -> tuple[str, str]:
    if delivery.backlog is not None:
        return _backlog(delivery.backlog)
    if delivery.breaker is not None:
        return _breaker(delivery.breaker)
    if delivery.account_id is not None:
        return account_messages.written(delivery)
    if delivery.action is None:
        return _alarm(delivery.break_glass) if delivery.break_glass is not None else _changed(delivery)
    if delivery.event == CHANGE_REQUESTED:
        return _change_requested(delivery.action, delivery.person)
    action = delivery.action
    kind = one_line(action.action_type.title)
    template, about, why = _WORDING.get(delivery.event, _DECIDE)
    subject = f"{kind}: {about}"
    if delivery.event == GIVEN_UP:
        why = _given_up(action, delivery.round)
    if delivery.event == "stage.reminded":
        subject = _("Reminder: %(what)s") % {"what": subject}
    told = {"why": why or _handed(delivery, note), "is_asker": delivery.event in CANCEL_ANSWERED.values()}
    return subject, render_to_string(template, {**_line(action), **_context(action), **told})


def _handed(delivery: Delivery, note: Note | None) -> str:
    """Who handed it over or back, and why, on one line; without the reason once it is erased."""
    if note is None:
        return ""
    if delivery.event == HANDED_BACK:
        return _("%(who)s handed this action back to you.") % {"who": one_line(note.handed_to)}
    said = {"who": one_line(note.person), "why": one_line(note.words, MAX_WORDS)}
    if not said["why"]:
        return _("%(who)s handed this action over to you.") % said
    return _("%(who)s handed this action over to you: %(why)s") % said


def _context(action: Action) -> dict[str, Any]:
    return {
        "state": action.get_state_display(),
        "desk": one_line(action.desk),
        "tier": action.get_required_tier_display(),
        "reasons": _reasons(action),
    }


def _line(action: Action) -> dict[str, Any]:
    """The data that identifies an action: type, amount, agent, due time and link."""
    return {
        "kind": one_line(action.action_type.title),
        "agent": one_line(action.agent.title),
        "amount": money.said(action),
        "due": _clock(action.due_at),
        "until": _clock(action.until),
        # The link only shows the action, because mail scanners open links.
        "link": f"{conf.site_url()}/admin/approvals/action/{action.pk}/review/",
    }


def _digest(deliveries: tuple[Delivery, ...]) -> tuple[str, str]:
    """A digest: grouped by risk, most urgent first, each action once."""
    actions = {row.action.pk: row for row in deliveries if row.action is not None}
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    in_order = sorted(actions.values(), key=_urgency)
    for row in in_order[:MAX_LINES]:
        assert row.action is not None  # only those are here
        about = _WORDING.get(row.event, ("", "", ""))[1]
        groups[risk_band(row.action.risk)[0]].append({**_line(row.action), "about": about})
    labels = {band: risk_band(lowest)[1] for band, (lowest, _highest) in BANDS.items()}
    context = {
        "total": len(actions),
        "groups": [(label, groups[band]) for band, label in reversed(labels.items()) if groups[band]],
        "more": max(0, len(actions) - MAX_LINES),
        "inbox": f"{conf.site_url()}/admin/inbox/",
        "preferences": f"{conf.site_url()}/admin/preferences/",
    }
    said = ngettext("%(count)d pending item", "%(count)d pending items", len(actions)) % {"count": len(actions)}
    highest = risk_band(max(row.action.risk for row in actions.values() if row.action is not None))[1]
    return _("%(what)s; highest risk: %(risk)s") % {"what": said, "risk": highest}, render_to_string(
        "email/digest.txt", context
    )


def _urgency(delivery: Delivery) -> tuple[int, bool, float, uuid.UUID]:
    action = delivery.action
    assert action is not None  # only notices of actions are held
    due = action.due_at
    band = [*BANDS].index(risk_band(action.risk)[0])
    return -band, due is None, due.timestamp() if due else 0.0, action.pk


def _alarm(glass: BreakGlass) -> tuple[str, str]:
    link = f"{conf.site_url()}/admin/break-glass/"
    who, desk = one_line(glass.person), one_line(glass.desk)
    context = {"who": who, "desk": desk, "reason": glass.reason, "until": _clock(glass.expires_at), "link": link}
    subject = _("Break-glass access: %(who)s at %(desk)s") % {"who": who, "desk": desk}
    return subject, render_to_string("email/break_glass.txt", context)


def _change_requested(action: Action, person: Person) -> tuple[str, str]:
    """What a requested configuration change would do, for whoever answers for it; the link only for whom it opens."""
    payload = action.revision.payload
    lines = [
        _("%(row)s, %(field)s: from %(before)s to %(after)s")
        % {"row": line["row"], "field": line["field"], "before": line["from"], "after": line["to"]}
        for line in payload["changes"]
    ]
    title = one_line(payload["title"])
    context = {
        "who": one_line(payload["author"]),
        "title": title,
        "desk": one_line(action.desk),
        "lines": [one_line(line, MAX_WORDS) for line in lines[:MAX_LINES]],
        "more": max(0, len(lines) - MAX_LINES),
        "link": _line(action)["link"] if may_see(person, action) else "",
    }
    return _("Change requested: %(title)s") % {"title": title}, render_to_string("email/change_requested.txt", context)


def _backlog(backlog: Backlog) -> tuple[str, str]:
    """Whose limit of waiting actions is reached, and where to see them."""
    of = f"agent__id__exact={backlog.agent_id}" if backlog.agent_id else f"desk__id__exact={backlog.desk_id}"
    context = {
        "agent": one_line(backlog.agent.title) if backlog.agent else "",
        "desk": one_line(backlog.desk) if backlog.desk else "",
        "limit": backlog.limit,
        "when": _clock(backlog.began_at),
        "link": f"{conf.site_url()}/admin/approvals/action/?{of}",
    }
    about = {"name": context["agent"] or context["desk"]}
    return _("Too many waiting actions: %(name)s") % about, render_to_string("email/backlog.txt", context)


def _breaker(breaker: Breaker) -> tuple[str, str]:
    """Which connector and host does not respond; as it is by now, if that has changed since."""
    name = one_line(breaker)
    link = f"{conf.site_url()}/admin/connectors/"
    context = {"name": name, "error": one_line(breaker.error, MAX_WORDS), "when": _clock(breaker.opened_at)}
    subject = _("Connector does not respond: %(name)s") % {"name": name}
    return subject, render_to_string("email/breaker.txt", context | {"link": link})


def _given_up(action: Action, number: int) -> str:
    """That nothing more is tried for an action, and why."""
    rows = Execution.objects.filter(action=action, round=number).order_by("-id")
    error = one_line(rows.values_list("error", flat=True).first() or "", MAX_WORDS)
    said = _("HITL stopped executing this action and does not try again.")
    return _("%(said)s Reason: %(why)s") % {"said": said, "why": error} if error else said


def _changed(delivery: Delivery) -> tuple[str, str]:
    """The changes to an action type, with old and new values."""
    kind, change = delivery.action_type, type_changes.found(delivery.change_id)
    assert kind is not None  # the table holds a notice to be about one of the three
    assert change is not None  # no row of history goes
    context = {
        "kind": one_line(kind.title),
        "name": kind.name,
        "who": one_line(change.who),
        "door": change.door,
        "when": _clock(change.at),
        "is_new": change.is_new,
        "lines": [one_line(line, MAX_WORDS) for line in change.lines[:MAX_LINES]],
        "more": max(0, len(change.lines) - MAX_LINES),
        "link": f"{conf.site_url()}/admin/approvals/actiontype/{kind.pk}/history/",
    }
    about = _("Action type added: %(kind)s") if change.is_new else _("Action type changed: %(kind)s")
    return about % context, render_to_string("email/type_changed.txt", context)


def _clock(at: datetime | None) -> str:
    """A time in the reader's time zone, with the zone's name."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M %Z}" if at else ""


def _reasons(action: Action) -> list[str]:
    """Policy's own sentences; emails never contain agent text."""
    reasons = action.evaluation.content["reasons"] if action.evaluation else []
    return [" ".join(in_words(reason.get("said") or reason["text"]).split()) for reason in reasons[:MAX_REASONS]]
