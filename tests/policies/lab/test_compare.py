"""What changed between two versions, in lines that people read."""

from typing import Any

import pytest

from policies.lab.compare import MAX_LENGTH, MAX_LINES, differences

RULE: dict[str, Any] = {"name": "small", "when": "amount <= 500.0", "outcome": "auto"}
OTHER: dict[str, Any] = {"name": "large", "when": "amount > 500.0", "outcome": "review"}


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ({}, {}, []),
        ({"rules": [RULE]}, {"rules": [RULE]}, []),
        ({"missing": "review"}, {"missing": "escalate"}, ["missing: changed from review to escalate"]),
        ({"score": {"block": 90}}, {}, ["score: removed, was block 90"]),
        ({}, {"about": "All."}, ["about: added, All."]),
        (
            {"rules": [RULE]},
            {"rules": [RULE | {"outcome": "review"}]},
            ["rules › small › outcome: changed from auto to review"],
        ),
        (
            {"rules": [RULE]},
            {"rules": [OTHER, RULE]},
            ["rules › large: added, when amount > 500.0, outcome review"],
        ),
        (
            {"rules": [RULE, OTHER]},
            {"rules": [OTHER]},
            ["rules › small: removed, was when amount <= 500.0, outcome auto"],
        ),
        ({"rules": [RULE, OTHER]}, {"rules": [OTHER, RULE]}, ["rules: order changed"]),
        ({"a": 1}, {"a": True}, ["a: changed from 1 to yes"]),
        ({"a": None}, {"a": []}, ["a: changed from none to empty"]),
        (None, {"policy": "x"}, ["policy: added, x"]),
    ],
)
def test_each_difference_is_a_line(old: Any, new: dict[str, Any], lines: list[str]) -> None:
    assert differences(old, new) == lines


def test_a_long_value_is_cut() -> None:
    (line,) = differences({}, {"about": "x" * 1000})
    assert (len(line), line[-1]) == (MAX_LENGTH, "…")


def test_the_last_line_counts_what_is_left_out() -> None:
    lines = differences({}, {f"field_{number}": number for number in range(500)})
    assert (len(lines), lines[-1]) == (MAX_LINES, "and 301 more")
