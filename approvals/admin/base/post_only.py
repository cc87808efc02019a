"""What only a press may do: a visit to its address, such as after signing in anew, leads to the page instead."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse


def pressed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view of one action be called by POST alone; whoever merely comes by is shown the action."""

    @wraps(view)
    def called(request: HttpRequest, pk: uuid.UUID, **more: Any) -> HttpResponse:
        if request.method == "POST":
            return view(request, pk, **more)
        if request.method in ("GET", "HEAD"):
            return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[pk]))
        return HttpResponseNotAllowed(["POST"])

    return called
