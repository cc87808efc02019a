"""The risk inventory's page: what agents may do here, how bad it could be, and who answers for it."""

from datetime import timedelta

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.admin.base.model_admin import actor_of
from approvals.queries.insight import inventory

DAYS = 90


def show(request: HttpRequest) -> HttpResponse:
    """Every kind of action of this person's desks; of all desks for whoever reads everything."""
    now = timezone.now()
    context = {
        **admin.site.each_context(request),
        "title": _("Risk inventory"),
        "lines": inventory.lines(actor_of(request), now - timedelta(days=DAYS), now),
        "days": DAYS,
    }
    return TemplateResponse(request, "oversight/inventory.html", context)
