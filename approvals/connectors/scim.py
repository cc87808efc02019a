"""Add a user to a group, or remove them, at a SCIM 2.0 service provider (RFC 7644).

A target has ``url`` (the base address) and ``operation`` (``add`` or ``remove``), and may have ``credential`` and
``timeout``. ``group`` and ``user`` are JSON Pointers into the payload, by default ``/group`` and ``/user``. They lead
to an ID, or to a name if ``group_by`` is ``displayName`` or ``user_by`` is ``userName``.

A provider does not know our key, but can be asked who is a member. If it sends versions (ETags), a change is bound to
the version that was read, so that a request that arrives late has no effect.
"""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.utils.translation import gettext as _

from approvals.connectors.base import CallResult, CallStatus, Order, Recovery
from approvals.connectors.credentials import credential_faults
from approvals.connectors.http import authorized, call_result, host_of, order_headers, origin
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
from policies.engine.values import json_pointer

FIELDS = ("url", "credential", "operation", "group", "user", "group_by", "user_by", "timeout")
OPERATIONS = ("add", "remove")
NAMES = {"group": "displayName", "user": "userName"}
ENDPOINTS = {"group": "Groups", "user": "Users"}
# The members of a large group are read only where they are asked about.
LESS = {"group": {"excludedAttributes": "members"}, "user": {}}
MEDIA_TYPE = "application/scim+json"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MAX_LENGTH = 400


class Unresolved(Exception):
    """The group or the user could not be determined; nothing was changed."""

    def __init__(self, answer: CallStatus, message: str) -> None:
        self.answer = answer
        super().__init__(message)


class ScimConnector:
    """Changes the members of groups."""

    name = "scim"

    def recovery(self, target: dict[str, Any]) -> Recovery:
        """The members of a group can be read."""
        return Recovery.ASKABLE

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Return the faults of a target as sentences."""
        return list(_faults(target))

    def summary(self, target: dict[str, Any]) -> str:
        """Say the operation and the host."""
        verb = "Removes a user from" if target.get("operation") == "remove" else "Adds a user to"
        return f"{verb} a group at {origin(target.get('url'))}"

    def host(self, target: dict[str, Any]) -> str:
        """Return the host and port of the provider."""
        return host_of(target.get("url"))

    def preview(self, target: dict[str, Any], payload: dict[str, Any]) -> list[str]:
        """Say which user and which group."""
        said = {kind: json_pointer.find(payload, str(target.get(kind, f"/{kind}"))) for kind in NAMES}
        if not all(isinstance(value, str) for value in said.values()):
            return []
        said["host"] = origin(target.get("url"))
        if target.get("operation") == "remove":
            return [_("Removes the user “%(user)s” from the group “%(group)s” at %(host)s.") % said]
        return [_("Adds the user “%(user)s” to the group “%(group)s” at %(host)s.") % said]

    def check(self, order: Order) -> list[str]:
        """Say that the group or the user does not exist, or that the provider refuses to name them."""
        try:
            _Provider(order).resolved()
        except Unresolved as error:
            return [str(error)] if error.answer is CallStatus.REFUSED else []
        except Forbidden as error:
            return [str(error)]
        except (NotSent, NoAnswer):
            # Sending finds out, and is repeated.
            return []
        return []

    def reverse(self, order: Order) -> Order:
        """Return the opposite change."""
        opposite = "remove" if order.target["operation"] == "add" else "add"
        key = hashlib.sha256(f"reverse {order.key}".encode()).hexdigest()
        return replace(order, key=key, target=order.target | {"operation": opposite}, attempt=1)

    def send(self, order: Order) -> CallResult:
        """Change the group once; a user who is or is not a member already, as wanted, is done."""
        provider = _Provider(order)
        try:
            group, user = provider.resolved()
            reply = provider.change(group, user)
        except Unresolved as error:
            return CallResult(error.answer, error=str(error))
        except Forbidden as error:
            return CallResult(CallStatus.REFUSED, error=str(error))
        except NotSent as error:
            return CallResult(CallStatus.NOT_DONE, error=str(error))
        except NoAnswer as error:
            return CallResult(CallStatus.UNKNOWN, error=str(error))
        return self._concluded(provider, reply, group["id"], user["id"])

    def look_up(self, order: Order) -> CallResult:
        """Ask whether the user is a member."""
        provider = _Provider(order)
        try:
            group, user = provider.resolved()
            is_done = provider.is_as_wanted(group["id"], user["id"])
        except (Unresolved, NotSent, NoAnswer) as error:
            return CallResult(CallStatus.UNKNOWN, error=str(error))
        if is_done:
            return CallResult(CallStatus.DONE, provider.result(group["id"], user["id"]))
        return CallResult(CallStatus.NOT_DONE, error="The group is not as it would be afterwards.")

    def _concluded(self, provider: "_Provider", reply: Reply, group: str, user: str) -> CallResult:
        found = call_result(reply, provider.order.attempt)
        if found.answer is CallStatus.DONE:
            return CallResult(CallStatus.DONE, provider.result(group, user))
        if reply.status == 412:
            return CallResult(CallStatus.NOT_DONE, error="The group was changed in the meantime.")
        if found.answer is not CallStatus.REFUSED:
            return found
        # Some providers refuse to remove who is no member, or to add who is one.
        try:
            if provider.is_as_wanted(group, user):
                return CallResult(CallStatus.DONE, provider.result(group, user))
        except (Unresolved, NotSent, NoAnswer):
            # The refusal is clear in any case.
            pass
        return found


class _Provider:
    """The requests of one order, within its time limit."""

    def __init__(self, order: Order) -> None:
        self.order, self.target = order, order.target
        self.until = time.monotonic() + time_limit(order.target)

    def resolved(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the group and the user.

        :raises Unresolved: one of them does not exist or cannot be read.
        """
        return self._resource("group"), self._resource("user")

    def change(self, group: dict[str, Any], user: dict[str, Any]) -> Reply:
        """Send the change of the group."""
        if self.target["operation"] == "add":
            operation = {"op": "add", "path": "members", "value": [{"value": user["id"]}]}
        else:
            operation = {"op": "remove", "path": f"members[value eq {json.dumps(user['id'])}]"}
        body = json.dumps({"schemas": [PATCH], "Operations": [operation]}).encode()
        meta = group.get("meta")
        version = meta.get("version") if isinstance(meta, dict) else None
        headers = {"If-Match": version} if isinstance(version, str) and version.isascii() else {}
        headers |= {"Content-Type": MEDIA_TYPE, **order_headers(self.order, self.until - time.monotonic())}
        return self._ask("PATCH", f"Groups/{quote(group['id'], safe='')}", headers=headers, body=body)

    def is_as_wanted(self, group: str, user: str) -> bool:
        """Whether the user is a member when added, or none when removed.

        :raises Unresolved: the members cannot be read.
        """
        reply = self._ask_to_read("group", f"Groups/{quote(group, safe='')}")
        members = None if reply.is_cut else _parsed("group", reply).get("members")
        if isinstance(members, list):
            is_member = any(isinstance(each, dict) and each.get("value") == user for each in members)
        else:
            # A provider can leave out members that are none, or never return them; a large group is cut off.
            is_member = self._is_among(group, user)
        return is_member is (self.target["operation"] == "add")

    def result(self, group: str, user: str) -> dict[str, Any]:
        """Return what to store: the operation and both IDs."""
        return {"operation": self.target["operation"], "group": group, "user": user}

    def _is_among(self, group: str, user: str) -> bool:
        only = f"id eq {json.dumps(group)} and members.value eq {json.dumps(user)}"
        listed = self._read("group", "Groups", filter=only, **LESS["group"]).get("Resources") or []
        return any(isinstance(each, dict) and each.get("id") == group for each in listed)

    def _resource(self, kind: str) -> dict[str, Any]:
        value = json_pointer.find(self.order.payload, self.target.get(kind, f"/{kind}"))
        if not isinstance(value, str) or not 0 < len(value.strip()) <= MAX_LENGTH or value.strip() in {".", ".."}:
            raise Unresolved(CallStatus.REFUSED, f"The payload has no {kind}. Add its ID or name.")
        if self.target.get(f"{kind}_by", "id") == "id":
            found = self._read(kind, f"{ENDPOINTS[kind]}/{quote(value, safe='')}", **LESS[kind])
            is_it = found.get("id") == value
        else:
            found, is_it = self._named(kind, value), True
        if not is_it or not isinstance(found.get("id"), str) or not found["id"]:
            raise Unresolved(CallStatus.REFUSED, f"The provider returned another {kind} than the one in the payload.")
        return found

    def _named(self, kind: str, value: str) -> dict[str, Any]:
        attribute = NAMES[kind]
        # A filter's text is JSON (RFC 7644, section 3.4.2.2), so no value can leave its quotes.
        only = f"{attribute} eq {json.dumps(value)}"
        listed = self._read(kind, ENDPOINTS[kind], filter=only, **LESS[kind]).get("Resources") or []
        # Compared again: a provider that ignores filters would name somebody else.
        found = [each for each in listed if isinstance(each, dict) and _is_same(each.get(attribute), value)]
        if len(found) != 1:
            raise Unresolved(CallStatus.REFUSED, f"The provider has {len(found)} entries with this {attribute}.")
        return found[0]

    def _read(self, kind: str, path: str, **query: str) -> dict[str, Any]:
        return _parsed(kind, self._ask_to_read(kind, path, **query))

    def _ask_to_read(self, kind: str, path: str, **query: str) -> Reply:
        try:
            reply = self._ask("GET", path + (f"?{urlencode(query, quote_via=quote)}" if query else ""))
        except NoAnswer as error:
            # Reading changes nothing.
            raise Unresolved(CallStatus.NOT_DONE, str(error)) from error
        if reply.status == 404:
            raise Unresolved(CallStatus.REFUSED, f"The provider does not have this {kind}.")
        if reply.status != 200:
            refusal = call_result(reply, 1)
            is_clear = refusal.answer is CallStatus.REFUSED
            raise Unresolved(CallStatus.REFUSED if is_clear else CallStatus.NOT_DONE, refusal.error)
        return reply

    def _ask(self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Reply:
        left = self.until - time.monotonic()
        if left <= 0:
            raise NotSent("The provider took too long, so nothing was changed.")
        url = f"{self.target['url'].rstrip('/')}/{path}"
        request = Request(method, url, {"Accept": MEDIA_TYPE, **(headers or {})}, body)
        return call(authorized(request, self.target), left)


def _parsed(kind: str, reply: Reply) -> dict[str, Any]:
    """Return the resource or list in a reply.

    :raises Unresolved: it is none.
    """
    try:
        value = json.loads(reply.body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or reply.is_cut:
        raise Unresolved(CallStatus.NOT_DONE, f"The provider’s answer about the {kind} is not readable.")
    return value


def _is_same(found: Any, value: str) -> bool:
    """Whether two names are the same; SCIM compares them without case."""
    return isinstance(found, str) and found.casefold() == value.casefold()


def _faults(target: dict[str, Any]) -> Iterator[str]:
    for name in sorted(target.keys() - set(FIELDS)):
        yield f"Unknown field {name!r} in a scim target. Use one of: {', '.join(FIELDS)}."
    url = target.get("url")
    if not isinstance(url, str):
        yield "url is missing. Enter the provider’s base address as https://host/path."
    elif fault := fault_of(url):
        yield fault
    elif urlsplit(url).query or "?" in url:
        yield "The base address has a query. Remove it."
    if target.get("operation") not in OPERATIONS:
        yield "operation must be add or remove."
    for kind, attribute in NAMES.items():
        if not json_pointer.is_pointer(target.get(kind, f"/{kind}")):
            yield f"{kind} must be a JSON Pointer into the payload, for example /{kind}."
        if target.get(f"{kind}_by", "id") not in ("id", attribute):
            yield f"{kind}_by must be id or {attribute}."
    yield from credential_faults(target)
    yield from time_faults(target)
