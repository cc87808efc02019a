"""Carries actions out by one HTTP request: the approved payload as it is, under a key that stays the same.

A target says ``url`` and may say ``method`` (POST), ``headers``, ``bearer_env`` (the name of an environment variable
that holds a token), and how doubt is settled: ``dedupes: true`` when the other side recognizes our ``Idempotency-Key``,
or ``lookup``, an address with ``{key}`` in it that answers 200 or 404. With neither, a person settles it.
"""

import json
import os
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from approvals import conf
from approvals.connectors.base import CallResult, CallStatus, Order, Recovery
from approvals.connectors.outbound import Forbidden, NoAnswer, NotSent, Reply, Request, call, fault_of
from policies.engine.values.canonical import canonical_bytes, holds_nul

METHODS = ("POST", "PUT", "PATCH", "DELETE")
FIELDS = {"url", "method", "headers", "bearer_env", "dedupes", "lookup", "settle_seconds"}
# Only variables of this prefix may be named: a target must not read the rest of the environment out.
SECRET_PREFIX = "HITL_SECRET_"
SECRET_NAME = re.compile(SECRET_PREFIX + "[A-Za-z0-9_]+")
# We write these ourselves; a second one, in whatever spelling, would say something else about what is sent.
RESERVED = {
    *("host", "content-length", "content-type", "transfer-encoding", "connection", "keep-alive", "upgrade", "te"),
    *("trailer", "expect", "accept-encoding", "proxy-authorization", "proxy-connection"),
    *("idempotency-key", "x-hitl-action", "x-hitl-revision"),
}
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
HEADER_VALUE = re.compile(r"[\x20-\x7e\t]*")
MAX_TEXT_LENGTH = 4_000
# Not now, said before anything was done.
LATER = {425, 429}
# Said by the other side about its own waiting; the request may have been worked on.
IN_DOUBT = {408}


class HttpConnector:
    """One request to an address that the action type names."""

    name = "http"

    def recovery(self, target: dict[str, Any]) -> Recovery:
        """What the target says that its other side can do."""
        if target.get("dedupes") is True:
            return Recovery.DEDUPES
        return Recovery.ASKABLE if target.get("lookup") else Recovery.NEITHER

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Say in sentences what is wrong with a target."""
        return list(_faults(target))

    def summary(self, target: dict[str, Any]) -> str:
        """Say the method and the host; path, query and headers may hold secrets."""
        return f"{target.get('method', 'POST')} {_origin(target.get('url'))}"

    def send(self, order: Order) -> CallResult:
        """Send the payload's exact bytes, once."""
        if faults := list(header_faults(order.target.get("headers", {}), "bearer_env" in order.target)):
            return CallResult(CallStatus.REFUSED, error=" ".join(faults))
        headers = {
            **order.target.get("headers", {}),
            "Content-Type": "application/json",
            "Idempotency-Key": order.key,
            "X-HITL-Action": order.action,
            "X-HITL-Revision": str(order.revision),
        }
        request = Request(order.target.get("method", "POST"), order.target["url"], headers, order.body.encode())
        try:
            return _judge(call(authorized(request, order.target)), order.attempt)
        except Forbidden as error:
            return CallResult(CallStatus.REFUSED, error=str(error))
        except NotSent as error:
            return CallResult(CallStatus.NOT_DONE, error=str(error))
        except NoAnswer as error:
            return CallResult(CallStatus.UNKNOWN, error=str(error))

    def look_up(self, order: Order) -> CallResult:
        """Ask the target's ``lookup`` address: 200 is done, 404 is not done, anything else is not known."""
        request = Request("GET", order.target["lookup"].replace("{key}", order.key), {})
        try:
            reply = call(authorized(request, order.target))
        except (NotSent, NoAnswer) as error:
            return CallResult(CallStatus.UNKNOWN, error=str(error))
        answers = {200: CallStatus.DONE, 404: CallStatus.NOT_DONE}
        answer = answers.get(reply.status, CallStatus.UNKNOWN)
        return CallResult(
            answer, _result(reply), "" if answer is CallStatus.DONE else f"The look-up said {reply.status}."
        )


def _origin(url: Any) -> str:
    """Scheme, host and port of an address, without a user or password; of one that cannot be read, that it cannot."""
    try:
        parts = urlsplit(str(url or ""))
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that cannot be read"
    if not parts.hostname:
        return "an address that cannot be read"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}"


def _judge(reply: Reply, attempt: int) -> CallResult:
    """Read a status honestly: only a clear no is a no."""
    status, result = reply.status, _result(reply)
    if 200 <= status < 300:
        return CallResult(CallStatus.DONE, result)
    error = f"The other side answered {status}."
    if status in LATER:
        return CallResult(CallStatus.NOT_DONE, result, error)
    # A conflict on a repetition is usually the first attempt, still being worked on.
    if status in IN_DOUBT or (status == 409 and attempt > 1) or not 400 <= status < 500:
        return CallResult(CallStatus.UNKNOWN, result, error)
    return CallResult(CallStatus.REFUSED, result, error)


def authorized(request: Request, target: dict[str, Any]) -> Request:
    """The request with our own headers, and with the token that the target names.

    :raises NotSent: the variable that should hold the token is not set, or may not be named.
    """
    headers = {"User-Agent": "hitl", "Accept": "application/json", "Accept-Encoding": "identity", **request.headers}
    if "bearer_env" in target:
        headers["Authorization"] = f"Bearer {_secret(target)}"
    return Request(request.method, request.url, headers, request.body)


def _secret(target: dict[str, Any]) -> str:
    # Asked again here: what was saved by an earlier release, or past the form, must not leave either.
    if faults := list(secret_faults(target)):
        raise NotSent(" ".join(faults))
    name = target["bearer_env"]
    if not os.environ.get(name):
        raise NotSent(f"The environment variable {name} is not set; set it for the worker and the clock.")
    return os.environ[name]


def _result(reply: Reply) -> dict[str, Any]:
    """What is kept of an answer: its status, and its body as JSON where that can be stored, else as short text."""
    kept: dict[str, Any] = {"status": reply.status}
    if reply.is_cut:
        kept["is_cut"] = True
    if len(reply.body) <= MAX_TEXT_LENGTH and not reply.is_cut:
        try:
            value = json.loads(reply.body)
            if not holds_nul(canonical_bytes(value)):
                return {**kept, "body": value}
        except (ValueError, RecursionError):
            # No JSON, or none that a database takes: it is kept as text.
            pass
    text = reply.body[:MAX_TEXT_LENGTH].decode(errors="replace").replace("\x00", "\ufffd")
    return {**kept, "text": text} if text else kept


def _faults(target: dict[str, Any]) -> Iterator[str]:
    for name in sorted(target.keys() - FIELDS):
        yield f"There is no field {name!r} in an http target; use one of {', '.join(sorted(FIELDS))}."
    yield from _address_faults(target)
    if target.get("method", "POST") not in METHODS:
        yield f"The method is {target['method']!r}; use one of {', '.join(METHODS)}."
    yield from header_faults(target.get("headers", {}), "bearer_env" in target)
    yield from secret_faults(target)
    if not isinstance(target.get("dedupes", False), bool):
        yield "dedupes must be true or false."


def secret_faults(target: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the name of the variable that holds a target's token."""
    if "bearer_env" not in target:
        return
    name = target["bearer_env"]
    if not isinstance(name, str) or not SECRET_NAME.fullmatch(name):
        yield f"bearer_env must name an environment variable that begins with {SECRET_PREFIX}, in letters and digits."
    elif name.upper() in conf.own_variables():
        yield f"bearer_env names {name}, which HITL itself reads; put the token into a variable of its own."


def header_faults(headers: Any, has_bearer: bool) -> Iterator[str]:
    """What is wrong with a target's headers, in sentences."""
    if not isinstance(headers, dict) or not all(isinstance(item, str) for pair in headers.items() for item in pair):
        yield "The headers are no object of texts; write them as names with values."
        return
    reserved = RESERVED | {"authorization"} if has_bearer else RESERVED
    for name, value in headers.items():
        if name.lower() in reserved:
            yield f"The header {name!r} is written by us; leave it out."
        elif not HEADER_NAME.fullmatch(name):
            yield f"{name!r} is no name of a header; use letters, digits and hyphens."
        if not HEADER_VALUE.fullmatch(value):
            yield f"The value of {name!r} holds signs that a header cannot carry; use plain ASCII on one line."
    if len({name.lower() for name in headers}) < len(headers):
        yield "A header is named twice in different spellings; name it once."


def _address_faults(target: dict[str, Any]) -> Iterator[str]:
    if not isinstance(target.get("url"), str):
        yield "The target has no url; write https://host/path."
    elif fault := fault_of(target["url"]):
        yield fault
    if "lookup" not in target:
        return
    lookup = target["lookup"]
    if not isinstance(lookup, str) or "{key}" not in lookup:
        yield "The lookup address has no {key} in it; write where the key goes."
    elif fault := fault_of(lookup.replace("{key}", "0")):
        yield fault
