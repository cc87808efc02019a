"""One document of an action: a page as a picture, a page as text, and the file itself.

Each is for those who may see the action. Nothing of a file is ever sent as a page that a browser would run.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from approvals.admin.base.model_admin import actor_of
from approvals.admin.review.documents import panel
from approvals.admin.review.documents.panel import document_of
from approvals.authority import visibility
from approvals.documents import reading
from approvals.documents.kinds import MediaType
from approvals.documents.refusals import Busy, Unreadable
from approvals.errors import NotFound
from approvals.models import Action, Attachment
from approvals.queries.record.related import attachments
from approvals.storage import contents
from approvals.text.unicode import plainly
from policies.errors import Refused

# No browser opens a file from here, and one that did could run nothing of it and fetch nothing for it.
NOTHING_RUNS = "sandbox; default-src 'none'"
LINE_LENGTH = 44
ENDINGS = {
    MediaType.PDF: ("pdf",),
    MediaType.PNG: ("png",),
    MediaType.JPEG: ("jpg", "jpeg"),
    MediaType.WEBP: ("webp",),
    MediaType.TIFF: ("tif", "tiff"),
    MediaType.GIF: ("gif",),
    MediaType.MAIL: ("eml",),
    MediaType.XML: ("xml",),
    MediaType.CSV: ("csv",),
    MediaType.TEXT: ("txt", "md", "log"),
}

View = Callable[..., HttpResponse]


def urls(admin_view: Callable[..., Any]) -> list[URLPattern]:
    """The addresses of documents below an action's; their answers say themselves who may keep them."""
    place = "<uuid:pk>/documents/<uuid:attachment>/"
    return [
        path(f"{place}page-<int:page>.png", admin_view(picture, cacheable=True), name="approvals_action_picture"),
        path(f"{place}page-<int:page>/", admin_view(text), name="approvals_action_text"),
        path(f"{place}file", admin_view(download, cacheable=True), name="approvals_action_file"),
    ]


def _of_document(view: View) -> View:
    """Find the document for its view, or answer 404 where this person sees no such action or document."""

    @require_safe
    @wraps(view)
    def found(request: HttpRequest, pk: uuid.UUID, attachment: uuid.UUID, **place: Any) -> HttpResponse:
        try:
            action = visibility.get_visible(actor_of(request), pk)
        except NotFound as refusal:
            raise Http404(refusal.message) from refusal
        document = next((each for each in attachments.of(action) if each.pk == attachment), None)
        if document is None:
            raise Http404
        return view(request, action, document, **place)

    return found


@_of_document
def picture(request: HttpRequest, action: Action, attachment: Attachment, page: int) -> HttpResponse:
    """A page as PNG; where it cannot be drawn, the sentence that says why is the picture."""
    try:
        drawn = reading.drawn(document_of(attachment), page)
    except Refused as refusal:
        answer = HttpResponse(_sentence(refusal.in_words), content_type="image/svg+xml", status=_status(refusal))
        return _guarded(answer)
    return _guarded(HttpResponse(drawn, content_type="image/png"))


@_of_document
def text(request: HttpRequest, action: Action, attachment: Attachment, page: int) -> HttpResponse:
    """The text of a page, for those who do not see pictures, and to search and copy."""
    told: dict[str, Any] = {"text": "", "refusal": None, "pages": 1}
    status = 200
    try:
        document = document_of(attachment)
        told["pages"] = min(reading.look(document).pages, reading.MAX_PAGES)
        told["text"], told["is_cut"] = reading.text(document, page)
    except Refused as refusal:
        told["refusal"], status = refusal, _status(refusal)
    title = _("Page %(page)s of %(name)s") % {"page": page, "name": plainly(panel.name_of(attachment))}
    context = {**admin.site.each_context(request), "title": title, "action": action, "attachment": attachment}
    context |= told | {"page": page, "before": page - 1, "after": page + 1 if page < told["pages"] else 0}
    return TemplateResponse(request, "review/document_text.html", context, status=status)


@_of_document
def download(request: HttpRequest, action: Action, attachment: Attachment) -> HttpResponse:
    """The file as it was attached, to be saved and never to be opened here."""
    try:
        content = contents.open_bytes(attachment)
    except Refused as refusal:
        return HttpResponse(refusal.in_words, content_type="text/plain; charset=utf-8", status=_status(refusal))
    answer = HttpResponse(content, content_type=attachment.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, file_name(attachment)) or "attachment"
    return _guarded(answer)


def file_name(attachment: Attachment) -> str:
    """The name to save a file under: it ends as files of its recognized type do, whatever the agent called it."""
    endings = ENDINGS.get(MediaType(attachment.media_type), ("bin",))
    name = plainly(attachment.name) or str(attachment.pk)
    return name if name.lower().rpartition(".")[2] in endings else f"{name}.{endings[0]}"


def _guarded(answer: HttpResponse) -> HttpResponse:
    # No browser keeps it either: what is erased here has to be gone there.
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = NOTHING_RUNS
    return answer


def _status(refusal: Refused) -> int:
    """503 where trying again might help, 404 for pages that are not there, 422 for what no trying will draw."""
    if isinstance(refusal, Busy) or not isinstance(refusal, Unreadable):
        return 503
    return 404 if refusal.code == "document_no_page" else 422


def _sentence(said: str) -> str:
    """A sentence as a picture, for the place of a picture that there is none of."""
    lines, left = [], said
    while left:
        line = left if len(left) <= LINE_LENGTH else left[:LINE_LENGTH].rpartition(" ")[0] or left[:LINE_LENGTH]
        lines.append(line)
        left = left[len(line) :].strip()
    places = ((36 + 22 * number, line) for number, line in enumerate(lines))
    text = format_html_join("", '<text x="20" y="{}">{}</text>', places)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 {height}" width="420" height="{height}">'
        '<rect width="100%" height="100%" fill="#fff"/>'
        '<g font-family="sans-serif" font-size="15" fill="#333">{text}</g></svg>',
        height=30 + 22 * len(lines),
        text=text,
    )
