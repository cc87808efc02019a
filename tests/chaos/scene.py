"""A scene in a database of its own, for tests that break the database: run by `manage.py shell -c`."""

from approvals.models import Person
from policies.db import now
from tests import world


def propose_many(count: int, **target: object) -> None:
    """Make the world, once, and propose actions that run by themselves."""
    here = world.make(connector="held", undo_seconds=0, target=target)
    for _ in range(count):
        here.propose(now(), amount=20.5)
    assert Person.objects.count() == 3
