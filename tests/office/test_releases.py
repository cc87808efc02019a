"""Releases: what is in one, which follows another, and which stay."""

import shutil
from pathlib import Path

import pytest

from deploy.office import releases
from deploy.office.machine import Failed, Layout
from deploy.office.releases import PARTS, Release
from tests.management.running import ROOT


def tree(folder: Path) -> Path:
    """As small as a tree can be."""
    for part in PARTS:
        path = folder / part
        path.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / part).is_dir():
            (path / "migrations").mkdir(parents=True)
            (path / "migrations" / "0001_initial.py").write_text("first\n")
        else:
            path.write_text(part)
    return folder


class TestADigest:
    def test_names_contents_and_names(self, tmp_path: Path) -> None:
        one, same, other, renamed = (tree(tmp_path / name) for name in ("one", "same", "other", "renamed"))
        (other / "LICENSE").write_text("another")
        (renamed / "policies/migrations/0001_initial.py").rename(renamed / "policies/migrations/0002_initial.py")
        numbers = [releases.digest(each) for each in (one, other, renamed)]
        assert len(set(numbers)) == 3
        assert releases.digest(same) == numbers[0]

    def test_leaves_out_what_python_compiled(self, tmp_path: Path) -> None:
        before = releases.digest(tree(tmp_path))
        (tmp_path / "approvals/__pycache__").mkdir()
        (tmp_path / "approvals/__pycache__/x.pyc").write_text("compiled")
        assert releases.digest(tmp_path) == before

    def test_of_something_else_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(Failed, match="not a tree of HITL"):
            releases.digest(tmp_path)

    def test_is_of_all_that_the_image_holds(self) -> None:
        copied = [line.split()[1] for line in (ROOT / "deploy/Dockerfile").read_text().splitlines() if "COPY" in line]
        assert set(copied) - {"manage.py"} <= set(PARTS)


class TestASuccessor:
    def test_may_add_a_migration(self, tmp_path: Path) -> None:
        old, new = tree(tmp_path / "old"), tree(tmp_path / "new")
        (new / "approvals/migrations/0002_more.py").write_text("more\n")
        assert releases.rewritten_migrations(Release(old), new) == []

    def test_may_not_change_one_that_the_database_has(self, tmp_path: Path) -> None:
        old, new = tree(tmp_path / "old"), tree(tmp_path / "new")
        (new / "approvals/migrations/0001_initial.py").write_text("changed\n")
        assert releases.rewritten_migrations(Release(old), new) == ["approvals/migrations/0001_initial.py"]


class TestReleases:
    @pytest.fixture
    def layout(self, tmp_path: Path) -> Layout:
        found = Layout(tmp_path)
        for number in range(5):
            (found.releases / f"2026010{number}").mkdir(parents=True)
        found.code.parent.mkdir(exist_ok=True)
        return found

    def test_are_exchanged_by_one_link(self, layout: Layout) -> None:
        assert releases.current(layout) is None
        for name in ("20260100", "20260101"):
            releases.switch(layout, Release(layout.releases / name))
            assert releases.in_use(layout).name == name

    def test_that_are_old_go_but_never_the_one_in_use_or_the_way_back(self, layout: Layout) -> None:
        releases.switch(layout, Release(layout.releases / "20260100"))
        releases.tidy(layout, {"20260101"})
        assert sorted(path.name[-1] for path in layout.releases.iterdir()) == ["0", "1", "2", "3", "4"]
        releases.tidy(layout, set())
        assert sorted(path.name[-1] for path in layout.releases.iterdir()) == ["0", "2", "3", "4"]

    def test_that_fail_half_way_leave_nothing(
        self, layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(*_command: object, **_options: object) -> str:
            raise Failed("The network is away.")

        monkeypatch.setattr(releases, "run", fails)
        shutil.rmtree(layout.releases)
        with pytest.raises(Failed, match="network"):
            releases.make(layout, tree(tmp_path / "new"))
        assert list(layout.releases.iterdir()) == []
