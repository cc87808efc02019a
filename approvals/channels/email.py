"""Notifications by email: plain text with a link that only opens a page."""

import hashlib
import re
import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email

from approvals.channels.base import Message, NotTold
from approvals.states import KIND_HEADER, MailKind

# A line break ends a header; other control characters are not allowed either.
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
MAX_SUBJECT_LENGTH = 150


class EmailChannel:
    """Sends emails through the configured backend."""

    name = "email"

    def tell(self, message: Message) -> None:
        """Send one email.

        :raises NotTold: the address is invalid, or the mail server did not accept it.
        """
        mail = EmailMessage(
            subject=header(message.subject),
            body=message.text,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[address(message.to)],
            headers=_headers(message),
        )
        try:
            mail.send()
        except (smtplib.SMTPException, OSError) as error:
            raise NotTold(f"The mail server did not accept the email: {error}.") from error


def _headers(message: Message) -> dict[str, str]:
    found = {"Message-ID": _message_id(message.key), "Auto-Submitted": "auto-generated"}
    return found | ({KIND_HEADER: message.kind} if message.kind in MailKind.values else {})


def header(text: str) -> str:
    """Return text that is safe in a header: one line of bounded length."""
    line = _CONTROL.sub(" ", text).strip()
    return line if len(line) <= MAX_SUBJECT_LENGTH else f"{line[: MAX_SUBJECT_LENGTH - 1]}…"


def address(text: str) -> str:
    """Return the email address unchanged.

    :raises NotTold: it is not exactly one address.
    """
    try:
        validate_email(text)
    except ValidationError as error:
        raise NotTold(f"{text!r} is not a valid email address. Correct it in the person’s account.") from error
    if parseaddr(text)[1] != text:
        raise NotTold(f"{text!r} is not a valid email address. Correct it in the person’s account.")
    return text


def _message_id(key: str) -> str:
    # The same notification sent twice has the same ID, so that mail programs show it once.
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
