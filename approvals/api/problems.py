"""Every error under /api/ as a problem document (RFC 9457) with a stable `code`."""

import re
import sys
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.template.loader import render_to_string
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response

from approvals import errors, outages
from approvals.ids import uuid7
from policies.engine.values import json_pointer
from policies.errors import Refused

CONTENT_TYPE = "application/problem+json"
RETRY_SECONDS = 5
AWAY = "The database is temporarily unavailable. Try again with the same idempotency key; nothing runs twice."

# The most specific class wins; a class that is not named takes the status of its parent.
STATUS: Mapping[type[Refused], int] = {
    Refused: 400,
    errors.Malformed: 400,
    errors.TooLarge: 413,
    errors.NotAllowed: 403,
    errors.KeyRevoked: 401,
    errors.NotFound: 404,
    errors.WrongState: 409,
    errors.StaleRevision: 409,
    errors.AlreadyConsumed: 409,
    errors.NotApproved: 409,
    errors.ApprovalExpired: 409,
    errors.Tampered: 409,
    errors.TooLate: 409,
    errors.DecisionFinal: 409,
    errors.Halted: 409,
    errors.UnknownContent: 415,
    errors.AttachmentMissing: 410,
    errors.SchemaFault: 422,
    errors.UnknownType: 422,
    errors.KeyReused: 422,
    errors.RationaleMissing: 422,
    errors.NothingChanged: 422,
    errors.BlockedByPolicy: 422,
    errors.TooManyAttempts: 429,
    errors.Backlogged: 429,
    errors.UploadLimit: 429,
    errors.Unavailable: 503,
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)
_RESERVED = {"type", "title", "status", "code", "detail", "request_id"}

log = structlog.get_logger()


class CsrfFailed(errors.NotAllowed):
    """The CSRF token is missing or not valid. Send it in the X-CSRFToken header."""

    code = "csrf_failed"


class LengthRequired(Refused):
    """The Content-Length header is missing. Send it instead of a chunked body."""

    code = "length_required"


_OURS: Mapping[type[Refused], int] = {**STATUS, LengthRequired: 411}


def request_id_of(request: HttpRequest) -> str:
    """Return the client's request ID if it is valid, or a generated one."""
    known: str | None = getattr(request, "request_id", None)
    if known is None:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        known = given if _REQUEST_ID.fullmatch(given) else uuid7().hex
        request.request_id = known  # type: ignore[attr-defined]
    return known


def document(code: str, status: int, detail: str, **more: Any) -> dict[str, Any]:
    """Build a problem document; `more` holds machine-readable members such as `faults`."""
    return {
        "type": f"urn:hitl:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **{name: _plain(value) for name, value in more.items() if name not in _RESERVED},
    }


def of_refusal(refusal: Refused) -> dict[str, Any]:
    """Build the problem document of a refusal, with its details."""
    status = next(_OURS[cls] for cls in type(refusal).__mro__ if cls in _OURS)
    return document(refusal.code, status, refusal.message, **refusal.details)


def of_item(error: exceptions.ValidationError | Refused) -> dict[str, Any]:
    """Build the problem document of a failed batch item."""
    return of_refusal(error) if isinstance(error, Refused) else _of_framework(error)


def handle(error: Exception, context: Mapping[str, Any]) -> Response:
    """Respond to any view error; log unexpected ones with the request ID and hide their details."""
    request_id = request_id_of(context["request"]._request)
    body, headers = _describe(error, request_id)
    return respond({**body, "request_id": request_id}, headers)


def respond(body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """Return a problem document as a response."""
    return Response(body, status=body["status"], headers=dict(headers or {}), content_type=CONTENT_TYPE)


def _describe(error: Exception, request_id: str) -> tuple[dict[str, Any], dict[str, str]]:
    if isinstance(error, Refused):
        return _of_refusal_with_headers(error)
    if isinstance(error, exceptions.APIException):
        return _of_framework(error), _headers(error)
    if isinstance(error, Http404 | PermissionDenied | RequestDataTooBig | UnreadablePostError):
        return _of_django(error), {}
    if outage := outages.of(error):
        log.warning("api.unavailable", request_id=request_id, code=outage.code, error=str(error))
        is_away = type(outage) is errors.Unavailable
        return _of_refusal_with_headers(errors.Unavailable(AWAY) if is_away else outage)
    log.error("api.failed", request_id=request_id, exc_info=error)
    return document("internal", 500, "An internal error occurred. Contact your operator with the request_id."), {}


def _of_refusal_with_headers(refusal: Refused) -> tuple[dict[str, Any], dict[str, str]]:
    body = of_refusal(refusal)
    if body["status"] == HTTPStatus.SERVICE_UNAVAILABLE:
        return body, {"Retry-After": str(RETRY_SECONDS)}
    return body, {"Retry-After": str(body["retry_after"])} if "retry_after" in body else {}


def _of_framework(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        detail = "The request is not valid. Correct the listed errors."
        return document("malformed", 400, detail, faults=list(_faults(error.detail, "")))
    if isinstance(error, exceptions.Throttled):
        detail = f"Too many requests with this key. Wait {_wait_of(error)} s, then try again."
        return document("rate_limited", 429, detail)
    code = error.get_codes()
    renamed = {"parse_error": "malformed", "authentication_failed": "not_authenticated"}
    name = renamed.get(str(code), str(code))
    return document(name, error.status_code, str(error.detail))


def _wait_of(error: exceptions.Throttled) -> int:
    return int(getattr(error, "wait", None) or 1)


def _of_django(error: Exception) -> dict[str, Any]:
    if isinstance(error, Http404):
        return of_refusal(errors.NotFound())
    if isinstance(error, UnreadablePostError):
        return of_refusal(errors.Malformed("The body is shorter than its Content-Length. Send the complete body."))
    return of_refusal(errors.TooLarge() if isinstance(error, RequestDataTooBig) else errors.NotAllowed())


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(_wait_of(error))
    return headers


def _faults(detail: Any, pointer: str) -> Any:
    """Yield each message of a nested validation error with its JSON Pointer."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else json_pointer.join(name)
            yield from _faults(inner, pointer + step)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            is_message = isinstance(inner, str)
            yield from _faults(inner, pointer if is_message else f"{pointer}/{index}")
    else:
        yield {"pointer": pointer, "message": str(detail)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | UUID):
        return str(value)
    return value


def outside(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    """Return a problem document where no call answers."""
    body = document(code, status, detail) | {"request_id": request_id_of(request)}
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, headers={"X-Request-ID": body["request_id"]})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return Django's own 400 errors under /api/ as problem documents."""
    if request.path.startswith("/api/"):
        return outside(request, 400, "malformed", "The request is not valid. Check the Host header and the URL.")
    return defaults.bad_request(request, exception)


def _failed(request: HttpRequest) -> HttpResponse:
    """The page of a failure; without the request, as what its header shows may be what fails."""
    return HttpResponse(render_to_string("500.html", {"request_id": request_id_of(request)}), status=500)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say why the database or a disk failed; return other failures without details."""
    # Django calls this while it handles the error, but does not pass it.
    outage = outages.of(sys.exc_info()[1])
    is_api = request.path.startswith("/api/")
    if outage is None:
        detail = "An internal error occurred. Contact your operator with the request_id."
        return outside(request, 500, "internal", detail) if is_api else _failed(request)
    # Without the request: what the page's header shows would ask the same database.
    answer = (
        outside(request, 503, outage.code, outage.message)
        if is_api
        else HttpResponse(render_to_string("503.html", {"words": outage.in_words}), status=503)
    )
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer
