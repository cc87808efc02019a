"""Sends approved e-mails: plain text, exactly the words that were approved.

A target may say which fields of the payload hold ``to``, ``subject`` and ``body`` (by default those names), and
``reply_to``, an address. Mail can be neither repeated nor looked up: when the server was lost after the text was handed
over, a person settles it. A mail goes to all its recipients or to none: one that the server refuses stops it.
"""

import smtplib
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.mail.backends import smtp
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.utils.module_loading import import_string

from approvals.connectors.base import CallResult, CallStatus, Order, Recovery
from policies.engine.values import json_pointer

FIELDS = ("to", "subject", "body")
MAX_RECIPIENTS = 20
# Raised before the text is handed over: this attempt sent nothing.
_REFUSALS = (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPHeloError)


class Unfit(Exception):
    """The payload is no e-mail that may be sent; the message says why."""


class EmailConnector:
    """One e-mail through the backend that the settings name."""

    name = "email"

    def recovery(self, target: dict[str, Any]) -> Recovery:
        """Mail cannot be asked for."""
        return Recovery.NEITHER

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Say in sentences what is wrong with a target."""
        return list(_faults(target))

    def summary(self, target: dict[str, Any]) -> str:
        """Say which field holds the address, and where answers go."""
        answers = f", reply to {target['reply_to']}" if target.get("reply_to") else ""
        return f"E-mail to the address in {json_pointer.join(target.get('to', 'to'))}{answers}"

    def expects(self, target: dict[str, Any]) -> dict[str, dict[str, str]]:
        """Where the recipients stand in a payload: whatever its schema says, they are mail addresses."""
        return {json_pointer.join(target.get("to", "to")): {"kind": "email"}}

    def send(self, order: Order) -> CallResult:
        """Hand the e-mail to the mail server, once."""
        try:
            mail = _compose(order)
        except Unfit as error:
            return CallResult(CallStatus.REFUSED, error=str(error))
        connection = _connection()
        try:
            connection.open()
        except (smtplib.SMTPException, OSError) as error:
            return CallResult(CallStatus.NOT_DONE, error=f"The mail server could not be reached: {error}.")
        try:
            connection.send_messages([mail])
        except _REFUSALS as error:
            return CallResult(_refusal(error), error=f"The mail server refused it: {error}.")
        except (smtplib.SMTPException, OSError) as error:
            return CallResult(CallStatus.UNKNOWN, error=f"The mail server was lost while it took the mail: {error!r}.")
        finally:
            _close(connection)
        return CallResult(CallStatus.DONE, {"message_id": mail.extra_headers["Message-ID"]})

    def look_up(self, order: Order) -> CallResult:
        """Nobody can be asked whether a mail was sent."""
        return CallResult(CallStatus.UNKNOWN, error="Mail cannot be looked up.")


class _Strict:
    """Before the text is handed over, one refused recipient is enough to send nothing."""

    def rcpt(self, recip: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        code, said = super().rcpt(recip, options)  # type: ignore[misc]
        if code not in {250, 251}:
            raise smtplib.SMTPRecipientsRefused({recip: (code, said)})
        return code, said


class _Plain(_Strict, smtplib.SMTP):
    pass


class _Secure(_Strict, smtplib.SMTP_SSL):
    pass


class _Backend(smtp.EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _Secure if self.use_ssl else _Plain


def _connection() -> BaseEmailBackend:
    named = import_string(settings.EMAIL_BACKEND)
    return _Backend() if named is smtp.EmailBackend else named()


def _compose(order: Order) -> EmailMessage:
    values = {field: order.payload.get(order.target.get(field, field)) for field in FIELDS}
    recipients = values["to"] if isinstance(values["to"], list) else [values["to"]]
    if not 0 < len(recipients) <= MAX_RECIPIENTS:
        raise Unfit(f"The mail has {len(recipients)} recipients; send it to between 1 and {MAX_RECIPIENTS}.")
    subject, body = _text(values["subject"]), _text(values["body"])
    if any(sign in subject for sign in "\r\n"):
        raise Unfit("The subject has more than one line.")
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return EmailMessage(
        subject=subject,
        body=body,
        to=[_address(recipient) for recipient in recipients],
        reply_to=[order.target["reply_to"]] if order.target.get("reply_to") else None,
        headers={"Message-ID": f"<{order.key[:40]}@{domain}>"},
    )


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Unfit("The mail has no subject or no text.")
    return value


def _address(value: Any) -> str:
    try:
        validate_email(value)
    except ValidationError as error:
        raise Unfit(f"{value!r} is not an e-mail address.") from error
    return str(value)


def _refusal(error: smtplib.SMTPException) -> CallStatus:
    """Codes from 400 to 499 mean not now (RFC 5321, section 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _said in error.recipients.values()]
    else:
        codes = [getattr(error, "smtp_code", 0)]
    return CallStatus.NOT_DONE if all(400 <= code < 500 for code in codes) else CallStatus.REFUSED


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        # The mail is with the server or is not; how the connection ends changes nothing.
        return


def _faults(target: dict[str, Any]) -> Iterator[str]:
    allowed = (*FIELDS, "reply_to")
    for name in sorted(target.keys() - set(allowed)):
        yield f"There is no field {name!r} in an email target; use one of {', '.join(allowed)}."
    for name in FIELDS:
        if not isinstance(target.get(name, name), str):
            yield f"{name} must name a field of the payload."
    if "reply_to" in target:
        try:
            validate_email(target["reply_to"])
        except ValidationError:
            yield "reply_to is not an e-mail address."
