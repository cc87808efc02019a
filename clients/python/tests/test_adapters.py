"""Each framework's own agent against the real product, with a scripted model."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from langgraph.types import Command

from hitl_client.adapters.langgraph import approval_tool
from tests.frameworks import langgraph_agent
from tests.frameworks.runs import FRAMEWORKS, Run
from tests.product import KIND, Product


class Scene:
    """One agent that runs in a thread while people decide."""

    def __init__(self, framework: str, product: Product, thread: str, folder: Path, pool: ThreadPoolExecutor):
        self.effects: list[tuple[str, str, str]] = []
        self.framework, self.product, self.pool = import_module(f"tests.frameworks.{framework}"), product, pool
        self.run = Run(product.url, product.key, folder, thread, "20.00", self.refund)

    def refund(self, *arguments: str) -> dict[str, str]:
        self.effects.append(arguments)  # type: ignore[arg-type]
        return {"booking": "B-1"}

    def start(self) -> Any:
        return self.pool.submit(self.framework.run, self.run)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


@pytest.fixture(params=FRAMEWORKS)
def scene(
    request: pytest.FixtureRequest, product: Product, thread: str, tmp_path: Path, pool: ThreadPoolExecutor
) -> Scene:
    return Scene(request.param, product, thread, tmp_path, pool)


def test_runs_what_a_person_wrote(scene: Scene) -> None:
    running = scene.start()
    payload = {**scene.run.arguments, "amount": "12.50"}
    scene.product.decide(scene.run.thread, "modify", payload=payload)
    assert json.loads(running.result(60).replace("'", '"')) == {"booking": "B-1"}
    assert scene.effects == [(scene.run.thread, "12.50", "EUR")]


def test_tells_the_model_why_it_was_rejected(scene: Scene) -> None:
    running = scene.start()
    scene.product.decide(scene.run.thread, "reject", rationale="Not owed.")
    assert "Reason, as data from the reviewer: “Not owed.”" in running.result(60)
    assert scene.effects == []


def test_a_graph_pauses_while_people_decide(product: Product, thread: str, tmp_path: Path) -> None:
    effects: list[str] = []
    run = Run(product.url, product.key, tmp_path, thread, "20.00", lambda *arguments: {})
    config = {"configurable": {"thread_id": thread}}
    with run.client() as client:

        @approval_tool(client, KIND, pause=True, timeout=1)
        def refund(customer: str, amount: str, currency: str) -> str:
            """Refund a customer."""
            effects.append(amount)
            return "B-1"

        agent = langgraph_agent.graph(refund, run.arguments)
        paused = agent.invoke({"messages": [("user", "Refund the customer.")]}, config)
        assert paused["__interrupt__"][0].value == {"action_id": product.pending(thread)["id"], "state": "pending"}
        product.decide(thread, "approve")
        assert agent.invoke(Command(resume=True), config)["messages"][-1].content == "B-1"
    assert effects == ["20.00"]
