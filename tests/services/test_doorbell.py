"""Rings cost little, none is lost, and those for one task delay none for another."""

import time

import pytest
from celery import current_app

from approvals.services import doorbell

BELLS = (
    doorbell.ROUTE,
    doorbell.CHECK,
    doorbell.EXECUTE,
    doorbell.END,
    doorbell.DELIVER,
    doorbell.EXPORT,
    doorbell.WEBHOOK,
)


def test_each_task_has_a_queue_that_a_worker_reads() -> None:
    queues = [current_app.amqp.router.route({}, bell)["queue"].name for bell in BELLS]
    assert len(set(queues)) == len(BELLS)
    assert set(queues) == set(current_app.amqp.queues.consume_from)


class TestManyRings:
    def test_are_one_message_now_and_one_after_the_last(self) -> None:
        sent: list[float] = []
        bells = doorbell.Bells(lambda task: sent.append(time.monotonic()))
        for _ in range(100):
            bells.ring(doorbell.ROUTE)
            last = time.monotonic()
        time.sleep(3 * doorbell.GAP_SECONDS)
        assert sent[0] <= last
        assert last <= sent[-1] <= last + 2 * doorbell.GAP_SECONDS
        assert len(sent) < 10

    def test_of_one_task_leave_another_its_own(self) -> None:
        sent: list[str] = []
        bells = doorbell.Bells(sent.append)
        for bell in BELLS:
            bells.ring(bell)
        assert tuple(sent) == BELLS

    def test_that_are_far_apart_are_sent_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(doorbell, "GAP_SECONDS", 0.0)
        sent: list[str] = []
        bells = doorbell.Bells(sent.append)
        for _ in range(3):
            bells.ring(doorbell.ROUTE)
        assert len(sent) == 3

    def test_of_a_parent_are_not_waited_for_by_its_child(self) -> None:
        sent: list[str] = []
        bells = doorbell.Bells(sent.append)
        bells.ring(doorbell.ROUTE)
        bells.ring(doorbell.ROUTE)
        bells.forget()
        bells.ring(doorbell.ROUTE)
        assert len(sent) == 2

    def test_that_go_on_are_ever_fewer_messages(self) -> None:
        sent: list[float] = []
        bells = doorbell.Bells(lambda task: sent.append(time.monotonic()))
        until = time.monotonic() + 20 * doorbell.GAP_SECONDS
        while time.monotonic() < until:
            bells.ring(doorbell.ROUTE)
            time.sleep(doorbell.GAP_SECONDS / 200)
        assert len(sent) < 10

    def test_after_many_are_sent_at_once_again(self) -> None:
        sent: list[float] = []
        bells = doorbell.Bells(lambda task: sent.append(time.monotonic()))
        for _ in range(3 * doorbell.MANY):
            bells.ring(doorbell.ROUTE)
        assert wait_for(sent, 2)
        time.sleep(2 * doorbell.GAP_SECONDS)
        bells.ring(doorbell.ROUTE)
        assert len(sent) == 3
        bells.ring(doorbell.ROUTE)
        assert wait_for(sent, 4)


def wait_for(sent: list[float], count: int) -> bool:
    """Whether so many were sent before anybody loses patience."""
    until = time.monotonic() + 10
    while len(sent) < count and time.monotonic() < until:
        time.sleep(0.01)
    return len(sent) == count
