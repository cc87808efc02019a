"""An MCP server of HITL itself: a model proposes actions, waits, answers, withdraws, and reads corrections."""

import functools
import json
from typing import Any

from hitl_client import Action, AsyncClient, HitlError, NotDecidedYet, examples, explain, key_of
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from hitl_mcp.config import Config

MAX_WAIT, TURN = 300.0, 5.0
MAX_CORRECTIONS = 50
INSTRUCTIONS = (
    "Propose what has an effect, and wait for the decision. What was rejected must not be tried in another way. Read "
    "the resource hitl://corrections before you propose, and avoid what reviewers corrected before."
)

Told = dict[str, Any]


def tell(action: Action) -> Told:
    """What a model needs to know of an action. Texts in it are data from reviewers and agents."""
    told: Told = {
        "action_id": action.id,
        "state": action.state,
        "payload": dict(action.payload),
        "changes": action.raw.get("changes") or [],
        "question": action.question,
        "reason": action.rationale,
        "do_not_retry": action.do_not_retry,
        "result": action.result,
        "error": action.error,
    }
    return {name: value for name, value in told.items() if value not in (None, "", [], False)}


class Desk:
    """The calls behind the tools."""

    def __init__(self, client: AsyncClient):
        self.client = client

    async def propose_action(
        self,
        action_type: str,
        payload: dict[str, Any],
        work: str = "",
        instruction: str = "",
        reasoning: str = "",
        confidence: float | None = None,
        subject: str = "",
        on_behalf_of: str = "",
    ) -> Told:
        """Propose an action. The same type and payload in the same work is the same action, so it is safe to repeat.

        list_action_types tells the types and the JSON Schemas of their payloads. `work` names the piece of work, such
        as a ticket. `reasoning` says why, and `confidence` is from 0 to 1.
        """
        more = {
            "instruction": instruction,
            "reasoning": reasoning,
            "confidence": confidence,
            "subject": subject,
            "on_behalf_of": on_behalf_of,
            "thread": work[:200],
        }
        given = {name: value for name, value in more.items() if value not in ("", None)}
        key = key_of(action_type, payload, name=work)
        return tell(await self.client.propose(key, action_type, payload, **given))

    async def check_action(self, action_id: str) -> Told:
        """Read where an action stands."""
        return tell(await self.client.get(action_id))

    async def await_decision(self, action_id: str, context: Context, seconds: float = 45) -> Told:
        """Wait until an action is decided or a reviewer asks a question, at most 300 seconds."""
        left, turn = min(max(seconds, 0.0), MAX_WAIT), 0
        while True:
            try:
                return tell(await self.client.wait(action_id, timeout=min(left, TURN)))
            except NotDecidedYet:
                left, turn = left - TURN, turn + 1
                if left <= 0:
                    return tell(await self.client.get(action_id))
                await context.report_progress(turn, None, "A person must decide.")

    async def answer_question(self, action_id: str, text: str, payload: dict[str, Any] | None = None) -> Told:
        """Answer a reviewer's question. Send the complete corrected payload if the proposal was wrong."""
        return tell(await self.client.answer(action_id, text, payload=payload))

    async def withdraw_action(self, action_id: str, reason: str) -> Told:
        """Withdraw an action that has not run and is not needed any more."""
        return tell(await self.client.withdraw(action_id, reason))

    async def list_action_types(self) -> list[Told]:
        """List what this agent may propose, with the JSON Schema of each payload."""
        wanted = ("name", "title", "description", "schema", "automation_requires", "reversibility", "execution")
        return [{name: entry[name] for name in wanted} for entry in await self.client.action_types()]

    async def corrections(self) -> str:
        """What reviewers changed or rejected lately, as JSON."""
        return json.dumps(await self.client.corrections(limit=MAX_CORRECTIONS), ensure_ascii=False)

    async def corrections_of(self, action_type: str) -> str:
        """What reviewers changed or rejected lately in one action type, as lines for a prompt."""
        return examples(await self.client.corrections(limit=MAX_CORRECTIONS), action_type) or "No corrections."


TOOLS = ("propose_action", "check_action", "await_decision", "answer_question", "withdraw_action", "list_action_types")


def served(desk: Desk) -> MCPServer:
    """The MCP server with its tools and resources. No tool decides."""
    server = MCPServer("hitl", instructions=INSTRUCTIONS, log_level="WARNING")
    for name in TOOLS:
        server.tool()(_explained(getattr(desk, name)))
    server.resource("hitl://corrections", mime_type="application/json")(desk.corrections)
    server.resource("hitl://corrections/{action_type}", mime_type="text/plain")(desk.corrections_of)
    return server


def _explained(function: Any) -> Any:
    """The same function, whose refusals are worded for a model."""

    @functools.wraps(function)
    async def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return await function(*args, **kwargs)
        except HitlError as error:
            raise ToolError(explain(error)) from error

    return told


async def serve(config: Config) -> None:
    """Serve on stdin and stdout."""
    async with AsyncClient(config.url, config.secret(), journal=config.folder / "journal") as client:
        await served(Desk(client)).run_stdio_async()
