"""Saved inbox views: create, rename, delete, and set as default."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.admin.base.model_admin import actor_of
from approvals.admin.inbox import page
from approvals.queries.inbox import filters as inbox_filters
from approvals.services.accounts import saved_views
from policies import db
from policies.errors import Refused


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save the current filters under the given name."""
    chosen, name = inbox_filters.read(request.POST).kept, request.POST.get("name", "")
    try:
        saved_views.save(actor=actor_of(request), at=db.now(), name=name, filters=chosen)
    except Refused as refusal:
        messages.error(request, refusal.in_words)
        return page.show(request, name)
    return _back(chosen)


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or delete a view, or set it as default, depending on the button."""
    try:
        shown = _change(request, pk)
    except Refused as refusal:
        messages.error(request, refusal.in_words)
        return page.show(request, request.POST.get("name", ""))
    return _back(shown)


def _change(request: HttpRequest, pk: int) -> Mapping[str, str]:
    """Apply the change and return the resulting inbox URL."""
    actor, now, wish = actor_of(request), db.now(), request.POST.get("wish", "")
    if wish == "delete":
        saved_views.delete(actor=actor, at=now, view_id=pk)
        messages.success(request, _("View deleted."))
        return {}
    if wish in {"first", "not_first"}:
        view = saved_views.prefer(actor=actor, at=now, view_id=pk, is_first=wish == "first")
    else:
        view = saved_views.rename(actor=actor, at=now, view_id=pk, name=request.POST.get("name", ""))
    filters: Mapping[str, str] = view.filters
    return filters


def _back(filters: Mapping[str, str]) -> HttpResponse:
    """Redirect to the filtered inbox; `view` is always set, so no default view replaces it."""
    return HttpResponseRedirect(f"{reverse('admin:inbox')}?{urlencode({'view': '', **filters})}")
