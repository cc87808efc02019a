"""Approve and reject at once: one winner each, under threads, and the loser is told who won."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from approvals.errors import AlreadyDecided, ClaimedByAnother
from approvals.models import Action, Claim, Decision, Execution, Membership
from policies.errors import Refused
from tests import world
from tests.proof import times
from tests.races import meanwhile
from tests.world import World, now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
RACES = {"postgresql": times(200, 1_000), "sqlite": times(50, 200)}


def rush(calls: list[Callable[[], object]]) -> list[object]:
    """Run the calls at the same moment, each on a thread and connection of its own; return answers and refusals."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            gate.wait()
            return call()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.proof
@pytest.mark.timeout(600)
def test_an_approval_and_a_rejection_at_once_have_one_winner_each() -> None:
    here = world.make()
    actions = [here.pending() for _ in range(RACES[connection.vendor])]
    for action in actions:
        answers = rush(
            [
                lambda action=action: world.decide("approve", action, here.junior),
                lambda action=action: world.decide("reject", action, here.senior),
            ]
        )
        losers = [answer for answer in answers if isinstance(answer, AlreadyDecided)]
        assert len(losers) == 1, answers
        assert losers[0].details["by"] in {str(here.junior), str(here.senior)}
    assert Decision.objects.filter(is_final=True).count() == len(actions)
    approved = Action.objects.filter(state="approved").count()
    assert approved + Action.objects.filter(state="rejected").count() == len(actions)
    assert Execution.objects.count() == approved


@pytest.mark.parametrize("time", range(20))
def test_a_withdrawal_and_an_approval_at_once_leave_nothing_half_done(here: World, time: int) -> None:
    action = here.pending()
    rush([lambda: world.decide("approve", action, here.junior), lambda: world.withdraw(here, action)])
    assert world.fresh(action).state == "withdrawn"
    assert not Execution.objects.filter(action=action, state="ready").exists()


def test_a_double_click_is_one_decision(here: World) -> None:
    action = here.pending()
    rush([lambda: world.decide("approve", action, here.junior)] * 4)
    assert Decision.objects.filter(action=action, is_final=True).count() == 1
    assert Execution.objects.filter(action=action).count() == 1


def test_one_key_in_many_requests_is_one_action(here: World) -> None:
    proposal = here.proposal()
    receipts = rush([lambda: world.send(here, proposal)] * 20)
    assert Action.objects.count() == 1
    assert sum(not receipt.is_replay for receipt in receipts) == 1  # type: ignore[attr-defined]


@pytest.mark.postgresql_only
def test_an_approval_that_waited_for_its_turn_can_be_undone_as_long_as_any() -> None:
    here = world.make(undo_seconds=10)
    action, waited = here.pending(), list[datetime]()
    meanwhile.outcome(
        lambda: world.decide("approve", action, here.junior),
        hold=lambda: Action.objects.select_for_update().get(pk=action.pk),
        change=lambda: waited.append(now()),
    )
    assert Execution.objects.get(action=action).not_before >= waited[0] + timedelta(seconds=10)


@pytest.mark.postgresql_only
def test_an_approval_that_waited_for_its_daily_ceilings_can_be_undone_as_long_as_any() -> None:
    here = world.make(undo_seconds=10)
    seats = Membership.objects.filter(person=here.junior)
    seat = seats.get()
    seat.daily_ceilings = {"EUR": "5000.00"}
    seat.save()
    action, waited = here.pending(), list[datetime]()
    meanwhile.outcome(
        lambda: world.decide("approve", action, here.junior),
        hold=lambda: list(seats.select_for_update()),
        change=lambda: waited.append(now()),
    )
    assert Execution.objects.get(action=action).not_before >= waited[0] + timedelta(seconds=10)


@pytest.mark.postgresql_only
def test_an_approval_that_waited_for_a_claim_is_refused() -> None:
    here = world.make()
    action = here.pending()

    def claim() -> None:
        Action.objects.select_for_update().get(pk=action.pk)
        Claim.objects.create(action=action, person=here.senior, since=now(), until=now() + timedelta(minutes=5))

    answer = meanwhile.outcome(lambda: world.decide("approve", action, here.junior), hold=claim)
    assert isinstance(answer, ClaimedByAnother)
