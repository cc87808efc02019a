"""Sessions that are over are deleted by the clock; those that are used stay."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from approvals.actors import Door, system
from approvals.clock import Clock
from approvals.services.accounts import sessions
from policies import db

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


def session(key: str, minutes: int) -> None:
    Session.objects.create(session_key=key, session_data="", expire_date=db.now() + timedelta(minutes=minutes))


def test_only_those_that_are_over_go_and_a_bounded_number_each_time() -> None:
    for key, minutes in (("oldest", -3), ("older", -2), ("old", -1), ("used", 1)):
        session(key, minutes)
    done = [sessions.forget_expired(actor=system(Door.CLOCK), at=db.now(), limit=2) for _ in range(2)]
    assert (done, list(Session.objects.values_list("pk", flat=True))) == ([2, 1], ["used"])


def test_the_clock_does_so() -> None:
    session("old", -1)
    next(sweep for sweep in Clock().sweeps if sweep.name == "forget sessions").work()
    assert not Session.objects.exists()
