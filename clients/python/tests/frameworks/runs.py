"""What the agents share: each calls its tool once, and answers with the result of the tool."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from hitl_client import AsyncClient, Client

FRAMEWORKS = ("langgraph_agent", "openai_agent", "pydantic_agent")


class Wire(httpx.HTTPTransport):
    """The network, which can go still before a call is sent or after it was answered."""

    def __init__(self, stop_at: Callable[[str], None]):
        super().__init__()
        self.stop_at = stop_at

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.stop_at(f"before-{last(request)}")
        answer = super().handle_request(request)
        self.stop_at(f"after-{last(request)}")
        return answer


class AsyncWire(httpx.AsyncHTTPTransport):
    """The same for asyncio."""

    def __init__(self, stop_at: Callable[[str], None]):
        super().__init__()
        self.stop_at = stop_at

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.stop_at(f"before-{last(request)}")
        answer = await super().handle_async_request(request)
        self.stop_at(f"after-{last(request)}")
        return answer


def last(request: httpx.Request) -> str:
    """The last part of the address: `actions`, `consume`, `outcome` or an ID."""
    return request.url.path.rstrip("/").rpartition("/")[2]


@dataclass
class Run:
    """One run of an agent. `refund` is what its tool does, and `stop_at` hears of each point on the way."""

    url: str
    key: str
    journal: Path
    thread: str
    amount: str
    refund: Callable[..., dict[str, str]]
    stop_at: Callable[[str], None] = lambda point: None

    @property
    def arguments(self) -> dict[str, Any]:
        """What the model passes to the tool. Each work has a customer of its own: twice the same is an anomaly."""
        return {"customer": self.thread, "amount": self.amount, "currency": "EUR"}

    def client(self) -> Client:
        return Client(self.url, self.key, journal=self.journal, transport=Wire(self.stop_at))

    def async_client(self) -> AsyncClient:
        return AsyncClient(self.url, self.key, journal=self.journal, transport=AsyncWire(self.stop_at))
