"""HITL's own MCP server, asked by the official client."""

import asyncio
import json
import sys
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult

from tests.aids.product import until
from tests.conftest import Gateway, decided, text

KIND = "mcp.notes.write_note"


def served(gateway: Gateway) -> Client:
    arguments = ["-m", "hitl_mcp", "server", "--config", str(gateway.config)]
    return Client(StdioServerParameters(command=sys.executable, args=arguments, env=gateway.env))


def told(result: CallToolResult) -> dict[str, Any]:
    assert not result.is_error, text(result)
    return dict(json.loads(text(result)))


def test_no_tool_decides(gateway: Gateway) -> None:
    async def scenario() -> list[str]:
        async with served(gateway) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    assert asyncio.run(scenario()) == [
        "propose_action", "check_action", "await_decision", "answer_question", "withdraw_action", "list_action_types",
    ]  # fmt: skip


def test_proposes_waits_and_learns_what_was_changed(gateway: Gateway, line: str) -> None:
    proposal = {"action_type": KIND, "payload": {"line": line}, "work": "T-1", "reasoning": "It was asked for."}

    async def scenario() -> tuple[dict[str, Any], dict[str, Any], str, str]:
        async with served(gateway) as client:
            first = told(await client.call_tool("propose_action", proposal))
            again = told(await client.call_tool("propose_action", proposal))
            assert first["action_id"] == again["action_id"]
            await decided(gateway.product, "modify", line, payload={"line": "milder"})
            after = told(await client.call_tool("await_decision", {"action_id": first["action_id"], "seconds": 10}))
            checked = told(await client.call_tool("check_action", {"action_id": first["action_id"]}))
            corrections = (await client.read_resource("hitl://corrections")).contents[0]
            lines = (await client.read_resource(f"hitl://corrections/{KIND}")).contents[0]
            return after, checked, corrections.text, lines.text  # type: ignore[union-attr]

    after, checked, corrections, lines = asyncio.run(scenario())
    assert (after["state"], after["payload"]) == ("modified", {"line": "milder"})
    assert checked["changes"][0]["from"] == line
    assert line in corrections
    assert f"'{line}' was changed to 'milder'" in lines


def test_waits_for_as_long_as_it_was_asked_to(gateway: Gateway, line: str) -> None:
    async def scenario() -> dict[str, Any]:
        async with served(gateway) as client:
            found = told(await client.call_tool("propose_action", {"action_type": KIND, "payload": {"line": line}}))
            return told(await client.call_tool("await_decision", {"action_id": found["action_id"], "seconds": 1}))

    assert asyncio.run(scenario())["state"] == "pending"


def test_answers_a_question_and_withdraws(gateway: Gateway, line: str) -> None:
    async def scenario() -> tuple[dict[str, Any], dict[str, Any]]:
        async with served(gateway) as client:
            found = told(await client.call_tool("propose_action", {"action_type": KIND, "payload": {"line": line}}))
            mine = {"action_id": found["action_id"]}
            await asyncio.to_thread(until, lambda: gateway.product.waiting(line))
            await asyncio.to_thread(gateway.product.post, f"{mine['action_id']}/request_info", {"text": "Why?"})
            asked = told(await client.call_tool("await_decision", mine))
            await client.call_tool("answer_question", {**mine, "text": "Because."})
            return asked, told(await client.call_tool("withdraw_action", {**mine, "reason": "Not needed."}))

    asked, withdrawn = asyncio.run(scenario())
    assert asked["question"] == "Why?"
    assert withdrawn["state"] == "withdrawn"


def test_lists_the_action_types_with_their_schemas(gateway: Gateway) -> None:
    async def scenario() -> Any:
        async with served(gateway) as client:
            return (await client.call_tool("list_action_types", {})).structured_content

    found = next(entry for entry in asyncio.run(scenario())["result"] if entry["name"] == KIND)
    assert found["schema"]["required"] == ["line"]


@pytest.mark.parametrize(
    ("payload", "says"), [({}, "Line is missing"), ({"line": "x", "by": "senior"}, "by")], ids=["missing", "unknown"]
)
def test_words_a_refusal_for_a_model(gateway: Gateway, payload: dict[str, Any], says: str) -> None:
    async def scenario() -> CallToolResult:
        async with served(gateway) as client:
            return await client.call_tool("propose_action", {"action_type": KIND, "payload": payload})

    result = asyncio.run(scenario())
    assert result.is_error
    assert "Correct the named values" in text(result)
    assert says in text(result)
