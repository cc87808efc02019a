"""The demo mailbox: shows sent emails as plain text, and nothing leaves the machine."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from approvals import conf
from approvals.admin.base.model_admin import person_of
from approvals.authority.visibility import reads_everything

MAX = 100
MAX_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Letter:
    """One email as it was written to the folder."""

    sender: str
    to: str
    subject: str
    date: str
    body: str


def show(request: HttpRequest) -> HttpResponse:
    """Show the newest emails in the demo; people see their own, auditors see all."""
    if not conf.is_demo():
        raise Http404
    person = person_of(request)
    found = [letter for path in _files() for letter in _letters(path)]
    if not reads_everything(person):
        if not person.email:
            raise PermissionDenied
        found = [letter for letter in found if person.email.casefold() in letter.to.casefold()]
    context = {**admin.site.each_context(request), "title": _("Mailbox"), "letters": found[:MAX]}
    return TemplateResponse(request, "account/mailbox.html", context)


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
    head = {name: str(message.get(name, "")) for name in ("from", "to", "subject", "date")}
    return Letter(head["from"], head["to"], head["subject"], head["date"], text.strip())
