"""On the loop: what ran by itself, as it happens, with what somebody who watches can do about it."""

import uuid
from datetime import timedelta

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.admin.corrections import filters_of
from approvals.admin.reading import actor_of
from approvals.errors import Refused
from approvals.models import ActionType, Agent
from approvals.queries import loop
from approvals.services import sampling
from approvals.services.contract import database_now

SPAN = timedelta(days=7)


def show(request: HttpRequest) -> HttpResponse:
    """The newest fifty of the last week; filters come from the address."""
    chosen = {name: request.GET.get(name, "") for name in ("agent", "kind")}
    context = {
        **admin.site.each_context(request),
        "title": _("On the loop"),
        "runs": loop.lately(actor_of(request), timezone.now() - SPAN, **filters_of(chosen)),
        "chosen": chosen,
        "agents": Agent.objects.filter(is_active=True)[:100],
        "kinds": ActionType.objects.filter(is_active=True)[:100],
    }
    return TemplateResponse(request, "review/loop.html", context)


@require_POST
def pick(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Choose one to be checked, though it was not drawn."""
    try:
        sampling.pick(actor=actor_of(request), at=database_now(), action_id=pk)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("admin:loop"))
    return HttpResponseRedirect(reverse("admin:samples"))
