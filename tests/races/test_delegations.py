"""A delegation that is taken back while its delegate decides: whoever holds it is first, and the other sees that."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from approvals.actors import Actor, Door
from approvals.authority import delegations as lent
from approvals.authority import powers
from approvals.errors import DelegationRefused
from approvals.models import Delegation
from approvals.services.accounts import delegations
from approvals.services.plans import stages
from tests import world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
NOW = datetime.now(UTC)


def take_back(given: Delegation) -> Delegation:
    """End it on a thread's own connection."""
    try:
        return delegations.end(actor=Actor(Door.ADMIN, person=given.person), at=NOW, delegation_id=given.pk)
    finally:
        connection.close()


class TestTakingBack:
    def test_waits_for_a_decision_in_hand_and_counts_from_then_on(self) -> None:
        here, friend = world.make(), world.person("friend")
        first, second = here.pending(amount=9000), here.pending(amount=9000)
        actor = Actor(Door.ADMIN, person=here.senior)
        given = delegations.grant(
            actor=actor, at=NOW, person=here.senior, delegate=friend, ends_at=NOW + timedelta(days=1)
        )
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                power = powers.authority_of(Actor(Door.ADMIN, person=friend), first, stages.current(first))
                assert power.lent is not None and lent.lock(power.lent) is None
                ending = pool.submit(take_back, given)
                with pytest.raises(TimeoutError):
                    ending.result(timeout=0.5)
            assert ending.result(timeout=30).ended_at == NOW
        with pytest.raises(DelegationRefused):
            world.decide("approve", second, friend)
