"""Automatic runs: recent automatic actions and what an overseer can do about them."""

import uuid
from collections.abc import Container
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.admin.base.model_admin import actor_of, person_of
from approvals.admin.oversight.corrections import filters_of
from approvals.models import Action, Halt, Membership, Person
from approvals.queries.inbox import views
from approvals.queries.insight import automatic_runs
from approvals.queries.insight.automatic_runs import Run
from approvals.queries.safety import halts
from approvals.services.automation import sampling
from approvals.states import HaltScope
from policies import db
from policies.errors import Refused

SPAN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """One automatic run and what this person can do about it."""

    run: Run
    is_reviewer: bool
    stops: list[Halt]


def show(request: HttpRequest) -> HttpResponse:
    """The latest 50 automatic runs of the last week; filters come from the URL."""
    chosen = {name: request.GET.get(name, "") for name in ("agent", "kind")}
    runs, person = (
        automatic_runs.lately(actor_of(request), timezone.now() - SPAN, **filters_of(chosen)),
        person_of(request),
    )
    desks = set(Membership.objects.filter(person=person).values_list("desk", flat=True))
    halted = halts.targets_in_force()
    context = {
        **admin.site.each_context(request),
        "title": _("Automatic runs"),
        "lines": [
            Line(run, run.action.desk_id in desks, _free(stoppable(run.action, person, desks), halted)) for run in runs
        ],
        "chosen": chosen,
        "agents": views.agents("", person),
        "kinds": views.kinds_seen(person),
    }
    return TemplateResponse(request, "oversight/automatic_runs.html", context)


def stoppable(action: Action, person: Person, desks: Container[int]) -> list[Halt]:
    """The halts this person can start for an action, narrowest first."""
    may_all = person.has_perm(halts.START)
    is_here = may_all or action.action_type.desk_id in desks
    is_owner = action.agent.person_id is None and (may_all or action.agent.owner_id == person.pk)
    return [
        *([Halt(scope=HaltScope.AGENT, agent=action.agent)] if is_owner else []),
        *([Halt(scope=HaltScope.ACTION_TYPE, action_type=action.action_type)] if is_here else []),
        *([Halt(scope=HaltScope.DESK, desk=action.desk)] if may_all or action.desk_id in desks else []),
    ]


def _free(found: list[Halt], halted: Container[object]) -> list[Halt]:
    return [halt for halt in found if halts.target_of(halt) not in halted]


@require_POST
def pick(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add an action to the spot checks."""
    try:
        sampling.pick(actor=actor_of(request), at=db.now(), action_id=pk)
    except Refused as refusal:
        messages.error(request, refusal.in_words)
        return HttpResponseRedirect(reverse("admin:loop"))
    return HttpResponseRedirect(reverse("admin:samples"))
