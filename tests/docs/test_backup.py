"""The commands of the page about backups, as they are written, on a database that goes on after its backup."""

import os
import subprocess
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from approvals.actors import Door, system
from approvals.connectors.base import Recovery
from approvals.connectors.fake import FakeConnector
from approvals.queries.safety import restores
from approvals.services.execution import recovery
from approvals.services.execution import run as execution
from tests import world
from tests.chaos.workers import database_url
from tests.docs import pages
from tests.management.running import ROOT
from tests.servers.postgres import installed_binaries
from tests.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql_only,
    pytest.mark.world(connector="fake", undo_seconds=0),
]
CLOCK = partial(world.soon, 0)
BACK_UP, RESTORE, RESUME = pages.blocks("how-to/monitor-and-back-up.md", "sh")


def work() -> None:
    execution.run_ready(actor=system(Door.CELERY), clock=CLOCK)
    execution.recover(actor=system(Door.CELERY), clock=CLOCK)


def run(commands: str, backups: Path, home: str) -> str:
    """Run what the page shows, as an operator whose variables are set."""
    connection.close()
    programs = f"{installed_binaries() / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    url = database_url()
    given = {"PATH": programs, "BACKUPS": str(backups), "HITL_HOME": home}
    given |= {"DATABASE_URL": url, "DATABASE_OWNER_URL": url}
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", commands],
        env=os.environ | given, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_commands_restore_and_resume(
    here: World, fake: FakeConnector, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.class_, settings.HITL_LEASE_SECONDS = Recovery.NEITHER, 0
    monkeypatch.setattr(recovery, "CALM", timedelta(0))
    action = here.approved()
    run(BACK_UP, tmp_path, str(settings.HITL_HOME))
    work()
    assert world.fresh(action).state == "executed"
    assert run(RESTORE, tmp_path, str(settings.HITL_HOME)).endswith("as this host knows: 1.\n")
    work()
    assert (world.fresh(action).state, sum(fake.effects.values()), restores.is_on()) == ("uncertain", 1, True)
    run(RESUME, tmp_path, str(settings.HITL_HOME))
    assert not restores.is_on()
