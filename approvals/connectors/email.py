"""Send approved emails as plain text, exactly as approved.

A target may name the payload fields for ``to``, ``subject`` and ``body`` (by default these names), and a ``reply_to``
address. Email can be neither repeated nor looked up: if the connection is lost after the text was sent, a person
resolves it. An email goes to all its recipients or to none.
"""

import smtplib
from collections.abc import Iterator, Sequence
from email.errors import MessageError
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.mail.backends import smtp
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from approvals.connectors.base import CallResult, CallStatus, Order, Recovery
from policies.engine.values import json_pointer

FIELDS = ("to", "subject", "body")
MAX_RECIPIENTS = 20
# Raised before the text is sent: this attempt had no effect.
_REFUSALS = (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPHeloError)


class Unfit(Exception):
    """The payload is not a valid email; the message says why."""


class EmailConnector:
    """Sends emails through the configured backend."""

    name = "email"

    def recovery(self, target: dict[str, Any]) -> Recovery:
        """Email cannot be queried."""
        return Recovery.NEITHER

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Return the faults of a target as sentences."""
        return list(_faults(target))

    def summary(self, target: dict[str, Any]) -> str:
        """Name the field with the address, and the reply-to address."""
        answers = f", reply to {target['reply_to']}" if target.get("reply_to") else ""
        return f"Email to the address in {json_pointer.join(target.get('to', 'to'))}{answers}"

    def expects(self, target: dict[str, Any]) -> dict[str, dict[str, str]]:
        """Return the pointer to the recipients; they must be email addresses regardless of the schema."""
        return {json_pointer.join(target.get("to", "to")): {"kind": "email"}}

    def preview(self, target: dict[str, Any], payload: dict[str, Any]) -> list[str]:
        """Say the recipients and the subject."""
        recipients, subject = payload.get(target.get("to", "to")), payload.get(target.get("subject", "subject"))
        every = recipients if isinstance(recipients, list) else [recipients]
        addresses = [each for each in every if isinstance(each, str)]
        if not isinstance(subject, str) or len(addresses) < len(every):
            return []
        said = {"recipients": ", ".join(addresses), "subject": subject}
        return [_("Sends an email to %(recipients)s with the subject “%(subject)s”.") % said]

    def send(self, order: Order) -> CallResult:
        """Send the email once."""
        try:
            mail = _composed(order)
        except Unfit as error:
            return CallResult(CallStatus.REFUSED, error=str(error))
        connection = _connection()
        try:
            connection.open()
        except (smtplib.SMTPException, OSError) as error:
            return CallResult(CallStatus.NOT_DONE, error=f"The mail server could not be reached: {error}.")
        try:
            connection.send_messages([mail])
        except (ValueError, MessageError, smtplib.SMTPNotSupportedError) as error:
            # Addresses and headers are written before the text is sent, so nothing was.
            return CallResult(CallStatus.REFUSED, error=f"The email cannot be composed: {error}.")
        except _REFUSALS as error:
            return CallResult(_refusal(error), error=f"The mail server refused the email: {error}.")
        except (smtplib.SMTPException, OSError) as error:
            return CallResult(
                CallStatus.UNKNOWN, error=f"The connection to the mail server was lost while sending: {error!r}."
            )
        finally:
            _close(connection)
        return CallResult(CallStatus.DONE, {"message_id": mail.extra_headers["Message-ID"]})

    def look_up(self, order: Order) -> CallResult:
        """Return unknown: email cannot be looked up."""
        return CallResult(CallStatus.UNKNOWN, error="Email cannot be looked up.")


class _Strict:
    """Send nothing if the server refuses any recipient."""

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


def _composed(order: Order) -> EmailMessage:
    """Return the email after its headers were written once, because Django writes them only while it sends."""
    mail = _compose(order)
    try:
        mail.message().as_bytes()
    except (ValueError, MessageError) as error:
        raise Unfit(f"The email cannot be composed: {error}.") from error
    return mail


def _compose(order: Order) -> EmailMessage:
    values = {field: order.payload.get(order.target.get(field, field)) for field in FIELDS}
    recipients = values["to"] if isinstance(values["to"], list) else [values["to"]]
    if not 0 < len(recipients) <= MAX_RECIPIENTS:
        raise Unfit(f"The email has {len(recipients)} recipients. Use 1 to {MAX_RECIPIENTS}.")
    subject, body = _text(values["subject"]), _text(values["body"])
    if any(sign in subject for sign in "\r\n"):
        raise Unfit("The subject has more than one line. Remove the line breaks.")
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
        raise Unfit("The email needs a subject and a body. Add both.")
    return value


def _address(value: Any) -> str:
    try:
        validate_email(value)
    except ValidationError as error:
        raise Unfit(f"{value!r} is not a valid email address.") from error
    return str(value)


def _refusal(error: smtplib.SMTPException) -> CallStatus:
    """Treat codes from 400 to 499 as temporary (RFC 5321, section 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _said in error.recipients.values()]
    else:
        codes = [getattr(error, "smtp_code", 0)]
    return CallStatus.NOT_DONE if all(400 <= code < 500 for code in codes) else CallStatus.REFUSED


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        # The result is known already; how the connection ends does not matter.
        return


def _faults(target: dict[str, Any]) -> Iterator[str]:
    allowed = (*FIELDS, "reply_to")
    for name in sorted(target.keys() - set(allowed)):
        yield f"Unknown field {name!r} in an email target. Use one of: {', '.join(allowed)}."
    for name in FIELDS:
        if not isinstance(target.get(name, name), str):
            yield f"{name} must be the name of a payload field, for example recipient."
    if "reply_to" in target:
        try:
            validate_email(target["reply_to"])
        except ValidationError:
            yield "reply_to is not a valid email address."
