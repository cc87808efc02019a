"""Uploads: what is accepted, how much, and that the row never stands without its bytes."""

import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from approvals.actors import Door, system
from approvals.errors import Malformed, ScopeMissing, TooLarge, UnknownContent, UploadLimit
from approvals.models import Agent, Attachment
from approvals.services.attachments import uploads
from approvals.storage import contents
from tests import attaching
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("store"),
]


class TestAnUpload:
    def test_is_stored_under_its_digest_for_its_owner_alone(self, here: World, store: Path) -> None:
        content = attaching.text()
        row = attaching.attachment(here, content)
        file = store / row.sha256[:2] / row.sha256
        assert file.read_bytes() == content
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert (row.size, row.media_type, row.name) == (len(content), "text/plain", "note.txt")

    def test_of_the_same_bytes_is_the_same_attachment(self, here: World) -> None:
        content = attaching.text()
        first, second = (attaching.uploaded(here, content, name) for name in ("note.txt", "files/note.txt"))
        assert (first.is_new, second.is_new) == (True, False)
        assert first.attachment == second.attachment

    def test_of_the_same_bytes_by_another_name_shows_none_of_the_first_name(self, here: World, store: Path) -> None:
        content = attaching.text()
        first, second = (attaching.uploaded(here, content, name) for name in ("for-a.txt", "for-b.txt"))
        assert (first.attachment.name, second.attachment.name) == ("for-a.txt", "for-b.txt")
        assert first.attachment.sha256 == second.attachment.sha256
        assert len([path for path in store.glob("??/*") if path.is_file()]) == 1

    def test_of_the_same_bytes_by_another_agent_is_an_attachment_of_its_own(self, here: World) -> None:
        content = attaching.text()
        other = Agent.objects.create(name="other-bot", title="Other bot", owner=here.owner)
        mine = attaching.attachment(here, content)
        here.agent = other
        assert attaching.attachment(here, content).pk != mine.pk

    def test_again_puts_bytes_back_that_were_lost(self, here: World, store: Path) -> None:
        content = attaching.text()
        row = attaching.attachment(here, content)
        (store / row.sha256[:2] / row.sha256).unlink()
        attaching.uploaded(here, content)
        assert contents.open_bytes(row) == content

    def test_stores_its_bytes_again_when_a_sweep_took_them_before_the_row_was_there(
        self, here: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        content, record = attaching.text(), uploads.record

        def after_a_sweep(**given: Any) -> uploads.Uploaded:
            contents.take_away(given["received"].sha256)
            return record(**given)

        monkeypatch.setattr(uploads, "record", after_a_sweep)
        assert contents.open_bytes(attaching.attachment(here, content)) == content

    def test_without_bytes_is_refused(self, here: World) -> None:
        with pytest.raises(Malformed, match="empty"):
            attaching.uploaded(here, b"")

    def test_of_unknown_content_is_refused_whatever_its_name(self, here: World) -> None:
        with pytest.raises(UnknownContent):
            attaching.uploaded(here, b"\x7fELF\x02\x01\x01\x00" * 20, "invoice.pdf")

    def test_larger_than_allowed_is_refused(self, here: World, settings: Settings) -> None:
        settings.HITL_ATTACHMENT_MIB = 1
        with pytest.raises(TooLarge) as refusal:
            attaching.uploaded(here, b"x" * (1024 * 1024 + 1))
        assert refusal.value.details["limit"] == 1024 * 1024

    def test_of_a_picture_is_recognized_by_its_start_alone(self, here: World) -> None:
        file = attaching.received(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"x" * 10_000)
        assert uploads._media_type(file) == "image/png"
        assert file.file.tell() == uploads.HEAD_BYTES

    def test_of_a_text_too_large_to_decode_is_refused(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(uploads, "MAX_TEXT", 100)
        with pytest.raises(TooLarge) as refusal:
            attaching.uploaded(here, b"word " * 21)
        assert refusal.value.details["limit"] == 100

    def test_is_for_agents(self, here: World) -> None:
        received = attaching.received(attaching.text())
        with pytest.raises(ScopeMissing):
            uploads.upload(actor=system(Door.COMMAND), at=NOON, received=received)

    @pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\Windows\\passwd", "/etc/passwd", "a/b/../passwd"])
    def test_has_the_last_part_of_a_path_as_its_name(self, here: World, name: str) -> None:
        assert attaching.attachment(here, name=name).name == "passwd"


class TestTheLimits:
    def test_of_a_day_count_what_the_agent_uploaded_since(self, here: World, settings: Settings) -> None:
        settings.HITL_ATTACHMENTS_DAILY_MIB = 1
        attaching.attachment(here, b"x" * 900_000)
        with pytest.raises(UploadLimit) as refusal:
            attaching.attachment(here, b"y" * 900_000)
        assert refusal.value.details["retry_after"]
        later = NOON + timedelta(days=1, minutes=1)
        assert attaching.uploaded(here, b"y" * 900_000, at=later).is_new

    def test_of_a_day_leave_out_the_same_bytes(self, here: World, settings: Settings) -> None:
        settings.HITL_ATTACHMENTS_DAILY_MIB = 1
        content = b"x" * 900_000
        attaching.attachment(here, content)
        assert not attaching.uploaded(here, content).is_new

    def test_are_each_agents_own(self, here: World, settings: Settings) -> None:
        settings.HITL_ATTACHMENTS_DAILY_MIB = 1
        attaching.attachment(here, b"x" * 900_000)
        here.agent = Agent.objects.create(name="other-bot", title="Other bot", owner=here.owner)
        assert attaching.uploaded(here, b"y" * 900_000).is_new

    def test_count_what_no_action_took(self, here: World, settings: Settings) -> None:
        settings.HITL_MAX_UNATTACHED = 2
        taken = attaching.attachment(here)
        here.propose(attachments=[taken.pk])
        for _each in range(2):
            attaching.attachment(here)
        with pytest.raises(UploadLimit):
            attaching.attachment(here)
        assert Attachment.objects.filter(attached_at=None).count() == 2
