"""What a run leaves out is what it was told to leave out."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.servers.plugin import further_cases

IDS = (
    "tests/api/test_a.py::test_it[1-[x]]",
    "tests/api/test_a.py::test_it[2]",
    "tests/api/test_a.py::test_other",
    "tests/api/test_b.py::test_it[2]",
    "tests/admin/test_a.py::test_it[1]",
    "tests/admin/test_a.py::test_it[2]",
)


def items() -> list[Any]:
    return [SimpleNamespace(nodeid=each, path=Path(each.partition("::")[0])) for each in IDS]


@pytest.mark.parametrize(
    ("folders", "left_out"),
    [(set(), []), ({"api"}, [IDS[1]]), ({"admin"}, [IDS[5]]), ({"api", "admin"}, [IDS[1], IDS[5]])],
)
def test_one_case_in_a_folder_leaves_out_its_further_cases(folders: set[str], left_out: list[str]) -> None:
    given = items()
    assert [item.nodeid for item in further_cases(given, folders)] == left_out
