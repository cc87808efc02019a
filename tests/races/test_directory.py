"""A reviewer leaves in the directory while their approval waits for the action: it sees that and is refused."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from approvals.actors import Door, system
from approvals.errors import NotAllowed
from approvals.models import Action, Employee, Person
from approvals.services import locks
from approvals.services.directory import import_sheet
from tests import world
from tests.world import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


def approve(action: Action, person: Person) -> object:
    """Approve on a thread's own connection."""
    try:
        return world.decide("approve", action, person)
    finally:
        connection.close()


class TestLeaving:
    def test_is_seen_by_an_approval_that_waited_for_the_action(self) -> None:
        here = world.make()
        sheet = b"key,name,person,active\nE1,June,junior,yes\n"
        import_sheet.import_sheet(actor=system(Door.COMMAND), at=NOON, sheet="people", content=sheet)
        action = here.pending()
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                locks.action(action.pk)
                deciding = pool.submit(approve, action, here.junior)
                with pytest.raises(TimeoutError):
                    deciding.result(timeout=0.5)
                Employee.objects.update(is_active=False)
            with pytest.raises(NotAllowed, match="lists you as inactive"):
                deciding.result(timeout=30)
        assert world.fresh(action).state == "pending"
