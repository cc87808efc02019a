"""The maps of the tree are the tree: every path that they name is there, and every folder and module is on them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs import pages
from tests.management.running import ROOT

PACKAGES = ("approvals", "policies", "hitl_project")
# Folders with rooms of their own on the map.
ROOMY = ("approvals/services", "approvals/queries", "tests")
TOP = (*PACKAGES, "templates", "tests", "benchmarks", "docs", "deploy", "clients")


def on_the_map(name: str, headings: tuple[str, ...]) -> set[str]:
    """The paths in the first column of the tables under these headings, without their last slash."""
    return {cell.rstrip("/") for heading in headings for cell in pages.first_cells(name, heading)}


def rooms(folder: str) -> Iterator[str]:
    """The folders right below one, as far as they hold anything of ours."""
    for path in sorted((ROOT / folder).iterdir()):
        if path.is_dir() and path.name != "__pycache__" and any(path.rglob("*.*")):
            yield f"{folder}/{path.name}"


def modules(folder: str) -> Iterator[str]:
    return (f"{folder}/{path.name}" for path in (ROOT / folder).glob("*.py") if path.name != "__init__.py")


def missing(named: set[str], root: Path = ROOT) -> list[str]:
    return sorted(path for path in named if not (root / path).exists())


class TestTheMapOfTheArchitecture:
    HEADINGS = ("The repository", "`approvals`", "`policies`", "`hitl_project`", "Tests")

    def named(self) -> set[str]:
        return on_the_map("architecture.md", self.HEADINGS)

    def test_names_what_is_there(self) -> None:
        assert missing(self.named()) == []

    @pytest.mark.parametrize("folder", [*PACKAGES, *ROOMY])
    def test_names_every_folder(self, folder: str) -> None:
        assert sorted(set(rooms(folder)) - self.named()) == []

    @pytest.mark.parametrize("folder", PACKAGES)
    def test_names_every_module_at_the_top(self, folder: str) -> None:
        assert sorted(set(modules(folder)) - self.named()) == []

    def test_names_everything_in_the_repository(self) -> None:
        assert set(TOP) <= self.named()


class TestTheMapOfTheReadme:
    def named(self) -> set[str]:
        return on_the_map("README.md", ("The code",))

    def test_names_what_is_there(self) -> None:
        assert missing(self.named()) == []

    def test_names_every_room_of_approvals(self) -> None:
        assert sorted({*TOP, *rooms("approvals")} - self.named()) == []


class TestAMap:
    def test_with_a_path_that_is_gone_is_found(self) -> None:
        assert missing({"approvals/services", "approvals/gone"}) == ["approvals/gone"]


class TestTheDecisions:
    FOLDER = ROOT / "docs" / "decisions"

    def test_are_all_listed_in_order(self) -> None:
        listed = re.findall(
            r"^\| (\d+) \| \[(.+)\]\((\S+)\) \|$", (self.FOLDER / "README.md").read_text(), re.MULTILINE
        )
        there = sorted(path for path in self.FOLDER.glob("0*.md"))
        titles = [path.read_text().split("\n", 1)[0] for path in there]
        assert [file for _, _, file in listed] == [path.name for path in there]
        assert [f"# {number}. {title}" for number, title, _ in listed] == titles

    def test_have_the_same_three_parts(self) -> None:
        parts = [re.findall(r"^## (.+)$", path.read_text(), re.MULTILINE) for path in self.FOLDER.glob("0*.md")]
        assert all(part == ["Context", "Decision", "Consequences"] for part in parts)


class TestTheCapabilities:
    def test_are_somewhere_or_not_yet(self) -> None:
        rows = re.findall(
            r"^\| (?!capability)([^|-][^|]*)\|([^|]*)\|$",
            pages.section("architecture.md", "Capabilities"),
            re.MULTILINE,
        )
        assert len(rows) > 20
        assert [name for name, where in rows if "`" not in where and "*not yet*" not in where.lower()] == []
