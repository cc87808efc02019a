"""The page of a restored database: what was sent after the backup, and the button that resumes execution."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.admin.base.model_admin import actor_of
from approvals.queries.safety import restores as restore_queries
from approvals.services.safety import restores
from policies import db
from policies.errors import Refused

MAX_LISTED = 500
MAX_UNCERTAIN = 50


def show(request: HttpRequest) -> HttpResponse:
    """Show what was sent after the backup, and resume execution with a reason."""
    reason = request.POST.get("reason", "")
    if request.method != "POST":
        return _page(request, "", "")
    try:
        restores.resume(actor=actor_of(request), at=db.now(), reason=reason)
    except Refused as refusal:
        return _page(request, str(refusal.in_words), reason)
    messages.success(request, _("Execution resumed."))
    return HttpResponseRedirect(reverse("admin:restore"))


def _page(request: HttpRequest, fault: str, reason: str) -> HttpResponse:
    actor = actor_of(request)
    on = list(restore_queries.on())
    rows, is_more = restore_queries.listed(actor, MAX_LISTED)
    may_resume = restores.may_resume(actor)
    uncertain, is_more_uncertain = restore_queries.uncertain(actor, MAX_UNCERTAIN)
    # The figures are of all desks, so they are for those who answer for the whole.
    reached = restore_queries.reached() if may_resume else []
    context = admin.site.each_context(request) | {
        "title": _("Restore"),
        "is_on": bool(on),
        "is_complete": all(each.is_complete for each in on),
        # Its banner need not lead to it.
        "is_restore_page": True,
        "may_resume": may_resume,
        "reached": reached,
        "is_open": any(each.open for each in reached),
        "uncertain": uncertain,
        "is_more_uncertain": is_more_uncertain,
        "rows": rows,
        "is_more": is_more,
        "fault": fault,
        "reason": reason,
    }
    return TemplateResponse(request, "oversight/restore.html", context, status=422 if fault else 200)
