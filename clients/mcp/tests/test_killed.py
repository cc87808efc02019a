"""`kill -9` of the gateway at each bad moment, servers that break off, and HTTP: never a second effect."""

import asyncio
import contextlib
from typing import Any

import httpx
import pytest
from mcp import Client

from tests.aids.product import until
from tests.conftest import Gateway, Served, begun, decided, text


async def _dies_while(served: Served, tool: str, line: str, when: Any, kill: bool = True) -> None:
    """A client calls a tool, and the gateway is killed as soon as `when` holds."""
    with contextlib.suppress(Exception):
        async with Client(served.url) as client, begun(client, tool, line):
            await asyncio.to_thread(until, when)
            if kill:
                served.kill()


def _call_again(served: Served, tool: str, line: str) -> str:
    async def scenario() -> str:
        async with Client(served.url) as client:
            return text(await client.call_tool(tool, {"line": line}))

    return asyncio.run(scenario())


def test_killed_while_a_person_decides(gateway: Gateway, line: str) -> None:
    asyncio.run(_dies_while(gateway.serve(), "write_note", line, lambda: gateway.product.waiting(line)))
    gateway.product.decide("approve", line)
    again = gateway.serve()
    until(gateway.effects)
    assert _call_again(again, "write_note", line) == f"wrote {line}"
    assert gateway.effects() == [line]
    assert len(gateway.product.with_line(line)) == 1


def _held_before_the_call(gateway: Gateway, line: str) -> bool:
    """The approval was redeemed, and the server is asked what its tools are."""
    if gateway.product.waiting(line):
        gateway.switch("slow_list")
        gateway.product.decide("approve", line)
    return (gateway.folder / "listing").exists()


def test_killed_after_it_redeemed_the_approval(gateway: Gateway, line: str) -> None:
    served = gateway.serve()
    asyncio.run(_dies_while(served, "write_note", line, lambda: _held_before_the_call(gateway, line)))
    gateway.switch("slow_list", on=False)
    again = gateway.serve()
    until(lambda: gateway.product.with_line(line)[0]["state"] == "uncertain")
    assert "not known whether it happened" in _call_again(again, "write_note", line)
    assert gateway.effects() == []


def _in_the_call(gateway: Gateway, line: str) -> bool:
    if gateway.product.waiting(line):
        gateway.product.decide("approve", line)
    return bool(gateway.effects())


@pytest.mark.parametrize("repeatable", [[], ["slowWrite"]], ids=["once", "repeatable"])
def test_killed_within_the_call(gateway: Gateway, line: str, repeatable: list[str]) -> None:
    gateway.configure(repeatable=repeatable)
    asyncio.run(_dies_while(gateway.serve(), "slowWrite", line, lambda: _in_the_call(gateway, line)))
    gateway.switch("go")
    again = gateway.serve()
    if repeatable:
        assert _call_again(again, "slowWrite", line) == f"wrote {line}"
        assert gateway.effects() == [line, line]
        return
    until(lambda: gateway.product.with_line(line)[0]["state"] == "uncertain")
    assert "not known whether it happened" in _call_again(again, "slowWrite", line)
    # Asking again does not run it either, until a person has looked.
    assert "not known whether it happened" in _call_again(again, "slowWrite", line)
    assert gateway.effects() == [line]
    action = gateway.product.with_line(line)[0]["id"]
    gateway.product.post(f"{action}/resolve", {"resolution": "happened", "rationale": "Seen."})
    assert "A person found that it happened" in _call_again(again, "slowWrite", line)


@pytest.mark.parametrize(
    ("tool", "state", "says"),
    [("die", "uncertain", "not known"), ("crash", "uncertain", "not known"), ("fail", "failed", "wrote ")],
)
def test_a_server_that_breaks_off(gateway: Gateway, line: str, tool: str, state: str, says: str) -> None:
    async def scenario() -> Any:
        async with gateway.stdio() as client, begun(client, tool, line) as call:
            if tool != "crash":
                await decided(gateway.product, "approve", line)
            return await call

    result = asyncio.run(scenario())
    assert result.is_error
    assert says in text(result)
    assert gateway.product.with_line(line)[0]["state"] == state
    assert gateway.effects() == [line]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_http_client_that_leaves_gets_its_result_when_it_comes_back(gateway: Gateway, line: str, mode: str) -> None:
    served = gateway.serve()
    asyncio.run(_leaves(served, mode, line, gateway))
    gateway.product.decide("approve", line)
    until(gateway.effects)
    assert _call_again(served, "write_note", line) == f"wrote {line}"
    assert gateway.effects() == [line]


def test_an_http_client_that_is_cut_off_gets_its_result_when_it_comes_back(gateway: Gateway, line: str) -> None:
    served = gateway.serve()
    _is_cut_off(served, line)
    gateway.product.decide("approve", line)
    until(gateway.effects)
    assert _call_again(served, "write_note", line) == f"wrote {line}"
    assert gateway.effects() == [line]


def _is_cut_off(served: Served, line: str) -> None:
    """A client of an older protocol whose connection breaks: it cancels nothing, and its session stays open."""
    headers = {"Accept": "application/json, text/event-stream"}
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}

    def post(method: str, params: dict[str, Any], **more: Any) -> httpx.Response:
        body = {"jsonrpc": "2.0", "method": method, "params": params}
        return httpx.post(served.url, json={**body, **more}, headers=headers, timeout=5)

    headers["mcp-session-id"] = post("initialize", hello, id=1).headers["mcp-session-id"]
    post("notifications/initialized", {})
    with pytest.raises(httpx.ReadTimeout):
        post("tools/call", {"name": "write_note", "arguments": {"line": line}}, id=2)


async def _leaves(served: Served, mode: str, line: str, gateway: Gateway) -> None:
    with contextlib.suppress(Exception):
        async with Client(served.url, mode=mode) as client, begun(client, "write_note", line):
            await asyncio.to_thread(until, lambda: gateway.product.waiting(line))


def test_a_server_behind_http(gateway: Gateway, line: str) -> None:
    port = gateway.notes_over_http()
    gateway.configure(server=f'url = "http://127.0.0.1:{port}/mcp"')
    assert _call_again(gateway.serve(), "read_notes", line) == ""


def test_asks_for_the_token(gateway: Gateway, line: str) -> None:
    served = gateway.serve("--token", "HITL_KEY")
    assert httpx.post(served.url, json={}).status_code == 401
    headers = {"Authorization": f"Bearer {gateway.product.notes['agent_key']}"}
    assert httpx.post(served.url, json={}, headers=headers).status_code != 401


def test_refuses_to_listen_to_others_without_a_token(gateway: Gateway) -> None:
    refused = gateway.run("serve", "--listen", "0.0.0.0:0")
    assert refused.returncode == 1
    assert "--token" in refused.stderr
