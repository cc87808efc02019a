"""What halts an action is known where it was locked, and nowhere else."""

import pytest
from django.db import transaction

from approvals.actors import Actor, Door
from approvals.services import locks
from approvals.services.safety import halts
from tests import world
from tests.world import NOON

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_locked_action_names_its_halt() -> None:
    here = world.make()
    action = here.pending()
    senior = Actor(Door.ADMIN, person=here.senior)
    halt = halts.start(actor=senior, at=NOON, scope="desk", name="finance")
    with transaction.atomic():
        assert locks.halt_of(locks.action(action.pk)) == halt.pk


def test_an_action_that_was_not_locked_is_refused() -> None:
    with pytest.raises(LookupError):
        locks.halt_of(world.fresh(world.make().pending()))
