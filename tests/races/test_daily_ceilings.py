"""Two approvals at once by one person whose day has room for one."""

import pytest

from approvals.errors import AboveCeiling
from approvals.models import Membership
from tests import world
from tests.races.test_verdicts import rush
from tests.world import World, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


@pytest.mark.parametrize("time", range(5))
def test_one_of_them_is_approved(here: World, time: int) -> None:
    Membership.objects.filter(person=here.junior).update(daily_ceilings={"EUR": "1000.00"})
    actions = [here.pending() for _ in range(4)]

    def approve(number: int) -> None:
        try:
            world.decide("approve", actions[number], here.junior)
        except AboveCeiling:
            return

    rush([lambda number=number: approve(number) for number in range(4)])
    assert sorted(fresh(action).state for action in actions) == ["approved", "pending", "pending", "pending"]
