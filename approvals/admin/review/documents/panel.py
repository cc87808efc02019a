"""The documents of an action on its decision page, with what its agent quotes from them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from approvals.admin.payload_form.fields import Mark
from approvals.admin.payload_form.sources import Source
from approvals.display.fragments import inert
from approvals.documents import reading
from approvals.documents.kinds import DRAWN, PICTURES, MediaType
from approvals.documents.reading import Document, Look
from approvals.documents.refusals import TooSlow
from approvals.models import Action, Attachment
from approvals.queries.record.related import attachments
from approvals.storage import contents
from policies.errors import Refused

# A page waits so long for all of its documents; what is not looked through by then has a link.
MAX_SECONDS = 5.0
# The flag of a quote that the routing did not find: what is said here names the words.
MISSING = "quote_not_found"
TITLES: Mapping[str, Any] = {
    MediaType.PDF: gettext_lazy("PDF"),
    MediaType.PNG: gettext_lazy("Picture"),
    MediaType.JPEG: gettext_lazy("Picture"),
    MediaType.WEBP: gettext_lazy("Picture"),
    MediaType.TIFF: gettext_lazy("Picture"),
    MediaType.GIF: gettext_lazy("Picture"),
    MediaType.MAIL: gettext_lazy("Email"),
    MediaType.XML: gettext_lazy("XML data"),
    MediaType.CSV: gettext_lazy("Table (CSV)"),
    MediaType.TEXT: gettext_lazy("Text"),
}
NOTES: Mapping[str, Any] = {
    "scripts": gettext_lazy("This document contains scripts. They never run here."),
    "files": gettext_lazy("This document contains other files, which are not shown here."),
    "form": gettext_lazy("This document is a form. What is filled in might not be shown here: download it."),
    "frames": gettext_lazy("This file contains several pictures. Only the first is shown."),
}


@dataclass(frozen=True, slots=True)
class Page:
    """A drawn page: its size in pixels, and the quotes that stand on it."""

    name: str
    number: int
    width: int
    height: int
    sources: tuple[Source, ...]

    @property
    def title(self) -> str:
        """What it is, in words."""
        return _("Page %(page)s of %(name)s") % {"page": self.number, "name": self.name}


@dataclass(slots=True)
class Paper:
    """One document as the page shows it: its look, or the sentence that says why there is none."""

    number: int
    attachment: Attachment
    look: Look | None = None
    refusal: Refused | None = None
    is_open: bool = False
    sources: list[Source] = field(default_factory=list)
    spans: list[tuple[Source, reading.Span]] = field(default_factory=list)

    @property
    def is_drawn(self) -> bool:
        """Whether it is shown as pictures of its pages, and not as text."""
        return self.look is not None and self.attachment.media_type in DRAWN

    @property
    def has_text(self) -> bool:
        """Whether its pages can be read as text, too."""
        return self.is_drawn and self.attachment.media_type not in PICTURES

    @property
    def pages(self) -> list[Page]:
        """The pages that are shown."""
        sizes = self.look.sizes if self.look else ()
        return [Page(self.name, number, *size, self._on(number)) for number, size in enumerate(sizes, start=1)]

    @property
    def name(self) -> str:
        """Its name, as the agent gave it."""
        return name_of(self.attachment)

    @property
    def title(self) -> str:
        """What kind of document it is, and how many pages it has."""
        kind = str(TITLES.get(self.attachment.media_type, self.attachment.media_type))
        if not self.has_text or self.look is None:
            return kind
        pages = ngettext("%(count)d page", "%(count)d pages", self.look.pages) % {"count": self.look.pages}
        return f"{kind}, {pages}"

    @property
    def notes(self) -> list[str]:
        """What the document holds that its pages do not show."""
        return [str(NOTES[name]) for name in self.look.notes] if self.look else []

    @property
    def is_partial(self) -> bool:
        """Whether it has more pages than are shown."""
        return self.look is not None and self.is_drawn and self.look.pages > len(self.look.sizes)

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """What is read, as HTML of ours, with the quotes marked."""
        spans = {span[:3]: (source, span[3], span[4]) for source, span in self.spans}
        return [self._block(number, block, spans) for number, block in enumerate(self.look.blocks)] if self.look else []

    @staticmethod
    def _block(number: int, block: reading.Block, spans: Mapping[Any, tuple[Source, int, int]]) -> dict[str, Any]:
        def shown(row: int, cell: int, text: Any) -> Any:
            return text if isinstance(text, int) else _marked(text, spans.get((number, row, cell)))

        rows = [[shown(at, place, cell) for place, cell in enumerate(row)] for at, row in enumerate(block.rows)]
        return {"kind": block.kind, "text": shown(0, 0, block.text), "rows": rows}

    def _on(self, page: int) -> tuple[Source, ...]:
        return tuple(source for source in self.sources if source.page == page and source.rectangles)


@dataclass(slots=True)
class Papers:
    """All documents of an action, the sources of its values, and what does not stand where an agent says."""

    papers: list[Paper] = field(default_factory=list)
    by_pointer: dict[str, tuple[Source, ...]] = field(default_factory=dict)
    by_item: dict[int, Source] = field(default_factory=dict)
    marks: dict[str, list[Mark]] = field(default_factory=dict)


NONE = Papers()


def of(request: HttpRequest, action: Action, evidence: Sequence[Mapping[str, Any]]) -> Papers:
    """The documents of an action; nothing is read where it has none."""
    found = attachments.of(action)
    if not found:
        return NONE
    chosen = request.GET.get("document", "")
    papers = [Paper(number, attachment) for number, attachment in enumerate(found, start=1)]
    (next((paper for paper in papers if str(paper.number) == chosen), papers[0])).is_open = True
    told, until = Papers(papers), time.monotonic() + MAX_SECONDS
    # What is seen first is looked through first.
    for paper in sorted(papers, key=lambda paper: not paper.is_open):
        items = [(number, item) for number, item in enumerate(evidence, start=1) if _is_from(item, paper)]
        _look_through(paper, [item for _number, item in items], until)
        for place, (number, item) in enumerate(items):
            _tie(told, paper, number, item, place)
    return told


def with_sources(evidence: Sequence[Mapping[str, Any]], papers: Papers) -> list[Mapping[str, Any]]:
    """The evidence, each item with its source; what only ties a field to its place is shown at that field alone."""
    told = [
        {**item, "source": papers.by_item.get(number)} if number in papers.by_item else item
        for number, item in enumerate(evidence, start=1)
    ]
    return [item for item in told if not (item.get("source") and item.get("field") and not item.get("value"))]


def name_of(attachment: Attachment) -> str:
    """Its name; an erased one has none."""
    return attachment.name or _("erased document")


def document_of(attachment: Attachment) -> Document:
    """The document of an attachment, whose bytes are read only where they are needed.

    An erased one has no digest any more, so that nothing that is kept in memory is found for it.
    """
    return Document(attachment.sha256, attachment.media_type, partial(contents.open_bytes, attachment))


def _is_from(item: Mapping[str, Any], paper: Paper) -> bool:
    return str(item.get("attachment", "")) == str(paper.attachment.pk)


def _look_through(paper: Paper, items: Sequence[Mapping[str, Any]], until: float) -> None:
    if time.monotonic() > until:
        paper.refusal = TooSlow()
        return
    try:
        paper.look = reading.look(document_of(paper.attachment), [(_page(item), _quote(item)) for item in items])
    except Refused as refusal:
        paper.refusal = refusal


def _tie(told: Papers, paper: Paper, number: int, item: Mapping[str, Any], place: int) -> None:
    """Tie an item of evidence to its document, to the field that it is about, and to its place on the page."""
    look, quote, page = paper.look, _quote(item), _page(item)
    places = look.places[place] if look and place < len(look.places) else ()
    span = look.spans[place] if look and place < len(look.spans) else None
    name, is_drawn = paper.name, paper.is_drawn
    source = Source(number, paper.number, name, page, quote, places or (), is_drawn, span is not None)
    paper.sources.append(source)
    if span is not None:
        paper.spans.append((source, span))
    told.by_item[number] = source
    pointer = str(item.get("field") or "")
    if pointer:
        told.by_pointer[pointer] = (*told.by_pointer.get(pointer, ()), source)
    if quote and places is None and look is not None:
        mark = Mark("odd", _said_of_missing(look, page, quote), MISSING)
        told.marks.setdefault(pointer, []).append(mark)


def _marked(text: str, mark: tuple[Source, int, int] | None) -> str:
    if mark is None:
        return inert(text)
    source, begin, end = mark
    parts = inert(text[:begin]), source.anchor, inert(text[begin:end]), inert(text[end:])
    return format_html('{}<mark id="{}">{}</mark>{}', *parts)


def _said_of_missing(look: Look, page: int, quote: str) -> str:
    said = {"quote": quote, "page": page}
    if page in look.blank:
        return _("The agent quotes “%(quote)s”. Nobody checked this, because page %(page)s is a picture.") % said
    if not look.sizes:
        return _("The agent quotes “%(quote)s”, which is not in the document.") % said
    return _("The agent quotes “%(quote)s”, which is not on page %(page)s.") % said


def _page(item: Mapping[str, Any]) -> int:
    page = item.get("page")
    return page if isinstance(page, int) else 1


def _quote(item: Mapping[str, Any]) -> str:
    return str(item.get("quote") or "")
