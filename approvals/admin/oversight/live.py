"""The page of what is in effect now: for whom, until when, and the button that ends it."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from approvals.admin.base.model_admin import person_of
from approvals.models import Membership
from approvals.queries.record import live
from approvals.states import ExecutionState
from policies import db

MAX_LISTED = 200
# An end of one of these states can be asked for; the others are on their way, or a person resolves them.
_ENDABLE = frozenset({ExecutionState.READY, ExecutionState.FAILED, ExecutionState.CANCELED})


def show(request: HttpRequest) -> HttpResponse:
    """Show what is in effect at this person's desks, what ends first."""
    person = person_of(request)
    found, is_more = live.listed(person, MAX_LISTED)
    desks = set(Membership.objects.filter(person=person).values_list("desk", flat=True))
    context = {
        **admin.site.each_context(request),
        "title": _("In effect now"),
        "lines": [(each, _may_end(each, desks)) for each in found],
        "is_more": is_more,
        "now": db.now(),
    }
    return TemplateResponse(request, "oversight/live.html", context)


def _may_end(each: live.Live, desks: set[int]) -> bool:
    """Whether the button is worth showing; whoever presses it is asked again."""
    is_open = each.end is None or (each.end.state in _ENDABLE and not _is_asked(each))
    return is_open and each.action.desk_id in desks


def _is_asked(each: live.Live) -> bool:
    return each.end is not None and each.end.is_early and each.end.state == ExecutionState.READY
