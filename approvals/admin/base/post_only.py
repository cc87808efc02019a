"""POST-only views: a plain visit redirects to the action's page."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse


def pressed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Allow only POST for a view of one action; redirect other requests to its page."""

    @wraps(view)
    def called(request: HttpRequest, pk: uuid.UUID, **more: Any) -> HttpResponse:
        if request.method == "POST":
            return view(request, pk, **more)
        if request.method in ("GET", "HEAD"):
            return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[pk]))
        return HttpResponseNotAllowed(["POST"])

    return called
