"""The pytest plugin that starts the servers before Django's settings are read.

pytest-django reads the settings before any conftest runs, and a parallel worker is a pytest of its own: hence a plugin
named by `-p`, a hook that wraps the earliest moment there is, and servers that only the first process starts.
"""

import gc
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
    parser.getgroup("servers").addoption(
        "--one-case-in",
        action="append",
        default=[],
        metavar="FOLDER",
        help="run only the first case of each parametrized test below a folder of this name (repeatable)",
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


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the garbage collector away from collected tests and modules, which stay to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_report_header() -> str:
    """Say what the run stands on."""
    return f"database: {os.environ[VENDOR]}, files: {os.environ[FOLDER]}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was not asked for, and begin with what takes longest.

    What a generator fills tries more in `make prove`, and is marked as such.
    """
    items.sort(key=lambda item: not LONG & set(item.path.parts))
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("proof")
    left_out = set(further_cases(items, set(config.getoption("one_case_in"))))
    if os.environ[VENDOR] != "postgresql":
        # What only PostgreSQL can show.
        left_out |= {item for item in items if item.get_closest_marker("postgresql_only")}
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


def further_cases(items: list[pytest.Item], folders: set[str]) -> list[pytest.Item]:
    """All but the first case of each parametrized test below folders of these names."""
    seen: set[str] = set()
    further = []
    for item in items:
        name = item.nodeid.partition("[")[0]
        if name in seen and folders & set(item.path.parts):
            further.append(item)
        seen.add(name)
    return further
