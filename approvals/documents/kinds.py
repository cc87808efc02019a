"""Recognizes the type of a file by its content, never by its name or by what its sender says.

A file that is several things at once is taken as the one thing that we draw it as. All others are refused: what no
reader can be shown cannot be approved by them.
"""

import csv
import re
from enum import StrEnum

# A PDF reader searches so far for the header of a PDF: what has it later than at its start is something else as well.
_PDF_SEARCHED = 1024
_ROWS = 20
# No text has these: every control character but tab, line breaks, form feed and escape, which old mail uses.
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_WIDE = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_MARKUP = re.compile(r"\s*(?:<\?xml|<!doctype|<!--|<[a-z_:][\w:.-]*[\s/>])", re.IGNORECASE)
# Markup that browsers run, also inside of XML that is otherwise data.
_ACTIVE = re.compile(
    r"<(?:[\w.-]+:)?(?:html|svg|script|iframe|embed|stylesheet)[\s/>]|<!doctype\s+(?:html|svg)|<\?xml-stylesheet"
    r"|www\.w3\.org/(?:1999/xhtml|2000/svg|1999/XSL)",
    re.IGNORECASE,
)
_HEADER = re.compile(r"([!-9;-~]{1,80}):(?:[ \t]|$)")
_OF_MAIL = frozenset(
    {"date", "subject", "to", "message-id", "received", "mime-version", "return-path", "content-type", "delivered-to"}
)


class MediaType(StrEnum):
    """The types of files that can be attached, by their names on the internet."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    TIFF = "image/tiff"
    GIF = "image/gif"
    MAIL = "message/rfc822"
    XML = "application/xml"
    CSV = "text/csv"
    TEXT = "text/plain"


PICTURES = frozenset({MediaType.PNG, MediaType.JPEG, MediaType.WEBP, MediaType.TIFF, MediaType.GIF})
# What is drawn as pages; everything else is read as text.
DRAWN = PICTURES | {MediaType.PDF}
_STARTS = (
    (re.compile(rb"%PDF-[12]\.\d"), MediaType.PDF),
    (re.compile(rb"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), MediaType.PNG),
    (re.compile(rb"\xff\xd8\xff"), MediaType.JPEG),
    (re.compile(rb"RIFF....WEBPVP8[ LX]", re.DOTALL), MediaType.WEBP),
    (re.compile(rb"II[*+]\0|MM\0[*+]"), MediaType.TIFF),
    (re.compile(rb"GIF8[79]a"), MediaType.GIF),
)


def drawn_kind(head: bytes) -> MediaType | None:
    """The type of a picture or PDF, which its first bytes tell; None for all others."""
    return next((kind for start, kind in _STARTS if start.match(head)), None)


def recognize(head: bytes, whole: bytes) -> MediaType | None:
    """The type of a file, or None if it is none of those that can be shown.

    :param head: its first bytes, 1024 or more of them where there are so many.
    :param whole: all of its bytes.
    """
    if kind := drawn_kind(head):
        return kind
    if b"%PDF-" in head[:_PDF_SEARCHED]:
        return None
    text = text_of(whole)
    return None if text is None or not text.strip() else _kind_of_text(text)


def text_of(content: bytes) -> str | None:
    """The text of a file in UTF-8, UTF-16 with a mark, or Latin-1; None if it is no text."""
    for mark, name in _WIDE:
        if content.startswith(mark):
            return _wide(content[2:], name)
    if _CONTROLS.search(content):
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Windows writes: Latin-1 with characters where Latin-1 has control codes.
        return content.decode("cp1252", "replace")


def _wide(content: bytes, name: str) -> str | None:
    try:
        text = content.decode(name)
    except UnicodeDecodeError:
        return None
    return None if _CONTROLS.search(text.encode()) else text


def _kind_of_text(text: str) -> MediaType | None:
    if _MARKUP.match(text):
        return None if _ACTIVE.search(text) else MediaType.XML
    if _is_mail(text):
        return MediaType.MAIL
    return MediaType.CSV if delimiter_of(text) else MediaType.TEXT


def _is_mail(text: str) -> bool:
    """Whether a text begins with the header of a mail: a sender, and two more of the fields that mails have."""
    names = set[str]()
    for line in text[:65_536].splitlines():
        if not line.strip():
            break
        if line[0] in " \t" and names:
            continue
        found = _HEADER.match(line)
        if not found:
            return False
        names.add(found[1].lower())
    return "from" in names and len(names & _OF_MAIL) >= 2


def delimiter_of(text: str) -> str:
    """What divides the cells of a table, or an empty string if the text is no table.

    Every row of the beginning has as many cells as the first, and there are two or more of both.
    """
    lines = text[:65_536].strip("\r\n").splitlines()[: _ROWS + 1]
    # The last of them might be cut off.
    lines = lines[:_ROWS] if len(lines) > _ROWS else lines
    if len(lines) < 2 or any(not line.strip() for line in lines):
        return ""
    return next((each for each in ";\t,|" if _divides(each, lines)), "")


def _divides(delimiter: str, lines: list[str]) -> bool:
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    widths = {len(row) for row in rows}
    if len(widths) != 1 or widths.pop() < 2 or len(rows) < 2:
        return False
    # A comma in prose has a space or the end of the line behind it.
    prose = sum(cell.startswith(" ") or not cell for row in rows for cell in row[1:])
    return delimiter != "," or prose * 2 <= sum(len(row) - 1 for row in rows)
