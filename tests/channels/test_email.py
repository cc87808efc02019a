"""Notices by e-mail: one line where one line belongs, one address, the same id each time."""

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from approvals.channels.base import Message, NotTold
from approvals.channels.email import EmailChannel
from approvals.channels.registry import channel


def message(**changes: str) -> Message:
    return Message(**({"key": "1", "to": "kim@example.com", "subject": "A decision", "text": "Look."} | changes))


class TestTell:
    def test_sends_plain_text(self) -> None:
        EmailChannel().tell(message())
        sent = mail.outbox[0]
        assert (sent.to, sent.subject, sent.body) == (["kim@example.com"], "A decision", "Look.")
        assert sent.extra_headers["Auto-Submitted"] == "auto-generated"

    def test_gives_a_repetition_the_same_id(self) -> None:
        for key in ("1", "1", "2"):
            EmailChannel().tell(message(key=key))
        assert len({sent.extra_headers["Message-ID"] for sent in mail.outbox}) == 2

    def test_keeps_a_subject_in_one_line(self) -> None:
        EmailChannel().tell(message(subject="A\r\nBcc: x@example.com\u2028\x00" + "y" * 500))
        assert mail.outbox[0].subject.startswith("A Bcc: x@example.com")
        assert len(mail.outbox[0].subject) <= 150 and mail.outbox[0].recipients() == ["kim@example.com"]

    @pytest.mark.parametrize(
        "to", ["", "kim", "a@example.com, b@example.com", "Kim <kim@example.com>", "a@b.c\nBcc: d"]
    )
    def test_refuses_what_is_not_one_address(self, to: str) -> None:
        with pytest.raises(NotTold, match="Correct it"):
            EmailChannel().tell(message(to=to))

    def test_says_when_the_server_is_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def away(*args: object) -> None:
            raise ConnectionRefusedError

        monkeypatch.setattr(EmailBackend, "send_messages", away)
        with pytest.raises(NotTold):
            EmailChannel().tell(message())


class TestChannel:
    def test_is_found_by_name(self) -> None:
        assert channel("email").name == "email"

    def test_that_is_not_there_is_named(self) -> None:
        with pytest.raises(NotTold, match="pigeon"):
            channel("pigeon")
