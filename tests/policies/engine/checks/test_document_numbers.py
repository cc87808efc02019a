"""Document numbers: placeholders are none, and all spellings of a number are one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.checks.find import find
from policies.engine.values.document_numbers import is_placeholder, normal
from tests.policies.engine.given import facts

PLACEHOLDERS = [
    *(
        "0000",
        "0",
        0,
        "00-00",
        "INV-0000",
        "RE 0",
        "n/a",
        "N.A.",
        "NA",
        "none",
        "null",
        "test",
        "Test 1",
        "TEST-001",
        "TBD",
    ),
    *(
        "-",
        "—",
        "...",
        "?",
        "#",
        "xxx",
        "XXXX1234",
        "***",
        "123456",
        "No. 123456",
        "12345678",
        "987654321",
        "1111",
        "999",
    ),
    *(
        "aaaa",
        "unknown",
        "Unbekannt",
        "sample 1",
        "dummy-77",
        "０００",
        "ｎ/ａ",
        True,
        "undefined",
        "\u200b",
        "  ",
    ),
    *("TBD-1", "foo-1", "INV-2026-0000", "2026-00", "{{number}}", "${nr}", "[object Object]", "#REF!", "#VALUE!"),
]
GENUINE = [
    *(
        "RE-77",
        4711,
        "2026-001",
        "INV-1234",
        "R1",
        "A-1",
        "17",
        "F2026/11",
        "1234-5",
        "1234-56",
        "NA-2026-001",
        "20441",
    ),
    *(
        "100200",
        "1212",
        "X100",
        "XX-17",
        "12",
        "0815",
        "C0001",
        "INV-111",
        "SO/2026/00012",
        "N° 12",
        "№ 5",
        "RF18 5390 0754",
    ),
    *(
        "555-0000",
        "2026",
        "1999-01",
        "Müller-77",
        "счет 15",
        "請求書 2026-11",
        "A.12.7",
        "7/B",
        "INV_2026_9",
        "4500012345 (2)",
    ),
]


def codes(value: Any, kind: str = "number") -> list[str]:
    schema = {"properties": {"document": {"x-expect": {"kind": kind}}}}
    found = find(facts(payload={"document": value}), schema)
    return [flag.code for flag in found if flag.code == "implausible_number"]


class TestAPlaceholder:
    @pytest.mark.parametrize("kind", ["number", "reference"])
    @pytest.mark.parametrize("value", PLACEHOLDERS)
    def test_is_no_number(self, value: object, kind: str) -> None:
        assert codes(value, kind) == ["implausible_number"]

    @pytest.mark.parametrize("kind", ["number", "reference"])
    @pytest.mark.parametrize("value", GENUINE)
    def test_is_none_of_the_usual_numbers(self, value: object, kind: str) -> None:
        assert codes(value, kind) == []

    @given(st.sampled_from(["INV-", "RE ", "No. ", "", "#"]), st.integers(1, 12), st.sampled_from("0٠०"))
    def test_is_any_row_of_zeros(self, prefix: str, length: int, zero: str) -> None:
        assert is_placeholder(prefix + zero * length)

    @given(st.sampled_from("123456789"), st.integers(3, 12))
    def test_is_any_row_of_one_digit(self, digit: str, length: int) -> None:
        assert is_placeholder(digit * length)

    @given(
        st.sampled_from(["INV-", "RE", "R", "2026-", ""]),
        st.integers(100, 10**9).filter(lambda it: len(set(str(it))) > 2),
    )
    def test_is_no_running_number(self, prefix: str, number: int) -> None:
        text = str(number)
        assert is_placeholder(f"{prefix}{number}") == (
            text in "0123456789" and len(text) > 4 and prefix in ("INV-", "RE", "")
        )


class TestANumber:
    @pytest.mark.parametrize(
        "text",
        [
            "pay to https://x.example/1",
            "12\n34",
            "<b>12</b>",
            "ann1@example.com",
            "no digit",
            "1" * 61,
            "12;34",
            "€ 12",
        ],
    )
    def test_is_written_with_letters_digits_and_dividers(self, text: str) -> None:
        assert codes(text) == ["implausible_number"]

    def test_may_be_a_text_where_only_a_reference_is_expected(self) -> None:
        assert codes("Rent for November", "reference") == []


class TestNormal:
    @given(
        st.sampled_from(["", "RE", "A", "INV", "CN"]),
        st.lists(st.integers(1, 99_999), min_size=1, max_size=3),
        st.lists(st.integers(0, 3), min_size=3, max_size=3),
        st.sampled_from(["-", "/", ".", " ", " - ", "–", "_"]),
    )
    def test_knows_no_zeros_before_a_group_nor_dividers_nor_case(
        self, word: str, groups: list[int], zeros: list[int], divider: str
    ) -> None:
        plain = "-".join([word, *map(str, groups)]).strip("-")
        other = divider.join(
            [word.lower(), *("0" * more + str(each) for each, more in zip(groups, zeros, strict=False))]
        )
        assert normal(other) == normal(plain)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            *(
                ("1234-56", "01234-56"),
                ("2026-001", "2026001"),
                ("2026-001", "2026-1"),
                ("RE-77", "77"),
                ("No. 77", "#77"),
            ),
            *(
                ("1O1", "101"),
                ("RE٧٧", "RE77"),
                ("A-12", "А-12"),
                ("Rechnung Nr. 00012", "12"),
                ("Ａ12", "a12"),
                ("l7", "17"),
            ),
            *(("PO-555", "PO555"), ("SO/2026/00012", "SO2026-12"), ("DEL-12", "DEL12"), ("RI-77", "RI77")),
            *(("2026-INV-77", "2026INV77"), ("12-I", "12I"), ("PO 0012", "PO12"), ("RgNr. 77", "ReNr 077")),
        ],
    )
    def test_is_one_for_all_spellings(self, one: str, other: str) -> None:
        assert normal(one) == normal(other)

    @given(
        st.text(st.sampled_from("ABILOSilo"), min_size=1, max_size=4),
        st.lists(st.integers(1, 99_999), min_size=1, max_size=2),
        st.sampled_from(["", "-", "/", " ", "."]),
    )
    def test_is_one_with_and_without_dividers_around_any_word(self, word: str, groups: list[int], divider: str) -> None:
        numbers = "-".join(map(str, groups))
        assert normal(f"X{word}{divider}{numbers}") == normal(f"X{word}-{numbers}")

    @given(st.integers(1, 10**8), st.integers(1, 10**8), st.sampled_from(["", "RE-", "A"]))
    def test_is_another_for_another_number(self, one: int, other: int, prefix: str) -> None:
        assert (normal(f"{prefix}{one}") == normal(f"{prefix}{other}")) == (one == other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [("10", "1"), ("A12", "B12"), ("CN-77", "INV-77"), ("100", "1"), ("2026-1", "2025-1"), ("0", "")],
    )
    def test_tells_documents_apart(self, one: str, other: str) -> None:
        assert normal(one) != normal(other)


HYPHENS = "‐‑‒–—―−⁃﹘﹣－"
SPACES = "\u00a0\u2007\u2009\u202f\u3000"
SLASHES = "⁄∕／"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def as_printed(draw: st.DrawFn, text: str) -> str:
    """The same number with other hyphens, spaces and slashes."""
    variants = {"-": HYPHENS, " ": SPACES, "/": SLASHES}
    return "".join(draw(st.sampled_from(variants[each])) if each in variants else each for each in text)


@st.composite
def printed(draw: st.DrawFn) -> tuple[str, str]:
    groups = draw(st.lists(st.integers(1001, 99_998).filter(lambda it: len(set(str(it))) > 2), min_size=2, max_size=3))
    words = draw(st.sampled_from(["", "RE-", "INV ", "SO/"]))
    plain = words + draw(st.sampled_from("- /")).join(map(str, groups))
    return plain, as_printed(draw, plain)


class TestHowANumberIsPrinted:
    @given(printed())
    def test_is_no_anomaly(self, number: tuple[str, str]) -> None:
        plain, other = number
        schema = {"properties": {"document": {"x-expect": {"kind": "number"}}}}
        assert find(facts(payload={"document": plain}), schema) == ()
        assert find(facts(payload={"document": other}), schema) == ()

    @given(printed())
    def test_is_no_other_number(self, number: tuple[str, str]) -> None:
        plain, other = number
        assert normal(other) == normal(plain)
        assert normal(other.translate(WIDE)) == normal(plain)

    @pytest.mark.parametrize("hyphen", HYPHENS)
    def test_matches_the_pattern_of_the_plain_one(self, hyphen: str) -> None:
        schema = {"properties": {"document": {"x-expect": {"kind": "number", "pattern": "^[0-9]{4}-[0-9]{2}$"}}}}
        assert find(facts(payload={"document": f"1234{hyphen}77"}), schema) == ()
        assert find(facts(payload={"document": f"1234{hyphen}7"}), schema) != ()
