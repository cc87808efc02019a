"""What changed between two versions, in lines that people read."""

from typing import Any

import pytest

from policies.engine.document.source_text import read
from policies.lab.compare import MAX_LENGTH, MAX_LINES, differences, is_same

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


POLICY = """
policy: invoices
title: Invoices
rules:
  - {name: large, when: "amount > 500.0 && external", outcome: review, says: Large.}
amounts:
  base: EUR
  ladders:
    EUR: [{up_to: "250.00", outcome: auto}, {outcome: review}]
confidence:
  bands: [{at_least: 0.9, outcome: auto}, {at_least: 0, outcome: review}]
score: {block: 90}
tiers:
  junior: {who: desk, quorum: 1, due: 1d, on_timeout: escalate}
undo: {after_person: 60s}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"250.00"', '"250"'),
        ('"250.00"', "250"),
        ('"250.00"', '"250.0"'),
        ("at_least: 0.9", "at_least: 0.90"),
        ("at_least: 0,", "at_least: 0.0,"),
        ("due: 1d", "due: 24h"),
        ("due: 1d", "due: 1440m"),
        ("after_person: 60s", "after_person: 1m"),
        ("quorum: 1, ", ""),
        ("amount > 500.0 && external", "amount>500.0  &&  (external)"),
        ("amount > 500.0", "amount > 5e2"),
        ("title: Invoices\n", "title: Invoices  # of suppliers\n"),
        ("policy: invoices\ntitle: Invoices", "title: Invoices\npolicy: invoices"),
        ("{name: large, when", "{says: Large., name: large, when"),
    ],
)
def test_another_spelling_of_the_same_is_the_same(old: str, new: str) -> None:
    assert old in POLICY
    written = POLICY.replace(", says: Large.}", "}") if new.startswith("{says") else POLICY
    assert is_same(_body(POLICY), _body(written.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"250.00"', '"250.01"'),
        ("at_least: 0.9", "at_least: 0.91"),
        ("due: 1d", "due: 2d"),
        ("due: 1d", "due: 1 working day"),
        ("amount > 500.0", "amount >= 500.0"),
        ("says: Large.", "says: Large sums."),
        ("title: Invoices", "title: Bills"),
        ("quorum: 1", "quorum: 2"),
        ("block: 90", "block: 91"),
    ],
)
def test_another_meaning_is_not_the_same(old: str, new: str) -> None:
    assert old in POLICY
    assert not is_same(_body(POLICY), _body(POLICY.replace(old, new)))


def test_true_is_not_one() -> None:
    one = POLICY.replace("amount > 500.0", "payload.paid == 1")
    assert not is_same(_body(one), _body(one.replace("== 1", "== true")))


def test_an_unreadable_document_is_only_the_same_as_itself() -> None:
    assert is_same({"policy": 1}, {"policy": 1})
    assert not is_same({"policy": 1}, {"policy": 2})


def _body(source: str) -> dict[str, Any]:
    body = read(source)
    assert isinstance(body, dict)
    return body
