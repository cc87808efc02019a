"""Look up a value with one GET request that returns JSON.

A target has ``url``, with placeholders such as ``{/email}`` after the host, and may have ``headers`` and ``credential``
like the http connector. A 404 means that there is no such value.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from approvals.connectors.credentials import credential_faults
from approvals.connectors.http import LATER, authorized, header_faults
from approvals.connectors.lookups.base import PLACE, NothingFound, Question, Unreachable, faults_of_template
from approvals.connectors.outbound import Forbidden, NoAnswer, NotSent, Reply, Request, call, fault_of
from policies.engine.values.said import message

FIELDS = {"url", "headers", "credential"}
SECONDS = 5.0
# Marks a placeholder; no URL contains it.
_MARK = "\x00"


class HttpSource:
    """Sends one request to the action type's URL."""

    name = "http"

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Return the faults of a target as sentences."""
        strange = [
            f"Unknown field {name!r} in an http lookup target. Use one of: {', '.join(sorted(FIELDS))}."
            for name in sorted(target.keys() - FIELDS)
        ]
        headers = header_faults(target.get("headers", {}), "credential" in target)
        return [*strange, *_address_faults(target.get("url")), *headers, *credential_faults(target)]

    def described(self, target: dict[str, Any]) -> str:
        """Return the host."""
        return urlsplit(target["url"]).hostname or "http"

    def asked(self, target: dict[str, Any], question: Question) -> str:
        """Return the URL with percent-encoded values; no value can change the path."""
        address = question.fill(target["url"], is_address=True)
        if {".", ".."} & set(urlsplit(address).path.split("/")):
            raise NothingFound(message("A value in this action would change the URL path, so the lookup was skipped."))
        return address

    def fetch(self, target: dict[str, Any], asked: str) -> Any:
        """Return the response's JSON."""
        if list(header_faults(target.get("headers", {}), "credential" in target)):
            raise NothingFound(message("The headers of this lookup are invalid. Correct the action type."))
        request = Request("GET", asked, dict(target.get("headers", {})))
        try:
            reply = call(authorized(request, target), seconds=SECONDS)
        except Forbidden as error:
            raise NothingFound(message("The URL is not allowed. Check HITL_OUTBOUND_HOSTS.")) from error
        except (NotSent, NoAnswer) as error:
            raise Unreachable(str(error)) from error
        return _value(reply)


def _address_faults(url: Any) -> list[str]:
    if faults := faults_of_template(url, "url"):
        return faults
    # Values chosen by an agent go into the path or the query, never into the host.
    if _MARK in "/".join(PLACE.sub(_MARK, url).split("/")[:3]):
        return ["The host in url contains a placeholder. Use placeholders only in the path or the query."]
    fault = fault_of(PLACE.sub("x", url))
    return [fault] if fault else []


def _value(reply: Reply) -> Any:
    if reply.status >= 500 or reply.status in LATER or reply.status == 408:
        raise Unreachable(f"The source returned {reply.status}.")
    if reply.status != 200:
        reason = "it has no such value" if reply.status == 404 else "the response was ignored"
        raise NothingFound(f"The source returned {reply.status}: {reason}.")
    if reply.is_cut:
        raise Unreachable(message("The response was too long or too slow."))
    try:
        return json.loads(reply.body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NothingFound(message("The response is not JSON.")) from error


def _refuse(word: str) -> None:
    raise ValueError(word)
