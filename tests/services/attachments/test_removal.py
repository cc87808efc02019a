"""What no action took is removed after a day, and so are bytes that no row names; nothing else is."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.actors import Door, system
from approvals.models import Agent, Attachment
from approvals.services.attachments import removal
from approvals.storage import contents
from tests import attaching
from tests.world import NOON, World

CLOCK = system(Door.CLOCK)
LATER = NOON + timedelta(days=1, minutes=1)
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
]


def files(store: Path) -> set[str]:
    return {path.name for path in store.rglob("*") if path.is_file() and path.name != "store-id"}


def sweep(at: datetime = LATER) -> int:
    return removal.remove_old(actor=CLOCK, clock=lambda: at, limit=100)


def turn_of(sha256: str) -> datetime:
    """A moment after the day of the sweep at which this digest's folder is looked through."""
    at = LATER
    while f"{int(at.timestamp() // removal.TURN.total_seconds()) % removal.FOLDERS:02x}" != sha256[:2]:
        at += removal.TURN
    return at


def age(path: Path, at: datetime) -> None:
    old = (at - timedelta(days=2)).timestamp()
    os.utime(path, (old, old))


class TestBytes:
    def test_are_looked_for_by_the_index_of_what_is_not_erased(self, here: World) -> None:
        with CaptureQueriesContext(connection) as asked:
            assert not removal.is_named("0" * 64)
        assert '"erased_at" IS NULL' in asked[0]["sql"]


class TestASweep:
    def test_removes_row_and_bytes_of_what_no_action_took(self, here: World, store: Path) -> None:
        attaching.attachment(here)
        assert sweep() == 1
        assert not Attachment.objects.exists()
        assert files(store) == set()

    def test_keeps_what_is_younger_than_a_day(self, here: World, store: Path) -> None:
        file = attaching.attachment(here)
        assert sweep(NOON + timedelta(hours=23)) == 0
        assert files(store) == {file.sha256}

    def test_keeps_what_an_action_took(self, here: World, store: Path) -> None:
        file = attaching.attachment(here)
        here.propose(attachments=[file.pk])
        assert sweep() == 0
        assert files(store) == {file.sha256}

    def test_keeps_bytes_that_another_row_names(self, here: World, store: Path) -> None:
        content = attaching.text()
        file = attaching.attachment(here, content)
        here.agent = Agent.objects.create(name="other-bot", title="Other bot", owner=here.owner)
        here.propose(attachments=[attaching.attachment(here, content).pk])
        assert sweep() == 1
        assert files(store) == {file.sha256}

    def test_removes_bytes_whose_upload_died_before_its_row(self, here: World, store: Path) -> None:
        received = attaching.received(attaching.text())
        contents.put(received.sha256, received.file)
        at = turn_of(received.sha256)
        age(store / received.sha256[:2] / received.sha256, at)
        sweep(at)
        assert files(store) == set()

    def test_keeps_bytes_whose_upload_may_still_go_on(self, here: World, store: Path) -> None:
        received = attaching.received(attaching.text())
        contents.put(received.sha256, received.file)
        at = turn_of(received.sha256)
        os.utime(store / received.sha256[:2] / received.sha256, (at.timestamp(), at.timestamp()))
        sweep(at)
        assert files(store) == {received.sha256}

    def test_removes_half_a_file_that_a_killed_process_left(self, here: World, store: Path) -> None:
        received = attaching.received(attaching.text())
        half = store / received.sha256[:2] / f"{received.sha256}.0123456789abcdef.part"
        half.parent.mkdir(parents=True)
        half.write_bytes(b"half")
        at = turn_of(received.sha256)
        age(half, at)
        sweep(at)
        assert files(store) == set()

    def test_leaves_files_of_others_alone(self, here: World, store: Path) -> None:
        (store / "00").mkdir(parents=True)
        (store / "00" / "notes.txt").write_text("mine")
        age(store / "00" / "notes.txt", NOON)
        sweep(turn_of("00"))
        assert files(store) == {"notes.txt"}

    def test_puts_back_what_a_new_upload_names_meanwhile(
        self, here: World, store: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file, asked = attaching.attachment(here), [False, True]
        monkeypatch.setattr(removal, "is_named", lambda _sha256: asked.pop(0))
        assert removal.discard([file.sha256]) == 0
        assert files(store) == {file.sha256}
