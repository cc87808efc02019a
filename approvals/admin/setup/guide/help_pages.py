"""Help that ships with the product, because the network might have no way out, and the end of the checklist."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.admin.setup.guide import checklist

A_YEAR = 365 * 24 * 3600


def show(request: HttpRequest) -> HttpResponse:
    """The topics, each in a few sentences with the pages that it is about, and the keys."""
    return TemplateResponse(request, "setup/help.html", {**admin.site.each_context(request), "title": _("Help")})


@require_POST
def end_checklist(request: HttpRequest) -> HttpResponse:
    """Dismiss the checklist in this browser."""
    answer = HttpResponseRedirect(reverse("admin:index"))
    is_secure = request.is_secure()
    answer.set_cookie(
        checklist.COOKIE, checklist.DISMISSED, max_age=A_YEAR, httponly=True, samesite="Lax", secure=is_secure
    )
    return answer
