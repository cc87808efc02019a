"""The email connector: the approved words, to the approved people, and doubt where the server was lost."""

import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from approvals.connectors.base import Answer, Order, Recovery
from approvals.connectors.email import EmailConnector
from policies.engine.canonical import canonical_bytes

EMAIL = EmailConnector()
GOOD = {"to": "kim@example.com", "subject": "Your account", "body": "Dear Kim,\n\n<b>thank you</b>."}


def order(target: dict[str, Any] | None = None, **payload: Any) -> Order:
    body = canonical_bytes(GOOD | payload).decode()
    return Order("k" * 64, "a-1", "email.send", "bot", 1, body, target or {})


class TestSend:
    def test_sends_what_was_approved(self) -> None:
        assert EMAIL.send(order({"reply_to": "team@example.com"})).answer is Answer.DONE
        sent = mail.outbox[0]
        assert (sent.to, sent.subject, sent.body) == (["kim@example.com"], "Your account", GOOD["body"])
        assert sent.reply_to == ["team@example.com"] and sent.message().get_content_type() == "text/plain"

    def test_reads_the_fields_that_its_target_names(self) -> None:
        EMAIL.send(order({"to": "customer"}, customer="lee@example.com"))
        assert mail.outbox[0].to == ["lee@example.com"]

    @pytest.mark.parametrize(
        "payload",
        [
            {"to": "kim@example.com\nBcc: x@example.com"},
            {"to": "not an address"},
            {"to": []},
            {"to": ["kim@example.com"] * 21},
            {"to": None},
            {"subject": "Hello\r\nBcc: x@example.com"},
            {"subject": " "},
            {"body": 7},
        ],
    )
    def test_refuses_what_is_no_mail(self, payload: dict[str, Any]) -> None:
        outcome = EMAIL.send(order(**payload))
        assert outcome.answer is Answer.REFUSED and outcome.error.endswith(".")
        assert mail.outbox == []

    @pytest.mark.parametrize(
        ("method", "error", "answer"),
        [
            ("open", ConnectionRefusedError(), Answer.NOT_DONE),
            ("open", smtplib.SMTPAuthenticationError(535, b"no"), Answer.NOT_DONE),
            ("send_messages", smtplib.SMTPDataError(554, b"no"), Answer.REFUSED),
            ("send_messages", smtplib.SMTPDataError(451, b"later"), Answer.NOT_DONE),
            ("send_messages", smtplib.SMTPServerDisconnected(), Answer.UNKNOWN),
            ("send_messages", TimeoutError(), Answer.UNKNOWN),
        ],
    )
    def test_says_honestly_what_it_knows(
        self, monkeypatch: pytest.MonkeyPatch, method: str, error: Exception, answer: Answer
    ) -> None:
        def broken(*args: Any) -> None:
            raise error

        monkeypatch.setattr(EmailBackend, method, broken)
        assert EMAIL.send(order()).answer is answer


class TestRecovery:
    def test_is_left_to_people(self) -> None:
        assert EMAIL.recovery({}) is Recovery.NEITHER
        assert EMAIL.look_up(order()).answer is Answer.UNKNOWN


class TestCheckTarget:
    @pytest.mark.parametrize(
        ("target", "is_good"),
        [
            ({}, True),
            ({"to": "customer", "reply_to": "team@example.com"}, True),
            ({"to": 7}, False),
            ({"reply_to": "nobody"}, False),
            ({"bcc": "x"}, False),
        ],
    )
    def test_says_what_is_wrong(self, target: dict[str, Any], is_good: bool) -> None:
        assert (EMAIL.check_target(target) == []) is is_good
