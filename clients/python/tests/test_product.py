"""The client against the real product: people decide over HTTP while a function is held."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hitl_client import AsyncClient, Client, NotApproved, NotDecidedYet, Reply, examples, requires_approval, work
from tests.product import KIND, Product, eventually


@pytest.fixture
def client(product: Product, tmp_path: Path) -> Iterator[Client]:
    with Client(product.url, product.key, journal=tmp_path) as client:
        yield client


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


class Agent:
    """An agent with one tool, and the effects that this tool had."""

    def __init__(self, client: Client, thread: str, pool: ThreadPoolExecutor, **options: Any):
        self.effects: list[tuple[str, Decimal]] = []
        self.thread, self.pool = thread, pool

        @requires_approval(client, KIND, confidence=0.99, **options)
        def refund(customer: str, amount: Decimal, currency: str) -> dict[str, str]:
            self.effects.append((customer, amount))
            return {"booking": f"B-{len(self.effects)}"}

        self.refund = refund

    def call(self, amount: str = "20.00") -> Any:
        with work(self.thread):
            return self.refund(self.thread, Decimal(amount), currency="EUR")

    def start(self, amount: str = "20.00") -> "Future[Any]":
        return self.pool.submit(self.call, amount)


@pytest.fixture
def agent(client: Client, thread: str, pool: ThreadPoolExecutor) -> Agent:
    return Agent(client, thread, pool)


def test_runs_what_policy_approves(agent: Agent, product: Product) -> None:
    assert agent.call("5.00") == {"booking": "B-1"}
    told = product.only(agent.thread)
    assert (told["state"], told["execution"]["result"]) == ("executed", {"booking": "B-1"})


def test_runs_once_however_often_it_is_called(agent: Agent, product: Product) -> None:
    assert [agent.call("5.00"), agent.call("5.00")] == [{"booking": "B-1"}] * 2
    assert (len(agent.effects), len(product.actions(agent.thread))) == (1, 1)


def test_runs_after_the_undo_time_what_a_person_approves(agent: Agent, product: Product) -> None:
    running = agent.start()
    product.decide(agent.thread, "approve")
    assert agent.effects == []
    assert running.result(60) == {"booking": "B-1"}
    assert product.only(agent.thread)["state"] == "executed"


def test_runs_what_a_person_wrote(agent: Agent, product: Product, client: Client) -> None:
    running = agent.start()
    product.decide(
        agent.thread,
        "modify",
        payload={"customer": agent.thread, "amount": "12.50", "currency": "EUR"},
        rationale="Too much.",
    )
    running.result(60)
    assert agent.effects == [(agent.thread, Decimal("12.50"))]
    assert "/amount: '20.00' was changed to '12.50' (Too much.)" in examples(client.corrections(), KIND)


def test_does_not_run_what_a_person_rejects(agent: Agent, product: Product) -> None:
    running = agent.start()
    product.decide(agent.thread, "reject", rationale="Not owed.")
    with pytest.raises(NotApproved, match=r"rejected\. Not owed\."):
        running.result(60)
    assert agent.effects == []


def test_does_not_run_what_policy_blocks(agent: Agent) -> None:
    with pytest.raises(NotApproved, match=r"No agent refunds more than 1,000\."):
        agent.call("2000.00")
    assert agent.effects == []


def test_does_not_run_what_an_approver_undid(agent: Agent, product: Product) -> None:
    running = agent.start()
    product.decide(agent.thread, "approve")
    product.post(f"actions/{product.only(agent.thread)['id']}/undo/", {})
    product.decide(agent.thread, "reject", rationale="On second thought.")
    with pytest.raises(NotApproved):
        running.result(60)
    assert agent.effects == []


def test_waits_for_the_end_of_a_halt(agent: Agent, product: Product) -> None:
    # Signing in takes a while, and the halt must come before the undo time is over.
    product.person("senior")
    running = agent.start()
    product.decide(agent.thread, "approve")
    halt = product.post("halts/", {"scope": "action_type", "name": KIND, "reason": "A test."}, by="senior")
    try:
        with pytest.raises(TimeoutError):
            running.result(5)
        assert agent.effects == []
    finally:
        product.post(f"halts/{halt['id']}/lift/", {"reason": "It is over."}, by="senior")
    assert running.result(60) == {"booking": "B-1"}


def test_goes_on_after_its_time_is_over(
    client: Client, thread: str, pool: ThreadPoolExecutor, product: Product
) -> None:
    agent = Agent(client, thread, pool, timeout=1)
    with pytest.raises(NotDecidedYet):
        agent.call()
    product.decide(thread, "approve")
    eventually(lambda: product.only(thread)["state"] == "approved")
    assert eventually(lambda: _unless_undecided(agent)) == {"booking": "B-1"}
    assert len(product.actions(thread)) == 1


def _unless_undecided(agent: Agent) -> Any:
    try:
        return agent.call()
    except NotDecidedYet:
        return None


def test_tells_a_model(client: Client, thread: str, pool: ThreadPoolExecutor, product: Product) -> None:
    agent = Agent(client, thread, pool, tell=True)
    running = agent.start()
    product.decide(thread, "reject", rationale="Not owed.")
    said = running.result(60)
    assert said.startswith("It did not run. It was not approved. Reason, as data from the reviewer: “Not owed.”.")


def test_answers_a_question(client: Client, thread: str, pool: ThreadPoolExecutor, product: Product) -> None:
    corrected = {"customer": thread, "amount": "15.00", "currency": "EUR"}
    asked: list[str | None] = []

    def answer(action: Any) -> Reply:
        asked.append(action.question)
        return Reply("It was 15.", payload=corrected)

    agent = Agent(client, thread, pool, on_question=answer)
    running = agent.start()
    product.post(f"actions/{product.pending(thread)['id']}/request_info/", {"text": "Is it 20?"})
    eventually(lambda: product.only(thread)["revision"]["number"] == 2)
    product.decide(thread, "approve")
    running.result(60)
    assert (asked, agent.effects) == (["Is it 20?"], [(thread, Decimal("15.00"))])


def test_two_threads_with_the_same_work_run_it_once(agent: Agent, product: Product) -> None:
    running = [agent.start(), agent.start()]
    product.decide(agent.thread, "approve")
    assert [one.result(60) for one in running] == [{"booking": "B-1"}] * 2
    assert len(agent.effects) == 1


def test_runs_a_coroutine_function(product: Product, thread: str, tmp_path: Path) -> None:
    effects: list[str] = []

    async def act() -> list[str]:
        async with AsyncClient(product.url, product.key, journal=tmp_path) as client:

            @requires_approval(client, KIND)
            async def refund(customer: str, amount: str, currency: str) -> str:
                effects.append(customer)
                return customer

            with work(thread):
                return list(await asyncio.gather(refund("Mill", "21.00", "EUR"), refund("Barn", "21.00", "EUR")))

    approving = threading.Thread(target=lambda: _approve_all(product, thread, 2))
    approving.start()
    assert asyncio.run(act()) == ["Mill", "Barn"]
    approving.join(60)
    assert sorted(effects) == ["Barn", "Mill"]


def _approve_all(product: Product, thread: str, count: int) -> None:
    actions = eventually(lambda: [one for one in product.actions(thread) if one["state"] == "pending"][:count] or None)
    while len(actions) < count:
        actions = [one for one in product.actions(thread) if one["state"] == "pending"]
    for action in actions:
        seen = {"revision": action["revision"]["number"], "digest": action["revision"]["digest"]}
        body = {**seen, "target_digest": action["execution"]["target"]["digest"]}
        product.post(f"actions/{action['id']}/approve/", body)
