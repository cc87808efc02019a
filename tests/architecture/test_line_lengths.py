"""No template or style sheet has a line that one must scroll sideways to read; and the formatters agree."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.stylesheets import formatted, unformatted

LINE_MAX = 120
PLACES = ((ROOT / "templates", "*.html"), (ROOT / "approvals" / "static", "*.css"))


def texts() -> Iterator[tuple[str, str]]:
    """Each template and style sheet: its path from the root, and its text."""
    for folder, pattern in PLACES:
        for path in sorted(folder.rglob(pattern)):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def too_wide(path: str, text: str) -> list[str]:
    """The lines over the limit, as `path:line: what is wrong`."""
    return [
        f"{path}:{number}: {len(line)} characters; at most {LINE_MAX}. Break the line, or use an include."
        for number, line in enumerate(text.splitlines(), start=1)
        if len(line) > LINE_MAX
    ]


class TestALine:
    def test_is_at_most_120_characters_long(self) -> None:
        assert [fault for path, text in texts() for fault in too_wide(path, text)] == []

    def test_is_looked_at_in_every_place(self) -> None:
        assert {Path(path).suffix for path, _ in texts()} == {".html", ".css"}

    @pytest.mark.parametrize(("length", "is_found"), [(120, False), (121, True)])
    def test_is_found_where_it_is_too_long(self, length: int, is_found: bool) -> None:
        assert bool(too_wide("templates/planted.html", "x" * length)) is is_found


class TestAStyleSheet:
    def test_is_as_the_formatter_writes_it(self) -> None:
        assert [path.name for path, _ in unformatted()] == []

    def test_is_found_where_it_is_not(self, tmp_path: Path) -> None:
        planted = tmp_path / "planted.css"
        planted.write_text("a { color: red; margin: 0; }\n")
        assert [text for _, text in unformatted(tmp_path)] == [formatted(planted.read_text())]
