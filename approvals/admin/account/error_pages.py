"""The pages of errors inside the frame: what is missing and who gives it, and a way on.

They say nothing of what was asked for, so that nobody learns from them that it exists.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.admin.account import missing
from approvals.admin.base.model_admin import person_of
from approvals.queries.accounts import granting


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page that refuses: the sentence of the exception, or what is missing and who gives it."""
    context = {"title": _("Access denied"), "is_sent": request.method not in ("GET", "HEAD")}
    if _is_signed_in(request):
        context |= {"said": str(exception)} if str(exception) else _lacks(request)
    return _page(request, "403.html", context, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what does not exist, or is nobody's business of this person's."""
    return _page(request, "404.html", {"title": _("Page not found")}, 404)


def _lacks(request: HttpRequest) -> dict[str, Any]:
    """What this person lacks, in words, whom they ask for it, and which roles have it."""
    if missing.is_for_nobody(request):
        return {"said": _("Nobody can do this here, because the history needs these records as they are.")}
    found = missing.of(request)
    if found is None:
        givers, said = granting.of_superusers(person_of(request)), _("Your account does not allow this.")
    else:
        givers, said = found.givers, found.said
    people = [person.get_full_name() or person.get_username() for person in givers.people]
    return {"said": said, "ask": _asking(people), "roles": ", ".join(givers.roles)}


def _asking(people: list[str]) -> str:
    if not people:
        return _("Ask your operator for it.")
    said = ngettext("Ask %(names)s for it.", "Ask one of these people for it: %(names)s.", len(people))
    return said % {"names": ", ".join(people)}


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    search = reverse("admin:approvals_action_changelist")
    return render(request, template, {**context_of(request), "search_url": search, **context}, status=status)


def context_of(request: HttpRequest) -> dict[str, Any]:
    """What the frame shows; nothing where the error comes before anybody is known."""
    return admin.site.each_context(request) if hasattr(request, "user") else {}


def _is_signed_in(request: HttpRequest) -> bool:
    return hasattr(request, "user") and request.user.is_authenticated
