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

from approvals.admin.base.model_admin import (
    actor_of,
    has_clients,
    keep_waiting,
    person_of,
    reach_of,
    seats_of,
    waiting_of,
)
from approvals.admin.inbox import lines, tables
from approvals.admin.inbox.lines import Line
from approvals.admin.review.page import former
from approvals.authority import visibility
from approvals.models import Action, ActionType, Agent, Client, Desk, SavedView
from approvals.queries.directory import clients
from approvals.queries.inbox import filters as inbox_filters
from approvals.queries.inbox import order, tallies, views
from approvals.queries.inbox import waiting as inbox
from approvals.queries.inbox.filters import Chosen
from approvals.queries.inbox.order import Mark
from approvals.queries.inbox.waiting import Known
from approvals.queries.safety.halts import covers
from approvals.states import Tier

UNROUTED_AFTER = timedelta(seconds=30)
MAX_UNROUTED = 20
SIZE = 50
# What the reader may see, built where it is needed first.
Visible = Callable[[], QuerySet[Action]]
MAX_BEYOND = 10


@dataclass(frozen=True, slots=True)
class Found:
    """One page of actions, the next cursor, and what of them the person cannot decide."""

    rows: list[Action]
    next: str
    beyond: Sequence[Action] = ()
    has_more_beyond: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of the inbox, with the number of its items as far as it is counted."""

    words: str
    query: str
    is_current: bool
    count: int
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Items that somebody else decides: only a senior, or another person than the reader."""

    who: str
    lines: list[Line]
    count: int
    has_more: bool


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
    counts = _counts(request, chosen, now)
    found = _found(request, chosen, visible, now, choices.known)
    shown = [*found.rows, *found.beyond]
    is_wide = chosen.view in views.WIDE
    head = admin.site.each_context(request)
    in_doubt = views.uncertain(visible, inbox.MAX_COUNTED)
    own = _own(saved, chosen)
    context = {
        **head,
        "title": _("Inbox"),
        "lines": lines.of(found.rows, person, now),
        "apart": _apart(request, found, now, counts[views.BEYOND]),
        "has_more_beyond": found.has_more_beyond,
        "groups": [] if is_wide or chosen.view == views.BEYOND else tables.groups(person, found.rows),
        "total": counts.get(chosen.view),
        "most_counted": inbox.MAX_COUNTED,
        "oldest": inbox.oldest(reach_of(request)) if head["waiting"] else None,
        "chosen": chosen,
        "tabs": _tabs(chosen, {**counts, views.UNCERTAIN: in_doubt}, own),
        **own,
        "named": named,
        "is_wide": is_wide,
        "is_mine": not is_wide,
        "is_filtered": bool(chosen.kept),
        "next": urlencode(chosen.kept | {"after": found.next}) if found.next else "",
        "is_later_page": bool(request.GET.get("after")),
        "unrouted": _unrouted(visible, now, chosen),
        "former": former(request),
        "halted": {row.pk for row in shown if any(covers(halt, row) for halt in head["halts_here"])},
        "desks": choices.desks,
        "kinds": choices.kinds,
        "agents": choices.agents,
        "clients": choices.clients,
    }
    return TemplateResponse(request, "inbox/page.html", context, status=200 if named is None else 422)


def _counts(request: HttpRequest, chosen: Chosen, now: datetime) -> Mapping[str, int]:
    """The number of items of each tab, with the filters that are set."""
    person, filters = person_of(request), chosen.look_ups(now)
    counts = tallies.of_views(reach_of(request), person, now, order.beyond(person, seats_of(request)), **filters)
    if not filters:
        keep_waiting(request, counts[""])
    return counts


def _tabs(chosen: Chosen, counts: Mapping[str, int], own: Mapping[str, Any]) -> list[Tab]:
    """The tabs of the views; each keeps the filters that are set."""
    filters = {name: text for name, text in chosen.kept.items() if name != "view"}
    is_cut = counts[""] >= inbox.MAX_COUNTED
    # A default view would take the place of an address without any parameter.
    asks = bool(filters or own["saved"])
    return [
        Tab(
            str(words),
            urlencode({"view": view, **filters} if view or asks else {}),
            view == chosen.view and not own["shown"],
            counts.get(view, 0),
            # What is claimed or uncertain is counted to the end.
            (is_cut and view not in (views.MINE, views.UNCERTAIN)) or counts.get(view, 0) >= inbox.MAX_COUNTED,
        )
        for view, words in VIEWS.items()
    ]


def _apart(request: HttpRequest, found: Found, now: datetime, total: int) -> list[Section]:
    """What the person cannot decide: first what they can only pass on to a senior, then what they were involved in."""
    person, seats = person_of(request), seats_of(request)
    is_junior = all(seat.tier < Tier.SENIOR for seat in seats.rows)
    above = order.above(person, found.beyond, seats) if is_junior else set()
    for_seniors = [row for row in found.beyond if row.pk in above]
    others = [row for row in found.beyond if row.pk not in above]
    more = found.has_more_beyond
    sections = [
        Section("senior", lines.of(for_seniors, person, now), total if more else len(for_seniors), more and not others),
        Section("other", lines.of(others, person, now), total if more else len(others), more),
    ]
    return [each for each in sections if each.lines]


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
    number = waiting_of(request)
    shown = f"{number}+" if number >= inbox.MAX_COUNTED else str(number)
    return JsonResponse({"waiting": number, "shown": shown})


def _found(request: HttpRequest, chosen: Chosen, visible: Visible, now: datetime, known: Known) -> Found:
    """One page of the view: own items by urgency, wider views by age."""
    filters, after = chosen.look_ups(now), request.GET.get("after", "")
    if chosen.view in views.WIDE:
        wide = views.wide(chosen.view, visible(), before=_id(after), size=SIZE, **filters)
        return Found(wide.rows, str(wide.next or ""))
    person, reach = person_of(request), reach_of(request)
    narrow, beyond = views.narrowed(chosen.view, person, now), order.beyond(person, seats_of(request))
    # What one cannot decide comes last, and on pages of its own where it is more than a few.
    part = beyond if chosen.view == views.BEYOND else ~beyond
    page = inbox.page(reach, *narrow, part, after=_mark(after), size=SIZE, known=known, **filters)
    if chosen.view == views.BEYOND:
        return Found(page.rows, _text(page.next))
    rest = None
    if page.next is None:
        rest = inbox.page(reach, *narrow, beyond, size=MAX_BEYOND, known=known, **filters)
    rows, others = order.parted(person, page.rows)
    others += rest.rows if rest else []
    return Found(rows, _text(page.next), others, bool(rest and rest.next))


def _choices(request: HttpRequest, chosen: Chosen) -> Choices:
    """The filter choices: action types, desks, active agents and clients."""
    seats = seats_of(request)
    kinds = views.kinds(seats)
    agents = views.agents(chosen.agent, person_of(request)) if seats.desks else []
    return Choices(kinds, agents, clients.of_seats(seats.rows) if has_clients(request) else [])


def _unrouted(visible: Visible, now: datetime, chosen: Chosen) -> list[Action]:
    """Proposed actions that have waited too long for evaluation; mostly there are none."""
    late = now - UNROUTED_AFTER
    if not inbox.is_any_unrouted(late):
        return []
    found = (inbox.unrouted(late) & visible()).filter(**chosen.of_proposals())
    return list(found.select_related("action_type", "agent", "revision", "desk")[:MAX_UNROUTED])


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
