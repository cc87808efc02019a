"""The demo's people and catalog without its history, and more action types."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from celery import current_app
from django.core.management import call_command

from approvals.actors import Door, system
from approvals.demo import catalog, directory, people
from approvals.management.supervisor import demo_home
from approvals.services.configuration import set_up
from policies import db


def prepare(folders: Iterable[Path]) -> None:
    """Fill an empty database, with the policies and action types of these folders; do nothing the second time."""
    if demo_home.is_ready():
        return
    demo_home.begin()
    call_command("migrate", verbosity=0, interactive=False)
    # Messages to workers go nowhere: none is running yet.
    current_app.conf.update(broker_url="memory://")
    now = db.now()
    founded = now - timedelta(days=1)
    people.settle(founded)
    directory.stock(founded)
    catalog.stock(founded)
    for folder in folders:
        catalog.FOLDER = folder
        catalog._publish_policies(now)
        for entry in catalog._documents("types"):
            people.keep(catalog._action_type(entry), now, "Added for tests.")
    set_up.end(actor=system(Door.DEMO), at=now, why="The tests begin.")
    demo_home.mark(demo_home.READY)
