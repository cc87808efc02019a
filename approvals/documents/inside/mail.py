"""Reads an email: its sender, recipients, date, subject and text, and the names of what is attached to it."""

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from itertools import islice
from typing import Any

from approvals.documents.inside.blocks import Reading, answered
from policies.engine.text.markup import reader

MAX_PARTS = 200
_HEADERS = ("From", "Reply-To", "To", "Cc", "Date", "Subject")


def read(job: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """The fields of the email, its text and the names of its parts; of HTML the text alone."""
    message: EmailMessage = BytesParser(policy=policy.default).parsebytes(content)
    reading = Reading()
    fields = [[name, _of(message, name)] for name in _HEADERS]
    reading.rows("fields", ([name, value] for name, value in fields if value))
    body = message.get_body(preferencelist=("plain", "html"))
    if body is not None:
        text = str(body.get_content())
        reading.text(reader.read(text).text if body.get_content_type() == "text/html" else text)
    reading.rows("files", ([name] for name in islice(_names(message, body), MAX_PARTS)))
    return answered(job, reading)


def _of(message: EmailMessage, name: str) -> str:
    return ", ".join(str(value) for value in message.get_all(name, ()))


def _names(message: EmailMessage, body: MIMEPart | None) -> Iterator[str]:
    """The names of the parts that are attached, or their types where they have no name."""
    for part in islice(message.walk(), MAX_PARTS):
        if part is not body and not part.is_multipart() and (part.get_filename() or part.is_attachment()):
            yield part.get_filename() or part.get_content_type()
