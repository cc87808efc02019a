"""Saved views of the list of actions: save what it is narrowed to, rename and delete."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.admin.base.exported import address_of_rows
from approvals.admin.base.model_admin import actor_of, person_of
from approvals.models import SavedView
from approvals.models.saved_views import ViewPage
from approvals.services.accounts import saved_views
from policies import db
from policies.errors import Refused


def context(request: HttpRequest) -> dict[str, Any]:
    """The person's saved views with their addresses, and the one that is shown."""
    now = _filters(request.GET)
    saved = list(SavedView.objects.filter(person=person_of(request), page=ViewPage.ACTIONS).order_by("pk"))
    return {
        "saved_views": [(view, urlencode(sorted(view.filters.items()))) for view in saved],
        "shown_view": next((view for view in saved if view.filters == now), None),
        "query_now": urlencode(now),
    }


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save the filters of an address under a name."""
    filters = _filters(QueryDict(request.POST.get("query", "")))
    try:
        saved_views.save_search(
            actor=actor_of(request), at=db.now(), name=request.POST.get("name", ""), filters=filters
        )
    except Refused as refusal:
        messages.error(request, refusal.in_words)
    return _back(filters)


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or delete a view, depending on the button."""
    actor, now = actor_of(request), db.now()
    filters = _filters(QueryDict(request.POST.get("query", "")))
    try:
        if request.POST.get("wish") == "delete":
            saved_views.delete(actor=actor, at=now, view_id=pk)
            messages.success(request, _("View deleted."))
        else:
            saved_views.rename(actor=actor, at=now, view_id=pk, name=request.POST.get("name", ""))
    except Refused as refusal:
        messages.error(request, refusal.in_words)
    return _back(filters)


def _filters(query: QueryDict) -> dict[str, str]:
    """What of an address narrows the list, each with its last value."""
    kept = QueryDict(address_of_rows(query))
    return {name: str(kept[name]) for name in sorted(kept) if kept[name]}


def _back(filters: dict[str, str]) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('admin:approvals_action_changelist')}?{urlencode(filters)}")
