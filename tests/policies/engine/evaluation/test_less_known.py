"""Knowing less never helps an action: what happens to an evaluation when facts are taken away."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from policies.engine.values.vocabulary import Route
from tests.policies.engine.given import ORDINARY, rule, ruled, rules

PAYLOAD = {"issuer": "Rowan Paper Ltd", "account": 4400, "lines": [{"net": 100.0}]}
# Comparisons that say something of a fact and ask nothing of its absence.
ATOMS = (
    "amount > 100.0",
    "amount <= 100.0",
    "amount_base > 500.0",
    "amount_minor == 11900",
    "confidence < 0.5",
    "confidence >= 0.9",
    "currency == 'EUR'",
    "score > 3",
    "score <= 3",
    "payload.account > 4000",
    "payload.account == 1",
    "payload.issuer.startsWith('Rowan')",
    "payload.lines.exists(line, line.net > 50.0)",
)
CONDITION = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(lambda parts: f"({' '.join(parts)})"),
    max_leaves=4,
)
RULES = st.lists(st.tuples(st.sampled_from(Route), CONDITION), min_size=1, max_size=12)
FORGOTTEN = st.sets(st.sampled_from(["amount", "amount_base", "confidence", "currency", "score", *PAYLOAD]), min_size=1)


def without(names: set[str]) -> dict[str, Any]:
    known = {name: value for name, value in ORDINARY.items() if name not in names}
    return {
        **{name: None for name in ORDINARY if name not in known},
        "payload": {name: value for name, value in PAYLOAD.items() if name not in names},
    }


class TestAPolicyEvaluation:
    @given(RULES, FORGOTTEN)
    def test_is_no_laxer_for_a_fact_less(self, items: list[tuple[Route, str]], names: set[str]) -> None:
        written = rules(*(rule(f"r{place}", *item) for place, item in enumerate(items)))
        before, after = ruled(written, payload=PAYLOAD), ruled(written, **without(names))
        assert after.outcome.rank >= before.outcome.rank
