from pathlib import Path

from benchmarks.results import Section, keep, table

ORDER = ("First", "Second", "Third")


def kept(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith(("## ", "| one"))]


class TestKeep:
    def test_puts_sections_in_their_order_whatever_came_first(self, tmp_path: Path) -> None:
        file = tmp_path / "RESULTS.md"
        for title in ("Third", "First"):
            keep(Section(title, "About."), "*Now.*", ORDER, file)
        assert kept(file) == ["## First", "## Third"]

    def test_replaces_the_section_and_leaves_the_others(self, tmp_path: Path) -> None:
        file = tmp_path / "RESULTS.md"
        for title, figure in (("First", 1), ("Second", 2), ("First", 3)):
            keep(Section(title, "About.", [table(("what", "n"), [("one", figure)])]), "*Now.*", ORDER, file)
        assert kept(file) == ["## First", "| one | 3 |", "## Second", "| one | 2 |"]

    def test_changes_nothing_when_repeated(self, tmp_path: Path) -> None:
        file = tmp_path / "RESULTS.md"
        texts = set()
        for title in (*ORDER, "Third", "Third"):
            keep(Section(title, "About."), "*Now.*", ORDER, file)
            texts.add(file.read_text(encoding="utf-8"))
        assert len(texts) == len(ORDER)


class TestSection:
    def test_fills_the_lines_that_figures_made_longer(self) -> None:
        about = "Some words before it.\nAnd more.\n\n" + "One word after the other. " * 20
        _, first, second, measured = Section("First", about).text("*Now.*").strip().split("\n\n")
        assert (first, measured) == ("Some words before it. And more.", "*Now.*")
        assert [80 < len(line) <= 120 for line in second.splitlines()[:-1]] == [True] * 4


class TestTable:
    def test_shows_small_figures_exactly_and_large_ones_short(self) -> None:
        assert table(("what", "a", "b"), [("one", 1.234, 1234.5)]).splitlines()[-1] == "| one | 1.23 | 1,234 |"
