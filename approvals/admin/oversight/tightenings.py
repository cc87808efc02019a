"""Tightenings: review configuration changes that took effect immediately."""

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
from approvals.models import Tightening
from approvals.queries.safety import tightenings
from approvals.services.catalog import change_words
from approvals.services.catalog import tightenings as kept
from approvals.services.configuration import review
from policies import db
from policies.errors import Refused

MAX_SHOWN = 20
MAX_LINES = 12


def show(request: HttpRequest) -> HttpResponse:
    """The unreviewed tightenings, oldest first, for members of the deciding desk."""
    return _page(request)


@require_POST
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Confirm a tightening, or request that it be reverted."""
    found = request.POST.get("found", "")
    if found not in {"right", "revert"}:
        return _page(
            request, {"tightening": pk, "message": _("No choice was submitted. Use one of the buttons on the page.")}
        )
    try:
        review.review_tightening(actor=actor_of(request), at=db.now(), tightening_id=pk, is_right=found == "right")
    except Refused as refusal:
        return _page(request, {"tightening": pk, "message": refusal.in_words})
    if found == "right":
        messages.success(request, _("Confirmed."))
    else:
        messages.success(request, _("Approval requested. Nothing changes until a second person approves the change."))
    return HttpResponseRedirect(reverse("admin:tightenings"))


def _page(request: HttpRequest, tried: dict[str, Any] | None = None) -> HttpResponse:
    person = person_of(request)
    seat = tightenings.seat_of(person)
    if seat is None:
        raise PermissionDenied
    found = list(tightenings.unreviewed().select_related("made_by")[: MAX_SHOWN + 1])
    rows = found[:MAX_SHOWN]
    own = tightenings.own_among(person, seat.desk, rows)
    context = {
        **admin.site.each_context(request),
        "title": _("Tightenings to review"),
        "rows": [_row(row, is_own=row.pk in own) for row in rows],
        "own": _(review.OWN),
        "has_more": len(found) > MAX_SHOWN,
        "tried": tried,
    }
    return TemplateResponse(request, "oversight/tightenings.html", context, status=422 if tried else 200)


def _row(row: Tightening, *, is_own: bool) -> dict[str, Any]:
    changes = kept.of(row)
    lines = change_words.lines(changes)
    return {
        "tightening": row,
        "title": change_words.summary(changes),
        "lines": lines[:MAX_LINES],
        "is_plain": len(changes) == 1,
        "more": max(0, len(lines) - MAX_LINES),
        "is_own": is_own,
        "may_revert": not row.left_out,
    }
