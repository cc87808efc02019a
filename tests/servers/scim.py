"""A SCIM 2.0 service provider (RFC 7644) in a process of its own, with the parts that the connector needs, and faults.

`python tests/servers/scim.py PORT [TOKEN]` serves `/scim/v2/`. `POST /control` sets its state and the faults of the
next requests, and `GET /control` returns its state.
"""

import json
import re
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

BASE = "/scim/v2/"
FILTER = re.compile(r'(\w+) eq ("(?:[^"\\]|\\.)*")')
MEMBER = re.compile(r'members\[value eq ("(?:[^"\\]|\\.)*")\]')
BOTH = re.compile(r'id eq ("(?:[^"\\]|\\.)*") and members\.value eq ("(?:[^"\\]|\\.)*")')
SLOW_SECONDS = 20.0
LATE_SECONDS = 1.5


class Refusal(Exception):
    """A SCIM error with its status."""

    def __init__(self, status: int, detail: str) -> None:
        self.status = status
        super().__init__(detail)


class Directory:
    """Users, groups with members, and the changes that took effect."""

    def __init__(self) -> None:
        self.users: dict[str, str] = {}
        self.groups: dict[str, dict[str, Any]] = {}
        self.faults: list[str] = []
        self.changes: list[list[str]] = []
        self.requests: list[list[str]] = []
        self.has_versions = True
        self.hides_members = False
        self.ignores_filters = False

    def set(self, wanted: dict[str, Any]) -> None:
        """Replace parts of the state."""
        for name, members in wanted.pop("groups", {}).items():
            self.groups[name.casefold()] = {"displayName": name, "members": list(members), "number": 1}
        vars(self).update(wanted)

    def group(self, key: str) -> dict[str, Any]:
        """The resource of a group, whose ID is its name in lower case."""
        if key not in self.groups:
            raise Refusal(404, f"Resource {key} not found")
        found = self.groups[key]
        members = [{"value": each} for each in found["members"]]
        meta = {"resourceType": "Group"} | ({"version": f'W/"{found["number"]}"'} if self.has_versions else {})
        return {"id": key, "displayName": found["displayName"], "members": members, "meta": meta}

    def user(self, key: str) -> dict[str, Any]:
        """The resource of a user."""
        if key not in self.users:
            raise Refusal(404, f"Resource {key} not found")
        return {"id": key, "userName": self.users[key], "meta": {"resourceType": "User"}}

    def patch(self, key: str, version: str | None, body: dict[str, Any]) -> None:
        """Apply one operation to the members of a group."""
        found = self.group(key)
        if version is not None and version != found["meta"].get("version"):
            raise Refusal(412, "Version mismatch")
        (operation,) = body["Operations"]
        members = self.groups[key]["members"]
        if operation["op"] == "add" and operation["path"] == "members":
            wanted = [each["value"] for each in operation["value"]]
            members += [each for each in wanted if each not in members and self.user(each)]
        elif operation["op"] == "remove" and (place := MEMBER.fullmatch(operation["path"])):
            if json.loads(place[1]) not in members:
                raise Refusal(400, "noTarget")
            members.remove(json.loads(place[1]))
        else:
            raise Refusal(400, "invalidPath")
        self.groups[key]["number"] += 1
        self.changes.append([operation["op"], key])


def listed(resources: list[dict[str, Any]], text: str) -> dict[str, Any]:
    """The list response for a filter."""
    match = FILTER.fullmatch(text)
    if match is None:
        raise Refusal(400, "invalidFilter")
    name, value = match[1], json.loads(match[2])
    found = [each for each in resources if str(each.get(name)).casefold() == value.casefold()]
    return {"totalResults": len(found), "Resources": found}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    directory = Directory()
    token = ""

    def do_GET(self) -> None:
        if self.path == "/control":
            return self.reply(200, {**vars(self.directory)})
        return self.scim(self.found)

    def do_POST(self) -> None:
        self.directory.set(json.loads(self.content()))
        self.reply(200, {})

    def do_PATCH(self) -> None:
        self.scim(self.patched)

    def scim(self, act: Callable[[], dict[str, Any] | None]) -> None:
        """Answer one request, with the next fault if there is one."""
        self.directory.requests.append([self.command, self.path])
        body = self.content()
        fault = self.directory.faults.pop(0) if self.directory.faults else ""
        if fault in {"429", "500", "503", "401"}:
            return self.reply(int(fault), {"detail": fault})
        if self.token and self.headers["Authorization"] != f"Bearer {self.token}":
            return self.reply(401, {"detail": "unauthorized"})
        self.body = body
        if fault == "late":
            time.sleep(LATE_SECONDS)
        try:
            answer = act()
        except Refusal as refusal:
            return self.reply(refusal.status, {"status": str(refusal.status), "detail": str(refusal)})
        if fault == "slow":
            time.sleep(SLOW_SECONDS)
        if fault == "closed after":
            self.close_connection = True
            return None
        return self.reply(500, {}) if fault == "500 after" else self.reply(200 if answer else 204, answer)

    def found(self) -> dict[str, Any]:
        """What is asked for."""
        parts = urlsplit(self.path)
        kind, _, key = parts.path.removeprefix(BASE).partition("/")
        query = parse_qs(parts.query)
        directory = self.directory
        if key:
            found = directory.group(unquote(key)) if kind == "Groups" else directory.user(unquote(key))
        else:
            keys = directory.groups if kind == "Groups" else directory.users
            read = directory.group if kind == "Groups" else directory.user
            found = self.filtered([read(each) for each in keys], query["filter"][0])
        if query.get("excludedAttributes") == ["members"] or directory.hides_members:
            for each in (found, *found.get("Resources", ())):
                each.pop("members", None)
        return found

    def filtered(self, resources: list[dict[str, Any]], text: str) -> dict[str, Any]:
        """Return the list response for a filter."""
        if self.directory.ignores_filters:
            return {"totalResults": len(resources), "Resources": resources}
        if match := BOTH.fullmatch(text):
            group, user = json.loads(match[1]), {"value": json.loads(match[2])}
            resources = [each for each in resources if each["id"] == group and user in each["members"]]
            return {"totalResults": len(resources), "Resources": resources}
        return listed(resources, text)

    def patched(self) -> None:
        """Apply a change."""
        key = unquote(self.path.removeprefix(f"{BASE}Groups/"))
        self.directory.patch(key, self.headers["If-Match"], json.loads(self.body))

    def content(self) -> bytes:
        """The body of the request."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def reply(self, status: int, value: dict[str, Any] | None) -> None:
        """Send an answer."""
        content = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", "application/scim+json")
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the output quiet; the requests are in the state."""


if __name__ == "__main__":
    Handler.token = sys.argv[2] if len(sys.argv) > 2 else ""
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
