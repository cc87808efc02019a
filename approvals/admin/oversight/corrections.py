"""Corrections page: what reviewers changed, by agent, action type and field."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.admin.base.model_admin import actor_of, person_of
from approvals.queries.inbox import views
from approvals.queries.insight import correction_stats

PERIODS = (7, 30, 90)


def show(request: HttpRequest) -> HttpResponse:
    """Recent modifications and rejections, most corrected first; filters come from the URL."""
    days = next((each for each in PERIODS if str(each) == request.GET.get("days")), 30)
    chosen = {name: request.GET.get(name, "") for name in ("agent", "kind")}
    found = correction_stats.statistics(actor_of(request), timezone.now() - timedelta(days=days), **filters_of(chosen))
    context = {
        **admin.site.each_context(request),
        "title": _("Corrections"),
        "pupils": found.pupils,
        "is_cut": found.is_cut,
        "most": correction_stats.MAX_DECISIONS,
        "days": days,
        "periods": PERIODS,
        "chosen": chosen,
        "agents": views.agents("", person_of(request)),
        "kinds": views.kinds_seen(person_of(request)),
    }
    return TemplateResponse(request, "oversight/corrections.html", context)


def filters_of(chosen: dict[str, str]) -> dict[str, Any]:
    """Decision lookups for the chosen agent and action type."""
    columns = {"agent": "action__agent__name", "kind": "action__action_type__name"}
    return {columns[name]: value[:80] for name, value in chosen.items() if value and "\x00" not in value}
