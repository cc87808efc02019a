"""Looks a value up by one GET request that answers with JSON.

A target says ``url``, with places such as ``{/email}`` behind the host, and may say ``headers`` and ``bearer_env``, as
that of the http connector. A 404 is an answer: there is no such value.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from approvals.connectors.http import LATER, authorized, header_faults, secret_faults
from approvals.connectors.lookups.base import PLACE, NothingFound, Question, Unreachable, faults_of_template
from approvals.connectors.outbound import Forbidden, NoAnswer, NotSent, Reply, Request, call, fault_of

FIELDS = {"url", "headers", "bearer_env"}
SECONDS = 5.0
# Stands for a place where it matters where that is; no address holds it.
_MARK = "\x00"


class HttpSource:
    """One request to an address that the action type names."""

    name = "http"

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Say in sentences what is wrong with a target."""
        strange = [
            f"There is no field {name!r} in the target of an http look-up; use one of {', '.join(sorted(FIELDS))}."
            for name in sorted(target.keys() - FIELDS)
        ]
        headers = header_faults(target.get("headers", {}), "bearer_env" in target)
        return [*strange, *_address_faults(target.get("url")), *headers, *secret_faults(target)]

    def described(self, target: dict[str, Any]) -> str:
        """The host that is asked."""
        return urlsplit(target["url"]).hostname or "http"

    def asked(self, target: dict[str, Any], question: Question) -> str:
        """The address, with every value percent-encoded; none of them leads out of its place in the path."""
        address = question.fill(target["url"], is_address=True)
        if {".", ".."} & set(urlsplit(address).path.split("/")):
            raise NothingFound("A value of this action would change the path of the address, so nothing was looked up.")
        return address

    def fetch(self, target: dict[str, Any], asked: str) -> Any:
        """The answer's JSON."""
        if list(header_faults(target.get("headers", {}), "bearer_env" in target)):
            raise NothingFound("The headers of this look-up cannot be sent; correct the action type.")
        request = Request("GET", asked, dict(target.get("headers", {})))
        try:
            reply = call(authorized(request, target), seconds=SECONDS)
        except Forbidden as error:
            raise NothingFound("The address may not be called; see HITL_OUTBOUND_HOSTS.") from error
        except (NotSent, NoAnswer) as error:
            raise Unreachable(str(error)) from error
        return _value(reply)


def _address_faults(url: Any) -> list[str]:
    if faults := faults_of_template(url, "url"):
        return faults
    # Values that an agent chooses go into the path or the query, never into the host.
    if _MARK in "/".join(PLACE.sub(_MARK, url).split("/")[:3]):
        return ["The host of url has a place in it; places belong into the path or behind the question mark."]
    fault = fault_of(PLACE.sub("x", url))
    return [fault] if fault else []


def _value(reply: Reply) -> Any:
    if reply.status >= 500 or reply.status in LATER or reply.status == 408:
        raise Unreachable(f"The source answered {reply.status}.")
    if reply.status != 200:
        known = "it knows nothing of it" if reply.status == 404 else "nothing was taken from that"
        raise NothingFound(f"The source answered {reply.status}: {known}.")
    if reply.is_cut:
        raise Unreachable("The answer was longer, or came slower, than is allowed.")
    try:
        return json.loads(reply.body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NothingFound("The answer is no JSON.") from error


def _refuse(word: str) -> None:
    raise ValueError(word)
