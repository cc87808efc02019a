"""Keeping the inbox's filters under a name, and what else can be done with such a view."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.admin.base.model_admin import actor_of
from approvals.db import database_now
from approvals.errors import Refused
from approvals.queries.inbox import filters as inbox_filters
from approvals.services.accounts import saved_views


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep what the inbox is narrowed to, under the name that was typed."""
    chosen, name = inbox_filters.read(request.POST).kept, request.POST.get("name", "")
    try:
        saved_views.save(actor=actor_of(request), at=database_now(), name=name, filters=chosen)
    except Refused as refusal:
        messages.error(request, refusal.in_words)
    return _back(chosen)


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a view, delete it, or let the inbox open with it, whichever button was pressed."""
    try:
        shown = _change(request, pk)
    except Refused as refusal:
        messages.error(request, refusal.in_words)
        shown = inbox_filters.read(request.POST).kept
    return _back(shown)


def _change(request: HttpRequest, pk: int) -> Mapping[str, str]:
    """What the inbox shows after it."""
    actor, now, wish = actor_of(request), database_now(), request.POST.get("wish", "")
    if wish == "delete":
        saved_views.delete(actor=actor, at=now, view_id=pk)
        messages.success(request, _("View deleted."))
        return {}
    if wish in {"first", "not_first"}:
        return saved_views.prefer(actor=actor, at=now, view_id=pk, is_first=wish == "first").filters
    return saved_views.rename(actor=actor, at=now, view_id=pk, name=request.POST.get("name", "")).filters


def _back(filters: Mapping[str, str]) -> HttpResponse:
    """To the inbox as it is narrowed; `view` is always there, so that no view of one's own takes its place."""
    return HttpResponseRedirect(f"{reverse('admin:inbox')}?{urlencode({'view': '', **filters})}")
