"""AgentAck finds nothing in what HITL records of an agent's actions, and finds each thing that is made wrong in it."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from hitl_client import Client
from tests.product import Product, eventually
from tests.third_party import trace
from tests.third_party.trace import Line

KIND = "sentinel.write"
# `HITL_TRACED_ACTIONS=500` tries as much as a release wants.
COUNT = int(os.environ.get("HITL_TRACED_ACTIONS", "60"))
POLICY = """
version = 1

[approval]
max_age_seconds = 86400
single_use = true
exact_action_binding = true
stop_is_terminal = true
require_for = ["*"]
"""
Mutation = Callable[[list[Line]], list[Line]]


@pytest.fixture(scope="module")
def lines(product: Product, tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    """The trace of many actions: run, approved, corrected, rejected and withdrawn."""
    start = product.ask("events/?limit=1")
    while start["next"] or start["results"]:
        start = product.ask(f"events/?limit=200&after={start['after']}")
    journal = tmp_path_factory.mktemp("journal")
    with Client(product.url, product.key, journal=journal) as client, ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(lambda number: _lived(product, client, number), range(COUNT)))
    told = eventually(lambda: _events(product, start["after"], set(ids)))
    return list(trace.lines_of(told, {each: _revisions(product, each) for each in ids}))


def _lived(product: Product, client: Client, number: int) -> str:
    """One action from its proposal to its end."""
    fate = number % 6
    mark = f"trace-{number}-{os.getpid()}"
    payload = {"mark": mark, "recipient": "a@example.com", "amount": number}
    action = client.propose(mark, KIND, {**payload, "is_gated": fate > 1}, confidence=0.99)
    client.poll(action.id, "routed")
    if fate == 2:
        product.decide_on(action.id, "approve")
    elif fate == 3:
        product.decide_on(action.id, "modify", payload={**payload, "amount": number + 1, "is_gated": True})
    elif fate == 4:
        product.decide_on(action.id, "reject", rationale="Not this one.")
    elif fate == 5:
        client.withdraw(action.id, "Not needed any more.")
    if fate <= 3:
        client.poll(action.id, "redeemable")
        client.consume(action.id, f"{mark}-redeemed")
        client.outcome(action.id, "succeeded")
    return action.id


def _events(product: Product, after: int, ids: set[str]) -> list[dict[str, Any]]:
    """The events of these actions, once every action has come to its end in them."""
    found: list[dict[str, Any]] = []
    while (page := product.ask(f"events/?limit=200&after={after}"))["results"]:
        found += page["results"]
        after = page["after"]
    ended = {each["action"] for each in found if each["to"] in {"executed", "rejected", "withdrawn"}}
    return found if ids <= ended else []


def _revisions(product: Product, action: str) -> list[Mapping[str, Any]]:
    return [{"type": KIND, "payload": row["payload"]} for row in product.ask(f"actions/{action}/revisions/")["results"]]


def checked(folder: Path, lines: list[Line]) -> tuple[str, set[str]]:
    """What AgentAck says of a trace: its status, and the rules that found something."""
    (folder / "policy.toml").write_text(POLICY)
    trace.write(folder / "trace.jsonl", lines)
    command = [
        sys.executable,
        "-m",
        "agentack",
        "check",
        "trace.jsonl",
        "--policy",
        "policy.toml",
        "--json",
        "told.json",
    ]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode in {0, 1, 3}, ended.stdout + ended.stderr
    told = json.loads((folder / "told.json").read_text())
    result = told.get("result", told)
    return result["status"], {each["rule_id"] for each in result["findings"]}


def first(lines: list[Line], kind: str, **such: Any) -> int:
    """The place of the first line of a kind."""
    wanted = {"type": kind, **such}
    return next(place for place, line in enumerate(lines) if wanted.items() <= line.items())


def without_a_grant(lines: list[Line]) -> list[Line]:
    del lines[first(lines, "action_executed")]["approval_id"]
    return lines


def after_a_denial(lines: list[Line]) -> list[Line]:
    lines[first(lines, "approval_decision", decision="allow")]["decision"] = "deny"
    return lines


def with_another_value(lines: list[Line]) -> list[Line]:
    line = lines[first(lines, "action_executed")]
    line["action"] = {**line["action"], "parameters": {**line["action"]["parameters"], "amount": 10**6}}
    return lines


def twice(lines: list[Line]) -> list[Line]:
    place = first(lines, "action_executed")
    return [*lines[: place + 1], copy.deepcopy(lines[place]), *lines[place + 1 :]]


def too_late(lines: list[Line]) -> list[Line]:
    lines[first(lines, "approval_decision", decision="allow")]["expires_at"] = "2020-01-01T00:00:00Z"
    return lines


def before_it_was_asked(lines: list[Line]) -> list[Line]:
    place = first(lines, "action_executed")
    return [lines[place], *lines[:place], *lines[place + 1 :]]


def around_a_denial(lines: list[Line]) -> list[Line]:
    denied = lines[first(lines, "action_blocked", reason="rejected")]
    other = lines[first(lines, "action_executed")]
    detour = {**other, "action_id": "detour", "intent_id": denied["intent_id"]}
    del detour["approval_id"]
    return [*lines[:-1], {**detour, "type": "action_proposed"}, detour, lines[-1]]


def after_a_stop(lines: list[Line]) -> list[Line]:
    return [{**lines[-1], "type": "interrupt"}, *lines]


def without_an_end(lines: list[Line]) -> list[Line]:
    return lines[:-1]


MUTATIONS: dict[str, Mutation] = {
    "ACK001": without_a_grant,
    "ACK002": after_a_denial,
    "ACK003": with_another_value,
    "ACK004": twice,
    "ACK005": too_late,
    "ACK006": before_it_was_asked,
    "ACK007": around_a_denial,
    "ACK008": after_a_stop,
    "ACK009": without_an_end,
}


def test_nothing_is_found_in_what_happened(lines: list[Line], tmp_path: Path) -> None:
    assert checked(tmp_path, lines) == ("PASS", set())
    assert sum(line["type"] == "action_executed" for line in lines) == sum(number % 6 <= 3 for number in range(COUNT))


@pytest.mark.parametrize("rule", MUTATIONS)
def test_what_is_made_wrong_is_found(lines: list[Line], tmp_path: Path, rule: str) -> None:
    status, found = checked(tmp_path, MUTATIONS[rule](copy.deepcopy(lines)))
    assert status != "PASS" and rule in found
