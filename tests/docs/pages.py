"""The guides as tests read them: their text, what they link to, and the commands and documents that they show."""

import re
from pathlib import Path

from tests.management.running import ROOT

README = ROOT / "README.md"
ROOT_PAGES = ("CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "SECURITY.md")
KINDS = ("tutorials", "how-to", "reference", "explanation")
_GUIDES = [path for folder in ("", *KINDS) for path in sorted((ROOT / "docs" / folder).glob("*.md"))]
PAGES = [README, *(ROOT / name for name in ROOT_PAGES), *_GUIDES]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_SPAN = re.compile(r"`([^`\n]+)`")


def text_of(name: str) -> str:
    """A guide's text, by its file's name; the folder may be given, too."""
    return _page(name).read_text(encoding="utf-8")


def _page(name: str) -> Path:
    return next(page for page in PAGES if page.as_posix().endswith(f"/{name}"))


def blocks(name: str, language: str) -> list[str]:
    """The fenced blocks of a guide in one language."""
    return blocks_of(_page(name), language)


def blocks_of(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page in one language."""
    text = page.read_text(encoding="utf-8")
    return [match["text"] for match in _FENCE.finditer(text) if match["language"] == language]


def policies() -> list[tuple[str, str]]:
    """Every policy document that a guide shows, with the guide's name."""
    shown = [(page.name, block) for page in PAGES for block in blocks_of(page, "yaml")]
    return [(name, block) for name, block in shown if block.startswith("policy:")]


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
    return spans_of(_page(name))


def spans_of(page: Path) -> list[str]:
    """What a page shows as code within a line."""
    return _SPAN.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))


def section(name: str, heading: str) -> str:
    """What stands under a heading of a guide, up to the next."""
    return re.split(r"^#+ ", text_of(name).split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(name: str, heading: str) -> set[str]:
    """The code in the first column of the tables under a heading."""
    rows = re.findall(r"^\|([^|]+)\|", section(name, heading), re.MULTILINE)
    return {span for row in rows for span in _SPAN.findall(row)}
