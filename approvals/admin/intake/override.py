"""Requests an override for a blocked action from its review page."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.admin.base.model_admin import actor_of
from approvals.admin.review import decide, page
from approvals.admin.review.page import Draft
from approvals.services.intake import override
from policies import db
from policies.errors import Refused


@require_POST
def override_block(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Request the override; a refusal keeps the entered text."""
    page.seen(request, pk)
    draft = Draft(request.POST.get("reason", ""))
    try:
        made = override.override_block(actor=actor_of(request), at=db.now(), action_id=pk, reason=draft.rationale)
    except Refused as refusal:
        return decide.refused(request, page.seen(request, pk), draft, refusal)
    messages.success(request, _("Override requested. Another senior reviewer must decide."))
    return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[made.pk]))
