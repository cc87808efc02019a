"""The inbox: what waits for the person who is signed in, most urgent first."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.admin import batches
from approvals.admin.forms.schema import name_of
from approvals.admin.reading import actor_of, person_of
from approvals.admin.review import former
from approvals.models import Action, ActionType, Agent, Claim, Desk, Person, Ruling
from approvals.queries import actions, inbox
from approvals.queries.halts import covers
from approvals.queries.inbox import Mark
from approvals.queries.presentation import BANDS, risk_band
from policies.engine.vocabulary import Outcome

UNROUTED_AFTER = timedelta(seconds=30)
MOST_UNROUTED = 20
SIZE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One waiting action, and in one phrase why it is here."""

    action: Action
    why: str
    more: int
    band: str
    is_overdue: bool
    holder: str


def show(request: HttpRequest) -> HttpResponse:
    """The inbox page; filters come from the address and change nothing."""
    person = person_of(request)
    now = timezone.now()
    chosen = {name: request.GET.get(name, "") for name in ("desk", "kind", "agent", "risk", "due")}
    filters = _filters(chosen, now)
    found = inbox.page(person, after=_mark(request.GET.get("after", "")), size=SIZE, **filters)
    rows = inbox.with_rulings(found.rows)
    context = {
        **admin.site.each_context(request),
        "title": _("Inbox"),
        "lines": _lines(rows, person, now),
        "groups": batches.groups(rows),
        "total": inbox.count(person, **filters),
        "most_counted": inbox.MOST_COUNTED,
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "next": urlencode({**{k: v for k, v in chosen.items() if v}, "after": _text(found.next)}) if found.next else "",
        "is_later_page": bool(request.GET.get("after")),
        "unrouted": _unrouted(request, now),
        "former": former(request),
        **_choices(person),
    }
    context["halted"] = {row.pk for row in found.rows if any(covers(halt, row) for halt in context["halts_here"])}
    return TemplateResponse(request, "review/inbox.html", context)


def _lines(rows: list[Action], person: Person, now: datetime) -> list[Line]:
    """The rows with their reasons."""
    return [_line(row, person, now) for row in rows]


def _line(action: Action, person: Person, now: datetime) -> Line:
    reasons = _reasons(action, action.ruling)
    band, _label = risk_band(action.risk)
    is_overdue = action.due_at is not None and action.due_at < now
    held: Claim | None = getattr(action, "claim", None)
    holder = str(held.person) if held and held.is_held_by_another(person, now) else ""
    return Line(action, reasons[0] if reasons else "", max(0, len(reasons) - 1), band, is_overdue, holder)


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


def _text(mark: Mark | None) -> str:
    return f"{mark.risk},{mark.due_at.isoformat() if mark.due_at else ''},{mark.id}" if mark else ""


def _mark(text: str) -> Mark | None:
    risk, _sign, rest = text.partition(",")
    due, _sign, key = rest.partition(",")
    try:
        return Mark(int(risk), datetime.fromisoformat(due) if due else None, uuid.UUID(key))
    except ValueError:
        return None
