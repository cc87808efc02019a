"""Handover: choose a colleague who can decide the action, and give a reason."""

import uuid

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.admin.base.model_admin import actor_of, person_of
from approvals.admin.review import page
from approvals.authority import powers
from approvals.models import Action
from approvals.queries.directory import colleagues as queries
from approvals.services.decisions import handover
from policies import db
from policies.errors import Refused


def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the form; on POST, hand over the action and return to the inbox."""
    action = page.seen(request, pk)
    if request.method == "POST":
        return _hand_over(request, action)
    try:
        powers.reviewer(actor_of(request), action)
    except Refused as refusal:
        messages.error(request, refusal.in_words)
        return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[pk]))
    return _page(request, action)


def _hand_over(request: HttpRequest, action: Action) -> HttpResponse:
    given = {"to": request.POST.get("to", ""), "reason": request.POST.get("reason", "")}
    try:
        claim = handover.hand_over(actor=actor_of(request), at=db.now(), action_id=action.pk, **given)
    except Refused as refusal:
        return _page(request, action, refusal)
    messages.success(request, _("Handed over to %(name)s. They get an email.") % {"name": claim.person})
    return HttpResponseRedirect(reverse("admin:inbox"))


def _page(request: HttpRequest, action: Action, refusal: Refused | None = None) -> HttpResponse:
    colleagues = queries.colleagues(action, person_of(request))
    context = {
        **admin.site.each_context(request),
        "title": _("Hand over"),
        "action": action,
        "colleagues": colleagues,
        "is_anybody_free": any(colleague.away_until is None for colleague in colleagues),
        "given": request.POST,
        "refusal": refusal,
    }
    return TemplateResponse(request, "review/handover.html", context, status=422 if refusal else 200)
