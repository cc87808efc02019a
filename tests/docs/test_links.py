"""What the guides point at is there: pages, pictures, headings, files, commands."""

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.docs import pages
from tests.docs.pages import DECISIONS, PAGES, README
from tests.management.running import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
EVERY_PAGE = pytest.mark.parametrize("page", [*PAGES, *DECISIONS], ids=lambda page: page.name)


def shown(page: Path) -> list[str]:
    """Every line and span of code on a page."""
    lines = [line for language in ("sh", "") for block in pages.blocks_of(page, language) for line in block.split("\n")]
    return [*lines, *pages.spans_of(page)]


@EVERY_PAGE
class TestEveryPage:
    def test_links_to_what_is_there(self, page: Path) -> None:
        dead = []
        for link in pages.links(page):
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            if not target.exists() or (anchor and anchor not in pages.anchors(target)):
                dead.append(link)
        assert dead == []

    def test_names_make_targets_that_exist(self, page: Path) -> None:
        targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
        named = {match[1] for line in shown(page) if (match := re.match(r"make ([a-z]+(?:-[a-z]+)*)", line))}
        assert named - targets == set()

    def test_names_commands_that_exist(self, page: Path) -> None:
        named = {match[1] for line in shown(page) for match in re.finditer(r"manage\.py ([a-z_]+)", line)}
        assert named - set(get_commands()) == set()

    def test_names_files_that_exist(self, page: Path) -> None:
        paths = [
            span
            for span in pages.spans_of(page)
            if re.fullmatch(r"(approvals|policies|templates|tests|docs)/\S*", span)
        ]
        assert [path for path in paths if not (ROOT / path).exists()] == []


class TestAllPages:
    def test_name_every_command_of_ours(self) -> None:
        of_the_demo = {"run", "reset", "feed", "seed_demo"}
        ours = {name for name, package in get_commands().items() if package in ("approvals", "policies")}
        text = "".join(page.read_text() for page in PAGES)
        assert sorted(name for name in ours - of_the_demo if name not in text) == []


class TestTheReadme:
    def test_says_the_test_command_on_a_line_of_its_own(self) -> None:
        assert re.search(r"^make test", README.read_text(), re.MULTILINE)

    def test_names_every_guide(self) -> None:
        named = set(pages.links(README))
        guides = {page.relative_to(ROOT).as_posix() for page in PAGES if page != README}
        assert guides - named == set()


class TestThePageForContributors:
    def test_names_tests_and_options_that_exist(self) -> None:
        named = [
            shlex.split(span)[3:]
            for span in pages.spans("CONTRIBUTING.md")
            if span.startswith(".venv/bin/python -m pytest")
        ]
        assert named
        assert all((ROOT / path).exists() for words in named for path in words if not path.startswith("-"))
        plugin = (ROOT / "tests" / "servers" / "plugin.py").read_text()
        assert '"--vendor"' in plugin
        assert "vendor_sensitive:" in (ROOT / "pyproject.toml").read_text()
