"""Ending an effect with one click, against its end that is due at that moment: it is taken away once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from approvals.connectors.fake import FakeConnector
from tests.services.ends.given import end_due, end_now, executed, is_live, let_end, states
from tests.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0, ends="optional"),
]
ROUNDS = {"postgresql": 8, "sqlite": 3}


def test_an_effect_is_reversed_once_whoever_comes_first(here: World, fake: FakeConnector) -> None:
    for _ in range(ROUNDS[connection.vendor]):
        let_end(action := executed(here))
        fake.orders.clear()
        with ThreadPoolExecutor(4) as pool:
            done = [pool.submit(_apart, work) for work in (end_due, lambda: end_now(action, here.junior)) * 2]
            for each in done:
                each.result(timeout=30)
        # Whoever was replaced leaves the rest to the next worker.
        end_due()
        assert states(action).count("succeeded") == 1 and set(states(action)) <= {"canceled", "succeeded"}
        assert len(fake.orders) == 1 and not is_live(action)


def _apart(work: object) -> None:
    """Do it on a thread's own connection."""
    try:
        work()  # type: ignore[operator]
    finally:
        connection.close()
