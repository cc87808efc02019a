"""The risk inventory: action types, their risk, and who is accountable."""

from datetime import timedelta

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.admin.base.model_admin import actor_of
from approvals.queries.insight import inventory
from approvals.queries.insight.policy_names import Roll
from approvals.services.policy import health
from policies.words import in_words

DAYS = 90


def show(request: HttpRequest) -> HttpResponse:
    """Show the action types of this person's desks, or of all desks for auditors."""
    now, roll = timezone.now(), Roll()
    lines = inventory.lines(actor_of(request), now - timedelta(days=DAYS), now)
    found = health.by_type([line.kind for line in lines], roll)
    context = {
        **admin.site.each_context(request),
        "title": _("Risk inventory"),
        "lines": [(line, [in_words(each.sentence) for each in found[line.kind.pk]]) for line in lines],
        "days": DAYS,
    }
    return TemplateResponse(request, "oversight/inventory.html", context)
