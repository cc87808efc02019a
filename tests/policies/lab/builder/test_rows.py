"""Conditions as rows: what they write reads back the same, and the evaluator says of it what the rows say."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policies.engine.conditions import cel
from policies.engine.document.parse import EMPTY, SAMPLE, parse
from policies.engine.inputs.policy_input import PolicyInput
from policies.lab.builder.reader import read
from policies.lab.builder.rows import Comparison, Group, Row, Scalar, normal, number
from policies.lab.builder.writer import written
from policies.queries import templates
from tests.docs import pages

NUMBERS = st.integers(-1000, 1000) | st.floats(-1000, 1000, width=32).map(lambda value: number(value) or 0)
TEXTS = st.text(max_size=6) | st.sampled_from(["a", "ab", "it's", 'say "hi"', "back\\slash", "line\nbreak", "é"])
OF_NUMBERS = (
    Comparison.IS,
    Comparison.IS_NOT,
    Comparison.ABOVE,
    Comparison.AT_LEAST,
    Comparison.BELOW,
    Comparison.AT_MOST,
)
OF_TEXTS = (
    Comparison.IS,
    Comparison.IS_NOT,
    Comparison.CONTAINS,
    Comparison.LACKS,
    Comparison.STARTS,
    Comparison.ENDS,
)


def numbers(name: str) -> st.SearchStrategy[Row]:
    single = st.builds(Row, st.just(name), st.sampled_from(OF_NUMBERS), st.tuples(NUMBERS), st.booleans())
    return single | st.builds(
        Row, st.just(name), st.just(Comparison.BETWEEN), st.tuples(NUMBERS, NUMBERS), st.booleans()
    )


def texts(name: str) -> st.SearchStrategy[Row]:
    listed = st.lists(TEXTS, min_size=1, max_size=3).map(tuple)
    return st.builds(Row, st.just(name), st.sampled_from(OF_TEXTS), st.tuples(TEXTS), st.booleans()) | st.builds(
        Row, st.just(name), st.sampled_from([Comparison.ONE_OF, Comparison.NONE_OF]), listed, st.booleans()
    )


def lists(name: str) -> st.SearchStrategy[Row]:
    of_value = st.sampled_from([Comparison.INCLUDES, Comparison.EXCLUDES])
    of_none = st.sampled_from([Comparison.EMPTY, Comparison.FILLED])
    return st.builds(Row, st.just(name), of_value, st.tuples(TEXTS)) | st.builds(Row, st.just(name), of_none)


def presence(*names: str) -> st.SearchStrategy[Row]:
    return st.builds(Row, st.sampled_from(names), st.sampled_from([Comparison.GIVEN, Comparison.MISSING]))


ROWS = st.one_of(
    numbers("amount"),
    numbers("payload.count"),
    texts("payload.name"),
    texts("subject"),
    lists("flags"),
    presence("amount", "payload.count", "payload.name", "subject"),
    st.builds(Row, st.just("external"), st.just(Comparison.IS), st.tuples(st.booleans())),
    st.builds(Row, st.just("payload.urgent"), st.just(Comparison.IS), st.tuples(st.booleans()), st.booleans()),
)
INNER = st.builds(Group, st.booleans(), st.lists(ROWS, min_size=1, max_size=3).map(tuple))
GROUPS = st.builds(Group, st.booleans(), st.lists(ROWS | INNER, min_size=1, max_size=4).map(tuple))
INPUTS = st.builds(
    lambda payload, **others: PolicyInput(action_type="a.b", payload=payload, agent="agent", **others),
    payload=st.fixed_dictionaries({}, optional={"count": NUMBERS, "name": TEXTS, "urgent": st.booleans()}),
    amount=st.none() | st.decimals(-1000, 1000, places=2),
    subject=st.none() | TEXTS,
    flags=st.lists(TEXTS, max_size=3).map(tuple),
    external=st.booleans(),
)


def value_of(name: str, facts: PolicyInput) -> Any:
    if name.startswith("payload."):
        return facts.payload.get(name.removeprefix("payload."))
    value = getattr(facts, name)
    return float(value) if name == "amount" and value is not None else value


def says(row: Row, facts: PolicyInput) -> bool | None:
    """What a row says of an input in plain Python; None if a person must decide."""
    value = value_of(row.field, facts)
    if row.comparison in (Comparison.GIVEN, Comparison.MISSING):
        return (value is not None) == (row.comparison is Comparison.GIVEN)
    if value is None:
        return False if row.is_guarded else None
    return compared(row.comparison, value, row.values)


def compared(how: Comparison, value: Any, values: tuple[Scalar, ...]) -> bool:
    first: Any = values[0] if values else None
    last: Any = values[-1] if values else None
    answers = {
        Comparison.IS: lambda: value == first,
        Comparison.IS_NOT: lambda: value != first,
        Comparison.ABOVE: lambda: value > first,
        Comparison.AT_LEAST: lambda: value >= first,
        Comparison.BELOW: lambda: value < first,
        Comparison.AT_MOST: lambda: value <= first,
        Comparison.BETWEEN: lambda: first <= value <= last,
        Comparison.ONE_OF: lambda: value in values,
        Comparison.NONE_OF: lambda: value not in values,
        Comparison.CONTAINS: lambda: first in value,
        Comparison.LACKS: lambda: first not in value,
        Comparison.STARTS: lambda: value.startswith(first),
        Comparison.ENDS: lambda: value.endswith(first),
        Comparison.INCLUDES: lambda: first in value,
        Comparison.EXCLUDES: lambda: first not in value,
        Comparison.EMPTY: lambda: not value,
        Comparison.FILLED: lambda: bool(value),
    }
    return bool(answers[how]())


def all_say(group: Group, facts: PolicyInput) -> bool | None:
    """What a group says; what is decided without a missing value needs no person."""
    answers = [says(item, facts) if isinstance(item, Row) else all_say(item, facts) for item in group.items]
    if group.is_any in answers:
        return group.is_any
    return None if None in answers else not group.is_any


class TestRows:
    @given(group=GROUPS)
    @example(group=Group(False, (Row("payload.count", Comparison.GIVEN), Row("payload.count", Comparison.IS, (3,)))))
    @example(group=Group(True, (Row("subject", Comparison.IS, (")",), True), Row("subject", Comparison.LACKS, ("(",)))))
    def test_read_back_as_they_were_written(self, group: Group) -> None:
        text = written(group)
        assert len(text) > cel.MAX_CONDITION_LENGTH or read(text) == normal(group)

    @given(group=GROUPS, facts=INPUTS)
    def test_mean_what_the_evaluator_says_of_their_text(self, group: Group, facts: PolicyInput) -> None:
        expected = all_say(group, facts)
        wanted = {True: cel.Match.YES, False: cel.Match.NO, None: cel.Match.ERROR}[expected]
        assert cel.evaluate(cel.compile(written(group)), facts).match is wanted

    @given(group=GROUPS)
    def test_have_one_normal_form(self, group: Group) -> None:
        assert normal(normal(group)) == normal(group)


class TestReading:
    @pytest.mark.parametrize(
        "source", [*map(templates.source, templates.names()), *(text for _, text in pages.policies())]
    )
    def test_gives_what_means_the_same_or_nothing(self, source: str) -> None:
        for _path, text in parse(source).conditions():
            rows = read(text)
            for facts in (EMPTY, SAMPLE):
                answer = cel.evaluate(cel.compile(text), facts).match
                assert rows is None or cel.evaluate(cel.compile(written(rows)), facts).match is answer, text

    @pytest.mark.parametrize(
        "text",
        [
            "payload.body.matches('x')",
            "amount > score",
            "amount * 2.0 > 5.0",
            "flags.exists(each, each == 'a')",
            "size(flags) > 1",
            "payload['odd name'] == 'a'",
            "payload.lines[0] == 'a'",
            "payload.a == null",
            "payload.n in [1, 2]",
            "external ? true : false",
            "amount > 5.0 // a reason",
            "true",
            "amonut > 5.0",
            "amount >",
            "",
            "external && (score > 1 || (score < 9 && external && (score == 3 || score == 4)))",
        ],
    )
    def test_leaves_what_rows_cannot_say(self, text: str) -> None:
        assert read(text) is None

    @pytest.mark.parametrize(
        ("text", "rows"),
        [
            ("500 <= amount && amount <= 700.0", [Row("amount", Comparison.BETWEEN, (500, 700))]),
            ("!external", [Row("external", Comparison.IS, (False,))]),
            ("!(domain == 'hr')", [Row("domain", Comparison.IS_NOT, ("hr",))]),
            ("'amount' in known && amount < 0.0", [Row("amount", Comparison.BELOW, (0,), True)]),
            ('payload.a.b.startsWith("q")', [Row("payload.a.b", Comparison.STARTS, ("q",))]),
        ],
    )
    def test_knows_other_spellings(self, text: str, rows: list[Row]) -> None:
        assert read(text) == Group(False, tuple(rows))
