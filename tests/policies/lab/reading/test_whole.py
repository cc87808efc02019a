"""A policy in words: every document can be read, nothing that is different goes unsaid, and pictures are whole."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from policies.engine.document.parse import Document, load
from policies.engine.document.source_text import read
from policies.lab.builder import fields
from policies.lab.compare import is_same
from policies.lab.reading import whole
from policies.queries import templates
from tests.docs import pages

KNOWN = fields.by_name(fields.of(()))
DEMO = [path.read_text("utf-8") for path in sorted(Path("approvals/demo/policies").glob("*.yaml"))]
SOURCES = [*map(templates.source, templates.names()), *DEMO, *(text for _, text in pages.policies())]
BANDS = [{"at_least": 0.8, "outcome": "auto"}, {"at_least": 0.0, "outcome": "review"}]
CHECK = {"name": "money", "check": "amount < 900.0", "fetch": ["budget"], "says": "Covered.", "on_fail": "reject"}
FULL: dict[str, Any] = {
    "policy": "full",
    "title": "Full",
    "about": "All that there is.",
    "missing": "review",
    "flags": {"outcome": "review", "ignore": ["stale_rate"]},
    "regulated": ["contact"],
    "limits": {"financial_approval": "250.00"},
    "weights": {"amount": 50},
    "undo": {"after_person": "30s", "after_policy": "1m"},
    "confidence": {"absent": "review", "bands": BANDS},
    "amounts": {"base": "EUR", "ladders": {"EUR": [{"up_to": "500.00", "outcome": "auto"}, {"outcome": "review"}]}},
    "score": {"review": 40, "escalate": 70},
    "reversibility": {"reversible_low": {"outcome": "auto", "up_to_score": 40, "beyond": "review"}},
    "budgets": {"per_agent_day": {"count": 3, "sum": "900.00", "outcome": "escalate"}},
    "tiers": {"junior": {"who": "desk:it", "quorum": 2, "due": "1d", "remind": "1h", "on_timeout": "escalate"}},
    "plans": {
        "two": {
            "about": "Two looks.",
            "stages": [
                {"name": "boss", "who": "manager", "due": "8 working hours", "on_timeout": "expire"},
                CHECK,
            ],
        }
    },
    "rules": [
        {
            "name": "far",
            "when": "external && amount > 500.0",
            "outcome": "review",
            "tier": "senior",
            "says": "Far away.",
            "plan": "two",
            "action_types": ["travel.*"],
            "requires_rationale": True,
            "reason_codes": ["visit"],
            "do_not_retry": False,
        },
        {"name": "odd", "when": "subject.matches('x')", "outcome": "block", "says": "Odd."},
    ],
    "tests": [{"name": "one", "given": {"amount": "3.00"}, "expect": {"outcome": "review"}}],
}  # fmt: skip
CHANGES: list[tuple[tuple[str | int, ...], Any]] = [
    (("title",), "Other"),
    (("about",), "Other."),
    (("missing",), "escalate"),
    (("flags", "outcome"), "block"),
    (("flags", "ignore"), ["zero_amount"]),
    (("regulated",), ["financial"]),
    (("limits", "financial_approval"), "251.00"),
    (("weights", "amount"), 60),
    (("undo", "after_person"), "31s"),
    (("undo", "after_policy"), "2m"),
    (("confidence", "absent"), "ignore"),
    (("confidence", "bands", 0, "at_least"), 0.9),
    (("confidence", "bands", 1, "outcome"), "block"),
    (("amounts", "base"), "USD"),
    (("amounts", "ladders", "EUR", 0, "up_to"), "500.01"),
    (("amounts", "ladders", "EUR", 1, "outcome"), "escalate"),
    (("score", "review"), 41),
    (("reversibility", "reversible_low", "up_to_score"), 41),
    (("reversibility", "reversible_low", "beyond"), "block"),
    (("budgets", "per_agent_day", "count"), 4),
    (("budgets", "per_agent_day", "sum"), "901.00"),
    (("budgets", "per_agent_day", "outcome"), "block"),
    (("tiers", "junior", "who"), "desk"),
    (("tiers", "junior", "quorum"), 1),
    (("tiers", "junior", "due"), "2d"),
    (("tiers", "junior", "remind"), "2h"),
    (("tiers", "junior", "on_timeout"), "expire"),
    (("plans", "two", "about"), "Other."),
    (("plans", "two", "stages", 0, "who"), "owner"),
    (("plans", "two", "stages", 0, "tier"), "senior"),
    (("plans", "two", "stages", 0, "due"), "8 working days"),
    (("plans", "two", "stages", 0, "on_timeout"), "escalate"),
    (("plans", "two", "stages", 1, "check"), "amount < 901.0"),
    (("plans", "two", "stages", 1, "fetch"), ["stock"]),
    (("plans", "two", "stages", 1, "says"), "Other."),
    (("plans", "two", "stages", 1, "on_fail"), "escalate"),
    (("rules", 0, "name"), "farther"),
    (("rules", 0, "when"), "external && amount > 501.0"),
    (("rules", 0, "outcome"), "block"),
    (("rules", 0, "tier"), "junior"),
    (("rules", 0, "says"), "Other."),
    (("rules", 0, "action_types"), ["travel.book"]),
    (("rules", 0, "requires_rationale"), False),
    (("rules", 0, "reason_codes"), ["fair"]),
    (("rules", 0, "do_not_retry"), True),
    (("rules", 1, "when"), "subject.matches('y')"),
    (("tests", 0, "given", "amount"), "4.00"),
    (("tests", 0, "expect", "outcome"), "escalate"),
]


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """The full document with one thing changed; a plan goes where the outcome leaves no room for it."""
    body = deepcopy(FULL)
    holder: Any = body
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = value
    if path[:3] == ("rules", 0, "outcome"):
        holder.pop("plan"), holder.pop("tier")
    return body


class TestReading:
    @pytest.mark.parametrize("source", SOURCES)
    def test_says_something_of_every_section(self, source: str) -> None:
        document = load(read(source))
        reading = whole.of(document, KNOWN)
        assert all(item.sentences for section in reading.sections for item in section.items)
        rules = reading.section("rules")
        assert len(rules.items if rules else ()) == len(document.rules)

    def test_shows_the_text_of_a_condition_that_it_cannot_say(self) -> None:
        rules = whole.of(load(FULL), KNOWN).section("rules")
        assert rules is not None
        assert [(item.is_text, item.text) for item in rules.items] == [
            (False, "external && amount > 500.0"), (True, "subject.matches('x')"),
        ]  # fmt: skip

    def test_says_a_plan_in_one_sentence(self) -> None:
        plans = whole.of(load(FULL), KNOWN).section("plans")
        assert plans is not None
        said = plans.items[0].sentences[0]
        assert said == "First the requester’s manager (within 8 working hours), then the automatic check “money”."

    def test_says_a_rule_as_a_sentence(self) -> None:
        rules = whole.of(load(FULL), KNOWN).section("rules")
        assert rules is not None
        expected = "If external effects: yes and amount is above 500, a senior reviewer decides."
        assert rules.items[0].sentences[0] == expected


class TestPictures:
    @pytest.mark.parametrize("source", SOURCES)
    def test_are_whole_from_low_to_high(self, source: str) -> None:
        for picture in whole.of(load(read(source)), KNOWN).pictures:
            assert sum(each.share for each in picture.stretches) == pytest.approx(1)
            assert [bool(each.until) for each in picture.stretches] == [True] * (len(picture.stretches) - 1) + [False]

    def test_say_the_same_in_words(self) -> None:
        (ladder, bands, score) = whole.of(load(FULL), KNOWN).pictures
        assert [each.word for each in ladder.stretches] == ["runs", "junior"]
        assert ladder.sentences[:2] == (
            "Up to EUR 500.00, the action runs automatically.", "Above EUR 500.00, a junior reviewer decides.",
        )  # fmt: skip
        assert [each.word for each in bands.stretches] == ["junior", "runs"]
        assert [each.word for each in score.stretches] == ["no effect", "junior", "senior"]


class TestDifferences:
    def of(self, old: Document, new: Document) -> list[tuple[str, str]]:
        return [(each.kind, each.item.key) for each in whole.differences(old, new, KNOWN)]

    @pytest.mark.parametrize("source", SOURCES)
    def test_of_a_version_from_itself_are_none(self, source: str) -> None:
        document = load(read(source))
        assert self.of(document, document) == []

    @pytest.mark.parametrize(("path", "value"), CHANGES, ids=lambda part: str(part)[:40])
    def test_leave_no_change_unsaid(self, path: tuple[str | int, ...], value: Any) -> None:
        body = changed(path, value)
        assert path[0] in ("title", "about") or not is_same(FULL, body)
        assert self.of(load(FULL), load(body))

    def test_name_each_thing_and_what_became_of_it(self) -> None:
        body = deepcopy(FULL) | {"rules": [FULL["rules"][0] | {"tier": "junior"}]}
        body["budgets"] = {"per_agent_day": {"count": 5}, "per_type_day": {"count": 9}}
        found = self.of(load(FULL), load(body))
        assert ("changed", "far") in found and ("removed", "odd") in found
        assert ("changed", "agent_day") in found and ("added", "type_day") in found

    def test_ignore_how_a_condition_is_written(self) -> None:
        body = json.loads(json.dumps(FULL).replace("external && amount > 500.0", "external  &&  amount > 500"))
        assert self.of(load(FULL), load(body)) == []
