"""Attachments at once: one file from many threads, and what takes a file beside what removes or erases it."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from pytest_django import Settings

from approvals.actors import Door, system
from approvals.errors import UploadLimit, WrongState
from approvals.models import Action, Attachment
from approvals.services import locks
from approvals.services.attachments import erasure, removal
from approvals.services.intake import propose
from approvals.storage import contents
from policies.errors import Refused
from tests import attaching, world
from tests.races.test_verdicts import rush
from tests.services.intake.test_override import overrider, reopen
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("store"),
]


def test_one_file_from_four_threads_is_one_attachment(here: World) -> None:
    content = attaching.text()
    answers = rush([partial(attaching.uploaded, here, content)] * 4)
    assert sorted(answer.is_new for answer in answers) == [False, False, False, True]  # type: ignore[attr-defined]
    assert contents.open_bytes(Attachment.objects.get()) == content


def test_the_limit_holds_for_files_at_once(here: World, settings: Settings) -> None:
    settings.HITL_MAX_UNATTACHED = 2
    answers = rush([partial(attaching.uploaded, here, attaching.text()) for _each in range(4)])
    assert sum(isinstance(answer, UploadLimit) for answer in answers) == 2
    assert Attachment.objects.count() == 2


@pytest.mark.parametrize("time", range(3))
def test_a_file_is_attached_or_removed(here: World, time: int) -> None:
    file, at = attaching.attachment(here), NOON + timedelta(days=2)
    proposal = here.proposal(attachments=[file.pk])
    take = partial(propose.propose, actor=here.as_agent(), at=at, proposal=proposal)
    sweep = partial(removal.remove_old, actor=system(Door.CLOCK), clock=lambda: at, limit=10)
    rush([take, sweep])
    assert Action.objects.count() == Attachment.objects.count()
    for row in Attachment.objects.all():
        assert contents.open_bytes(row)


@pytest.mark.parametrize("time", range(3))
def test_a_file_is_attached_or_erased(here: World, time: int) -> None:
    file = attaching.attachment(here)
    proposal = here.proposal(attachments=[file.pk])
    take = partial(propose.propose, actor=here.as_agent(), at=NOON, proposal=proposal)
    erase = partial(erasure.erase, actor=system(Door.COMMAND), at=NOON, attachment_id=file.pk, reason="Asked for")
    answers = rush([take, erase])
    assert sum(isinstance(answer, Refused) for answer in answers) == 1
    row = Attachment.objects.get()
    assert (row.erased_at is None) == Action.objects.exists()


@pytest.mark.postgresql_only
def test_a_file_of_an_override_under_way_is_not_erased(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = 'rules:\n  - {name: banned, when: \'payload.issuer == "Shady Ltd"\', outcome: block, says: "No."}\n'
    world.publish(f"{world.POLICY}\n{rule}", "invoices", here.owner, here.senior)
    boss, lock = overrider("boss", here), locks.action
    file = attaching.attachment(here)
    blocked = here.pending(issuer="Shady Ltd", attachments=[file.pk])

    def after_the_override(*given: Any, **named: Any) -> Action:
        # The places were read, and the override comes first to the lock.
        monkeypatch.setattr(locks, "action", lock)
        rush([partial(reopen, boss, blocked)])
        return lock(*given, **named)

    monkeypatch.setattr(locks, "action", after_the_override)
    with pytest.raises(WrongState):
        erasure.erase(actor=system(Door.COMMAND), at=NOON, attachment_id=file.pk, reason="Asked for")
    assert Attachment.objects.get().sha256
    assert Action.objects.filter(overrides=blocked).exists()
