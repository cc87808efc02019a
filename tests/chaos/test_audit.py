"""The audit of a run finds each kind of fault; one that finds nothing anywhere would prove nothing."""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from tests.chaos.runs import audit, plan
from tests.chaos.runs.audit import Evidence
from tests.chaos.runs.plan import Sizes

KEY = "k" * 64
MOVES = [("", "proposed"), ("proposed", "approved"), ("approved", "executing"), ("executing", "executed")]


def as_it_should_be() -> Evidence:
    """One action that was approved by a person and carried out once."""
    found = Evidence.__new__(Evidence)
    found.actions = [{
        "id": "a", "state": "executed", "name": "chaos-000000", "class": "askable", "round": 1, "execution": "e",
        "key": KEY, "execution_state": "succeeded", "attempts": 1, "execution_round": 1,
    }]  # fmt: skip
    events = ("action.proposed", "decision.approved", "execution.dispatched", "execution.succeeded")
    found.entries = defaultdict(list, a=[
        {"event": event, "state_from": before, "state_to": after, "data": {"attempt": 1}}
        for event, (before, after) in zip(events, MOVES, strict=True)
    ])  # fmt: skip
    found.decisions = defaultdict(list, a=[{"verdict": "approve", "source": "person", "is_final": True, "round": 1}])
    found.histories = defaultdict(list, a=[after for _, after in MOVES])
    found.numbers = {"entries": 4, "positions": 4, "highest": 4, "waiting": 0}
    found.half = [{"what": "an execution is leased", "count": 0}]
    found.requests = defaultdict(list, {KEY: [{"key": KEY, "effect": 1, "attempt": 1}]})
    found.proposed, found.decided = [{"number": 0, "id": "a"}], [{"id": "a", "verb": "approve"}]
    found.hosts, found.wanted = 1, 1
    return found


def faults(found: Evidence) -> list[str]:
    return [fault for ask in audit.QUESTIONS for fault in ask(found)]


def action(changes: dict[str, Any]) -> Callable[[Evidence], object]:
    return lambda found: found.actions[0].update(changes)


BROKEN: dict[str, Callable[[Evidence], object]] = {
    "twice by one key": lambda found: found.requests[KEY].append({"key": KEY, "effect": 1, "attempt": 1}),
    "under an unknown key": lambda found: found.requests["x"].append({"key": "x", "effect": 1, "attempt": 1}),
    "recorded and not done": lambda found: found.requests.clear(),
    "lost": lambda found: found.actions.clear(),
    "lost after it was confirmed": lambda found: found.proposed.append({"number": 1, "id": "b"}),
    "not at an end": action({"state": "approved"}),
    "in doubt without need": action({"state": "uncertain", "execution_state": "uncertain"}),
    "a lost decision": lambda found: found.decisions.clear(),
    "another decision": lambda found: found.decisions["a"][0].update(verdict="reject"),
    "two final decisions": lambda found: found.decisions["a"].append(found.decisions["a"][0]),
    "an illegal step": lambda found: found.entries["a"].pop(1),
    "a step back": lambda found: found.entries["a"].append({"event": "x", "state_from": "executed", "state_to": "x"}),
    "another history": lambda found: found.histories["a"].pop(),
    "sent without an intent": lambda found: found.requests[KEY].append({"key": KEY, "effect": 0, "attempt": 2}),
    "an attempt that is not counted": action({"attempts": 2}),
    "an execution of another state": action({"execution_state": "running"}),
    "a half state": lambda found: found.half[0].update(count=1),
    "a gap in the positions": lambda found: found.numbers.update(highest=5),
}


def test_nothing_is_found_where_all_is_well() -> None:
    assert faults(as_it_should_be()) == []


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_is_found(fault: str) -> None:
    found = as_it_should_be()
    BROKEN[fault](found)
    assert faults(found)


def test_doubt_is_allowed_where_nobody_can_know() -> None:
    found = as_it_should_be()
    found.actions[0].update({"class": "neither", "state": "uncertain", "execution_state": "uncertain"})
    found.entries["a"][-1].update(state_to="uncertain")
    found.histories["a"][-1] = "uncertain"
    assert faults(found) == []


class TestThePlan:
    SIZES = Sizes(actions=100, kills=20, pauses=5, flushes=2, restarts=2)

    def test_is_the_same_for_a_seed_and_differs_between_seeds(self) -> None:
        assert plan.faults(1, self.SIZES) == plan.faults(1, self.SIZES) != plan.faults(2, self.SIZES)

    def test_has_as_many_faults_of_each_kind_as_were_asked_for(self) -> None:
        assert Counter(fault.kind for fault in plan.faults(1, self.SIZES)) == {
            "kill": 20, "pause": 5, "flush": 1, "kill valkey": 1, "stop database": 1, "kill database": 1,
        }  # fmt: skip

    def test_has_work_of_every_class_for_people_and_for_policy(self) -> None:
        drawn = [plan.work(1, number) for number in range(200)]
        assert {work.kind for work in drawn} == set(plan.CLASSES)
        assert {(work.is_for_a_person, work.is_rejected) for work in drawn} == {
            (False, False), (True, False), (True, True)
        }  # fmt: skip
