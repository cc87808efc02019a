"""The doctor looks at where attachments are stored, and the command erases one."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from approvals.documents import process
from approvals.documents.inside import walls
from approvals.management.doctor import attachments
from approvals.management.doctor.finding import Level
from approvals.models import Attachment, Beat
from approvals.models.heartbeats import STORE
from approvals.queries.insight import operation
from approvals.services.attachments import hosts
from policies import db
from tests import attaching
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def as_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "_announced", {})


class TestTheDoctor:
    def test_is_content_with_one_folder(self, here: World, store: Path) -> None:
        attaching.attachment(here)
        (found,) = attachments.store()
        assert found.level is Level.GREEN
        assert str(store) in found.words

    def test_refuses_two_folders_in_use(self, here: World, store: Path) -> None:
        attaching.attachment(here)
        Beat.objects.create(name=f"{STORE}0123456789abcdef", at=db.now())
        (found,) = attachments.store()
        assert found.level is Level.RED
        assert "2 different folders" in found.words

    def test_forgets_a_folder_that_was_not_used_for_an_hour(self, here: World, store: Path) -> None:
        attaching.attachment(here)
        Beat.objects.create(name=f"{STORE}0123456789abcdef", at=db.now() - hosts.SILENT)
        assert [found.level for found in attachments.store()] == [Level.GREEN]

    def test_says_when_the_store_cannot_be_read(self, here: World, store: Path) -> None:
        store.write_text("no folder")
        assert [found.level for found in attachments.store()] == [Level.RED]

    def test_takes_no_folder_for_a_process(self, here: World, store: Path) -> None:
        attaching.attachment(here)
        assert Beat.objects.filter(name__startswith=STORE).exists()
        assert operation.now_running().beats == {}


class TestTheDoctorOfDocuments:
    def test_says_what_the_kernel_does_not_refuse(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(process, "ask", lambda *_arguments: ({"missing": ["files", "<b>"]}, b""))
        (found,) = attachments.drawing()
        assert found.level is Level.AMBER
        assert found.words == "They are drawn with less protection. Missing: Landlock, for files and ports."

    def test_says_that_nothing_is_drawn(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(process, "ask", lambda *_arguments: ({}, b""))
        assert [found.level for found in attachments.drawing()] == [Level.RED]

    def test_asks_the_process_itself(self) -> None:
        (found,) = attachments.drawing()
        assert found.level is not Level.RED
        assert set(process.PROTECTIONS) == {walls.PRIVILEGES, walls.DUMPS, walls.FILES, walls.CALLS}


class TestAFolder:
    def test_is_announced_once_a_minute(self, here: World, store: Path) -> None:
        attaching.attachment(here)
        Beat.objects.all().delete()
        attaching.attachment(here)
        assert not Beat.objects.exists()

    def test_is_not_made_by_a_process_that_stores_nothing(self, here: World, store: Path) -> None:
        hosts.announce(actor=here.as_agent(), is_used=False)
        assert not store.exists()


class TestTheCommand:
    def test_erases_an_attachment(self, here: World, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = attaching.attachment(here)
        call_command("erase_attachment", str(file.pk), reason="Asked for")
        assert capsys.readouterr().out == "Erased.\n"
        assert Attachment.objects.get().sha256 == ""

    def test_says_why_it_does_not(self, here: World, store: Path) -> None:
        file = attaching.attachment(here)
        here.pending(attachments=[file.pk])
        with pytest.raises(CommandError, match="not finished"):
            call_command("erase_attachment", str(file.pk), reason="Asked for")
