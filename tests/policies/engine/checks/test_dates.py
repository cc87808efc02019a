"""Dates: exactly one, as ISO 8601 writes it, and near the day of the proposal."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.checks.find import find
from policies.engine.values.vocabulary import FLAGS
from tests.policies.engine.given import facts

TODAY = date(2026, 11, 21)
SPELLINGS = [
    *(
        "%d.%m.%Y",
        "%m/%d/%Y",
        "%d/%m/%Y",
        "%Y/%m/%d",
        "%Y%m%d",
        "%y-%m-%d",
        "%d-%m-%Y",
        "%d %B %Y",
        "%Y-W%W-%w",
        "%Y-%j",
    ),
    *("%Y-%m", "%Y-%m-%dT00:00:00Z", "%Y-%m-%d 00:00", " %Y-%m-%d", "%Y-%m-%d ", "%Y-%m-%d\n", "%Y-%m-%d / 80101911"),
    *("%Y-%m-%d, %Y-%m-%d", "%Y–%m–%d", "%Y-%m-%d.", "on %Y-%m-%d", "%Y.%m.%d"),
]
OTHER_DIGITS = ["٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"]


def codes(value: Any, today: date = TODAY, payload: dict[str, Any] | None = None, **expected: Any) -> list[str]:
    schema = {"properties": {"day": {"x-expect": {"kind": "date", **expected}}}}
    found = find(facts(payload={"day": value, **(payload or {})}, proposed_on=today), schema)
    assert {flag.code for flag in found} <= FLAGS.keys()
    return [flag.code for flag in found if flag.pointer == "/day" and "date" in flag.code]


class TestADate:
    @given(st.dates(TODAY - timedelta(days=3_600), TODAY + timedelta(days=700)))
    def test_near_the_proposal_is_harmless(self, day: date) -> None:
        assert codes(day.isoformat()) == []

    @given(st.dates(date(2017, 1, 1), date(2028, 1, 1)), st.sampled_from(SPELLINGS))
    def test_in_any_other_spelling_is_none(self, day: date, spelling: str) -> None:
        assert codes(day.strftime(spelling)) == ["malformed_date"]

    @given(st.dates(date(2017, 1, 1), date(2028, 1, 1)), st.sampled_from(OTHER_DIGITS), st.integers(0, 9))
    def test_in_other_digits_is_none(self, day: date, digits: str, place: int) -> None:
        text = day.isoformat()
        changed = text[:place] + "".join(digits[int(each)] if each.isdigit() else each for each in text[place:])
        if changed != text:
            assert codes(changed) == ["malformed_date"]

    @pytest.mark.parametrize(
        "value",
        [
            "0000-00-00",
            "2026-02-30",
            "2026-13-01",
            "2026-00-10",
            "2025-02-29",
            "2026-10-02 / 80101911",
            "",
            20261002,
            True,
        ],
    )
    def test_that_is_on_no_calendar_is_none(self, value: object) -> None:
        assert codes(value) == ["malformed_date"]

    @given(st.one_of(st.dates(max_value=date(2016, 10, 1)), st.dates(min_value=date(2028, 12, 1))))
    def test_far_away_is_implausible(self, day: date) -> None:
        assert codes(day.isoformat()) == ["implausible_date"]

    @pytest.mark.parametrize("year", ["0026", "1900", "2062", "9999", "0001"])
    def test_in_a_mistyped_year_is_implausible(self, year: str) -> None:
        assert codes(f"{year}-10-02") == ["implausible_date"]

    def test_has_the_limits_that_its_field_states(self) -> None:
        assert codes("1985-04-01", max_age_days=40_000) == []
        assert codes("2026-08-01", max_age_days=90) == ["implausible_date"]
        assert codes("2031-01-01", max_days_ahead=3_000) == []
        assert codes("2026-12-31", max_days_ahead=30) == ["implausible_date"]
        assert codes("2026-11-22", not_future=True) == ["date_in_future"]

    def test_is_not_before_another_that_its_field_names(self) -> None:
        assert codes("2026-11-01", not_before="/issued", payload={"issued": "2026-11-02"}) == ["implausible_date"]
        assert codes("2026-11-02", not_before="/issued", payload={"issued": "2026-11-02"}) == []
        assert codes("2026-11-02", not_before="/issued", payload={"issued": "soon"}) == []

    def test_is_near_or_far_from_the_day_of_the_proposal(self) -> None:
        assert codes("2016-10-02", today=date(2017, 1, 1)) == []


class TestAFormat:
    @staticmethod
    def found(value: object, name: str = "date") -> list[str]:
        schema = {"properties": {"day": {"type": "string", "format": name}}}
        return [flag.code for flag in find(facts(payload={"day": value}, proposed_on=TODAY), schema)]

    @pytest.mark.parametrize("name", ["date", "date-time"])
    @given(st.one_of(st.dates(max_value=date(1896, 1, 1)), st.dates(min_value=date(2058, 1, 1))))
    def test_alone_finds_a_date_that_nobody_means(self, name: str, day: date) -> None:
        text = day.isoformat() if name == "date" else f"{day}T00:00:00Z"
        assert self.found(text, name) == ["implausible_date"]

    @pytest.mark.parametrize("name", ["date", "date-time"])
    @given(st.dates(date(1900, 1, 1), date(2056, 1, 1)))
    def test_alone_takes_a_birthday_and_the_end_of_a_lease(self, name: str, day: date) -> None:
        text = day.isoformat() if name == "date" else f"{day}T23:59:59+02:00"
        assert self.found(text, name) == []

    def test_with_an_expectation_has_its_limits(self) -> None:
        assert codes("1985-04-01") == ["implausible_date"]
