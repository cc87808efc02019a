"""Configuration changes that the signed-in person asked for: each with what became of it, and a way to withdraw it."""

import uuid
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.admin.base.model_admin import actor_of, person_of
from approvals.authority import visibility
from approvals.models import Action, Decision
from approvals.queries.record import timeline
from approvals.queries.safety import requested_changes
from approvals.services.configuration import request as configuration
from approvals.states import OPEN, ActionState
from policies import db
from policies.errors import Refused

MAX_LISTED = 50
MAX_LINES = 100


def show(request: HttpRequest) -> HttpResponse:
    """The changes that this person asked for, newest first."""
    found = list(requested_changes.by(person_of(request))[: MAX_LISTED + 1])
    context = {
        **admin.site.each_context(request),
        "title": _("My changes"),
        "actions": found[:MAX_LISTED],
        "has_more": len(found) > MAX_LISTED,
        "most": MAX_LISTED,
    }
    return TemplateResponse(request, "setup/my_changes.html", context)


def show_one(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One change that this person asked for: from what to what, and what became of it."""
    return _page(request, pk)


@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Withdraw a change that nobody has decided on."""
    try:
        configuration.withdraw(actor=actor_of(request), at=db.now(), action_id=pk)
    except Refused as refusal:
        return _page(request, pk, refusal)
    messages.success(request, _("Withdrawn."))
    return HttpResponseRedirect(reverse("admin:my_change", args=[pk]))


def _page(request: HttpRequest, pk: uuid.UUID, refusal: Refused | None = None) -> HttpResponse:
    action = requested_changes.by(person_of(request)).filter(pk=pk).first()
    if action is None:
        raise Http404
    lines = action.revision.payload["changes"]
    context = {
        **admin.site.each_context(request),
        "title": visibility.summary(action),
        "action": action,
        "lines": lines[:MAX_LINES],
        "more": max(0, len(lines) - MAX_LINES),
        "headline": _headline(action),
        "may_withdraw": action.state in OPEN,
        "is_reviewer": visibility.one_visible_to(actor_of(request)).filter(pk=pk).exists(),
        "refusal": refusal,
    }
    return TemplateResponse(request, "setup/my_change.html", context, status=422 if refusal else 200)


def _headline(action: Action) -> Any:
    """Who decided, when and why, or nothing before a decision."""
    if action.state in (*OPEN, ActionState.WITHDRAWN, ActionState.EXPIRED):
        return ""
    decisions = Decision.objects.filter(action=action).select_related("stage", *timeline.DECIDED_WITH)
    return timeline.headline(action, list(decisions))
