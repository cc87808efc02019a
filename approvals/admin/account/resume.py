"""What was typed when a session ended: it comes along through the sign-in form, and is sent again from a page.

It is kept nowhere: not in an address, not in a cache, not in the database. The browser carries it in hidden fields.
"""

import json
from copy import copy
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

FIELD = "typed_before"
NEVER_KEPT = ("password", "secret", "csrfmiddlewaretoken", FIELD)
Pairs = list[tuple[str, str]]


def is_lost(request: HttpRequest) -> bool:
    """Whether a person's form arrives after their session has ended; what a script sends has nothing to lose."""
    return (
        request.method == "POST"
        and not request.user.is_authenticated
        and "application/json" not in request.headers.get("Accept", "")
    )


def sign_in_context(request: HttpRequest) -> dict[str, Any]:
    """Template context of the sign-in form that carries what was typed."""
    return {
        "app_path": reverse("admin:login"),
        "next": request.get_full_path(),
        "typed_before": json.dumps(typed(request), ensure_ascii=False),
    }


def as_visit(request: HttpRequest) -> HttpRequest:
    """The same request as a visit, so that the sign-in form does not take it for a sign-in."""
    visit = copy(request)
    visit.method = "GET"
    return visit


def page(request: HttpRequest, each_context: dict[str, Any]) -> HttpResponse | None:
    """The page that shows what was typed and sends it again; None where nothing came along."""
    address, pairs = request.POST.get("next", ""), _pairs(request.POST.get(FIELD, ""))
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    if not pairs or not is_ours or not address.startswith(reverse("admin:index")):
        return None
    why = _("Your session expired, so nothing was saved. What you entered is still here.")
    return sent_again(request, each_context | {"why": why}, address, pairs)


def sent_again(
    request: HttpRequest, context: dict[str, Any], address: str, pairs: Pairs, status: int = 200
) -> TemplateResponse:
    """The page itself: it sends the pairs to the address once its button is pressed."""
    context |= {
        "title": _("Continue where you left off"),
        "address": address,
        "pairs": pairs,
        "shown": [(name, value) for name, value in pairs if value.strip() and name in SHOWN],
    }
    answer = TemplateResponse(request, "account/resume.html", context, status=status)
    add_never_cache_headers(answer)
    return answer


# What people write in words; the rest is told by the page that it is sent to.
SHOWN = ("rationale", "reason", "text", "why", "note", "comment")


def typed(request: HttpRequest) -> Pairs:
    """What a form was sent with, without secrets."""
    return [(name, value) for name, values in request.POST.lists() for value in values if _is_kept(name)]


def _is_kept(name: str) -> bool:
    return not any(each in name.lower() for each in NEVER_KEPT)


def _pairs(text: str) -> Pairs:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    is_pairs = isinstance(found, list) and all(isinstance(each, list) and len(each) == 2 for each in found)
    return [(str(name), str(value)) for name, value in found if _is_kept(str(name))] if is_pairs else []
