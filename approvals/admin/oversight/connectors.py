"""The connectors page: which do not respond, and closing a circuit breaker by hand."""

import uuid
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.admin.base.model_admin import actor_of, person_of
from approvals.queries.safety import breakers as breaker_queries
from approvals.services.safety import breakers
from policies import db
from policies.errors import Refused


def show(request: HttpRequest) -> HttpResponse:
    """Show the circuit breakers that are open, to the people who can close them."""
    return _page(request)


@require_POST
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Close one circuit breaker; a refusal keeps the entered text."""
    reason = request.POST.get("reason", "")
    try:
        breaker = breakers.close(actor=actor_of(request), at=db.now(), breaker_id=pk, reason=reason)
    except Refused as refusal:
        return _page(request, {"breaker": pk, "reason": reason, "message": refusal.in_words})
    messages.success(request, _("Circuit breaker closed: %(what)s. Waiting actions start.") % {"what": breaker})
    return HttpResponseRedirect(reverse("admin:connectors"))


def _page(request: HttpRequest, tried: dict[str, Any] | None = None) -> HttpResponse:
    if not breaker_queries.may_close(person_of(request)):
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": _("Connectors that do not respond"),
        "rows": list(breaker_queries.holding()[: breaker_queries.MAX_SHOWN]),
        "tried": tried,
    }
    return TemplateResponse(request, "oversight/connectors.html", context, status=422 if tried else 200)
