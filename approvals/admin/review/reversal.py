"""Reversals: what the page shows about them, and the form that starts one."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.actors import Actor
from approvals.admin.base.model_admin import actor_of
from approvals.admin.payload_form.edits import edited
from approvals.admin.payload_form.fields import PREFIX, REMOVE, Field, Mark
from approvals.admin.payload_form.layout import Reading
from approvals.authority import visibility
from approvals.display.fragments import faults_in_words
from approvals.errors import NotFound
from approvals.models import Action, ActionType
from approvals.queries.automation import samples
from approvals.queries.record.related import reversals
from approvals.services.intake import reversal
from approvals.states import ActionState
from policies import db
from policies.errors import Refused


@dataclass
class Sheet:
    """The form data so far and why it was refused."""

    typed: dict[str, str]
    why: str
    refusal: Refused | None = None
    faults: dict[str, str] = field(default_factory=dict)


def propose_reversal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The form of the reversing action type, prefilled from the original; another person decides."""
    original = _seen(request, pk)
    is_sent, before = request.method == "POST", original.action_type.reversal_type
    try:
        if not is_sent:
            reversal.ask(actor_of(request), original)
        kind = reversal.way_back(original)
    except Refused as refusal:
        if not is_sent or before is None:
            messages.error(request, refusal.in_words)
            return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[pk]))
        # The service refuses it with its reason, and the form comes back with what was typed.
        kind = before
    typed = {name: str(text) for name, text in request.POST.items() if name.startswith((PREFIX, REMOVE))}
    sheet = Sheet(typed, request.POST.get("why", ""))
    made = _started(request, original, kind, sheet) if is_sent else None
    if made is None:
        return _page(request, original, kind, sheet)
    messages.success(request, _("Action proposed. Another person must approve it."))
    return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[made.pk]))


def shown(actor: Actor, action: Action) -> dict[str, Any]:
    """Template context for reversals, and whether this person can start or report one."""
    found = reversals.of(action)
    told: dict[str, Any] = {"reversal": found, "may_reverse": False, "no_way_back": "", "may_note": False}
    if action.state != ActionState.EXECUTED or (found and found.original.pk == action.pk and found.is_standing):
        return told
    if not reversal.is_open_to(actor, action):
        return told
    try:
        reversal.way_back(action)
    except Refused as refusal:
        return told | {"no_way_back": refusal.in_words, "may_note": samples.may_be_picked(action)}
    return told | {"may_reverse": True}


def _page(request: HttpRequest, original: Action, kind: ActionType, sheet: Sheet) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Reverse: %(kind)s") % {"kind": kind.title},
        "original": original,
        "kind": kind,
        "fields": _fields(kind, reversal.suggested(original, kind), sheet),
        "sheet": sheet,
        "editing": True,
    }
    status = 422 if sheet.refusal or sheet.faults else 200
    return TemplateResponse(request, "review/reverse.html", context, status=status)


def _started(request: HttpRequest, original: Action, kind: ActionType, sheet: Sheet) -> Action | None:
    """The started action, or None with the error in the form data."""
    payload = reversal.suggested(original, kind)
    written, sheet.faults = edited(payload, _fields(kind, payload, sheet), sheet.typed)
    if sheet.faults:
        return None
    try:
        return reversal.propose_reversal(
            actor=actor_of(request), at=db.now(), action_id=original.pk, payload=written, why=sheet.why
        )
    except Refused as refusal:
        sheet.refusal = refusal
        sheet.faults = faults_in_words(refusal)
        return None


def _fields(kind: ActionType, payload: dict[str, Any], sheet: Sheet) -> tuple[Field, ...]:
    marks = {pointer: [Mark("fault", sentence)] for pointer, sentence in sheet.faults.items()}
    return Reading(kind.written_schema, marks, kind.amount_pointer, sheet.typed, is_growing=True).fields(payload)


def _seen(request: HttpRequest, pk: uuid.UUID) -> Action:
    try:
        return visibility.get_visible(actor_of(request), pk)
    except NotFound as refusal:
        raise Http404(refusal.message) from refusal
