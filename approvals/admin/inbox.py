"""The inbox: what waits for the person who is signed in, most urgent first."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.admin import batches
from approvals.admin.forms.schema import name_of
from approvals.admin.reading import actor_of, person_of, reach_of
from approvals.admin.review import former
from approvals.models import Action, ActionType, Agent, Claim, Desk, Note, Person, Ruling
from approvals.queries import actions, handing, inbox, views
from approvals.queries.halts import covers
from approvals.queries.inbox import Mark
from approvals.queries.presentation import BANDS, risk_band
from policies.engine.vocabulary import Outcome

UNROUTED_AFTER = timedelta(seconds=30)
MOST_UNROUTED = 20
SIZE = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A page of actions, where to go on, and how many there are, as far as that is counted."""

    rows: list[Action]
    next: str
    total: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One waiting action, and in one phrase why it is here."""

    action: Action
    why: str
    more: int
    band: str
    is_overdue: bool
    holder: str
    handed: Note | None


VIEWS = {
    "": gettext_lazy("Waiting for you"),
    views.MINE: gettext_lazy("In your hands"),
    views.OVERDUE: gettext_lazy("Overdue"),
    views.ASKED: gettext_lazy("With the agent"),
    views.UNCERTAIN: gettext_lazy("Uncertain"),
    views.EVERYTHING: gettext_lazy("All that waits"),
}


def show(request: HttpRequest) -> HttpResponse:
    """The inbox page; view and filters come from the address and change nothing."""
    person, now = person_of(request), timezone.now()
    chosen = {name: request.GET.get(name, "") for name in ("view", "desk", "kind", "agent", "risk", "due")}
    chosen["view"] = chosen["view"] if chosen["view"] in VIEWS else ""
    found = _found(request, chosen, now)
    rows = inbox.with_rulings(found.rows)
    is_wide = chosen["view"] in views.WIDE
    head = admin.site.each_context(request)
    context = {
        **head,
        "title": _("Inbox"),
        "lines": _lines(rows, person, now),
        "groups": [] if is_wide else batches.groups(rows),
        "total": head["waiting"] if found.total is None and not is_wide else found.total,
        "most_counted": inbox.MOST_COUNTED,
        "chosen": chosen,
        "views": VIEWS,
        "is_wide": is_wide,
        "in_doubt": views.uncertain(actor_of(request), inbox.MOST_COUNTED),
        "is_filtered": any(chosen.values()),
        "next": urlencode({**{k: v for k, v in chosen.items() if v}, "after": found.next}) if found.next else "",
        "is_later_page": bool(request.GET.get("after")),
        "unrouted": _unrouted(request, now),
        "former": former(request),
        "halted": {row.pk for row in found.rows if any(covers(halt, row) for halt in head["halts_here"])},
        **_choices(person),
    }
    return TemplateResponse(request, "review/inbox.html", context)


def waiting(request: HttpRequest) -> HttpResponse:
    """How much waits for this person, for the page that keeps the number up to date."""
    number = inbox.count(reach_of(request))
    shown = f"{number}+" if number >= inbox.MOST_COUNTED else str(number)
    return JsonResponse({"waiting": number, "shown": shown})


def _found(request: HttpRequest, chosen: dict[str, str], now: datetime) -> Found:
    """A page of the view: what waits for oneself by urgency, anything wider by age."""
    filters, after = _filters(chosen, now), request.GET.get("after", "")
    if chosen["view"] in views.WIDE:
        wide = views.wide(chosen["view"], actor_of(request), before=_id(after), size=SIZE, **filters)
        return Found(wide.rows, str(wide.next or ""), None)
    narrow = views.narrowed(chosen["view"], person_of(request), now)
    page = inbox.page(reach_of(request), *narrow, after=_mark(after), size=SIZE, **filters)
    total = inbox.count(reach_of(request), *narrow, **filters) if narrow or filters else None
    return Found(page.rows, _text(page.next), total)


def _lines(rows: list[Action], person: Person, now: datetime) -> list[Line]:
    """The rows with their reasons, and with what was said to whoever was handed one."""
    held = {row.pk: claim for row in rows if (claim := getattr(row, "claim", None)) and claim.until > now}
    notes = handing.noted(claim.note_id for claim in held.values() if claim.person_id == person.pk)
    return [_line(row, person, now, held.get(row.pk), notes) for row in rows]


def _line(action: Action, person: Person, now: datetime, held: Claim | None, notes: Mapping[uuid.UUID, Note]) -> Line:
    reasons = _reasons(action, action.ruling)
    band, _label = risk_band(action.risk)
    is_overdue = action.due_at is not None and action.due_at < now
    holder = str(held.person) if held and held.is_held_by_another(person, now) else ""
    handed = notes.get(held.note_id) if held and held.note_id else None
    return Line(action, reasons[0] if reasons else "", max(0, len(reasons) - 1), band, is_overdue, holder, handed)


def _reasons(action: Action, ruling: Ruling | None) -> list[str]:
    """What is odd or missing first, then the strictest rules: that is what tells two lines apart."""
    odd = [str(flag["sentence"]) for flag in action.flags if flag.get("sentence")]
    names = ", ".join(name_of(pointer, action.action_type.schema) for pointer in action.missing)
    missing = [_("Missing: %(fields)s") % {"fields": names}] if names else []
    reasons = ruling.content["reasons"] if ruling else []
    strict = sorted(reasons, key=lambda reason: -Outcome(reason["outcome"]).rank)
    return [*odd, *missing, *(str(reason["text"]) for reason in strict if reason["outcome"] != Outcome.AUTO)]


def _filters(chosen: dict[str, str], now: datetime) -> dict[str, Any]:
    """The look-ups that the address asks for; what is not understood is left out."""
    filters: dict[str, Any] = {}
    for name, column in (("desk", "desk_id"), ("kind", "action_type_id"), ("agent", "agent_id")):
        if chosen[name].isdecimal() and len(chosen[name]) < 10:
            filters[column] = int(chosen[name])
    if chosen["risk"] in BANDS:
        filters["risk__range"] = BANDS[chosen["risk"]]
    if chosen["due"] == "overdue":
        filters["due_at__lt"] = now
    elif chosen["due"] == "today":
        filters["due_at__lt"] = now + timedelta(days=1)
    return filters


def _choices(person: Person) -> dict[str, Any]:
    desks = Desk.objects.filter(memberships__person=person)
    kinds = ActionType.objects.filter(desk__in=desks, is_active=True)
    return {"desks": list(desks), "kinds": list(kinds), "agents": list(Agent.objects.filter(is_active=True)[:100])}


def _unrouted(request: HttpRequest, now: datetime) -> list[Action]:
    """What was proposed and judged by nobody for too long: nothing may die unseen."""
    late = inbox.unrouted(now - UNROUTED_AFTER) & actions.visible_to(actor_of(request))
    return list(late.select_related("action_type", "agent", "revision", "desk")[:MOST_UNROUTED])


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
        return Mark(int(risk), datetime.fromisoformat(due) if due else None, uuid.UUID(key))
    except ValueError:
        return None
