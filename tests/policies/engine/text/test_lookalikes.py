"""Texts that look the same have one form, whatever their scripts; others have their own."""

import unicodedata

import pytest
from confusable_homoglyphs.confusables import confusables_data
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.text.lookalikes import is_alike, skeleton

CONFUSABLE = sorted(key.strip("\u200e\u200f") for key in confusables_data)


def drawn_as(letter: str) -> list[str]:
    """Every other letter that the tables of Unicode take for this one."""
    return [other["c"] for other in confusables_data.get(letter, []) if len(other["c"]) == 1]


LETTERS = [letter for letter in "abcdefghjknopqrstuvwxyzABCDEFGHJKLNOPQRSTUVWXYZ" if drawn_as(letter)]


class TestSkeleton:
    @pytest.mark.parametrize(("before", "after"), [("", ""), ("Paper ", " Mill"), ("Ac", "e")])
    def test_is_the_same_for_every_look_alike_of_a_letter(self, before: str, after: str) -> None:
        pairs = [(letter, other) for letter in LETTERS for other in drawn_as(letter)]
        assert len(pairs) > 1_000
        found = [
            (letter, hex(ord(other)))
            for letter, other in pairs
            if skeleton(f"{before}{other}{after}") != skeleton(f"{before}{letter}{after}")
        ]
        assert found == []

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            *(
                ("office", "օffice"),
                ("paypal", "раураӏ"),
                ("IBM", "ΙΒΜ"),
                ("ACME", "ᎪᏟᎷᎬ"),
                ("TOM", "ТОМ"),
                ("visa", "νisa"),
            ),
            *(("PayPal", "PayPaI"), ("PAYPAL", "PayPaI"), ("Amazon", "Arnazon"), ("1O1", "lol"), ("acme", "ＡＣＭＥ")),
            *(("Acme", "𝐀𝐜𝐦𝐞"), ("Acme", "Ac\u200bme"), ("Acme Ltd", " acme\u00a0 LTD\n"), ("Straße", "STRASSE")),
            *(("Müller", "Mu\u0308ller"), ("Αθηνά", "ΑΘΗΝΆ"), ("Иванов", "ИВАНОВ"), ("Acme\U000e0041", "Acme")),
        ],
    )
    def test_is_the_same_for_what_looks_the_same(self, one: str, other: str) -> None:
        assert skeleton(one) == skeleton(other)
        assert is_alike(one, other)

    @given(
        st.text(st.sampled_from("bcdeghknprstuvwxyz -&"), max_size=9),
        st.text(st.sampled_from("bcdeghknprstuvwxyz -&"), max_size=9),
    )
    def test_is_another_for_another_name(self, one: str, other: str) -> None:
        assert (skeleton(one) == skeleton(other)) == (one.split() == other.split())

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Müller", "Moller"),
            ("Hall", "Hill"),
            ("Αθηνά", "Αθήνα"),
            ("Иванов", "Петров"),
            ("Acme 2", "Acme 3"),
            ("", "a"),
        ],
    )
    def test_tells_names_apart(self, one: str, other: str) -> None:
        assert skeleton(one) != skeleton(other)

    @given(
        st.text(
            st.one_of(st.characters(), st.sampled_from([each for each in CONFUSABLE if len(each) == 1])), max_size=12
        )
    )
    def test_does_not_change_any_more(self, text: str) -> None:
        assert skeleton(skeleton(text)) == skeleton(text)

    @given(
        st.text(
            st.sampled_from([each for each in map(chr, range(0x21, 0x7F)) if each.isalnum()] + list("äÉøßМиαΩ")),
            max_size=9,
        )
    )
    def test_knows_no_letter_case_of_latin(self, text: str) -> None:
        latin = "".join(each for each in text if unicodedata.name(each).startswith("LATIN"))
        assert skeleton(latin) == skeleton(latin.upper()) == skeleton(latin.lower())
