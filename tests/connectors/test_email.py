"""The email connector: the approved words, to the approved people, and doubt where the server was lost."""

import smtplib
import socket
import threading
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from pytest_django import Settings

from approvals.connectors.base import CallStatus, Order, Recovery
from approvals.connectors.email import EmailConnector
from policies.engine.values.canonical import canonical_bytes

EMAIL = EmailConnector()
GOOD = {"to": "kim@example.com", "subject": "Your account", "body": "Dear Kim,\n\n<b>thank you</b>."}


def order(target: dict[str, Any] | None = None, **payload: Any) -> Order:
    body = canonical_bytes(GOOD | payload).decode()
    return Order("k" * 64, "a-1", "email.send", "bot", 1, body, target or {})


class TestSend:
    def test_sends_what_was_approved(self) -> None:
        assert EMAIL.send(order({"reply_to": "team@example.com"})).answer is CallStatus.DONE
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
        assert outcome.answer is CallStatus.REFUSED and outcome.error.endswith(".")
        assert mail.outbox == []

    @pytest.mark.parametrize(
        "sign", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\x00", "\x7f"]
    )
    def test_is_never_in_doubt_about_a_header(self, sign: str) -> None:
        # Some are sent, encoded; those that cannot be composed are refused, since nothing was sent.
        for payload in ({"subject": f"Your{sign}account"}, {"to": f"kim@exam{sign}ple.com"}, {"to": f"k{sign}m@a.com"}):
            outcome = EMAIL.send(order(**payload))
            assert outcome.answer in {CallStatus.DONE, CallStatus.REFUSED}

    def test_refuses_a_header_that_cannot_be_composed(self) -> None:
        outcome = EMAIL.send(order(subject="Your\x0baccount: new"))
        assert (outcome.answer, mail.outbox) == (CallStatus.REFUSED, [])
        assert outcome.error.startswith("The email cannot be composed: ")

    def test_refuses_a_direction_mark_in_an_address(self) -> None:
        assert EMAIL.send(order(to="kim@exam\u202eple.com")).answer is CallStatus.REFUSED

    @pytest.mark.parametrize(
        ("method", "error", "answer"),
        [
            ("open", ConnectionRefusedError(), CallStatus.NOT_DONE),
            ("open", smtplib.SMTPAuthenticationError(535, b"no"), CallStatus.NOT_DONE),
            ("send_messages", smtplib.SMTPDataError(554, b"no"), CallStatus.REFUSED),
            ("send_messages", smtplib.SMTPDataError(451, b"later"), CallStatus.NOT_DONE),
            ("send_messages", smtplib.SMTPServerDisconnected(), CallStatus.UNKNOWN),
            ("send_messages", TimeoutError(), CallStatus.UNKNOWN),
        ],
    )
    def test_says_honestly_what_it_knows(
        self, monkeypatch: pytest.MonkeyPatch, method: str, error: Exception, answer: CallStatus
    ) -> None:
        def broken(*args: Any) -> None:
            raise error

        monkeypatch.setattr(EmailBackend, method, broken)
        assert EMAIL.send(order()).answer is answer


class MailServer:
    """Takes one mail by SMTP, and answers each recipient whose name begins with `no` with the code given."""

    def __init__(self, code: int) -> None:
        self.code, self.took = code, False
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        peer, _ = self.socket.accept()
        with peer, peer.makefile("rwb", buffering=0) as lines:
            lines.write(b"220 ready\r\n")
            for line in lines:
                lines.write(self.answer(line, lines))

    def answer(self, line: bytes, lines: Any) -> bytes:
        if line.upper().startswith(b"RCPT TO:<NO"):
            return b"%d not here\r\n" % self.code
        if line.upper().startswith(b"DATA"):
            lines.write(b"354 go on\r\n")
            while lines.readline() != b".\r\n":
                pass
            self.took = True
        return b"250 fine\r\n"


class TestAServer:
    @pytest.mark.parametrize(
        ("to", "code", "answer"),
        [
            (["kim@example.com", "lee@example.com"], 550, CallStatus.DONE),
            (["kim@example.com", "nobody@example.com"], 550, CallStatus.REFUSED),
            (["kim@example.com", "not-now@example.com"], 450, CallStatus.NOT_DONE),
            (["nobody@example.com"], 550, CallStatus.REFUSED),
        ],
    )
    def test_sends_to_all_or_to_none(self, settings: Settings, to: list[str], code: int, answer: CallStatus) -> None:
        server = MailServer(code)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        outcome = EMAIL.send(order(to=to))
        server.socket.close()
        assert (outcome.answer, server.took) == (answer, answer is CallStatus.DONE), outcome.error

    def test_that_says_nothing_is_not_waited_for(self, settings: Settings) -> None:
        assert settings.EMAIL_TIMEOUT == 10
        settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = "django.core.mail.backends.smtp.EmailBackend", 0.3
        with socket.create_server(("127.0.0.1", 0)) as silent:
            settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
            assert EMAIL.send(order()).answer is CallStatus.NOT_DONE


class TestRecovery:
    def test_is_left_to_people(self) -> None:
        assert EMAIL.recovery({}) is Recovery.NEITHER
        assert EMAIL.look_up(order()).answer is CallStatus.UNKNOWN


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
