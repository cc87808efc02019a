"""The pytest plugin that starts the servers before Django's settings are read.

pytest-django reads the settings before any conftest runs, and a parallel worker is a pytest of its own: hence a plugin
named by `-p`, a hook that wraps the earliest moment there is, and servers that only the first process starts.
"""

import os
from collections.abc import Generator

import pytest

from tests.servers.environment import FOLDER, VENDOR, VENDORS, Environment, enter_worker

# Folders whose files take minutes: begun last, one of them would keep one worker busy while the other has nothing left.
LONG = {"races", "chaos", "journeys"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--vendor`, and the flag that lowers ceilings of statements."""
    parser.getgroup("servers").addoption(
        "--vendor",
        choices=VENDORS,
        default=os.environ.get(VENDOR, "postgresql"),
        help="the database to run on; with sqlite, add `-m vendor_sensitive` for the part that depends on it",
    )
    parser.getgroup("servers").addoption(
        "--lower-counts",
        action="store_true",
        help="lower the ceilings of statements in query_counts.json to what this run counts",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Start the servers, or join those that the first process started."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        enter_worker(worker)
    else:
        environment = Environment(early_config.known_args_namespace.vendor)
        early_config.add_cleanup(environment.stop)
        environment.start()
    return (yield)


def pytest_report_header() -> str:
    """Say what the run stands on."""
    return f"database: {os.environ[VENDOR]}, files: {os.environ[FOLDER]}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only PostgreSQL can show when the run is on SQLite, and begin with what takes longest.

    What a generator fills tries more in `make prove`, and is marked as such.
    """
    items.sort(key=lambda item: not LONG & set(item.path.parts))
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("proof")
    if os.environ[VENDOR] == "postgresql":
        return
    left_out = [item for item in items if item.get_closest_marker("postgresql_only")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)
