"""Several rounds of the same paths: the median is told, as it was measured beside the F of its own round."""

from benchmarks import rounds
from benchmarks.costs import Cost
from benchmarks.load import Timing
from benchmarks.paths import Found
from benchmarks.rounds import Round
from benchmarks.tracking import Counts
from tests.benchmarks.test_costs import line


def measured(f: float, propose: float, batch: float) -> Round:
    """A round in which a proposal and one of a batch cost so many milliseconds; the batch's floor is one."""
    costs = [
        Cost(line("propose", propose * 2, 0.0), 0.0, Counts()),
        Cost(line("batch", batch * 2, 0.0), 0.0, Counts()).over(line("batch", 2.0, 0.0)),
    ]
    return Round(f - 1, f + 1, Found([], Timing(1.0, [1.0, 1.0]), {}, {}), costs, {})


ROUNDS = [measured(2.0, 8.0, 1.0), measured(4.0, 8.0, 3.0), measured(3.0, 9.0, 2.0)]


def test_every_round_counts_its_own_f_and_its_own_floor() -> None:
    figures = rounds.figures(ROUNDS)
    assert (figures["propose"], figures["batch"]) == ([4.0, 2.0, 3.0], [1.0, 3.0, 2.0])


def test_a_path_is_told_as_it_was_in_the_round_of_its_median() -> None:
    assert [(cost.line.name, cost.cpu, f) for cost, f in rounds.middle(ROUNDS)] == [
        ("propose", 9.0, 3.0),
        ("batch", 2.0, 3.0),
    ]


def test_the_typical_round_is_that_of_the_median_f() -> None:
    assert rounds.of_middle_f(ROUNDS) is ROUNDS[2]
