"""Create the demo in an empty database."""

from collections.abc import Callable
from datetime import datetime, timedelta

from celery import current_app
from django.db import connection

from approvals.actors import Door, system
from approvals.demo import catalog, directory, people, seed_history
from approvals.services.configuration import set_up


def seed(now: datetime, say: Callable[[str], None]) -> int:
    """Create the demo in an empty database, and return the number of actions."""
    # Everything runs in this process, so messages to workers go nowhere.
    current_app.conf.update(broker_url="memory://")
    with connection.cursor() as cursor:
        # An interrupted seeding starts again, so it does not need to survive a power failure.
        cursor.execute("PRAGMA synchronous=OFF")
    founded = now - timedelta(weeks=seed_history.WEEKS, days=3)
    people.settle(founded)
    directory.stock(founded)
    catalog.stock(founded)
    told = seed_history.tell(now, say)
    set_up.end(actor=system(Door.DEMO), at=now, why="The demo is set up.")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return told
