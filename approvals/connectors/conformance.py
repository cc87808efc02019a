"""What every connector keeps, as tests that its author runs with pytest.

A test class takes `Conformance` as its base, names the connector, and says how to make an order, how to count its
effects, and how to disturb the target. Each test begins with a target that has had no effect.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from approvals.connectors.base import CallResult, CallStatus, Checks, Connector, Order, Previews, Recovery, Reverses

KEY = "c0ffee" + "0" * 57
# What a stored target can hold in the place of any field.
JUNK: tuple[Any, ...] = (None, 7, -1.5, True, "", "x", [], ["x"], {}, {"x": 1})


class Conformance:
    """Tests of one connector at one target."""

    connector: Connector
    max_seconds = 15.0
    """How long a call can take at most."""
    secrets: tuple[str, ...] = ()
    """Texts in the target or the environment that must never be shown."""
    bad_targets: tuple[dict[str, Any], ...] = ()
    """Targets that have a fault."""

    def make_order(self, key: str) -> Order:
        """Return an order that can be executed, under this key."""
        raise NotImplementedError

    def count_effects(self, order: Order) -> int:
        """Return how often the order had its effect."""
        raise NotImplementedError

    def lose_answer(self) -> bool:
        """Let the next execution have its effect and its answer get lost; return whether that can be arranged."""
        return False

    def go_silent(self) -> bool:
        """Let the next execution never be answered; return whether that can be arranged."""
        return False

    def close(self) -> bool:
        """Make the target unreachable; return whether that can be arranged."""
        return False

    def test_executes_once(self) -> None:
        """An order that is sent is done, and has one effect."""
        order = self.make_order(KEY)
        self._expect(self._sent(order), CallStatus.DONE)
        self._count(order, 1)

    def test_dedupes_if_it_says_so(self) -> None:
        """The same key sent again has no second effect."""
        order = self.make_order(KEY)
        if self._recovery(order) is not Recovery.DEDUPES:
            return
        self._sent(order)
        self._expect(self._sent(replace(order, attempt=2)), CallStatus.DONE)
        self._count(order, 1)

    def test_can_be_asked_if_it_says_so(self) -> None:
        """A lookup says what happened, and changes nothing."""
        order = self.make_order(KEY)
        if self._recovery(order) is not Recovery.ASKABLE:
            return
        self._expect(self.connector.look_up(order), CallStatus.NOT_DONE)
        self._count(order, 0)
        self._sent(order)
        self._expect(self.connector.look_up(order), CallStatus.DONE)
        self._count(order, 1)

    def test_is_in_doubt_about_a_lost_answer(self) -> None:
        """A lost answer is unknown; then the class of the connector finds out, and there is one effect."""
        order = self.make_order(KEY)
        if not self.lose_answer():
            return
        self._expect(self._sent(order), CallStatus.UNKNOWN)
        recovery = self._recovery(order)
        if recovery is Recovery.DEDUPES:
            self._expect(self._sent(replace(order, attempt=2)), CallStatus.DONE)
        elif recovery is Recovery.ASKABLE:
            self._expect(self.connector.look_up(order), CallStatus.DONE)
        self._count(order, 1)

    def test_keeps_its_time_limit(self) -> None:
        """A silent target is not waited for any longer than allowed, and the result is unknown."""
        order = self.make_order(KEY)
        if not self.go_silent():
            return
        began = time.monotonic()
        self._expect(self._sent(order), CallStatus.UNKNOWN)
        took = time.monotonic() - began
        _require(took <= self.max_seconds, f"The call took {took:.1f} seconds. Allowed are {self.max_seconds:g}.")

    def test_knows_that_nothing_was_sent(self) -> None:
        """What cannot be reached has had no effect, and another attempt can succeed."""
        order = self.make_order(KEY)
        if not self.close():
            return
        self._expect(self._sent(order), CallStatus.NOT_DONE)

    def test_names_faults_in_sentences(self) -> None:
        """A good target has no faults; those of a bad one are sentences without secrets."""
        target = self.make_order(KEY).target
        faults = self.connector.check_target(target)
        _require(not faults, f"The target of make_order has faults: {faults}")
        for bad in self.bad_targets:
            _require(bool(self.connector.check_target(bad)), f"No fault was found in {bad!r}.")
        for each in (*self.bad_targets, *_spoiled(target)):
            for fault in self.connector.check_target(each):
                _require(fault[:1] != "" and fault.endswith("."), f"Not a sentence: {fault!r}")
                self._keep_secret(fault)

    def test_summarizes_any_target(self) -> None:
        """The summary and the preview of any target are short lines without secrets; neither raises."""
        order = self.make_order(KEY)
        for target in (order.target, *self.bad_targets, *_spoiled(order.target)):
            summary = self.connector.summary(target)
            _require(0 < len(summary) <= 500 and "\n" not in summary, f"Not a short line: {summary!r}")
            self._keep_secret(summary)
        if isinstance(self.connector, Previews):
            for line in self.connector.preview(order.target, order.payload):
                self._keep_secret(line)

    def test_checks_without_an_effect(self) -> None:
        """The check of a good order finds nothing and changes nothing."""
        order = self.make_order(KEY)
        if not isinstance(self.connector, Checks):
            return
        faults = self.connector.check(order)
        _require(not faults, f"The order of make_order cannot be executed: {faults}")
        self._count(order, 0)

    def test_reverses_with_another_order(self) -> None:
        """The order that undoes another one has a key of its own and a good target, and can be executed."""
        order = self.make_order(KEY)
        self._sent(order)
        back = self.connector.reverse(order) if isinstance(self.connector, Reverses) else None
        if back is None:
            return
        _require(back.key != order.key, "The reverse has the key of the order. Give it one of its own.")
        faults = self.connector.check_target(back.target)
        _require(not faults, f"The target of the reverse has faults: {faults}")
        self._expect(self._sent(back), CallStatus.DONE)

    def _recovery(self, order: Order) -> Recovery:
        return self.connector.recovery(order.target)

    def _sent(self, order: Order) -> CallResult:
        try:
            return self.connector.send(order)
        except Exception as error:
            raise AssertionError("send raised an exception. Return a result that says what is known.") from error

    def _expect(self, result: CallResult, answer: CallStatus) -> None:
        _require(result.answer is answer, f"Expected {answer}, got {result.answer}: {result.error}")
        self._keep_secret(f"{result.error} {result.result}")

    def _count(self, order: Order, count: int) -> None:
        found = self.count_effects(order)
        _require(found == count, f"The order had {found} effects. Expected: {count}.")

    def _keep_secret(self, text: str) -> None:
        _require(not any(secret in text for secret in self.secrets), "A secret is shown.")


def _spoiled(target: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield targets with something unexpected in each field, and with an unknown one."""
    yield {}
    yield target | {"no such field": 1}
    for field in target:
        for value in JUNK:
            yield target | {field: value}


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise AssertionError(otherwise)
