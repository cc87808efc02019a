from benchmarks import costs, processes
from benchmarks.costs import Cost
from benchmarks.load import Line, Timing
from benchmarks.tracking import Counts


def line(name: str, server: float, database: float, held: int = 1) -> Line:
    """Four operations that together cost so much."""
    return Line(name, Timing(1.0, [1.0] * 4), {"web": server, "worker": server, "database": database}, held)


class TestLine:
    def test_shares_what_all_processes_spent_among_what_was_done(self) -> None:
        assert line("batch", 100.0, 80.0, held=10).cpu == (5.0, 2.0)


class TestCost:
    def test_is_shown_beside_f_and_its_own_floor(self) -> None:
        cost = Cost(line("propose", 10.0, 4.0), 7_000.4, Counts()).over(line("bare", 2.0, 2.0))
        assert costs.cells(cost, 2.0) == ("propose", 4, 5.0, 1.0, 3.0, 1.5, 4.0, 7_000)

    def test_shows_what_one_operation_sends(self) -> None:
        cost = Cost(line("propose", 1.0, 1.0), 0.0, Counts(32.0, 4.0, 40.0, 4.0, 2.0).each(4))
        assert costs.sent(cost) == ("propose", 8.0, 1.0, 10.0, 1.0, 0.5)


class TestWorkerCommand:
    def test_is_that_of_the_compose_file(self) -> None:
        program, *options = processes.worker_command()
        assert program == "celery"
        assert "worker" in options
