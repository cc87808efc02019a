"""A person whom a stage names is bound by the limits of their own membership, wherever it is."""

import pytest

from approvals.errors import AboveCeiling
from approvals.models import Desk, Membership, Person
from approvals.states import Tier
from tests import plans as given
from tests import world
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def vera(here: World) -> Person:
    """A senior of another desk, whom the one stage names."""
    found = given.at_desk("vera")
    given.follow(here, given.VERA)
    return found


@pytest.mark.parametrize(
    "limits", [{"ceilings": {"EUR": "500.00"}}, {"daily_ceilings": {"EUR": "500.00"}}, {"max_stakes": "low"}]
)
def test_decides_nothing_above_their_own_limits_of_another_desk(
    here: World, vera: Person, limits: dict[str, object]
) -> None:
    Membership.objects.filter(person=vera).update(**limits)
    with pytest.raises(AboveCeiling):
        world.decide("approve", here.pending(), vera)


def test_is_bound_at_the_desk_of_the_action_before_any_other(here: World, vera: Person) -> None:
    row = {"tier": Tier.JUNIOR, "ceilings": {"EUR": "500.00"}}
    Membership.objects.create(person=vera, desk=Desk.objects.get(pk=here.desk.pk), **row)
    with pytest.raises(AboveCeiling):
        world.decide("approve", here.pending(), vera)


def test_reaches_their_daily_ceiling_by_what_stages_named_them_for(here: World, vera: Person) -> None:
    Membership.objects.filter(person=vera).update(daily_ceilings={"EUR": "1000.00"})
    first, second = here.pending(), here.pending()
    world.decide("approve", first, vera)
    with pytest.raises(AboveCeiling):
        world.decide("approve", second, vera)


def test_decides_within_their_limits(here: World, vera: Person) -> None:
    Membership.objects.filter(person=vera).update(ceilings={"EUR": "5000.00"})
    assert world.decide("approve", here.pending(), vera).is_final
