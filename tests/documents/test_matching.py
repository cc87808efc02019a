"""A quote is found as a reader would find it, and a number not inside of another one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.documents.kinds import MediaType
from approvals.documents.matching import places
from approvals.documents.quotes import missing
from tests.documents import corpus


class TestAQuote:
    @pytest.mark.parametrize(
        ("text", "quote"),
        [
            ("Total 717.97 EUR", "Total 717.97"),
            ("Total\r\n  717.97", "total 717.97"),
            ("Rech-\nnung 12", "Rechnung 12"),
            ("Rech\N{SOFT HYPHEN}nung", "Rechnung"),
            ("Total – 5", "Total - 5"),
            ("“Paper”", '"Paper"'),
            ("ﬁnal", "final"),
            ("e\N{COMBINING ACUTE ACCENT}t", "ét"),
            ("1\N{NO-BREAK SPACE}717,97", "1 717,97"),
            ("717.97.", "717.97"),
        ],
    )
    def test_is_found(self, text: str, quote: str) -> None:
        assert places(text, quote)

    @pytest.mark.parametrize(
        ("text", "quote"),
        [
            ("Total 717.97", "17.97"),
            ("Total 717.97", "717.9"),
            ("Total 717.97", "717"),
            ("Total 1,717.97", "717.97"),
            ("Total 717.97", "Total 717.98"),
            ("Total 717.97", ""),
            ("Total 717.97", " \n"),
            ("", "Total"),
            ("Total 717.97", "-717.97"),
        ],
    )
    def test_is_not_found(self, text: str, quote: str) -> None:
        assert not places(text, quote)

    def test_has_its_place_in_the_text(self) -> None:
        text = "a Rech-\nnung 12 b"
        assert [text[begin:end] for begin, end in places(text, "Rechnung 12")] == ["Rech-\nnung 12"]

    @given(st.text(alphabet="ab é\n", max_size=30), st.text(alphabet="ab é\n", max_size=30))
    def test_that_was_cut_out_is_found(self, before: str, quote: str) -> None:
        found = places(f"{before}{quote}", quote)
        assert bool(found) is bool(quote.strip())


class TestMissing:
    @pytest.mark.parametrize(
        ("kind", "content", "page", "quote", "is_missing"),
        [
            (MediaType.PDF, corpus.pdf(), 1, "Total 717.97", False),
            (MediaType.PDF, corpus.pdf(), 1, "Total 717.98", True),
            (MediaType.PDF, corpus.pdf(), 2, "Total 717.97", True),
            (MediaType.PDF, corpus.pdf(), 0, "Total 717.97", True),
            (MediaType.TEXT, b"Total 717.97", 1, "total 717.97", False),
            (MediaType.TEXT, b"Total 717.97", 2, "total 717.97", True),
            (MediaType.CSV, b"a;b\n717.97;x\n", 1, "717.97", False),
            (MediaType.XML, b"<Invoice><Total c='EUR'>717.97</Total></Invoice>", 1, "717.97", False),
            (MediaType.XML, b"<Invoice><Total>717.97</Total></Invoice>", 1, "717.98", True),
            (MediaType.MAIL, b"From: a\nTo: b\nSubject: Bill\n\nTotal 717.97", 1, "Total 717.97", False),
            (MediaType.PNG, corpus.png(), 1, "Total 717.97", True),
        ],
    )
    def test_is_what_nobody_finds_there(
        self, kind: MediaType, content: bytes, page: int, quote: str, is_missing: bool
    ) -> None:
        assert missing(content, kind, page, quote) is is_missing
