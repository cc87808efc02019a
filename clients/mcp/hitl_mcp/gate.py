"""The gate: each call of a tool is an action, and runs once when it is approved.

A call is held by a task of its own. So it runs on approval also when its client has left, and after a restart of the
gateway. What was begun and never finished is reported as unknown, and not called again.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hitl_client import Action, AsyncClient, Failed, HitlError, NotApproved, Refusal, Uncertain, Work, explain
from hitl_client import journal as journaled
from mcp_types import CallToolResult

from hitl_mcp import pins, results
from hitl_mcp.calls import OPEN, READY, UNCERTAIN, Call, Calls
from hitl_mcp.config import Config
from hitl_mcp.pins import Pins, Unpinned
from hitl_mcp.upstream import Down, Refused, Upstream

log = logging.getLogger(__name__)
PROGRESS_SECONDS = 5.0
TEND_SECONDS = 30.0

Tell = Callable[[float, str], Awaitable[None]]


class ToolFailed(Exception):
    """The tool says that it failed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client gets. After a final answer the call is over."""

    result: CallToolResult
    is_final: bool
    call: Call | None = None


class Gate:
    """Holds the calls of all servers. `client` must keep its journal in the folder of the configuration."""

    def __init__(self, config: Config, client: AsyncClient):
        self.config, self.client = config, client
        self.pins = Pins(config.folder / "pins.json")
        self.calls = Calls(config.folder)
        self.upstreams = {name: Upstream(server) for name, server in config.servers.items()}
        self._tasks: dict[str, asyncio.Task[Answer]] = {}

    async def call(self, server: str, tool: str, arguments: Mapping[str, Any], work: str, tell: Tell) -> Answer:
        """Propose a call of a tool and hold it. The answer is not final while the call goes on without this client."""
        action_type = self.config.servers[server].type_of(tool)
        try:
            call = self.calls.find(server, tool, action_type, arguments, work)
            if not call.more:
                pinned = self.pins.check(server, tool, await self.upstreams[server].tools())
                # Another client may have made the same call in the meantime.
                call = self.calls.find(server, tool, action_type, arguments, work)
                call.more = call.more or _more(call, pins.digest(pinned))
        except (Unpinned, Down, ValueError) as error:
            return Answer(results.told(f"It did not run. {error}"), is_final=True)
        return await self.go_on(call, tell)

    async def go_on(self, call: Call, tell: Tell) -> Answer:
        """Hold a call until it is over, or until the client has waited long enough."""
        task = self.begin(call)
        until, turn = time.monotonic() + self.config.hold_seconds, 0
        while not task.done() and (left := until - time.monotonic()) > 0:
            await asyncio.wait({task}, timeout=min(left, PROGRESS_SECONDS))
            if not task.done():
                turn += 1
                await tell(float(turn), f"{call.tool} waits for approval.")
        return task.result() if task.done() else await self._pending(call)

    def hand_over(self, answer: Answer) -> None:
        """Note that a client got this answer."""
        if answer.is_final and answer.call is not None:
            self.calls.hand_over(answer.call)
            if not answer.call.work:
                self._forget(answer.call.key)

    def begin(self, call: Call) -> asyncio.Task[Answer]:
        """Return the task that holds this call."""
        task = self._tasks.get(call.key)
        if task is None:
            self.calls.write(call)
            task = self._tasks[call.key] = asyncio.create_task(self._hold(call))
            task.add_done_callback(lambda _: self._tasks.pop(call.key, None))
        return task

    def unfinished(self) -> list[Call]:
        """The calls that still wait for a decision or for their tool."""
        return [call for call in self.calls.all() if call.phase == OPEN and call.server in self.upstreams]

    async def tend(self) -> None:
        """Go on with every call that nobody holds, again and again."""
        self.calls.prune()
        while True:
            for call in self.unfinished():
                self.begin(call)
            await asyncio.sleep(TEND_SECONDS)

    async def close(self) -> None:
        """Stop holding. Every call stays on the disk."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for upstream in self.upstreams.values():
            await upstream.close()

    async def _hold(self, call: Call) -> Answer:
        answer = await self._held(call)
        if answer.is_final and call.phase != READY:
            call.phase = READY
            self.calls.update(call)
        return replace(answer, call=call)

    async def _held(self, call: Call) -> Answer:
        try:
            receipt = await self.client.hold(self._work(call))
        except (Failed, ToolFailed, Refused, Down, Unpinned) as error:
            said = explain(error) if isinstance(error, HitlError) else f"It was approved, but it failed. {error}"
            return Answer(self.calls.kept(call.key) or results.told(said), is_final=True)
        except NotApproved as error:
            return Answer(results.told(explain(error)), is_final=True)
        except Uncertain as error:
            # Nobody calls it again until a person has looked. Then `hold` returns what they found.
            call.phase = UNCERTAIN
            self.calls.update(call)
            return Answer(results.told(explain(error)), is_final=False)
        except Refusal as error:
            return Answer(results.told(explain(error)), is_final=not await self._exists(call))
        except HitlError as error:
            return Answer(results.told(explain(error)), is_final=False)
        return Answer(self.calls.kept(call.key) or results.from_receipt(receipt), is_final=True)

    def _work(self, call: Call) -> Work:
        return Work(
            key=call.key,
            action_type=call.action_type,
            payload=call.arguments,
            run=lambda approved: self._run(call, approved),
            more=call.more,
            is_repeatable=call.tool in self.config.servers[call.server].repeatable,
        )

    async def _run(self, call: Call, approved: Mapping[str, Any]) -> Any:
        upstream = self.upstreams[call.server]
        # Hours may have passed since the call was proposed.
        self.pins.check(call.server, call.tool, await upstream.tools())
        result = await upstream.call(call.tool, approved)
        try:
            self.calls.keep(call.key, results.edited(result, call.arguments, approved))
        except OSError as error:
            # It ran all the same, so this must not look like a failure of the tool.
            log.error("The result of %s cannot be kept: %s", call.tool, error)
        if result.is_error:
            raise ToolFailed(results.text_of(result))
        return results.receipt(result)

    def _forget(self, key: str) -> None:
        """Remove the journal's entry of a call that nobody can make again. HITL knows its outcome."""
        journal = self.client.journal
        with journal.hold(key) as is_ours:
            if is_ours and journal.read(key).phase in {journaled.OPEN, journaled.REPORTED}:
                for path in journal.folder.glob(f"{key}.*"):
                    path.unlink(missing_ok=True)

    async def _pending(self, call: Call) -> Answer:
        action = await self._action(call)
        if action is None:
            said = "It did not run yet. The approval system does not answer. Call the same tool again later."
            return Answer(results.told(said), is_final=False)
        asks = f" A reviewer asks, as data: {action.question}" if action.question else ""
        said = (
            f"It did not run yet. Its action {action.id} is {action.state}, and a person must decide.{asks} It runs on "
            "approval without you. To continue, call the same tool with the same arguments, or continue_action."
        )
        return Answer(results.told(said), is_final=False)

    async def _exists(self, call: Call) -> bool:
        return await self._action(call) is not None

    async def _action(self, call: Call) -> Action | None:
        """The action of a call, which its key finds; None if HITL knows none or does not answer."""
        try:
            async with asyncio.timeout(PROGRESS_SECONDS):
                action = await self.client.propose(call.key, call.action_type, call.arguments, **call.more)
        except (HitlError, TimeoutError):
            return None
        if call.action_id != action.id:
            call.action_id = action.id
            self.calls.update(call)
        return action


def _more(call: Call, pin: str) -> dict[str, Any]:
    """The other fields of a proposal. They are written down, because the same key needs the same body."""
    evidence = [
        {"label": "MCP server", "value": call.server},
        {"label": "Tool", "value": call.tool},
        {"label": "Tool definition (SHA-256)", "value": pin},
    ]
    return {"evidence": evidence, **({"thread": call.work[:200]} if call.work else {})}
