"""The demo mailbox: shows sent emails as plain text with links to our own pages; nothing leaves the machine."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from approvals import conf
from approvals.admin.base.model_admin import person_of
from approvals.authority.visibility import reads_everything
from approvals.display.fragments import inert
from approvals.models import Person
from approvals.states import KIND_HEADER, MailKind

MAX = 100
MAX_BYTES = 256 * 1024
# What an address of ours can hold; everything else ends it. Two slashes would lead to another site.
_AFTER_SITE = r"/(?!/)(?:[A-Za-z0-9/_.~%?&=#:+-]*[A-Za-z0-9/_~%=-])?"


@dataclass(frozen=True, slots=True)
class Letter:
    """One email as it was written to the folder."""

    sender: str
    to: str
    subject: str
    at: datetime | None
    kind: str
    body: str

    @property
    def kind_words(self) -> str:
        """Its kind in the reader's language."""
        return str(MailKind(self.kind).label)

    @property
    def linked(self) -> str:
        """The body, in which addresses of this site are links, and no others."""
        return format_html_join("", "{}", ((part,) for part in _parts(self.body)))


def show(request: HttpRequest) -> HttpResponse:
    """Show the newest emails in the demo; people see their own, auditors see all."""
    if not conf.is_demo():
        raise Http404
    person = person_of(request)
    mine = [letter for letter in _newest() if _is_for(person, letter)][:MAX]
    to, kind = request.GET.get("to", ""), request.GET.get("kind", "")
    shown = [each for each in mine if to in ("", each.to) and kind in ("", each.kind)]
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Mailbox"),
        "letters": shown,
        "recipients": sorted({letter.to for letter in mine}),
        "kinds": [(name, words) for name, words in MailKind.choices if any(each.kind == name for each in mine)],
        "chosen": {"to": to, "kind": kind},
        "has_address": bool(person.email) or reads_everything(person),
    }
    return TemplateResponse(request, "account/mailbox.html", context)


def _is_for(person: Person, letter: Letter) -> bool:
    if reads_everything(person):
        return True
    return bool(person.email) and person.email.casefold() in letter.to.casefold()


def _newest() -> list[Letter]:
    found = [letter for path in _files() for letter in _letters(path)]
    earliest = datetime.min.replace(tzinfo=UTC)
    return sorted(found, key=lambda letter: letter.at or earliest, reverse=True)


def _files() -> list[Path]:
    folder = Path(settings.HITL_HOME) / "mailbox"
    files = [path for path in folder.glob("*") if path.is_file()] if folder.is_dir() else []
    return sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)[:MAX]


def _letters(path: Path) -> list[Letter]:
    """Split one file into emails; Django separates them with a line of dashes."""
    raw = path.read_bytes()[:MAX_BYTES]
    parts = raw.split(b"\n" + b"-" * 79 + b"\n")
    return [_letter(part) for part in parts if part.strip()][::-1]


def _letter(raw: bytes) -> Letter:
    message = message_from_bytes(raw.lstrip(), policy=policy.default)
    body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    text = str(body.get_content()) if body is not None else ""
    kind = str(message.get(KIND_HEADER, ""))
    return Letter(
        sender=str(message.get("from", "")),
        to=str(message.get("to", "")),
        subject=str(message.get("subject", "")),
        at=_moment(str(message.get("date", ""))),
        kind=kind if kind in MailKind.values else MailKind.OTHER,
        body=text.strip(),
    )


def _moment(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _parts(text: str) -> Iterator[str]:
    """The text and its links; a link keeps only what follows the site, so that it never leads elsewhere."""
    site = conf.site_url()
    for number, part in enumerate(re.split(f"({re.escape(site)}{_AFTER_SITE})", text)):
        is_link = number % 2 == 1
        yield format_html('<a href="{}">{}</a>', part.removeprefix(site), inert(part)) if is_link else inert(part)
