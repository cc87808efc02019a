"""What all tests share: one running product, and a name for the work of each test."""

import re
from collections.abc import Iterator

import pytest

from tests.product import Product, running


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(tmp_path_factory.mktemp("product")) as product:
        yield product


@pytest.fixture
def thread(request: pytest.FixtureRequest) -> str:
    """A name of the work that no other test has."""
    return re.sub(r"\W+", "-", request.node.name)
