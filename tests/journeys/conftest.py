"""A running demo that all stories of one file share."""

from collections.abc import Iterator

import pytest

from tests.management.running import Demo, running


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo as `make run` leaves it after its first start, with a history and nobody feeding it."""
    with running(tmp_path_factory.mktemp("demo")) as found:
        yield found
