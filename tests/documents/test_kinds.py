"""The type of a file comes from its content alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.documents.kinds import MediaType, recognize, text_of

MAIL = b"Received: from a by b\r\nFrom: a@a.example\r\nTo: b@b.example\r\nSubject: Bill\r\nDate: now\r\n\r\nHello"
XML = b'<?xml version="1.0"?>\n<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'


def kind_of(content: bytes) -> MediaType | None:
    return recognize(content[:2048], content)


class TestAKind:
    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (b"%PDF-1.7\n%\xe2\xe3", MediaType.PDF),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", MediaType.PNG),
            (b"\xff\xd8\xff\xe0", MediaType.JPEG),
            (b"RIFF\x10\0\0\0WEBPVP8 ", MediaType.WEBP),
            (b"II*\0\x08\0\0\0", MediaType.TIFF),
            (b"MM\0*\0\0\0\x08", MediaType.TIFF),
            (b"GIF89a\x01\0", MediaType.GIF),
            (MAIL, MediaType.MAIL),
            (XML, MediaType.XML),
            (b"\xef\xbb\xbf" + XML, MediaType.XML),
            (b"<Invoice>\n<ID>1</ID></Invoice>", MediaType.XML),
            (b"name;amount\nCoffee;12,50\nPaper;3,20\n", MediaType.CSV),
            (b'name,amount\n"Coffee, ground",12.50\n', MediaType.CSV),
            (b"Total 717.97\n", MediaType.TEXT),
            ("Grüße".encode(), MediaType.TEXT),
            ("Grüße".encode("utf-16"), MediaType.TEXT),
            ("Grüße".encode("latin-1"), MediaType.TEXT),
            (b"Hello,\nThanks, and regards,\n", MediaType.TEXT),
            (b"Hello Mr Smith,\n\nthe total is 5,00.", MediaType.TEXT),
            (b"From: me\nto you, with love", MediaType.TEXT),
        ],
    )
    def test_is_recognized_by_content(self, content: bytes, kind: MediaType) -> None:
        assert kind_of(content) is kind

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b" \n",
            b"\0",
            b"PK\x03\x04\x14\0",
            b"MZ\x90\0",
            b"\x7fELF\x02",
            b"Total\x00 717.97",
            b"<!DOCTYPE html><p>Total",
            b"<html><body>Total",
            b'<svg xmlns="http://www.w3.org/2000/svg"/>',
            b'<?xml version="1.0"?><svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>',
            b'<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><Invoice/>',
            b'<Invoice><x xmlns="http://www.w3.org/1999/xhtml"/></Invoice>',
            b"<Invoice><script>alert(1)</script></Invoice>",
            b"<html><!-- %PDF-1.4 -->",
            b"junk\n%PDF-1.4\n",
            b"\xff\xfea",
            b"\xff\xfe\0\0",
        ],
    )
    def test_is_none_where_nothing_can_be_shown(self, content: bytes) -> None:
        assert kind_of(content) is None

    @pytest.mark.parametrize("tail", [b"PK\x03\x04", b"<script>alert(1)</script>", b"*/=1;alert(1)"])
    def test_of_a_polyglot_is_what_we_draw(self, tail: bytes) -> None:
        assert kind_of(b"%PDF-1.4\n" + tail) is MediaType.PDF
        assert kind_of(b"GIF89a" + tail) is MediaType.GIF

    @given(st.binary(max_size=200))
    def test_is_found_for_any_bytes(self, content: bytes) -> None:
        kind = kind_of(content)
        assert kind is None or kind in MediaType

    @given(st.text(min_size=1, max_size=200))
    def test_of_text_never_hides_a_control_character(self, said: str) -> None:
        text = text_of(said.encode())
        assert text is None or not set(text) & {chr(code) for code in (*range(9), 11, *range(14, 27), 28, 127)}
