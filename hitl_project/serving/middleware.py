"""Answer probes first, keep used sessions, and show admin pages in the person's own language and time zone."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, cast

from csp.constants import HEADER
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.deprecation import MiddlewareMixin

from approvals.api.health import PROBES
from approvals.queries.accounts.locale import language_of, zone_of
from hitl_project.sessions import SessionStore

Answer = Callable[[HttpRequest], HttpResponse]
ADMIN, API = "/admin/", "/api/"
_USUAL_POLICY = build_policy(**asdict(PolicyParts()))


def is_by_key(request: HttpRequest) -> bool:
    """Return whether a key or a token names the caller of a call: then no cookie of it counts."""
    return request.path_info.startswith(API) and request.META.get("HTTP_AUTHORIZATION", "")[:7].lower() == "bearer "


class _ForPeople(MiddlewareMixin):
    """Passes over calls by a key, which have no session."""

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request) if is_by_key(request) else super().__call__(request)


class Sessions(_ForPeople, SessionMiddleware):
    """Django's sessions, for people."""


class Authentication(AuthenticationMiddleware):
    """Django's authentication by session, for people; whoever calls by a key is nobody to it."""

    def __call__(self, request: HttpRequest) -> Any:
        if not is_by_key(request):
            return super().__call__(request)
        request.user = AnonymousUser()
        return self.get_response(request)


class Messages(_ForPeople, MessageMiddleware):
    """Django's messages, for people; a page that a script fetches shows nobody any, and leaves them for the next."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep the messages that nobody saw."""
        accepted = request.headers.get("Accept", "")
        # A browser asks so for what it shows; what asks for nothing in particular, such as a test, is one.
        if accepted and "text/html" not in accepted and hasattr(request, "_messages"):
            request._messages.used = False
        return super().process_response(request, response)


class ContentPolicy(CSPMiddleware):
    """The Content-Security-Policy header; what changes nothing of it gets the one that was built at the start."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the header."""
        if hasattr(request, "_csp_nonce") or any(name.startswith("_csp_") for name in vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, _USUAL_POLICY)
        return response


def probes_first(answer: Answer) -> Answer:
    """Answer probes before anything else: they come by address, over http, and while the rest is unavailable."""

    def run(request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path_info)
        return answer(request) if probe is None else probe(request)

    return run


def in_their_words(answer: Answer) -> Answer:
    """Activate the language and time zone of the signed-in person for admin pages."""

    def run(request: HttpRequest) -> HttpResponse:
        person = request.user if request.path.startswith(ADMIN) else None
        if person is None or not person.is_authenticated:
            return answer(request)
        language = language_of(person)
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(zone_of(person)):
            return answer(request)

    return run


def used(answer: Answer) -> Answer:
    """Keep a session that a person uses: one who opens a page or sends a form, not a page that asks for news."""

    def run(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        # Browsers ask so for what they show, and never where a script asks.
        is_page = "text/html" in request.headers.get("Accept", "") and not is_by_key(request)
        if is_page and request.session.accessed:
            cast(SessionStore, request.session).touch()
        return response

    return run
