"""Notes on the review page: comments and questions to the agent."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.admin.base.model_admin import actor_of
from approvals.admin.base.post_only import pressed
from approvals.admin.review import page
from approvals.admin.review.decide import refused
from approvals.admin.review.page import Draft
from approvals.services.decisions import notes
from policies import db
from policies.errors import Refused


@pressed
def comment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add a comment for colleagues and for the history."""
    return _say(request, pk, notes.comment, Draft(comment=request.POST.get("text", "")), _("Comment added."))


@pressed
def ask(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask the agent; the question has a field of its own."""
    said = _("Question sent. When the agent answers, you get an email and the answer appears here.")
    return _say(request, pk, notes.ask, Draft(question=request.POST.get("text", ""), is_asking=True), said)


def _say(request: HttpRequest, pk: uuid.UUID, service: Callable[..., Any], draft: Draft, said: str) -> HttpResponse:
    page.seen(request, pk)
    try:
        service(actor=actor_of(request), at=db.now(), action_id=pk, text=request.POST.get("text", ""))
    except Refused as refusal:
        return refused(request, page.seen(request, pk), draft, refusal)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[pk]))
