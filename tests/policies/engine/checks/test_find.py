"""What looks wrong in a payload although it has the right shape."""

from datetime import date
from typing import Any

import pytest

from policies.engine.checks.find import find
from policies.engine.checks.places import EXPECT_AT
from policies.engine.values.vocabulary import FLAGS
from tests.policies.engine.given import facts

NUMBER = {"kind": "number", "min_length": 3, "pattern": "[0-9]"}


def codes(value: Any, expected: dict[str, Any], name: str = "invoice_number", **more: Any) -> list[str]:
    schema = {"properties": {name: {"x-expect": expected}}}
    about = facts(payload={name: value, **more}, proposed_on=date(2026, 11, 21))
    return [flag.code for flag in find(about, schema)]


class TestFind:
    @pytest.mark.parametrize(
        ("expected", "fine", "wrong", "code"),
        [
            ({"kind": "iban"}, "DE89 3704 0044 0532 0130 00", "US1234567890", "malformed_iban"),
            ({"kind": "iban"}, "NL91ABNA0417164300", "NL91ABNA0417164301", "malformed_iban"),
            ({"kind": "vat"}, "DE 136 695 976", "DE 136 695 977", "malformed_vat"),
            ({"kind": "vat"}, "GB980780684", "GB980780685", "malformed_vat"),
            ({"kind": "vat"}, 8567346215, 1, "malformed_vat"),
            ({"kind": "email"}, "a.b@books.example.org", "a.b@books", "malformed_email"),
            ({"kind": "email"}, "a@b.co", "a@b.co, c@d.co", "malformed_email"),
            ({"kind": "date"}, "2026-11-21", "21.11.2026", "malformed_date"),
            ({"kind": "date", "not_future": True}, "2026-11-21", "2026-11-22", "date_in_future"),
            ({"kind": "date"}, "2027-01-01", "2027-13-01", "malformed_date"),
            (NUMBER, "RE-77", "F", "implausible_number"),
            (NUMBER, "RE-77", "unknown", "implausible_number"),
            (NUMBER, 4711, "invoice_number_1", "implausible_number"),
            (NUMBER, "RE-77", "1" * 500, "implausible_number"),
            ({**NUMBER, "pattern": "^(?:([0-9]+)+)+$"}, "4711", "1" * 59 + "a", "implausible_number"),
        ],
    )
    def test_flags_a_wrong_value_and_no_right_one(self, expected: dict, fine: Any, wrong: Any, code: str) -> None:
        assert codes(fine, expected) == []
        assert codes(wrong, expected) == [code]
        assert code in FLAGS

    def test_flags_totals_that_do_not_add_up(self) -> None:
        expected = {"kind": "total", "of": ["/net", "/tax"]}
        assert codes(119.0, expected, "total", net=100.0, tax=19.0) == []
        assert codes("119.00", expected, "total", net="100.00", tax=19) == []
        assert codes(120.0, expected, "total", net=100.0, tax=19.0) == ["totals_do_not_add_up"]

    def test_compares_no_total_whose_parts_are_not_all_there(self) -> None:
        assert codes(120.0, {"kind": "total", "of": ["/net", "/tax"]}, "total", net=100.0) == []

    def test_says_nothing_of_a_value_that_is_absent(self) -> None:
        assert codes(None, {"kind": "iban"}) == []

    def test_points_at_values_inside_lists_and_objects(self) -> None:
        schema = {
            "properties": {
                "lines": {"items": {"properties": {"a/b": {"x-expect": {"kind": "email"}}}}},
            }
        }
        found = find(facts(payload={"lines": [{"a/b": "x@example.org"}, {"a/b": "x"}]}), schema)
        assert [(flag.pointer, flag.sentence) for flag in found] == [
            ("/lines/1/a~1b", "a~1b “x” is not a valid email address.")
        ]

    def test_flags_what_history_has_seen(self) -> None:
        assert [flag.code for flag in find(facts(history={"same_number": 1}), {})] == ["seen_before"]
        assert find(facts(history={"same_number": 0}), {}) == ()

    def test_reads_nothing_into_a_schema_that_it_does_not_understand(self) -> None:
        assert codes("x", {"kind": "horoscope"}) == []
        assert find(facts(payload={"a": [1]}), {"properties": ["a"], "items": 5}) == ()

    def test_stops_at_fifty(self) -> None:
        schema = {"properties": {"a": {"items": {"x-expect": {"kind": "iban"}}}}}
        assert len(find(facts(payload={"a": ["x"] * 500}), schema)) == 50

    def test_says_what_the_schema_expects_rather_than_what_a_pointer_does(self) -> None:
        schema = {"properties": {"n": {"x-expect": NUMBER}}, EXPECT_AT: {"/n": {"kind": "reference"}}}
        assert [flag.sentence for flag in find(facts(payload={"n": "F"}), schema)] == [
            "n “F” is too short. A document number has at least 3 characters."
        ]
