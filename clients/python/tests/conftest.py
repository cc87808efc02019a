"""What all tests share: one running product, and a name for the work of each test."""

import json
import os
import re
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from hitl_client import Client, work
from tests.product import Product, running
from tests.standin import Server, again


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


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def client(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    with again(server, tmp_path) as client, work("w"):
        yield client
