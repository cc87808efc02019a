"""The demo's invoices as real PDFs and its emails as files, made by code: text and lines, as accounting programs print.

A writer of its own and not a library: a page of text in a font that every reader has needs only a few objects.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

WIDTH, HEIGHT, LEFT, RIGHT = 595, 842, 56, 539
BUYER = ("Northwind Trading GmbH", "Accounts payable", "Speicherstadt 12", "20457 Hamburg")
# The widths of Helvetica's digits and of what else amounts are made of, in thousandths of the font's size.
_WIDTHS = {".": 278, ",": 278, " ": 278, "E": 667, "U": 722, "R": 722, "-": 333}
_DIGIT = 556
_INKS = ("0.06 0.38 0.32", "0.12 0.33 0.61", "0.55 0.20 0.16", "0.30 0.22 0.55", "0.36 0.30 0.10")


@dataclass(frozen=True, slots=True)
class File:
    """A file to attach: its name and its bytes."""

    name: str
    content: bytes


@dataclass
class Canvas:
    """One page under construction, in points from its lower left corner."""

    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, said: str, size: float = 10, font: str = "F1", ink: str = "0.1 0.1 0.1") -> None:
        """Write a text from a point on."""
        safe = said.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        self.parts.append(f"BT {ink} rg /{font} {size} Tf {x:.2f} {y:.2f} Td ({safe}) Tj ET")

    def amount(self, right: float, y: float, said: str, size: float = 10, font: str = "F1") -> None:
        """Write an amount that ends at a point."""
        width = sum(_WIDTHS.get(sign, _DIGIT) for sign in said) * size / 1000
        self.text(right - width, y, said, size, font)

    def line(self, y: float, ink: str = "0.75 0.78 0.76", thick: float = 0.6, left: float = LEFT) -> None:
        """Draw a line across the page."""
        self.parts.append(f"{ink} RG {thick} w {left} {y:.2f} m {RIGHT} {y:.2f} l S")

    def box(self, x: float, y: float, width: float, height: float, ink: str) -> None:
        """Fill a rectangle."""
        self.parts.append(f"{ink} rg {x} {y} {width} {height} re f")

    def pdf(self, title: str) -> bytes:
        """The page as a PDF."""
        drawn = zlib.compress("\n".join(self.parts).encode("cp1252", "replace"))
        safe = title.replace("\\", "").replace("(", "").replace(")", "")
        fonts = "/F1 5 0 R /F2 6 0 R"
        return _file(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 4 0 R"
                f" /Resources << /Font << {fonts} >> >> >>".encode(),
                b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(drawn), drawn),
                b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
                b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
                f"<< /Title ({safe}) >>".encode("cp1252", "replace"),
            ]
        )


def _file(objects: Sequence[bytes]) -> bytes:
    told, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(told))
        told += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return told + head + rows + end % (len(objects) + 1, len(objects), len(told))


def invoice(payload: Mapping[str, Any], name: str) -> File:
    """An invoice as its supplier printed it; the payload says what is on it, as the example invoices do."""
    page, issuer = Canvas(), str(payload["issuer"])
    ink = _INKS[sum(map(ord, issuer)) % len(_INKS)]
    _letterhead(page, issuer, ink)
    _numbers(page, payload, ink)
    _table(page, payload)
    _totals(page, payload)
    _foot(page, payload, issuer)
    return File(name, page.pdf(f"Invoice {payload.get('invoice_number', '')} {issuer}"))


def _letterhead(page: Canvas, issuer: str, ink: str) -> None:
    street = 3 + sum(map(ord, issuer)) % 140
    page.box(0, HEIGHT - 10, WIDTH, 10, ink)
    page.text(LEFT, 778, issuer, 17, "F2", ink)
    page.text(LEFT, 761, f"Harbor Street {street} · 22767 Hamburg · accounts@{_domain(issuer)}", 8.5, ink="0.4 0.4 0.4")
    for row, said in enumerate(BUYER):
        page.text(LEFT, 718 - 14 * row, said, 10.5, "F2" if row == 0 else "F1")


def _domain(issuer: str) -> str:
    return f"{''.join(sign for sign in issuer.lower() if 'a' <= sign <= 'z')[:14]}.example"


def _numbers(page: Canvas, payload: Mapping[str, Any], ink: str) -> None:
    page.text(340, 718, "INVOICE", 20, "F2", ink)
    rows = [("Invoice number", payload.get("invoice_number", "")), ("Invoice date", payload.get("date", ""))]
    for row, (label, value) in enumerate(rows):
        page.text(340, 694 - 16 * row, label, 10, ink="0.4 0.4 0.4")
        page.text(430, 694 - 16 * row, str(value), 11, "F2")


def _table(page: Canvas, payload: Mapping[str, Any]) -> None:
    page.box(LEFT, 618, RIGHT - LEFT, 22, "0.94 0.95 0.94")
    page.text(LEFT + 8, 625, "Description", 9, "F2")
    page.text(380, 625, "Quantity", 9, "F2")
    page.text(496, 625, "Amount", 9, "F2")
    for row, line in enumerate(payload.get("lines", [])):
        y = 598 - 22 * row
        page.text(LEFT + 8, y, str(line["name"]), 10.5)
        page.amount(414, y, str(line["qty"]), 10.5)
        page.amount(RIGHT - 8, y, str(line["price_subtotal"]), 10.5)
        page.line(y - 8)


def _totals(page: Canvas, payload: Mapping[str, Any]) -> None:
    y = 562 - 22 * (len(payload.get("lines", [])) - 1)
    currency = str(payload.get("currency", "EUR"))
    for label, value in (("Net", payload.get("amount_untaxed")), ("VAT 19 %", payload.get("amount_tax"))):
        page.text(340, y, label, 10)
        page.amount(RIGHT - 8, y, str(value), 10)
        y -= 17
    page.line(y + 9, thick=1.2, ink="0.2 0.2 0.2", left=340)
    page.text(340, y - 8, f"Total {currency}", 13, "F2")
    page.amount(RIGHT - 8, y - 8, str(payload.get("amount", "")), 13, "F2")


def _foot(page: Canvas, payload: Mapping[str, Any], issuer: str) -> None:
    page.text(LEFT, 470, "Please transfer the total within 14 days to", 9.5)
    page.text(LEFT, 455, f"IBAN {payload.get('iban', '')}", 10.5, "F2")
    page.text(LEFT, 440, f"Account holder: {issuer}", 9.5)
    page.line(70)
    page.text(
        LEFT, 56, f"{issuer} · Commercial register Hamburg · Thank you for your business.", 8, ink="0.45 0.45 0.45"
    )


def letter(sender: str, to: str, subject: str, body: str, at: datetime) -> File:
    """An email as a file."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"], message["Date"] = sender, to, subject, format_datetime(at)
    message.set_content(body)
    return File("request.eml", message.as_bytes())
