"""Identical payloads without a document number: twins of each other, but not of what recurs every day."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.actors import Actor, Door, system
from approvals.models import Action, ActionType, Agent, Person
from approvals.queries.record.related import twins
from approvals.services.execution import run
from approvals.services.payloads import revisions
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.world(automation_requires=[], undo_seconds=0)]

SENTENCE = "An identical action was proposed recently or is still open."


def report(here: World, hours: float = 0, **changes: Any) -> Action:
    """A small invoice without a number that policy lets run unless something is odd."""
    beside = {name: changes.pop(name) for name in ("action_type",) if name in changes}
    payload = {"issuer": "Paper Mill", "amount": 20.5, "currency": "EUR"} | changes
    return here.auto(NOON + timedelta(hours=hours), payload=payload, **beside)


def carry_out() -> None:
    run.run_ready(actor=system(Door.CELERY), clock=lambda: NOON + timedelta(days=9))


def told(action: Action) -> list[str]:
    return [flag["sentence"] for flag in action.flags if flag["code"] == twins.FLAG]


def twins_of(action: Action, person: Person) -> list[Action]:
    """The twins that a person reads, one by one and in a list alike."""
    actor = Actor(Door.ADMIN, person=person)
    found = [twin.action for twin in twins.of(action, actor).seen]
    assert found == [twin.action for twin in twins.of_each([action], actor).get(action.pk, [])]
    return found


class TestAnIdenticalPayload:
    def test_goes_to_a_person_and_names_its_twin(self, here: World) -> None:
        first, again = report(here), report(here)
        assert (first.state, first.flags) == ("approved", [])
        assert (again.state, told(again)) == ("pending", [SENTENCE])
        assert twins_of(again, here.senior) == [first]

    def test_is_one_in_another_spelling_by_another_agent(self, here: World) -> None:
        first = report(here, note="a - b")
        here.agent = Agent.objects.create(name="other-bot", title="Other", owner=here.owner)
        assert told(report(here, note="a \u2013\u00a0b")) == [SENTENCE]
        assert first.flags == []

    def test_is_known_to_each_pending_twin(self, here: World) -> None:
        three = [report(here, amount=717.97) for _ in range(3)]
        for action in three:
            assert set(twins_of(action, here.senior)) == {*three} - {action}
            assert twins.pending_counts([action]) == {action.pk: 2}

    @pytest.mark.parametrize("changes", [{"amount": 20.51}, {"issuer": "Ink Works"}, {"note": "x"}])
    def test_is_none_that_differs(self, here: World, changes: dict[str, Any]) -> None:
        report(here)
        action = report(here, **changes)
        assert (action.state, told(action), twins_of(action, here.senior)) == ("approved", [], [])

    def test_is_none_of_another_type(self, here: World) -> None:
        report(here)
        ActionType.objects.create(
            **{f.attname: getattr(here.kind, f.attname) for f in ActionType._meta.concrete_fields if not f.primary_key}
            | {"name": "invoice.pay"}
        )
        assert told(report(here, action_type="invoice.pay")) == []


class TestWhatRecurs:
    def test_every_day_is_no_twin(self, here: World) -> None:
        for day in range(4):
            action = report(here, 24 * day)
            assert (action.state, told(action), twins_of(action, here.senior)) == ("approved", [], [])
            carry_out()

    def test_within_hours_is_a_twin(self, here: World) -> None:
        first = report(here)
        carry_out()
        again = report(here, 19.9)
        assert (again.state, told(again), twins_of(again, here.senior)) == ("pending", [SENTENCE], [first])

    def test_while_the_other_waits_is_a_twin(self, here: World) -> None:
        first = report(here, amount=717.97)
        again = report(here, 48, amount=717.97)
        assert (told(again), twins_of(again, here.senior), twins_of(first, here.senior)) == (
            [SENTENCE], [first], [again],
        )  # fmt: skip


PAYLOADS = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | st.text("ab\u00e4-\u2013 ", max_size=4),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text("ab", max_size=3), each, max_size=3),
    max_leaves=6,
)


def fingerprint(payload: dict[str, Any], reference: str = "") -> str:
    return revisions.duplicate_fingerprint("Paper Mill", reference, payload)


class TestTheFingerprint:
    @given(st.dictionaries(st.sampled_from("abc"), PAYLOADS, min_size=1))
    def test_is_one_for_all_orders_of_fields(self, payload: dict[str, Any]) -> None:
        assert fingerprint(payload) == fingerprint(dict(reversed(payload.items())))

    @given(st.dictionaries(st.sampled_from("abc"), st.integers(1, 99), min_size=1), st.integers(100, 999))
    def test_is_another_for_another_value(self, payload: dict[str, Any], value: int) -> None:
        for name in payload:
            assert fingerprint(payload) != fingerprint(payload | {name: value})

    @given(st.dictionaries(st.sampled_from("abc"), PAYLOADS, min_size=1))
    def test_is_that_of_the_number_where_there_is_one(self, payload: dict[str, Any]) -> None:
        assert fingerprint(payload, "RE-77") == fingerprint({}, "77") != fingerprint(payload)

    def test_of_an_empty_payload_is_none(self) -> None:
        assert fingerprint({"to": " ", "lines": []}) == fingerprint({}) == ""
