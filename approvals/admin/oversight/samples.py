"""Spot checks: review sampled automatic runs as correct or incorrect."""

import uuid
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.admin.base.model_admin import actor_of, person_of
from approvals.authority import conflicts
from approvals.queries.automation import samples
from approvals.services.automation import sampling
from policies import db
from policies.errors import Refused

MAX_SHOWN = 50


def show(request: HttpRequest) -> HttpResponse:
    """Pending spot checks at the person's desks, oldest first."""
    return _page(request)


@require_POST
def check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Record a spot check as correct or incorrect; a refusal keeps the entered text."""
    note, found = request.POST.get("note", ""), request.POST.get("found", "")
    if found not in {"right", "wrong"}:
        return _page(
            request,
            {
                "sample": pk,
                "note": note,
                "message": _("No choice was submitted. Use one of the buttons on the page."),
            },
        )
    try:
        sampling.check(actor=actor_of(request), at=db.now(), sample_id=pk, is_right=found == "right", note=note)
    except Refused as refusal:
        return _page(request, {"sample": pk, "note": note, "message": refusal.in_words})
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("admin:samples"))


def _page(request: HttpRequest, tried: dict[str, Any] | None = None) -> HttpResponse:
    person = person_of(request)
    found = list(samples.waiting(person)[: MAX_SHOWN + 1])
    own = conflicts.own_among(person, [sample.action for sample in found])
    context = {
        **admin.site.each_context(request),
        "title": _("Spot checks"),
        "samples": [(sample, sampling.may_confirm(person, sample, own)) for sample in found[:MAX_SHOWN]],
        "has_more": len(found) > MAX_SHOWN,
        "tried": tried,
    }
    return TemplateResponse(request, "oversight/samples.html", context, status=422 if tried else 200)
