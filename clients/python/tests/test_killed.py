"""`kill -9` at every point of one call, and the same call by the next process: one proposal, and never two effects."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from hitl_client import Client, Uncertain, requires_approval, work
from tests.frameworks.runs import FRAMEWORKS
from tests.product import KIND, Product, eventually

BOOKED = '{"booking": "B-1"}'


@dataclass
class Agent:
    """Processes that make the same call with the same journal."""

    product: Product
    thread: str
    folder: Path
    amount: str = "5.00"
    framework: str = ""

    def start(self, stop: str = "") -> "subprocess.Popen[str]":
        told = {
            "AGENT_URL": self.product.url,
            "AGENT_KEY": self.product.key,
            "AGENT_FOLDER": str(self.folder),
            "AGENT_THREAD": self.thread,
            "AGENT_AMOUNT": self.amount,
            "AGENT_STOP": stop,
            "AGENT_FRAMEWORK": self.framework,
        }
        command = [sys.executable, "-m", "tests.agent"]
        folder = Path(__file__).parents[1]
        return subprocess.Popen(command, cwd=folder, env={**os.environ, **told}, stdout=subprocess.PIPE, text=True)

    def killed_at(self, point: str) -> None:
        process = self.start(point)
        eventually((self.folder / point).exists)
        kill(process)

    def said(self) -> str:
        return self.start().communicate(timeout=90)[0]

    @property
    def effects(self) -> list[str]:
        path = self.folder / "effects"
        return path.read_text().splitlines() if path.exists() else []


def kill(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)


@pytest.fixture
def agent(product: Product, thread: str, tmp_path: Path) -> Agent:
    return Agent(product, thread, tmp_path)


@pytest.mark.parametrize("point", ["before-actions", "after-actions", "before-consume", "after-consume"])
def test_before_the_function_began(agent: Agent, point: str) -> None:
    agent.killed_at(point)
    assert agent.effects == []
    assert (agent.said(), agent.effects) == (BOOKED, [f"{agent.thread} 5.00 EUR"])
    assert agent.product.only(agent.thread)["state"] == "executed"


def test_while_a_person_decides(agent: Agent) -> None:
    agent.amount = "20.00"
    process = agent.start()
    agent.product.pending(agent.thread)
    kill(process)
    agent.product.decide(agent.thread, "approve")
    assert (agent.said(), agent.effects) == (BOOKED, [f"{agent.thread} 20.00 EUR"])
    assert agent.product.only(agent.thread)["state"] == "executed"


@pytest.mark.parametrize(("point", "count"), [("before-effect", 0), ("after-effect", 1)])
def test_within_the_function(agent: Agent, point: str, count: int) -> None:
    agent.killed_at(point)
    assert [agent.said(), agent.said()] == ["Uncertain"] * 2
    assert len(agent.effects) == count
    assert agent.product.only(agent.thread)["state"] == "uncertain"


@pytest.mark.parametrize("point", ["before-outcome", "after-outcome"])
def test_after_the_function(agent: Agent, point: str) -> None:
    agent.killed_at(point)
    assert [agent.said(), agent.said()] == [BOOKED] * 2
    assert len(agent.effects) == 1
    told = agent.product.only(agent.thread)
    assert (told["state"], told["execution"]["result"]) == ("executed", {"booking": "B-1"})


@pytest.mark.parametrize(("point", "state"), [("after-effect", "uncertain"), ("before-outcome", "executed")])
def test_the_next_process_reports_it_without_the_same_call(agent: Agent, point: str, state: str) -> None:
    agent.killed_at(point)
    action = agent.product.only(agent.thread)
    with Client(agent.product.url, agent.product.key, journal=agent.folder / "journal") as client:
        assert client.recover() == [action["id"]]
        assert client.recover() == []
        assert client.get(action["id"]).state == state


def test_a_person_says_what_happened(agent: Agent) -> None:
    agent.killed_at("after-effect")
    with Client(agent.product.url, agent.product.key, journal=agent.folder / "journal") as client, work(agent.thread):

        @requires_approval(client, KIND, confidence=0.99)
        def refund(customer: str, amount: str, currency: str) -> dict[str, str]:
            raise AssertionError("It runs a second time.")

        with pytest.raises(Uncertain):
            refund(agent.thread, "5.00", "EUR")
        found = agent.product.only(agent.thread)
        resolution = {"resolution": "happened", "rationale": "It is in the books."}
        agent.product.post(f"actions/{found['id']}/resolve/", resolution)
        assert refund(agent.thread, "5.00", "EUR") == {"settled": "happened"}


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("point", ["after-consume", "after-effect"])
def test_in_each_framework(agent: Agent, framework: str, point: str) -> None:
    agent.framework = framework
    agent.killed_at(point)
    said = agent.said()
    assert said.startswith("It is not known whether it happened.") == (point == "after-effect")
    assert (agent.effects, len(agent.product.actions(agent.thread))) == ([f"{agent.thread} 5.00 EUR"], 1)
