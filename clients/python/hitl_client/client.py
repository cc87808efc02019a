"""The two clients: the same calls, blocking and awaited."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from hitl_client import calls, gate
from hitl_client.action import Action
from hitl_client.drivers import adrive, drive
from hitl_client.journal import Journal


def _options(url: str, key: str, transport: Any) -> dict[str, Any]:
    # A redirect would send the key to another address, and turn a POST into a GET.
    return {
        "base_url": f"{url.rstrip('/')}/api/v1/",
        "headers": {"Authorization": f"Bearer {key}", "Accept": "application/json"},
        "follow_redirects": False,
        "transport": transport,
    }


def _journal(folder: str | Path, url: str) -> Journal:
    # What ran on one server must not pass for having run on another one.
    return Journal(Path(folder) / re.sub(r"[^A-Za-z0-9.-]+", "-", url.rstrip("/")))


class Client:
    """Calls HITL with an agent's key. `journal` is a private folder that survives a restart of the agent."""

    def __init__(
        self, url: str, key: str, *, journal: str | Path = ".hitl", transport: httpx.BaseTransport | None = None
    ):
        self.journal = _journal(journal, url)
        self._http = httpx.Client(**_options(url, key, transport))

    def propose(self, key: str, action_type: str, payload: Mapping[str, Any], **more: Any) -> Action:
        """Propose an action. `more` are the other fields of a proposal, such as `reasoning`."""
        return drive(calls.propose(key, {"action_type": action_type, "payload": payload, **more}), self._http)

    def get(self, action_id: str) -> Action:
        """Read an action."""
        return drive(calls.get(action_id), self._http)

    def wait(self, action_id: str, *, timeout: float | None = None) -> Action:
        """Wait until it is decided or a reviewer asks. `NotDecidedYet` is raised after `timeout` seconds."""
        return drive(calls.wait(action_id, timeout), self._http)

    def poll(self, action_id: str, until: str, *, seconds: float = calls.LONGEST_WAIT) -> Action:
        """Read an action once it is `routed`, `decided`, `redeemable` or `final`, or when the seconds are over."""
        return drive(calls.poll(action_id, until, seconds), self._http)

    def consume(self, action_id: str, key: str) -> Action:
        """Redeem an approval. Keep the key: with it, the call can be repeated after a lost answer."""
        return drive(calls.consume(action_id, key), self._http)

    def outcome(self, action_id: str, outcome: str, *, result: Any = None, error: str = "") -> Action:
        """Report `succeeded`, `failed` or `unknown`."""
        return drive(calls.report(action_id, outcome, result, error), self._http)

    def withdraw(self, action_id: str, reason: str) -> Action:
        """Withdraw an action that has not run."""
        return drive(calls.withdraw(action_id, reason), self._http)

    def answer(
        self,
        action_id: str,
        text: str,
        *,
        payload: Mapping[str, Any] | None = None,
        evidence: Sequence[Mapping[str, Any]] = (),
    ) -> Action:
        """Answer a reviewer's question, with a complete corrected payload if the proposal was wrong."""
        return drive(calls.answer(action_id, text, payload, evidence), self._http)

    def corrections(self, *, limit: int = 50) -> list[dict[str, Any]]:
        """Return the corrections of the newest `limit` decisions that changed or rejected something."""
        return drive(calls.corrections(limit), self._http)

    def action_types(self) -> list[dict[str, Any]]:
        """Return the action types that this key may propose, with their schemas."""
        return drive(calls.action_types(), self._http)

    def hold(self, work: gate.Work) -> Any:
        """Do a piece of work once it is approved; see `hitl_client.gate`."""
        return drive(gate.hold(work, self.journal), self._http)

    def recover(self) -> list[str]:
        """Report what earlier processes left unreported, and return the IDs of these actions.

        The first `hold` does this, too. Call it when your agent starts, if that can be much later.
        """
        return drive(gate.recover(self.journal), self._http)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class AsyncClient:
    """The same as `Client`, for asyncio."""

    def __init__(
        self, url: str, key: str, *, journal: str | Path = ".hitl", transport: httpx.AsyncBaseTransport | None = None
    ):
        self.journal = _journal(journal, url)
        self._http = httpx.AsyncClient(**_options(url, key, transport))

    async def propose(self, key: str, action_type: str, payload: Mapping[str, Any], **more: Any) -> Action:
        """Propose an action. `more` are the other fields of a proposal, such as `reasoning`."""
        body = {"action_type": action_type, "payload": payload, **more}
        return await adrive(calls.propose(key, body), self._http)

    async def get(self, action_id: str) -> Action:
        """Read an action."""
        return await adrive(calls.get(action_id), self._http)

    async def wait(self, action_id: str, *, timeout: float | None = None) -> Action:
        """Wait until it is decided or a reviewer asks. `NotDecidedYet` is raised after `timeout` seconds."""
        return await adrive(calls.wait(action_id, timeout), self._http)

    async def poll(self, action_id: str, until: str, *, seconds: float = calls.LONGEST_WAIT) -> Action:
        """Read an action once it is `routed`, `decided`, `redeemable` or `final`, or when the seconds are over."""
        return await adrive(calls.poll(action_id, until, seconds), self._http)

    async def consume(self, action_id: str, key: str) -> Action:
        """Redeem an approval. Keep the key: with it, the call can be repeated after a lost answer."""
        return await adrive(calls.consume(action_id, key), self._http)

    async def outcome(self, action_id: str, outcome: str, *, result: Any = None, error: str = "") -> Action:
        """Report `succeeded`, `failed` or `unknown`."""
        return await adrive(calls.report(action_id, outcome, result, error), self._http)

    async def withdraw(self, action_id: str, reason: str) -> Action:
        """Withdraw an action that has not run."""
        return await adrive(calls.withdraw(action_id, reason), self._http)

    async def answer(
        self,
        action_id: str,
        text: str,
        *,
        payload: Mapping[str, Any] | None = None,
        evidence: Sequence[Mapping[str, Any]] = (),
    ) -> Action:
        """Answer a reviewer's question, with a complete corrected payload if the proposal was wrong."""
        return await adrive(calls.answer(action_id, text, payload, evidence), self._http)

    async def corrections(self, *, limit: int = 50) -> list[dict[str, Any]]:
        """Return the corrections of the newest `limit` decisions that changed or rejected something."""
        return await adrive(calls.corrections(limit), self._http)

    async def action_types(self) -> list[dict[str, Any]]:
        """Return the action types that this key may propose, with their schemas."""
        return await adrive(calls.action_types(), self._http)

    async def hold(self, work: gate.Work) -> Any:
        """Do a piece of work once it is approved; see `hitl_client.gate`."""
        return await adrive(gate.hold(work, self.journal), self._http)

    async def recover(self) -> list[str]:
        """Report what earlier processes left unreported, and return the IDs of these actions.

        The first `hold` does this, too. Call it when your agent starts, if that can be much later.
        """
        return await adrive(gate.recover(self.journal), self._http)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.aclose()
