"""What a file looks like: no formula, exact amounts, and times that name their zone."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from approvals.services.exports import formats
from approvals.services.exports.lists import Cell, Coded, Column

AT = datetime(2026, 11, 30, 23, 30, 5, tzinfo=UTC)
HOSTILE = "=1+1"


def columns(count: int = 1, is_time: bool = False) -> list[Column]:
    return [Column(f"c{number}", f"Label {number}", lambda row: row, is_time=is_time) for number in range(count)]


def sheet(*rows: list[Cell], folder: Path | None = None, is_time: bool = False) -> str:
    """The XML of a workbook's rows, with texts in their places."""
    file, heads = io.BytesIO(), columns(len(rows[0]), is_time)
    formats.workbook(file, heads, formats.lines("xlsx", heads, rows).splitlines(), folder)
    with zipfile.ZipFile(file) as found:
        xml = found.read("xl/worksheets/sheet1.xml").decode()
        if folder is not None:
            return xml
        strings = re.findall(r"<si><t[^>]*>(.*?)</t></si>", found.read("xl/sharedStrings.xml").decode(), re.DOTALL)
    return re.sub(r't="s"><v>(\d+)</v>', lambda match: f"<is>{strings[int(match[1])]}</is>", xml)


class TestCsv:
    def test_has_codes_plain_numbers_and_times_in_utc(self) -> None:
        row: list[Cell] = [Coded("modify", "Geändert"), Decimal("7437.3700"), AT, None, True]
        assert formats.lines("csv", columns(5), [row]) == b'"modify","7437.3700","2026-11-30T23:30:05Z","","true"\r\n'

    def test_has_no_formula(self) -> None:
        assert formats.lines("csv", columns(), [[HOSTILE]]) == b'"\'=1+1"\r\n'

    def test_begins_with_the_names_of_its_columns(self) -> None:
        assert formats.head("csv", columns(2)) == b'"c0","c1"\r\n'


class TestJsonLines:
    @given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14, places=4))
    def test_keeps_each_digit(self, amount: Decimal) -> None:
        line = formats.lines("jsonl", columns(), [[amount]])
        assert json.loads(line, parse_float=Decimal, parse_int=Decimal) == {"c0": amount}

    def test_is_an_object_for_each_row(self) -> None:
        found = [json.loads(line) for line in formats.lines("jsonl", columns(2), [["ä\n", AT], [None, 3]]).splitlines()]
        assert found == [{"c0": "ä\n", "c1": "2026-11-30T23:30:05Z"}, {"c0": None, "c1": 3}]


class TestAWorkbook:
    @pytest.mark.parametrize("text", [HOSTILE, "http://example.com", "@x", "00123", "12"])
    def test_has_texts_as_texts(self, text: str, tmp_path: Path) -> None:
        for folder in (None, tmp_path):
            xml = sheet([text], folder=folder)
            assert text in xml and "<f>" not in xml and "hyperlink" not in xml
            assert f"<v>{text}</v>" not in xml

    def test_has_numbers_as_numbers_while_a_spreadsheet_keeps_them(self) -> None:
        xml = sheet([Decimal("7437.37")], [Decimal("1234567890123.4567")])
        assert "<v>7437.37</v>" in xml and "<is>1234567890123.4567</is>" in xml

    def test_has_times_of_the_zone_that_its_head_names(self) -> None:
        with timezone.override("Europe/Berlin"):
            xml = sheet([AT], is_time=True)
        assert "Label 0 (Europe/Berlin)" in xml
        # The serial number of 2026-12-01 00:30:05 in Berlin.
        assert "<v>46357.0208" in xml

    def test_has_words_instead_of_codes(self) -> None:
        assert "Modified" in sheet([Coded("modify", "Modified")])

    def test_cuts_a_text_that_no_cell_holds(self) -> None:
        assert "x" * 32_766 + "…" in sheet(["x" * 40_000])
