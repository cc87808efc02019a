"""A share says how far the true one may lie from it."""

from hypothesis import given
from hypothesis import strategies as st

from approvals.queries.insight.figures.proportions import Share


def test_of_nothing_is_unknown() -> None:
    assert (Share(0, 0).value, Share(0, 0).interval) == (None, None)


def test_has_the_interval_that_the_literature_gives() -> None:
    """Newcombe 1998, table I: 15 of 148 lies within 0.0624 and 0.1605, 0 of 20 within 0 and 0.1611."""
    for share, low, high in ((Share(15, 148), 0.0624, 0.1605), (Share(0, 20), 0.0, 0.1611)):
        interval = share.interval
        assert interval is not None
        assert [round(bound, 4) for bound in interval] == [low, high]


@given(st.integers(1, 10_000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_lies_within_its_interval(counted: tuple[int, int]) -> None:
    share = Share(*counted)
    assert share.interval is not None
    assert share.value is not None
    low, high = share.interval
    assert 0 <= low <= share.value + 1e-9
    assert share.value - 1e-9 <= high <= 1
