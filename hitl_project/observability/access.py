"""One line for each request, and the id by which its lines are found: in our logs, in the answer and in the tasks."""

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from approvals import logs, tracing
from approvals.api import problems
from approvals.api.base import long_poll

# Of an address that is none of ours, so much is worth keeping.
MAX_PATH = 200

log = structlog.get_logger()


def logged(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give the request its id, answer it back, and tell in one line how the request went."""

    def run(request: HttpRequest) -> HttpResponse:
        request_id = problems.request_id_of(request)
        logs.begin(request_id=request_id)
        began = time.perf_counter()
        carried = request.META.get("HTTP_TRACEPARENT", "")
        with tracing.span(f"http {request.method}", carried, request_id=request_id):
            response = answer(request)
            told = _told(request)
            tracing.note(status=str(response.status_code), **told)
        response["X-Request-ID"] = request_id
        if settings.HITL_ACCESS_LOG and not long_poll.is_held(request):
            milliseconds = round((time.perf_counter() - began) * 1000, 1)
            tell = log.error if response.status_code >= 500 else log.info
            tell("http.request", status=response.status_code, ms=milliseconds, **told)
        return response

    return run


def _told(request: HttpRequest) -> dict[str, str]:
    """What was asked for: never a query, and not the path itself, as both can hold what is personal or secret."""
    found = request.resolver_match
    asked = {"method": str(request.method), "route": found.route if found else request.path[:MAX_PATH]}
    action = found.kwargs.get("action_id") if found else None
    return asked | ({"action_id": str(action)} if action else {})
