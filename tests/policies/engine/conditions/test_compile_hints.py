"""What is wrong with a condition is said in plain words, with what was probably meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.conditions import cel
from policies.engine.conditions.compile_hints import plainly


def fault(condition: str) -> str:
    """What is said of a condition that cannot be used."""
    with pytest.raises(cel.ConditionFault) as refusal:
        cel.compile(condition)
    return str(refusal.value)


class TestPlainly:
    @pytest.mark.parametrize(
        ("condition", "said"),
        [
            ("amount = 5.0", "column 8: `=` is unexpected here. Use == to compare."),
            ("external and amount > 5.0", "Use && instead of and."),
            ("external or external", "Use || instead of or."),
            ("not external", "Use ! instead of not"),
            ("amount > 5,00", "Write decimals with a point"),
            ("subject contains 'a'", "subject.contains('text')"),
            ('subject == "a', 'Close it with ".'),
            ("amount >", "The condition is incomplete"),
            ("(external", "`)` is missing at the end"),
            ("external)", "`)` is unexpected here"),
            ("if external", "Remove if."),
            ("amount > 5.0 \u20ac", "`\u20ac` is unexpected here"),
            ("external &&\n  not external", "Line 2, column 7: `external` is unexpected here. Use ! instead of not"),
            ("score % 4.5 == 1.0", "`%` cannot be applied to a whole number and a number"),
        ],
    )
    def test_names_the_place_and_what_was_meant(self, condition: str, said: str) -> None:
        assert said in fault(condition)

    @given(st.text(max_size=60), st.text(max_size=60), st.integers(0, 90))
    def test_says_something_whatever_the_grammar_says(self, what: str, text: str, column: int) -> None:
        assert plainly(what, text, column).endswith(".")
