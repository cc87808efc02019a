"""What a client sees of one server: its accepted tools, and three tools to go on with an action."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from hitl_client import HitlError, explain
from mcp.server import Server, ServerRequestContext
from mcp_types import CallToolRequestParams, CallToolResult, ListToolsResult, PaginatedRequestParams, Tool

from hitl_mcp import results
from hitl_mcp.gate import Answer, Gate, Tell
from hitl_mcp.pins import Unpinned

WORK_META, WORK_HEADER = "hitl/work", "x-hitl-work"
INSTRUCTIONS = (
    "Some calls of these tools wait for a person. If a call says that it did not run yet, go on with something else, "
    "and call the same tool with the same arguments later. Do not look for another way to do what was rejected."
)


def _schema(**fields: str) -> dict[str, Any]:
    properties = {name: {"type": "string", "description": text} for name, text in fields.items()}
    return {"type": "object", "properties": properties, "required": list(fields), "additionalProperties": False}


_ACTION = "ID of the action, as the pending call told it"
OWN = {
    "continue_action": Tool(
        name="continue_action",
        description="Wait again for a call that has not run yet, and get its result.",
        input_schema=_schema(action_id=_ACTION),
    ),
    "answer_question": Tool(
        name="answer_question",
        description="Answer the question that a reviewer asked about a call that has not run yet.",
        input_schema=_schema(action_id=_ACTION, text="The answer"),
    ),
    "withdraw_action": Tool(
        name="withdraw_action",
        description="Withdraw a call that has not run and is not needed any more.",
        input_schema=_schema(action_id=_ACTION, reason="Why it is not needed"),
    ),
}


class Face:
    """The handlers of one server."""

    def __init__(self, gate: Gate, server: str):
        self.gate, self.server = gate, server

    def served(self) -> Server[Any]:
        """The MCP server that clients talk to."""
        return Server(
            f"hitl-{self.server}", instructions=INSTRUCTIONS, on_list_tools=self.list_tools, on_call_tool=self.call_tool
        )

    async def list_tools(
        self, context: ServerRequestContext[Any], params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        """The tools as they were accepted, even if the server says something else now."""
        try:
            pinned = self.gate.pins.of(self.server)
        except Unpinned:
            pinned = {}
        tools = [Tool.model_validate(each) for name, each in pinned.items() if name not in OWN]
        return ListToolsResult(tools=[*tools, *OWN.values()])

    async def call_tool(self, context: ServerRequestContext[Any], params: CallToolRequestParams) -> CallToolResult:
        """Hold a call. Nothing that the client says of itself matters."""

        async def tell(turn: float, text: str) -> None:
            await context.session.report_progress(turn, None, text)

        arguments = params.arguments or {}
        if params.name in OWN:
            answer = await self._own(params.name, arguments, tell)
        else:
            answer = await self.gate.call(self.server, params.name, arguments, self._work(context), tell)
        if not await _has_left(context):
            self.gate.hand_over(answer)
        return answer.result

    def _work(self, context: ServerRequestContext[Any]) -> str:
        meta: Mapping[str, Any] = context.meta or {}
        headers = getattr(context.request, "headers", {})
        return str(meta.get(WORK_META) or headers.get(WORK_HEADER) or self.gate.config.work)

    async def _own(self, name: str, arguments: Mapping[str, Any], tell: Tell) -> Answer:
        steps: dict[str, Callable[..., Awaitable[Answer]]] = {
            "continue_action": self._continue, "answer_question": self._answer, "withdraw_action": self._withdraw,
        }  # fmt: skip
        given = {field: str(arguments.get(field) or "") for field in OWN[name].input_schema["properties"]}
        if not all(given.values()):
            return _said(f"It needs {' and '.join(given)}.")
        call = self.gate.calls.by_action(given.pop("action_id"))
        if call is None or call.server != self.server:
            return _said("No open call has this action. Call the tool itself with the same arguments.")
        try:
            return await steps[name](call, tell, *given.values())
        except HitlError as error:
            return _said(explain(error))

    async def _continue(self, call: Any, tell: Tell) -> Answer:
        return await self.gate.go_on(call, tell)

    async def _answer(self, call: Any, tell: Tell, text: str) -> Answer:
        await self.gate.client.answer(call.action_id, text)
        return _said("The answer was sent. A person decides next.", is_error=False)

    async def _withdraw(self, call: Any, tell: Tell, reason: str) -> Answer:
        await self.gate.client.withdraw(call.action_id, reason)
        return _said("The action was withdrawn. It does not run.", is_error=False)


def _said(text: str, *, is_error: bool = True) -> Answer:
    return Answer(results.told(text, is_error=is_error), is_final=False)


async def _has_left(context: ServerRequestContext[Any]) -> bool:
    """Whether the client of an HTTP request has gone. A client on stdio that goes cancels its calls."""
    asks = getattr(context.request, "is_disconnected", None)
    return bool(await asks()) if asks is not None else False
