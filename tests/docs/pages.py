"""The guides as tests read them: their text, what they link to, and the commands and documents that they show."""

import re
from pathlib import Path

from tests.management.running import ROOT

README = ROOT / "README.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_SPAN = re.compile(r"`([^`\n]+)`")


def text_of(name: str) -> str:
    """A guide's text, by its file's name."""
    return next(page for page in PAGES if page.name == name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """The fenced blocks of a guide in one language."""
    return [match["text"] for match in _FENCE.finditer(text_of(name)) if match["language"] == language]


def links(page: Path) -> list[str]:
    """Everything that a page links to within this repository."""
    found = [match["target"] for match in _LINK.finditer(page.read_text(encoding="utf-8"))]
    return [target for target in found if not target.startswith(("http://", "https://"))]


def anchors(page: Path) -> set[str]:
    """The names that a page's headings may be linked by."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in titles}


def spans(name: str) -> list[str]:
    """What a guide shows as code within a line."""
    return _SPAN.findall(_FENCE.sub("", text_of(name)))


def section(name: str, heading: str) -> str:
    """What stands under a heading of a guide, up to the next."""
    return re.split(r"^#+ ", text_of(name).split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(name: str, heading: str) -> set[str]:
    """The code in the first column of the tables under a heading."""
    rows = re.findall(r"^\|([^|]+)\|", section(name, heading), re.MULTILINE)
    return {span for row in rows for span in _SPAN.findall(row)}
