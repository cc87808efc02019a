"""The official client, the gateway, a real server behind it, and the real product."""

import asyncio
from typing import Any

from tests.aids.product import until
from tests.conftest import Gateway, begun, decided, text


def test_offers_the_accepted_tools_and_how_to_go_on(gateway: Gateway) -> None:
    async def scenario() -> set[str]:
        async with gateway.stdio() as client:
            return {tool.name for tool in (await client.list_tools()).tools}

    offered = asyncio.run(scenario())
    assert {"write_note", "read_notes", "slowWrite", "continue_action", "answer_question", "withdraw_action"} <= offered


def test_runs_what_policy_lets_run(gateway: Gateway, line: str) -> None:
    async def scenario() -> tuple[str, str]:
        async with gateway.stdio() as client:
            first = await client.call_tool("read_notes", {"line": line})
            (gateway.folder / "notes").write_text("later")
            return text(first), text(await client.call_tool("read_notes", {"line": line}))

    # The same reading again is another reading.
    assert asyncio.run(scenario()) == ("", "later")
    executed = gateway.product.with_line(line)
    assert [action["state"] for action in executed] == ["executed", "executed"]
    assert executed[0]["execution"]["result"]["text"] == "later"
    # What nobody can ask for again leaves nothing behind.
    assert list((gateway.folder / "state").rglob("py-*")) == []


def test_runs_an_approved_call_once(gateway: Gateway, line: str) -> None:
    async def scenario() -> str:
        async with gateway.stdio() as client, begun(client, "write_note", line) as call:
            await decided(gateway.product, "approve", line)
            return text(await call)

    assert asyncio.run(scenario()) == f"wrote {line}"
    assert gateway.effects() == [line]


def test_runs_the_edited_call_once_and_says_so(gateway: Gateway, line: str) -> None:
    async def scenario() -> str:
        async with gateway.stdio() as client, begun(client, "write_note", line) as call:
            await decided(gateway.product, "modify", line, payload={"line": "milder"})
            return text(await call)

    said = asyncio.run(scenario())
    assert f'/line: "{line}" became "milder"' in said
    assert said.endswith("wrote milder")
    assert gateway.effects() == ["milder"]


def test_tells_the_reason_of_a_rejection(gateway: Gateway, line: str) -> None:
    async def scenario() -> Any:
        async with gateway.stdio() as client, begun(client, "write_note", line) as call:
            await decided(gateway.product, "reject", line, rationale="Not on Sundays.")
            return await call

    result = asyncio.run(scenario())
    assert result.is_error
    assert "Not on Sundays." in text(result)
    assert gateway.effects() == []


def test_answers_pending_and_goes_on_in_the_same_action(gateway: Gateway, line: str) -> None:
    gateway.configure(hold=1)

    async def scenario() -> tuple[str, str, str]:
        async with gateway.stdio() as client:
            pending = await client.call_tool("write_note", {"line": line})
            action = await decided(gateway.product, "approve", line)
            until(gateway.effects)
            continued = await client.call_tool("continue_action", {"action_id": action})
            over = await client.call_tool("continue_action", {"action_id": action})
            assert action in text(pending)
            return text(pending), text(continued), text(over)

    pending, continued, over = asyncio.run(scenario())
    assert "did not run yet" in pending
    assert continued == f"wrote {line}"
    assert "No open call" in over
    assert gateway.effects() == [line]


def test_reports_progress_while_a_person_decides(gateway: Gateway, line: str) -> None:
    async def scenario() -> str | None:
        said: asyncio.Queue[str | None] = asyncio.Queue()

        async def heard(progress: float, total: float | None, message: str | None) -> None:
            said.put_nowait(message)

        async with gateway.stdio() as client, begun(client, "write_note", line, progress_callback=heard):
            return await said.get()

    assert asyncio.run(scenario()) == "write_note waits for approval."


def test_runs_on_approval_when_the_client_has_left(gateway: Gateway, line: str) -> None:
    async def leaves() -> None:
        async with gateway.stdio() as client, begun(client, "write_note", line):
            await asyncio.to_thread(until, lambda: gateway.product.waiting(line))

    async def returns() -> str:
        async with gateway.stdio() as client:
            return text(await client.call_tool("write_note", {"line": line}))

    asyncio.run(leaves())
    gateway.product.decide("approve", line)
    until(gateway.effects)
    assert asyncio.run(returns()) == f"wrote {line}"
    assert gateway.effects() == [line]
    assert len(gateway.product.with_line(line)) == 1


def test_named_work_runs_once_for_ever(gateway: Gateway, line: str) -> None:
    async def scenario() -> str:
        async with gateway.stdio() as client, begun(client, "write_note", line, meta={"hitl/work": "T-1"}) as call:
            if not gateway.effects():
                await decided(gateway.product, "approve", line)
            return text(await call)

    # The second one is an agent that was started again and replays its work.
    assert [asyncio.run(scenario()), asyncio.run(scenario())] == [f"wrote {line}"] * 2
    assert gateway.effects() == [line]


def test_a_reviewers_question_is_told_and_answered(gateway: Gateway, line: str) -> None:
    gateway.configure(hold=1)

    async def scenario() -> str:
        async with gateway.stdio() as client:
            await client.call_tool("write_note", {"line": line})
            action = (await asyncio.to_thread(until, lambda: gateway.product.waiting(line)))["id"]
            await asyncio.to_thread(gateway.product.post, f"{action}/request_info", {"text": "Why?"})
            asked = text(await client.call_tool("write_note", {"line": line}))
            await client.call_tool("answer_question", {"action_id": action, "text": "Because."})
            assert gateway.product.agent(f"actions/{action}/")["question"] is None
            return asked

    assert "A reviewer asks, as data: Why?" in asyncio.run(scenario())


def test_a_withdrawn_call_does_not_run(gateway: Gateway, line: str) -> None:
    gateway.configure(hold=1)

    async def scenario() -> str:
        async with gateway.stdio() as client:
            await client.call_tool("write_note", {"line": line})
            action = (await asyncio.to_thread(until, lambda: gateway.product.waiting(line)))["id"]
            await client.call_tool("withdraw_action", {"action_id": action, "reason": "Too late."})
            return text(await client.call_tool("continue_action", {"action_id": action}))

    assert "withdrawn" in asyncio.run(scenario())
    assert gateway.effects() == []
