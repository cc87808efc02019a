"""Who may import whom: the contracts of pyproject.toml hold, and each was seen to find a planted import."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

from tests.architecture.source import PRODUCT, ROOT


def contracts(root: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(root), "COLUMNS": "200"}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def imports(packages: Iterable[str]) -> Mapping[str, set[str]]:
    graph = grimp.build_graph(*packages, cache_dir=None, exclude_type_checking_imports=True)
    return {module: set(graph.find_modules_directly_imported_by(module)) for module in graph.modules}


def cycle(edges: Mapping[str, set[str]]) -> list[str]:
    """The modules of one import cycle, or nothing."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in PRODUCT:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "locale"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


class TestTheContracts:
    def test_hold(self) -> None:
        done = contracts(ROOT)
        assert done.returncode == 0, done.stdout + done.stderr

    @pytest.mark.parametrize(
        ("path", "line", "contract"),
        [
            ("policies/engine/planted.py", "import approvals.ids", "never the other way"),
            ("policies/engine/planted.py", "import django.db", "The judge is pure"),
            ("policies/lab/planted.py", "import celery", "The judge is pure"),
            ("approvals/novel/__init__.py", "", "The rooms of approvals"),
            ("approvals/queries/planted.py", "import approvals.services.ledger.entries", "The rooms of approvals"),
            ("approvals/api/planted.py", "import approvals.admin", "The rooms of approvals"),
            ("approvals/services/novel.py", "", "The rooms of approvals.services"),
            ("approvals/api/planted.py", "import approvals.services.ledger.entries", "Only services write the ledger"),
            ("approvals/admin/planted.py", "import approvals.connectors", "Only services reach the world"),
            ("approvals/queries/planted.py", "import policies.models", "Approvals asks policies"),
            ("policies/novel.py", "", "The rooms of policies"),
        ],
    )
    def test_find_a_planted_fault(self, copy: Path, path: str, line: str, contract: str) -> None:
        (copy / path).parent.mkdir(exist_ok=True)
        (copy / path).write_text(f'"""Planted."""\n{line}\n')
        done = contracts(copy)
        broken = [row for row in done.stdout.splitlines() if " BROKEN" in row]
        assert any(contract in row for row in broken), done.stdout + done.stderr


class TestImports:
    def test_form_no_cycle(self) -> None:
        assert cycle(imports(PRODUCT)) == []

    def test_with_a_planted_cycle_are_found(self) -> None:
        assert cycle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
        assert set(cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}})) == {"a", "b", "c"}
