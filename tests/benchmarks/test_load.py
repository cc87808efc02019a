import threading
import time

import pytest

from benchmarks.load import Timing, share


class TestShare:
    def test_takes_each_item_once(self) -> None:
        taken: list[int] = []
        timing = share(range(500), 8, lambda: taken.append)
        assert sorted(taken) == list(range(500))
        assert len(timing.each) == 500

    def test_lets_all_begin_together(self) -> None:
        together = threading.Barrier(4, timeout=10)
        share(range(4), 4, lambda: lambda _: together.wait())
        assert not together.broken

    def test_raises_what_a_worker_raised_and_ends_the_others(self) -> None:
        done: list[int] = []

        def work(item: int) -> None:
            if item == 5:
                raise LookupError("the fifth")
            done.append(item)
            time.sleep(0.001)

        with pytest.raises(LookupError, match="the fifth"):
            share(range(10_000), 4, lambda: work)
        assert len(done) < 10_000

    def test_raises_what_making_a_worker_raised(self) -> None:
        def make() -> None:
            raise ConnectionError("nobody there")

        with pytest.raises(ConnectionError, match="nobody there"):
            share([1], 1, make)


class TestTiming:
    def test_knows_rate_and_percentiles(self) -> None:
        timing = Timing(2.0, [float(value) for value in range(1, 102)])
        assert timing.rate == 50.5
        assert timing.percentile(50) == 51.0
        assert timing.percentile(95) == 96.0
