"""Ringing: what falls due is a worker's, as long as one answers."""

from datetime import timedelta

import pytest

from approvals.actors import Door, system
from approvals.models import Beat
from approvals.services import doorbell, heartbeats
from approvals.services.ringing import AGAIN, PATIENCE, Ringing
from policies import db

pytestmark = pytest.mark.django_db(transaction=True)


class Setting:
    """A clock with one kind of work, that a test moves on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.is_due, self.takes_messages = db.now(), True, True
        self.rung, self.worked = 0, 0
        monkeypatch.setattr(db, "_read_clock", lambda: self.now)
        monkeypatch.setattr(doorbell, "ring_now", self._ring)
        self.ringing = Ringing(doorbell.ROUTE, lambda: self.is_due, self._work)

    def after(self, time: timedelta) -> int:
        """How much the clock does itself this much later."""
        self.now += time
        return self.ringing()

    def answer(self, task: str = doorbell.ROUTE) -> None:
        """A worker takes up work."""
        heartbeats.beat(actor=system(Door.CELERY), at=self.now, name=heartbeats.of_worker(task))

    def _ring(self, task: str) -> bool:
        self.rung += 1
        return self.takes_messages

    def _work(self) -> int:
        self.worked += 1
        return 1


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Setting:
    return Setting(monkeypatch)


SOON, LATER = PATIENCE / 6, PATIENCE * 2


def test_nothing_due_rings_nobody(setting: Setting) -> None:
    setting.is_due = False
    assert (setting.after(SOON), setting.rung) == (0, 0)


def test_what_is_due_is_left_to_a_worker(setting: Setting) -> None:
    assert (setting.after(SOON), setting.after(SOON)) == (0, 0)


def test_what_falls_due_after_a_worker_came_is_rung_for_too(setting: Setting) -> None:
    setting.answer()
    setting.after(SOON)
    rung = setting.rung
    assert (setting.after(SOON), setting.rung) == (0, rung + 1)


def test_a_broker_that_dies_while_the_clock_waits_leaves_it_to_the_clock(setting: Setting) -> None:
    setting.after(SOON)
    setting.takes_messages = False
    assert setting.after(SOON) == 1


def test_a_broker_that_takes_no_message_leaves_it_to_the_clock(setting: Setting) -> None:
    setting.takes_messages = False
    assert (setting.after(SOON), setting.after(SOON)) == (1, 1)


def test_a_ring_that_nobody_answers_leaves_it_to_the_clock(setting: Setting) -> None:
    setting.after(SOON)
    assert (setting.after(LATER), setting.after(SOON)) == (1, 1)


def test_a_worker_that_answers_is_rung_again(setting: Setting) -> None:
    setting.after(SOON)
    for _ in range(20):
        setting.answer()
        assert setting.after(SOON) == 0
    assert setting.rung == 21


def test_a_worker_that_comes_back_takes_over(setting: Setting) -> None:
    setting.after(SOON)
    setting.after(LATER)
    setting.answer()
    assert (setting.after(SOON), setting.worked) == (0, 1)


def test_a_ring_is_repeated_now_and_then(setting: Setting) -> None:
    setting.after(SOON)
    setting.after(LATER)
    setting.after(AGAIN)
    assert setting.rung == 2


def test_work_that_is_done_starts_patience_anew(setting: Setting) -> None:
    setting.after(SOON)
    setting.is_due = False
    setting.after(LATER)
    setting.is_due = True
    assert setting.after(SOON) == 0


def test_a_worker_that_takes_other_work_leaves_it_to_the_clock(setting: Setting) -> None:
    setting.after(SOON)
    setting.answer(doorbell.DELIVER)
    assert setting.after(LATER) == 1


def test_a_busy_worker_says_so_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeats, "_answered", {})
    name = heartbeats.of_worker(doorbell.ROUTE)
    for _ in range(3):
        heartbeats.answer(actor=system(Door.CELERY), task=doorbell.ROUTE)
    assert Beat.objects.filter(name=name).count() == 1
    first = heartbeats.last(name)
    heartbeats.answer(actor=system(Door.CELERY), task=doorbell.ROUTE)
    assert heartbeats.last(name) == first
