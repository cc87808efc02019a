"""Pages where a person starts an action: choose the type and fill in the form."""

import uuid
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.admin.base.model_admin import actor_of, has_clients, person_of
from approvals.admin.payload_form.edits import edited
from approvals.admin.payload_form.fields import PREFIX, Field, Mark
from approvals.admin.payload_form.layout import Reading
from approvals.admin.review import ending
from approvals.display.fragments import faults_in_words
from approvals.models import Action, ActionType
from approvals.services.intake import start as start_service
from policies import db
from policies.errors import Refused


def choose(request: HttpRequest) -> HttpResponse:
    """The action types this person can start."""
    context = {
        **admin.site.each_context(request),
        "title": _("Start an action"),
        "kinds": start_service.startable(person_of(request)),
    }
    return TemplateResponse(request, "review/choose.html", context)


def start(request: HttpRequest, name: str) -> HttpResponse:
    """The form of one action type; another person decides the proposal."""
    # What was typed comes back also when the type ended meanwhile; the service says so.
    known = start_service.ever_startable if request.method == "POST" else start_service.startable
    kind = known(person_of(request)).filter(name=name).first()
    if kind is None:
        raise Http404(_("This action type does not exist, or you cannot start it."))
    faults: dict[str, str] = {}
    refusal = None
    if request.method == "POST":
        try:
            action, faults = _proposed(request, kind)
            if action is not None:
                messages.success(request, _("Action proposed. Another person must approve it."))
                return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[action.pk]))
        except Refused as error:
            refusal = error
            faults = faults_in_words(error)
    context = {
        **admin.site.each_context(request),
        "title": kind.title,
        "kind": kind,
        "fields": _fields(kind, _typed(request), faults),
        "why": request.POST.get("why", ""),
        "books": start_service.books(person_of(request), kind) if has_clients(request) else None,
        "client": request.POST.get("client", ""),
        "key": request.POST.get("key") or uuid.uuid4().hex,
        "refusal": refusal,
        "faults": faults,
        "editing": True,
        **ending.context_of(request, None, kind),
    }
    return TemplateResponse(request, "review/start.html", context, status=422 if refusal or faults else 200)


def _proposed(request: HttpRequest, kind: ActionType) -> tuple[Action | None, dict[str, str]]:
    payload, faults = edited({}, _fields(kind, _typed(request), {}), _typed(request))
    if faults:
        return None, faults
    action = start_service.start(
        actor=actor_of(request),
        at=db.now(),
        name=kind.name,
        payload=payload,
        why=request.POST.get("why", ""),
        idempotency_key=request.POST.get("key", ""),
        until=ending.typed(request),
        client=request.POST.get("client", ""),
    )
    return action, {}


def _fields(kind: ActionType, typed: dict[str, str], faults: dict[str, str]) -> tuple[Field, ...]:
    marks = {pointer: [Mark("fault", sentence)] for pointer, sentence in faults.items()}
    return Reading(kind.written_schema, marks, kind.amount_pointer, typed, is_growing=True).fields({})


def _typed(request: HttpRequest) -> dict[str, Any]:
    return {name: str(text) for name, text in request.POST.items() if name.startswith(PREFIX)}
