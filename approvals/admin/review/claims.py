"""Claims: taken by a script while the page is open, or by a button."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.admin.base.model_admin import actor_of, person_of
from approvals.errors import ClaimedByAnother, NotFound
from approvals.models import Action, Claim, Note
from approvals.services.decisions import claims
from policies import db
from policies.errors import Refused

BY_SCRIPT = "application/json"


@require_POST
def claim(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Claim the action, renew the claim, or take it over if the button asks for it."""
    is_takeover = request.POST.get("force") == "1"
    try:
        claims.take(actor=actor_of(request), at=db.now(), action_id=pk, is_takeover=is_takeover)
    except Refused as refusal:
        return _refused(request, pk, refusal)
    if is_takeover:
        messages.success(request, _("Claimed."))
    return _done(request, pk)


@require_POST
def release(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Release the claim: by a script when the page closes, or by a button to hand it back."""
    is_left = _is_script(request)
    try:
        claims.release(actor=actor_of(request), at=db.now(), action_id=pk, is_left=is_left)
    except Refused as refusal:
        return _refused(request, pk, refusal)
    if not is_left:
        messages.success(request, _("Released."))
    return _done(request, pk)


def shown(request: HttpRequest, action: Action, now: datetime, notes: Iterable[Note]) -> dict[str, Any]:
    """Template context about the claim and the handover, from rows that are already loaded."""
    held: Claim | None = getattr(action, "claim", None)
    if held is None or held.until <= now:
        return {"holder": None, "handed": None}
    other = held if held.is_held_by_another(person_of(request), now) else None
    return {"holder": other, "handed": next((note for note in notes if note.pk == held.note_id), None)}


def _done(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    if _is_script(request):
        return JsonResponse({"by": "you"})
    return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[pk]))


def _refused(request: HttpRequest, pk: uuid.UUID, refusal: Refused) -> HttpResponse:
    if _is_script(request):
        status = 404 if isinstance(refusal, NotFound) else 409
        by = refusal.details.get("by", "") if isinstance(refusal, ClaimedByAnother) else ""
        return JsonResponse({"code": refusal.code, "message": refusal.in_words, "by": by}, status=status)
    messages.error(request, refusal.in_words)
    return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[pk]))


def _is_script(request: HttpRequest) -> bool:
    return BY_SCRIPT in request.headers.get("Accept", "")
