"""Execute actions with one HTTP request: the approved payload under a constant idempotency key.

A target has ``url`` and may have ``method`` (default POST), ``headers``, ``credential`` (the name of a declared one)
and ``timeout`` in seconds. To resolve unknown results, it may have ``dedupes: true`` if the target recognizes
``Idempotency-Key``, or ``lookup``, a URL with ``{key}`` that answers 200 or 404. With neither, a person resolves them.
To let actions end, it has ``reverse``: a ``url``, and perhaps a ``method``, that undoes what was sent.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any
from urllib.parse import urlsplit

from approvals import logs, tracing
from approvals.connectors.base import CallResult, CallStatus, Order, Recovery
from approvals.connectors.credentials import HEADER_VALUE, bearer, credential_faults
from approvals.connectors.outbound import (
    Forbidden,
    NoAnswer,
    NotSent,
    Reply,
    Request,
    call,
    fault_of,
    time_faults,
    time_limit,
)
from policies.engine.values.canonical import canonical_bytes, holds_nul

METHODS = ("POST", "PUT", "PATCH", "DELETE")
FIELDS = {"url", "method", "headers", "credential", "dedupes", "lookup", "reverse", "settle_seconds", "timeout"}
BACK_FIELDS = {"url", "method"}
# HITL sets these itself; a second one in any spelling would contradict it.
RESERVED = {
    *("host", "content-length", "content-type", "transfer-encoding", "connection", "keep-alive", "upgrade", "te"),
    *("trailer", "expect", "accept-encoding", "proxy-authorization", "proxy-connection"),
    *("idempotency-key", "x-hitl-action", "x-hitl-revision", "x-hitl-attempt", "x-hitl-deadline"),
    "x-hitl-reverses",
}
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
MAX_TEXT_LENGTH = 4_000
# Temporary refusals before anything was done.
LATER = {425, 429}
# The target timed out; it may have processed the request.
IN_DOUBT = {408}


class HttpConnector:
    """Sends one request to the action type's URL."""

    name = "http"

    def recovery(self, target: dict[str, Any]) -> Recovery:
        """Return what the target declares."""
        if target.get("dedupes") is True:
            return Recovery.DEDUPES
        return Recovery.ASKABLE if target.get("lookup") else Recovery.NEITHER

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Return the faults of a target as sentences."""
        return list(_faults(target))

    def summary(self, target: dict[str, Any]) -> str:
        """Say the method and the host; path, query and headers may hold secrets."""
        return f"{target.get('method', 'POST')} {origin(target.get('url'))}"

    def host(self, target: dict[str, Any]) -> str:
        """Return the host and port of the URL."""
        return host_of(target.get("url"))

    def send(self, order: Order) -> CallResult:
        """Send the payload's exact bytes, once."""
        if faults := list(header_faults(order.target.get("headers", {}), "credential" in order.target)):
            return CallResult(CallStatus.REFUSED, error=" ".join(faults))
        headers = {
            **order.target.get("headers", {}),
            "Content-Type": "application/json",
            **order_headers(order, time_limit(order.target)),
        }
        request = Request(order.target.get("method", "POST"), order.target["url"], headers, order.body.encode())
        try:
            return call_result(call(authorized(request, order.target), time_limit(order.target)), order.attempt)
        except Forbidden as error:
            return CallResult(CallStatus.REFUSED, error=str(error))
        except NotSent as error:
            return CallResult(CallStatus.NOT_DONE, error=str(error))
        except NoAnswer as error:
            return CallResult(CallStatus.UNKNOWN, error=str(error))

    def can_reverse(self, target: dict[str, Any]) -> bool:
        """Return whether the target says what undoes an order."""
        return "reverse" in target

    def reverse(self, order: Order) -> Order | None:
        """Return the same payload for the target's ``reverse`` URL; it names the key of what it undoes."""
        if "reverse" not in order.target:
            return None
        key = hashlib.sha256(f"reverse {order.key}".encode()).hexdigest()
        return replace(order, key=key, target=_target_back(order.target), reverses=order.key, attempt=1)

    def look_up(self, order: Order) -> CallResult:
        """Query the target's ``lookup`` URL: 200 is done, 404 is not done, anything else is unknown."""
        if not order.target.get("lookup"):
            return CallResult(CallStatus.UNKNOWN, error="The target has no lookup URL.")
        request = Request("GET", order.target["lookup"].replace("{key}", order.key), {})
        try:
            reply = call(authorized(request, order.target), time_limit(order.target))
        except (NotSent, NoAnswer) as error:
            return CallResult(CallStatus.UNKNOWN, error=str(error))
        answers = {200: CallStatus.DONE, 404: CallStatus.NOT_DONE}
        answer = answers.get(reply.status, CallStatus.UNKNOWN)
        return CallResult(
            answer, result_of(reply), "" if answer is CallStatus.DONE else f"The lookup returned {reply.status}."
        )


def origin(url: Any) -> str:
    """Return scheme, host and port of a URL without credentials, or a fixed text if it is invalid."""
    try:
        parts = urlsplit(str(url or ""))
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "(invalid URL)"
    if not parts.hostname:
        return "(invalid URL)"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}"


def host_of(url: Any) -> str:
    """Return host and port of a URL in lower case, or nothing if it is invalid."""
    _scheme, slashes, host = origin(url).partition("://")
    return host.lower() if slashes else ""


def call_result(reply: Reply, attempt: int) -> CallResult:
    """Map a status to a result; only a clear refusal counts as refused."""
    status, result = reply.status, result_of(reply)
    if 200 <= status < 300:
        return CallResult(CallStatus.DONE, result)
    error = f"The target returned {status}."
    if status in LATER:
        return CallResult(CallStatus.NOT_DONE, result, error)
    # A conflict on a retry usually means that the first attempt is still in progress.
    if status in IN_DOUBT or (status == 409 and attempt > 1) or not 400 <= status < 500:
        return CallResult(CallStatus.UNKNOWN, result, error)
    return CallResult(CallStatus.REFUSED, result, error)


def order_headers(order: Order, seconds: float) -> dict[str, str]:
    """Return the headers that say which attempt at which order this is, and until when its answer is waited for."""
    deadline = order.now.astimezone(UTC) + timedelta(seconds=seconds)
    return {
        "Idempotency-Key": order.key,
        "X-HITL-Action": order.action,
        "X-HITL-Revision": str(order.revision),
        "X-HITL-Attempt": str(order.attempt),
        "X-HITL-Deadline": deadline.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        **({"X-HITL-Reverses": order.reverses} if order.reverses else {}),
    }


def authorized(request: Request, target: dict[str, Any]) -> Request:
    """Return the request with HITL's headers and the target's credential.

    :raises NotSent: the URL's host must not receive the credential, or it has no value.
    """
    headers = {"User-Agent": "hitl", "Accept": "application/json", "Accept-Encoding": "identity", **request.headers}
    # By it, the logs of the other system lead to ours; a target may have such a header of its own.
    if (request_id := logs.request_id()) and not any(name.lower() == "x-request-id" for name in headers):
        headers["X-Request-ID"] = request_id
    headers = tracing.carried() | headers
    return Request(request.method, request.url, headers | bearer(target, request.url), request.body)


def result_of(reply: Reply) -> dict[str, Any]:
    """Return the status and body to store; the body as JSON if possible, else as short text."""
    kept: dict[str, Any] = {"status": reply.status}
    if reply.is_cut:
        kept["is_cut"] = True
    if len(reply.body) <= MAX_TEXT_LENGTH and not reply.is_cut:
        try:
            value = json.loads(reply.body)
            if not holds_nul(canonical_bytes(value)):
                return {**kept, "body": value}
        except (ValueError, RecursionError):
            # Not JSON, or not storable: it is kept as text.
            pass
    text = reply.body[:MAX_TEXT_LENGTH].decode(errors="replace").replace("\x00", "\ufffd")
    return {**kept, "text": text} if text else kept


def _faults(target: dict[str, Any]) -> Iterator[str]:
    for name in sorted(target.keys() - FIELDS):
        yield f"Unknown field {name!r} in an http target. Use one of: {', '.join(sorted(FIELDS))}."
    yield from _address_faults(target)
    if target.get("method", "POST") not in METHODS:
        yield f"The method {target['method']!r} is not supported. Use one of: {', '.join(METHODS)}."
    yield from header_faults(target.get("headers", {}), "credential" in target)
    yield from credential_faults(target)
    yield from time_faults(target)
    if not isinstance(target.get("dedupes", False), bool):
        yield "dedupes must be true or false."
    if "reverse" in target:
        yield from _faults_back(target)


def _faults_back(target: dict[str, Any]) -> Iterator[str]:
    back = target["reverse"]
    if not isinstance(back, dict) or back.keys() - BACK_FIELDS or not isinstance(back.get("url"), str):
        yield 'reverse must be an object with a url and perhaps a method, for example {"url": "https://host/path"}.'
        return
    if fault := fault_of(back["url"]):
        yield fault
    if back.get("method", "POST") not in METHODS:
        yield f"The method {back['method']!r} of reverse is not supported. Use one of: {', '.join(METHODS)}."


def _target_back(target: dict[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in target.items() if name not in {"reverse", "method"}}
    return {**rest, **target["reverse"]}


def header_faults(headers: Any, has_credential: bool) -> Iterator[str]:
    """Yield the faults of a target's headers as sentences."""
    if not isinstance(headers, dict) or not all(isinstance(item, str) for pair in headers.items() for item in pair):
        yield 'headers must be an object of strings, for example {"X-Team": "finance"}.'
        return
    reserved = RESERVED | {"authorization"} if has_credential else RESERVED
    for name, value in headers.items():
        if name.lower() in reserved:
            yield f"HITL sets the header {name!r} itself. Remove it."
        elif not HEADER_NAME.fullmatch(name):
            yield f"{name!r} is not a valid header name. Use letters, digits, and hyphens."
        if not HEADER_VALUE.fullmatch(value):
            yield f"The value of {name!r} contains invalid characters. Use ASCII text on one line."
    if len({name.lower() for name in headers}) < len(headers):
        yield "A header appears twice in different spellings. Remove one of them."


def _address_faults(target: dict[str, Any]) -> Iterator[str]:
    if not isinstance(target.get("url"), str):
        yield "url is missing. Enter it as https://host/path."
    elif fault := fault_of(target["url"]):
        yield fault
    if "lookup" not in target:
        return
    lookup = target["lookup"]
    if not isinstance(lookup, str) or "{key}" not in lookup:
        yield "The lookup URL has no {key}. Add it where the key belongs."
    elif fault := fault_of(lookup.replace("{key}", "0")):
        yield fault
