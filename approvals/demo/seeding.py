"""Makes the demo in an empty database."""

from collections.abc import Callable
from datetime import datetime, timedelta

from celery import current_app
from django.db import connection

from approvals.demo import catalog, directory, people, seed_history


def seed(now: datetime, say: Callable[[str], None]) -> int:
    """Found the firm and tell its last weeks; return how many actions there are. Nothing may be there before."""
    # Nobody listens yet, and everything is carried out here: the doorbell rings into the void.
    current_app.conf.update(broker_url="memory://")
    with connection.cursor() as cursor:
        # A telling that is cut short begins anew, so nothing of it needs to survive a power cut until it is complete.
        cursor.execute("PRAGMA synchronous=OFF")
    founded = now - timedelta(weeks=seed_history.WEEKS, days=3)
    people.settle(founded)
    directory.stock(founded)
    catalog.stock(founded)
    told = seed_history.tell(now, say)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return told
