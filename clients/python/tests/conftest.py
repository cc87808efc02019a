"""What all tests share: one running product, and a name for the work of each test."""

import json
import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product, running


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    if notes := os.environ.get("HITL_PRODUCT_NOTES"):
        # The demo.json of one that runs already, while you write tests.
        told = json.loads(Path(notes).read_text())
        yield Product(told["url"], told)
        return
    with running(tmp_path_factory.mktemp("product")) as product:
        yield product


@pytest.fixture
def thread(request: pytest.FixtureRequest) -> str:
    """A name of the work that no other test has."""
    return f"{re.sub(r'[^a-zA-Z0-9]+', '-', request.node.name)}-{uuid.uuid4().hex[:6]}"
