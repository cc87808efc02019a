"""A stand-in for HITL that keeps its promises about redeeming once, and what the tests with it share."""

import json
from pathlib import Path
from typing import Any

import httpx

from hitl_client import Client, requires_approval


class Server:
    """One action: proposed under any key, decided at once, redeemed by one key, and its outcomes counted."""

    def __init__(self) -> None:
        self.stands = "approved"
        self.payload: dict[str, Any] | None = None
        self.keys: set[str] = set()
        self.redeemed_by: str | None = None
        self.outcomes: list[str] = []
        self.lose: set[str] = set()
        self.bodies: list[Any] = []
        self.refuse: dict[str, httpx.Response] = {}
        # A redemption that comes so late that the server has given up.
        self.late = False
        # How often the action is read before it is approved.
        self.polls = 0
        self.question: str | None = None
        self.decision: dict[str, str] | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rstrip("/").rpartition("/")[2]
        answer = self.answer(name, request)
        if name in self.lose:
            self.lose.remove(name)
            raise httpx.ReadError("lost")
        return answer

    def answer(self, name: str, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content or b"null")
        if name in self.refuse:
            return self.refuse[name]
        if name == "actions":
            self.bodies.append(body)
            self.keys.add(request.headers["Idempotency-Key"])
            self.payload = self.payload or body["payload"]
        if name == "consume":
            key = request.headers["Idempotency-Key"]
            if self.redeemed_by not in {None, key}:
                return httpx.Response(409, json={"code": "already_consumed", "detail": "It was redeemed before."})
            self.redeemed_by, self.stands = key, "uncertain" if self.late else "executing"
        if name == "outcome":
            self.outcomes.append(body["outcome"])
            self.stands = {"succeeded": "executed", "failed": "failed", "unknown": "uncertain"}[body["outcome"]]
        if request.method == "GET" and self.polls:
            self.polls -= 1
            self.stands = self.stands if self.polls else "approved"
        return httpx.Response(200, json=self.action())

    def action(self) -> dict[str, Any]:
        """The action as it now stands."""
        return {
            "id": "a1",
            "state": self.stands,
            "action_type": "t",
            "revision": {"number": 1, "payload": self.payload},
            "question": self.question and {"text": self.question},
            "decision": self.decision,
        }


def again(server: Server, folder: Path) -> Client:
    """The agent after a restart."""
    return Client("http://hitl.example.com", "k", journal=folder, transport=httpx.MockTransport(server))


class Effects(list[Any]):
    def gated(self, client: Client, fails: BaseException | None = None, **more: Any) -> Any:
        @requires_approval(client, "t", **more)
        def pay(to: str, amount: int) -> str:
            self.append((to, amount))
            if fails is not None:
                raise fails
            return "B-1"

        return pay
