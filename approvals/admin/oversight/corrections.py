"""Corrections page: what reviewers changed, by agent, action type and field."""

from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.admin.base import behind
from approvals.admin.base.behind import Behind, Lists
from approvals.admin.base.model_admin import actor_of, person_of
from approvals.queries.inbox import views
from approvals.queries.insight import correction_stats
from approvals.queries.insight.correction_stats import AgentCorrections

PERIODS = (7, 30, 90)


def show(request: HttpRequest) -> HttpResponse:
    """Recent modifications and rejections, most corrected first; filters come from the URL."""
    days = next((each for each in PERIODS if str(each) == request.GET.get("days")), 30)
    chosen = {name: request.GET.get(name, "") for name in ("agent", "kind")}
    last = timezone.localtime(timezone.now()).date()
    first = last - timedelta(days=days - 1)
    found = correction_stats.statistics(actor_of(request), behind.starts(first), **filters_of(chosen))
    # What these pages show is what their reader sees, as the list does, also beyond their own desks.
    lists = behind.lists_of(request, is_complete=not found.is_cut, is_everywhere=True)
    context = {
        **admin.site.each_context(request),
        "title": _("Corrections"),
        "pupils": [(pupil, *_behind(lists, pupil, first, last)) for pupil in found.pupils],
        "is_cut": found.is_cut,
        "most": correction_stats.MAX_DECISIONS,
        "days": days,
        "periods": PERIODS,
        "chosen": chosen,
        "agents": views.agents("", person_of(request)),
        "kinds": views.kinds_seen(person_of(request)),
    }
    return TemplateResponse(request, "oversight/corrections.html", context)


def _behind(lists: Lists, pupil: AgentCorrections, first: date, last: date) -> tuple[Behind | None, Behind | None]:
    """The actions that people modified, and those that they rejected."""
    whose = {"agent__id__exact": pupil.agent.pk, "action_type__id__exact": pupil.kind.pk}
    modified = lists.actions(pupil.modified, {**behind.period("modified", first, last), **whose})
    return modified, lists.actions(pupil.rejected, {**behind.period("rejected", first, last), **whose})


def filters_of(chosen: dict[str, str]) -> dict[str, Any]:
    """Decision lookups for the chosen agent and action type."""
    columns = {"agent": "action__agent__name", "kind": "action__action_type__name"}
    return {columns[name]: value[:80] for name, value in chosen.items() if value and "\x00" not in value}
