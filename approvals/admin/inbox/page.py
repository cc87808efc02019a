"""The inbox: pending actions of the signed-in person, most urgent first."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.admin.base import addresses
from approvals.admin.base.model_admin import actor_of, has_clients, person_of, reach_of, seats_of
from approvals.admin.inbox import bulk
from approvals.admin.payload_form.schema import name_of
from approvals.admin.review.page import former
from approvals.authority import visibility
from approvals.display.fragments import named_anomaly, reason_text
from approvals.models import Action, ActionType, Agent, Claim, Client, Desk, Note, Person, PolicyEvaluation, SavedView
from approvals.queries.directory import clients, colleagues
from approvals.queries.inbox import filters as inbox_filters
from approvals.queries.inbox import order, views
from approvals.queries.inbox import waiting as inbox
from approvals.queries.inbox.filters import Chosen
from approvals.queries.inbox.order import Mark
from approvals.queries.inbox.waiting import Known
from approvals.queries.record.related import twins
from approvals.queries.safety.halts import covers
from approvals.text.risk import risk_band
from policies.engine.values.vocabulary import Route

UNROUTED_AFTER = timedelta(seconds=30)
MAX_UNROUTED = 20
SIZE = 50
# What the reader may see, built where it is needed first.
Visible = Callable[[], QuerySet[Action]]
MAX_BEYOND = 10


@dataclass(frozen=True, slots=True)
class Found:
    """One page of actions, the next cursor, and the total as far as it is counted."""

    rows: list[Action]
    next: str
    total: int | None
    beyond: Sequence[Action] = ()
    has_more_beyond: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One pending action with a short reason."""

    action: Action
    address: str
    why: str
    more: int
    band: str
    is_overdue: bool
    holder: str
    handed: Note | None
    twins: int


@dataclass(frozen=True, slots=True)
class Choices:
    """The filter choices, which most of the lines show, too."""

    kinds: list[ActionType]
    agents: list[Agent]
    clients: list[Client]

    @property
    def desks(self) -> list[Desk]:
        """The desks of the action types, each once."""
        return list(dict.fromkeys(kind.desk for kind in self.kinds))

    @property
    def known(self) -> Known:
        """The same by ID."""
        agents, desks = {agent.pk: agent for agent in self.agents}, {kind.desk_id: kind.desk for kind in self.kinds}
        clients = {client.pk: client for client in self.clients}
        return Known({kind.pk: kind for kind in self.kinds}, agents, desks, clients)


VIEWS = {
    "": gettext_lazy("Pending"),
    views.MINE: gettext_lazy("Claimed by you"),
    views.FREE: gettext_lazy("Unclaimed"),
    views.OVERDUE: gettext_lazy("Overdue"),
    views.ASKED: gettext_lazy("Waiting for agent"),
    views.BEYOND: gettext_lazy("For other reviewers"),
    views.UNCERTAIN: gettext_lazy("Uncertain"),
    views.EVERYTHING: gettext_lazy("All pending"),
}


def show(request: HttpRequest, named: str | None = None) -> HttpResponse:
    """Show the inbox with the view and filters of the URL, or of a form whose name for a view was refused."""
    person, now = person_of(request), timezone.now()
    saved = views.saved(person)
    chosen = _chosen(request, saved) if named is None else inbox_filters.read(request.POST)
    visible = cache(lambda: visibility.visible_to(actor_of(request)))
    choices = _choices(request, chosen)
    found = _found(request, chosen, visible, now, choices.known)
    shown = [*found.rows, *found.beyond]
    is_wide = chosen.view in views.WIDE
    head = admin.site.each_context(request)
    context = {
        **head,
        "title": _("Inbox"),
        "lines": _lines(found.rows, person, now),
        "beyond": _lines(found.beyond, person, now),
        "has_more_beyond": found.has_more_beyond,
        "groups": [] if is_wide or chosen.view == views.BEYOND else bulk.groups(person, found.rows),
        "total": head["waiting"] if found.total is None and not is_wide else found.total,
        "most_counted": inbox.MAX_COUNTED,
        "oldest": inbox.oldest(reach_of(request)) if head["waiting"] else None,
        "chosen": chosen,
        "views": VIEWS,
        **_own(saved, chosen),
        "named": named,
        "is_wide": is_wide,
        "is_mine": not is_wide,
        "in_doubt": views.uncertain(visible, inbox.MAX_COUNTED),
        "is_filtered": bool(chosen.kept),
        "next": urlencode(chosen.kept | {"after": found.next}) if found.next else "",
        "is_later_page": bool(request.GET.get("after")),
        "unrouted": _unrouted(visible, now),
        "former": former(request),
        "halted": {row.pk for row in shown if any(covers(halt, row) for halt in head["halts_here"])},
        "desks": choices.desks,
        "kinds": choices.kinds,
        "agents": choices.agents,
        "clients": choices.clients,
    }
    return TemplateResponse(request, "inbox/page.html", context, status=200 if named is None else 422)


def _chosen(request: HttpRequest, saved: list[SavedView]) -> Chosen:
    """The view and filters from the URL, or the person's default view."""
    asks = any(name in request.GET for name in (*inbox_filters.NAMES, "after"))
    first = next((view for view in saved if view.is_first), None)
    return inbox_filters.read(request.GET if asks or first is None else first.filters)


def _own(saved: list[SavedView], chosen: Chosen) -> dict[str, Any]:
    """The person's saved views with their URLs, and the one that is shown."""
    asked = [(view, inbox_filters.read(view.filters).kept) for view in saved]
    shown = next((view for view, kept in asked if kept == chosen.kept), None)
    return {"saved": [(view, urlencode(kept)) for view, kept in asked], "shown": shown}


def waiting(request: HttpRequest) -> HttpResponse:
    """The pending count, polled by the page."""
    number = inbox.count(reach_of(request))
    shown = f"{number}+" if number >= inbox.MAX_COUNTED else str(number)
    return JsonResponse({"waiting": number, "shown": shown})


def _found(request: HttpRequest, chosen: Chosen, visible: Visible, now: datetime, known: Known) -> Found:
    """One page of the view: own items by urgency, wider views by age."""
    filters, after = chosen.look_ups(now), request.GET.get("after", "")
    if chosen.view in views.WIDE:
        wide = views.wide(chosen.view, visible(), before=_id(after), size=SIZE, **filters)
        return Found(wide.rows, str(wide.next or ""), None)
    person, reach = person_of(request), reach_of(request)
    narrow, beyond = views.narrowed(chosen.view, person, now), order.beyond(person, seats_of(request))
    # What one cannot decide comes last, and on pages of its own where it is more than a few.
    part = beyond if chosen.view == views.BEYOND else ~beyond
    page = inbox.page(reach, *narrow, part, after=_mark(after), size=SIZE, known=known, **filters)
    total = inbox.count(reach, *narrow, **filters) if narrow or filters else None
    if chosen.view == views.BEYOND:
        return Found(page.rows, _text(page.next), inbox.count(reach, beyond, **filters))
    rest = None
    if page.next is None:
        rest = inbox.page(reach, *narrow, beyond, size=MAX_BEYOND, known=known, **filters)
    rows, others = order.parted(person, page.rows)
    others += rest.rows if rest else []
    return Found(rows, _text(page.next), total, others, bool(rest and rest.next))


def _lines(rows: Sequence[Action], person: Person, now: datetime) -> list[Line]:
    """The rows with their reasons and, if handed over, the handover note."""
    held = {row.pk: claim for row in rows if (claim := getattr(row, "claim", None)) and claim.until > now}
    notes = colleagues.noted(claim.note_id for claim in held.values() if claim.person_id == person.pk)
    waiting = twins.pending_counts(rows)
    return [_line(row, person, now, held.get(row.pk), notes, waiting.get(row.pk, 0)) for row in rows]


def _line(
    action: Action,
    person: Person,
    now: datetime,
    held: Claim | None,
    notes: Mapping[uuid.UUID, Note],
    waiting: int,
) -> Line:
    reasons = _reasons(action, action.evaluation)
    band, _label = risk_band(action.risk)
    is_overdue = action.due_at is not None and action.due_at < now
    holder = str(held.person) if held and held.is_held_by_another(person, now) else ""
    handed = notes.get(held.note_id) if held and held.note_id else None
    return Line(
        action,
        addresses.review(action.pk),
        reasons[0] if reasons else "",
        max(0, len(reasons) - 1),
        band,
        is_overdue,
        holder,
        handed,
        waiting,
    )


def _reasons(action: Action, evaluation: PolicyEvaluation | None) -> list[str]:
    """Anomalies and missing values first, then the strictest rules."""
    schema = action.action_type.schema
    odd = [named_anomaly(flag, name_of(flag["pointer"], schema)) for flag in action.flags if flag.get("sentence")]
    names = ", ".join(name_of(pointer, schema) for pointer in action.missing)
    missing = [_("Missing: %(fields)s") % {"fields": names}] if names else []
    reasons = evaluation.content["reasons"] if evaluation else []
    strict = sorted(reasons, key=lambda reason: -Route(reason["outcome"]).rank)
    return [*odd, *missing, *(reason_text(reason) for reason in strict if reason["outcome"] != Route.AUTO)]


def _choices(request: HttpRequest, chosen: Chosen) -> Choices:
    """The filter choices: action types, desks, active agents and clients."""
    seats = seats_of(request)
    kinds = views.kinds(seats)
    agents = views.agents(chosen.agent, person_of(request)) if seats.desks else []
    return Choices(kinds, agents, clients.of_seats(seats.rows) if has_clients(request) else [])


def _unrouted(visible: Visible, now: datetime) -> list[Action]:
    """Proposed actions that have waited too long for evaluation; mostly there are none."""
    late = now - UNROUTED_AFTER
    if not inbox.is_any_unrouted(late):
        return []
    return list(
        (inbox.unrouted(late) & visible()).select_related("action_type", "agent", "revision", "desk")[:MAX_UNROUTED]
    )


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _text(mark: Mark | None) -> str:
    return f"{mark.risk},{mark.due_at.isoformat() if mark.due_at else ''},{mark.id}" if mark else ""


def _mark(text: str) -> Mark | None:
    risk, _sign, rest = text.partition(",")
    due, _sign, key = rest.partition(",")
    try:
        return Mark(int(risk), datetime.fromisoformat(due).astimezone(UTC) if due else None, uuid.UUID(key))
    except (ValueError, OverflowError):
        return None
