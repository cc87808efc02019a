"""Draws and reads the pages of a PDF by PDFium, without forms and scripts: neither is ever started."""

from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from approvals.documents.inside.faults import Fault
from approvals.documents.inside.pictures import as_png
from approvals.documents.matching import places

MAX_SIZES = 50
MAX_CHARACTERS = 100_000
# A page is drawn at most so many times as high as it is wide.
MAX_HEIGHTS = 4
_PASSWORD = "password"


def read(job: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """A page as a picture, the text of a page, or the number of pages and where quotes stand."""
    document = _opened(content)
    if job["do"] == "look":
        return _look(document, job), b""
    page = _page(document, job["page"])
    if job["do"] == "text":
        text = _text(page)
        return {"text": text[:MAX_CHARACTERS], "is_cut": len(text) > MAX_CHARACTERS}, b""
    return _drawn(page, job["width"])


def _opened(content: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise Fault("encrypted" if _PASSWORD in str(error).lower() else "broken") from error


def _page(document: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    if not 1 <= number <= len(document):
        raise Fault("no_page")
    return document[number - 1]


def _drawn(page: pdfium.PdfPage, width: int) -> tuple[dict[str, Any], bytes]:
    size, scale = _size(page, width)
    bitmap = page.render(scale=scale, may_draw_forms=False, fill_color=(255, 255, 255, 255))
    picture = bitmap.to_pil().convert("RGB")
    return {"size": size}, as_png(picture.crop((0, 0, *size)))


def _size(page: pdfium.PdfPage, wanted: int) -> tuple[tuple[int, int], float]:
    """The size of a page in pixels, and how many of them a point is wide."""
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise Fault("broken")
    scale = min(wanted / width, MAX_HEIGHTS * wanted / height)
    return (max(1, int(width * scale)), max(1, int(height * scale))), scale


def _look(document: pdfium.PdfDocument, job: dict[str, Any]) -> dict[str, Any]:
    count = len(document)
    if not count:
        raise Fault("broken")
    sizes = [_size(document[number], job["width"])[0] for number in range(min(count, MAX_SIZES))]
    places_, blank = _places(document, job)
    return {"pages": count, "sizes": sizes, "places": places_, "blank": blank, "notes": _notes(document)}


def _notes(document: pdfium.PdfDocument) -> list[str]:
    """What the document holds that a drawn page does not show."""
    told = {
        "scripts": raw.FPDFDoc_GetJavaScriptActionCount(document) > 0,
        "files": raw.FPDFDoc_GetAttachmentCount(document) > 0,
        "form": document.get_formtype() != raw.FORMTYPE_NONE,
    }
    return [name for name, is_there in told.items() if is_there]


def _places(document: pdfium.PdfDocument, job: dict[str, Any]) -> tuple[list[list[list[int]] | None], list[int]]:
    """For each page and quote its rectangles in pixels, None where it is not there; and the pages without any text."""
    texts: dict[int, tuple[pdfium.PdfPage, Any, str]] = {}
    found: list[list[list[int]] | None] = []
    for number, quote in job["quotes"]:
        if not 1 <= number <= len(document):
            found.append(None)
            continue
        if number not in texts:
            page = document[number - 1]
            texts[number] = (page, page.get_textpage(), _text(page))
        page, textpage, text = texts[number]
        spans = places(text, quote)
        found.append(_rectangles(page, textpage, spans[0], job["width"]) if spans else None)
    return found, [number for number, (_page, _textpage, text) in texts.items() if not text.strip()]


def _text(page: pdfium.PdfPage) -> str:
    """The text of a page, one character for each of PDFium's, so that a place in it is a place on the page."""
    textpage = page.get_textpage()
    count = min(textpage.count_chars(), MAX_CHARACTERS + 1)
    return "".join(_character(raw.FPDFText_GetUnicode(textpage, at)) for at in range(count))


def _character(code: int) -> str:
    # Half of a surrogate pair, or the hyphen that PDFium found at the end of a line.
    return "\N{SOFT HYPHEN}" if code == 2 else "\N{REPLACEMENT CHARACTER}" if 0xD800 <= code < 0xE000 else chr(code)


def _rectangles(page: pdfium.PdfPage, textpage: Any, span: tuple[int, int], width: int) -> list[list[int]]:
    """The rectangles of some characters: x, y, width and height."""
    size = _size(page, width)[0]
    return [
        _in_pixels(page, size, textpage.get_rect(index))
        for index in range(min(textpage.count_rects(span[0], span[1] - span[0]), 20))
    ]


def _in_pixels(page: pdfium.PdfPage, size: tuple[int, int], box: tuple[float, float, float, float]) -> list[int]:
    left, bottom, right, top = box
    x, y = zip(*(_pixel(page, size, *corner) for corner in ((left, bottom), (right, top))), strict=True)
    return [min(x), min(y), max(x) - min(x), max(y) - min(y)]


def _pixel(page: pdfium.PdfPage, size: tuple[int, int], x: float, y: float) -> tuple[int, int]:
    across, down = raw.c_int(), raw.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
    return across.value, down.value
