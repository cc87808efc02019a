"""Accounts that one person can use are one person, however they are tied."""

from hypothesis import given
from hypothesis import strategies as st

from approvals.authority import identity

PAIRS = st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8)).filter(lambda pair: pair[0] != pair[1]), max_size=10)


def reached(one: int, pairs: list[tuple[int, int]]) -> set[int]:
    """Everybody whom a walk along the pairs reaches."""
    found = {one}
    while more := {each for pair in pairs if found & {*pair} for each in pair} - found:
        found |= more
    return found


@given(PAIRS)
def test_groups_are_those_that_a_walk_along_the_pairs_reaches(pairs: list[tuple[int, int]]) -> None:
    found = identity.groups(pairs)
    assert found == {one: min(reached(one, pairs)) for pair in pairs for one in pair}
