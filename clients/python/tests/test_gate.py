"""Rare ways of a call through the gate, against a stand-in."""

import asyncio
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import httpx
import pytest

from hitl_client import (
    AsyncClient,
    Client,
    Failed,
    JournalDamaged,
    NotApproved,
    NotDecidedYet,
    Refusal,
    Uncertain,
    Unreachable,
    explain,
    key_of,
    requires_approval,
    work,
)
from tests.standin import Effects, Server, again


class Color(Enum):
    RED = "red"


@dataclass
class Line:
    text: str


def refused(code: str, **more: Any) -> httpx.Response:
    return httpx.Response(409, json={"code": code, "detail": "No.", **more})


def test_needs_a_name_of_the_work(server: Server, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="Name the work"):
        Effects().gated(again(server, tmp_path))("Mill", 5)
    assert server.keys == set()


def test_another_work_is_another_action(client: Client, server: Server) -> None:
    pay = Effects().gated(client)
    pay("Mill", 5)
    server.stands, server.redeemed_by = "approved", None
    with work("another"):
        pay("Mill", 5)
    assert len(server.keys) == 2


def test_goes_on_with_the_words_of_the_first_proposal(client: Client, server: Server, tmp_path: Path) -> None:
    server.refuse["actions"] = httpx.Response(422, json={"code": "unknown_action_type", "detail": "No."})
    with pytest.raises(Refusal):
        Effects().gated(client, reasoning="First.")("Mill", 5)
    server.refuse.clear()
    Effects().gated(again(server, tmp_path), reasoning="Second.")("Mill", 5)
    assert [body["reasoning"] for body in server.bodies] == ["First."]


@pytest.mark.parametrize("code", ["not_approved", "digest_mismatch"])
def test_does_not_wait_for_ever_for_an_approval_that_does_not_hold(client: Client, server: Server, code: str) -> None:
    server.refuse["consume"] = refused(code)
    with pytest.raises(Refusal, match=code):
        Effects().gated(client)("Mill", 5)


def test_says_that_nothing_began_if_it_came_back_too_late(client: Client, server: Server) -> None:
    server.late = True
    effects = Effects()
    for _ in range(2):
        with pytest.raises(Failed, match="Nothing happened"):
            effects.gated(client)("Mill", 5)
    assert (effects, server.outcomes) == ([], ["failed"])


@pytest.mark.parametrize("payload", [{"to": "Mill"}, {"to": "Mill", "amount": 5, "more": 1}])
def test_does_not_run_arguments_that_do_not_fit(client: Client, server: Server, payload: dict[str, Any]) -> None:
    effects, server.stands, server.payload = Effects(), "modified", payload
    with pytest.raises(TypeError, match="The approved payload"):
        effects.gated(client)("Mill", 5)
    assert (effects, server.outcomes) == ([], ["failed"])


def test_keeps_the_types_of_arguments(client: Client, server: Server) -> None:
    taken: list[Any] = []

    @requires_approval(client, "t")
    def act(amount: Decimal, on: date, color: Color, line: Line, is_first: bool) -> None:
        taken.extend([amount, on, color, line, is_first])

    given: list[Any] = [Decimal("5.00"), date(2026, 1, 2), Color.RED, Line("x"), True]
    server.stands = "modified"
    server.payload = {
        "amount": "4.00",
        "on": "2026-01-03",
        "color": "red",
        "line": {"text": "x"},
        "is_first": 1,
    }
    act(*given)
    assert taken == [Decimal("4.00"), date(2026, 1, 3), Color.RED, Line("x"), 1]
    assert type(taken[-1]) is int


def test_runs_again_what_is_repeatable(client: Client, server: Server) -> None:
    effects = Effects()
    with pytest.raises(Uncertain):
        effects.gated(client, TimeoutError(), repeatable=True)("Mill", 5)
    assert effects.gated(client, repeatable=True)("Mill", 5) == "B-1"
    assert (len(effects), server.outcomes) == (2, ["unknown", "succeeded"])


def test_a_result_without_a_form_in_json_is_reported_as_text(client: Client, server: Server) -> None:
    @requires_approval(client, "t")
    def act(to: str) -> object:
        return {1.5, float("nan")}

    act("Mill")
    assert server.outcomes == ["succeeded"]


def test_returns_the_result_if_the_report_does_not_arrive(client: Client, server: Server, tmp_path: Path) -> None:
    server.refuse["outcome"] = httpx.Response(403, json={"code": "scope_missing", "detail": "No."})
    assert Effects().gated(client)("Mill", 5) == "B-1"
    server.refuse.clear()
    assert again(server, tmp_path).recover() == ["a1"]
    assert server.outcomes == ["succeeded"]


def test_nothing_runs_with_a_damaged_journal(client: Client, server: Server) -> None:
    effects = Effects()
    pay = effects.gated(client)
    pay("Mill", 5)
    for path in client.journal.folder.glob("*.json"):
        path.write_text("{")
    with pytest.raises(JournalDamaged):
        pay("Mill", 5)
    assert len(effects) == 1


def test_leaves_to_others_what_they_work_on(client: Client, server: Server, tmp_path: Path) -> None:
    key = key_of("t", {"to": "Mill", "amount": 5})
    with client.journal.hold(key):
        with pytest.raises(NotDecidedYet, match="held by another process"):
            Effects().gated(again(server, tmp_path), timeout=0)("Mill", 5)
        assert again(server, tmp_path).recover() == []


def test_does_not_report_what_is_running(client: Client, server: Server, tmp_path: Path) -> None:
    @requires_approval(client, "t")
    def act(to: str) -> list[str]:
        return again(server, tmp_path).recover()

    assert act("Mill") == []
    assert server.outcomes == ["succeeded"]


def test_asks_each_question_once_and_leaves_it_to_a_person(client: Client, server: Server) -> None:
    asked: list[str | None] = []
    server.stands, server.question, server.polls = "pending", "Why?", 3
    Effects().gated(client, on_question=lambda action: asked.append(action.question))("Mill", 5)
    assert asked == ["Why?"]


def test_waits_out_a_rejection_that_can_be_undone(client: Client, server: Server) -> None:
    server.stands, server.polls = "rejected", 2
    server.decision = {"final_at": "2999-01-01T00:00:00Z", "rationale": "Hm."}
    assert Effects().gated(client)("Mill", 5) == "B-1"


def test_awaits_coroutine_functions(server: Server, tmp_path: Path) -> None:
    async def act() -> list[str]:
        transport = httpx.MockTransport(server)
        async with AsyncClient("http://hitl.example.com", "k", journal=tmp_path, transport=transport) as client:

            @requires_approval(client, "t")
            async def pay(to: str) -> str:
                await asyncio.sleep(0)
                return f"B-{to}"

            with work("w"):
                return [await pay("Mill"), await pay("Mill")]

    assert asyncio.run(act()) == ["B-Mill"] * 2
    assert server.outcomes == ["succeeded"]


def test_a_canceled_coroutine_is_never_run_again(server: Server, tmp_path: Path) -> None:
    effects: list[str] = []

    async def act() -> None:
        transport = httpx.MockTransport(server)
        async with AsyncClient("http://hitl.example.com", "k", journal=tmp_path, transport=transport) as client:

            @requires_approval(client, "t")
            async def pay(to: str) -> None:
                effects.append(to)
                await asyncio.sleep(60)

            with work("w"):
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(pay("Mill"), 0.5)
                with pytest.raises(Uncertain):
                    await pay("Mill")

    asyncio.run(act())
    assert (effects, server.outcomes) == (["Mill"], ["unknown"])


def test_refuses_a_client_that_does_not_fit_the_function(client: Client) -> None:
    async def act(to: str) -> None: ...

    with pytest.raises(TypeError, match="AsyncClient"):
        requires_approval(client, "t")(act)


@pytest.mark.parametrize("function", [lambda *to: None, lambda **to: None])
def test_refuses_arguments_without_names(client: Client, function: Any) -> None:
    with pytest.raises(TypeError, match="Give each argument a name"):
        requires_approval(client, "t")(function)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NotApproved("a", "expired"), "Nobody approved it in time."),
        (NotApproved("a", "rejected", "Not owed.", do_not_retry=True), "Do not propose it again."),
        (NotDecidedYet("a", "pending"), "Call the same tool with the same values later"),
        (Uncertain("No answer."), "Do not try it again."),
        (Failed("a", "Closed."), "It was approved, but it failed. Closed."),
        (Refusal(409, "halted", "It is halted.", {}, None), "do not look for another way"),
        (
            Refusal(422, "payload_invalid", "No.", {"faults": [{"pointer": "/to", "message": "Too long."}]}, None),
            "/to: Too long. Correct the named values",
        ),
        (Unreachable("No."), "did not answer"),
    ],
)
def test_says_to_a_model_what_to_do(error: Any, words: str) -> None:
    assert words in explain(error)


def test_keeps_the_journal_private(client: Client) -> None:
    Effects().gated(client)("Mill", 5)
    folder = client.journal.folder
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    assert json.loads(next(folder.glob("*.json")).read_text())["phase"] == "reported"
