"""The editor: what forms make of a document, and that what nobody touched stays as it was."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policies.admin.editor import changes, sections
from policies.admin.editor.cells import Column, Kind, edited, name_of, path_of, place_of
from policies.admin.editor.changes import PARTS
from policies.admin.editor.draft import judged
from policies.admin.editor.grids import shown
from policies.engine.document import embedded_tests, plan_steps, section_readers
from policies.engine.document.parse import FIELDS, parse
from policies.engine.document.source_text import read
from policies.engine.document.writer import write
from policies.engine.values import durations
from policies.queries import templates
from tests.docs import pages

TEXT = """\
policy: travel
title: Travel
# Who flies.
rules:
  - {name: first-class, when: "payload.seat == 'first'", outcome: block, says: Nobody flies first class.}
  - {name: far, when: 'amount > 500.0', outcome: review, says: Far., reason_codes: [visit, fair]}
confidence:
  bands:
    - {at_least: 0.90, outcome: auto}   # nine of ten
    - {at_least: 0.0, outcome: review}
amounts: {base: EUR, ladders: {EUR: [{up_to: 250, outcome: auto}, {outcome: review}]}}
reversibility:
  {reversible_low: auto, irreversible_high: {outcome: review}, ambiguous_intent: {outcome: review, below: 0.4}}
budgets: {per_agent_day: {count: 3}}
tiers: {senior: {quorum: 2}}
plans:
  trip:
    about: Two looks.
    stages:
      - {name: boss, who: manager, tier: junior}
      - {name: money, check: 'amount < 900.0', says: It is covered.}
tests:
  - name: far
    given: {amount: "600.00", currency: EUR, payload: {seat: second}, recent: {agent_day: {count: 2}}}
    expect: {outcome: review, rules: [far]}
"""
SOURCES = [TEXT, *map(templates.source, templates.names()), *(source for _, source in pages.policies())]
SECTIONS = st.sampled_from(
    ["rules", "confidence", "amounts", "reversibility", "budgets", "tiers", "plans", "tests", "score"]
)
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, 3, "text", True, [], {}, [1], ["a"], {"a": 1}, {"bands": 3}, {"ladders": []}, [{}], [{"when": {}}]]
)


def posted(source: str, part: str, opened: str = "") -> dict[str, str]:
    """What a browser sends of a part when nobody touched anything."""
    body = judged(source).body
    rows = [row for grid in changes.grids(part, body, changes.opened(opened)) for row in shown(grid, body, {}).rows]
    cells = [cell for row in rows for cell in row.cells if cell.widget != "truth" or cell.value == "true"]
    return {"part": part, "open": opened} | {cell.name: cell.value.replace("\n", "\r\n") for cell in cells}


def places(source: str) -> list[tuple[str, str]]:
    """Every part, and every rule and test of its own."""
    body: Any = read(source)
    own = [(part, str(place)) for part in ("rules", "plans", "tests") for place in range(len(body.get(part, ())) + 1)]
    return [*((part, "") for part in PARTS), *own]


class TestWhatNobodyTouched:
    @pytest.mark.parametrize("source", SOURCES, ids=lambda source: str(source)[:30])
    def test_stays_byte_by_byte(self, source: str) -> None:
        for part, opened in places(source):
            assert changes.changed(source, posted(source, part, opened)) == source, (part, opened)

    @given(section=SECTIONS, value=ODD)
    def test_stays_in_whatever_shape_it_is(self, section: str, value: object) -> None:
        source = write({"policy": "a", "title": "A", section: value})
        for part, opened in [
            *((part, "") for part in PARTS),
            ("rules", "0"),
            ("plans", "0"),
            ("tests", "0"),
            ("tests", "3"),
        ]:
            assert changes.changed(source, posted(source, part, opened)) == source


class TestWhatWasTyped:
    def change(self, part: str, opened: str = "", **typed: str) -> Any:
        fields = {name.replace("__", "/"): value for name, value in typed.items()}
        return read(changes.changed(TEXT, posted(TEXT, part, opened) | fields))

    def test_changes_one_rule_and_keeps_the_comments(self) -> None:
        text = changes.changed(
            TEXT, posted(TEXT, "rules", "1") | {"rules/1/outcome": "escalate", "rules/1/reason_codes": "a, b"}
        )
        assert parse(text).rules[1].outcome == "escalate"
        assert parse(text).rules[1].reason_codes == ("a", "b")
        assert "# Who flies." in text and "# nine of ten" in text

    def test_adds_a_rule(self) -> None:
        rule = {
            "rules__2__name": "new",
            "rules__2__when": "external",
            "rules__2__outcome": "review",
            "rules__2__says": "New.",
        }
        assert self.change("rules", "2", **rule)["rules"][2] == {
            "name": "new", "when": "external", "outcome": "review", "says": "New.",
        }  # fmt: skip

    def test_adds_and_clears_lines_of_tables(self) -> None:
        body = self.change(
            "tables",
            amounts__ladders__EUR__0__up_to="300.00",
            amounts__ladders__EUR__2__outcome="escalate",
            confidence__bands__0__at_least="",
            confidence__bands__0__outcome="",
        )
        assert body["amounts"]["ladders"]["EUR"] == [
            {"up_to": "300.00", "outcome": "auto"}, {"outcome": "review"}, {"outcome": "escalate"},
        ]  # fmt: skip
        assert body["confidence"]["bands"] == [{"at_least": 0.0, "outcome": "review"}]

    def test_writes_a_row_of_the_reversibility_table_in_short_or_in_full(self) -> None:
        body = self.change(
            "tables", reversibility__reversible_low__up_to_score="40", reversibility__reversible_high__outcome="review"
        )
        assert body["reversibility"]["reversible_low"] == {"outcome": "auto", "up_to_score": 40}
        assert body["reversibility"]["reversible_high"] == "review"

    def test_takes_away_what_was_emptied(self) -> None:
        body = self.change("tables", budgets__per_agent_day__count="", tiers__senior__quorum="")
        assert "budgets" not in body and "tiers" not in body

    def test_keeps_text_that_is_no_number_for_the_judge_to_find_fault_with(self) -> None:
        source = changes.changed(TEXT, posted(TEXT, "tables") | {"score/review": "a lot"})
        assert [fault.name for fault in judged(source).faults] == ["score/review"]

    @pytest.mark.parametrize(
        ("button", "names"),
        [
            ({"up": "rules/1"}, ["far", "first-class"]),
            ({"down": "rules/1"}, ["first-class", "far"]),
            ({"remove": "rules/0"}, ["far"]),
        ],
    )
    def test_moves_and_removes(self, button: dict[str, str], names: list[str]) -> None:
        body: Any = read(changes.changed(TEXT, {"part": "rules", **button}))
        assert [rule["name"] for rule in body["rules"]] == names

    def test_adds_a_ladder_and_a_plan(self) -> None:
        body: Any = read(changes.changed(TEXT, {"part": "tables", "add_ladder": "1", "new_currency": "usd"}))
        assert list(body["amounts"]["ladders"]) == ["EUR", "USD"]
        body = read(changes.changed("policy: a", {"part": "tables", "add_ladder": "1", "new_currency": "USD"}))
        assert body["amounts"]["base"] == "USD"
        body = read(changes.changed(TEXT, {"part": "plans", "add_plan": "1", "new_plan": "second"}))
        assert body["plans"]["second"]["stages"][0]["who"] == "responsible"

    @given(
        name=st.text(max_size=20),
        button=st.sampled_from(["remove", "up", "down", "new_plan", "new_currency", "open", "part"]),
    )
    def test_never_fails_on_odd_names(self, name: str, button: str) -> None:
        typed = {"part": "plans", "add_plan": "1", "add_ladder": "1", button: name}
        for source in (TEXT, "", "[]", "a: [", "plans: 3\namounts: {ladders: []}"):
            judged(changes.changed(source, typed))


class TestJudged:
    @pytest.mark.parametrize(
        ("condition", "marked", "hint"),
        [
            ("external && amonut > 5.0", ("external && ", "amonut", " > 5.0"), "Did you mean `amount`?"),
            ("amount > '5'", ("amount ", ">", " '5'"), "cannot be applied to a number and text"),
            ("recent.agent_dai.count > 1", ("", "recent.agent_dai.count", " > 1"), "Did you mean"),
            ("external\n  && score > 'x'", ("  && score ", ">", " 'x'"), "cannot be applied"),
            ("amount >", ("amount >", " ", ""), ""),
        ],
    )
    def test_marks_the_place(self, condition: str, marked: tuple[str, str, str], hint: str) -> None:
        rule = {"name": "a", "when": condition, "outcome": "review", "says": "A."}
        fault = judged(write({"policy": "a", "title": "A", "rules": [rule]})).faults[0]
        assert (fault.name, fault.marked) == ("rules/0/when", marked)
        assert hint in fault.sentence

    def test_marks_the_place_in_a_text_that_cannot_be_read(self) -> None:
        fault = judged("policy: a\ntitle: [\n").faults[0]
        assert fault.marked is not None and "Line" in fault.sentence

    def test_finds_a_place_whose_name_has_dots(self) -> None:
        source = write({"policy": "a", "title": "A", "plans": {"a.b": {"stages": [{"name": "x", "who": "?"}]}}})
        assert [fault.name for fault in judged(source).faults if fault.name.endswith("who")] == [
            "plans/a.b/stages/0/who"
        ]

    def test_says_which_tests_fail(self) -> None:
        found = judged(TEXT.replace("outcome: review, rules: [far]", "outcome: auto"))
        assert found.document and list(found.failing) == [0]


class TestNames:
    @given(
        st.lists(
            st.text(min_size=1, max_size=8).filter(lambda part: not part.isdecimal()) | st.integers(0, 200),
            min_size=1,
            max_size=5,
        )
    )
    def test_lead_back_to_their_place(self, path: list[str | int]) -> None:
        assert path_of(name_of(tuple(path))) == tuple(path)

    def test_are_the_judges_places_in_another_spelling(self) -> None:
        assert place_of(("amounts", "ladders", "EUR", 0, "up_to")) == "amounts.ladders.EUR[0].up_to"


class TestTheColumns:
    """What a document can say and no field shows could only be written as text."""

    def keys(self, columns: Sequence[Column]) -> set[str]:
        return {column.key for column in columns}

    def test_are_all_that_rules_stages_and_tests_can_say(self) -> None:
        assert self.keys(sections.RULE) == set(section_readers._RULE_FIELDS)
        assert self.keys(sections.STAGES) == {*plan_steps.PEOPLE_FIELDS, *plan_steps.CHECK_FIELDS}
        assert self.keys(sections.TERMS) == {"who", "quorum", *durations.FIELDS, "on_timeout"}
        assert self.keys(sections.GIVEN) == set(embedded_tests._READERS)

    def test_are_all_that_a_document_can_say(self) -> None:
        body: Any = read(
            write({name: {} for name in FIELDS} | {"plans": {"a": {}}, "amounts": {"ladders": {"EUR": []}}})
        )
        parts = [(part, None) for part in PARTS if part not in ("rules", "tests")] + [
            ("rules", 0),
            ("plans", 0),
            ("tests", 0),
        ]
        grids = [
            grid for part, place in parts for grid in changes.grids(part, body | {"rules": [], "tests": []}, place)
        ]
        shown_sections = {str(line.path[0]) for grid in grids for line in grid.lines if line.path}
        assert shown_sections | self.keys(sections.HEAD) == set(FIELDS)


class TestColumn:
    @given(kind=st.sampled_from([kind for kind in Kind if kind is not Kind.TRUTH]), text=st.text(max_size=30))
    @example(kind=Kind.NUMBER, text="007")
    @example(kind=Kind.NUMBER, text="1.50")
    @example(kind=Kind.JSON, text='{"a": [1, 1.5, null, "x"]}')
    @example(kind=Kind.JSON, text="\U00018cd6:")
    @example(kind=Kind.JSON, text="\U00018cd6")
    def test_shows_what_it_read_so_that_it_reads_the_same(self, kind: Kind, text: str) -> None:
        column = Column("a", "A", kind)
        value = column.read(text)
        assert column.read(column.shown(value)) == value


class TestEdited:
    def test_keeps_what_the_form_does_not_show(self) -> None:
        assert edited({"a": 1, "b": 2}, [Column("a", "A", Kind.NUMBER)], {"a": "3"}) == {"a": 3, "b": 2}

    def test_names_every_column_of_a_rule(self) -> None:
        assert {column.key for column in sections.RULE} >= {
            "name",
            "when",
            "outcome",
            "says",
            "tier",
            "plan",
            "do_not_retry",
        }
