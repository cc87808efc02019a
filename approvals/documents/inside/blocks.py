"""A document that is read rather than drawn: blocks of text, of fields, of a table or of an outline.

Each block is a dict with its ``kind`` and ``text`` or ``rows``. Everything is cut to what a page can show.
"""

from collections.abc import Iterable
from typing import Any

from approvals.documents.inside.faults import Fault
from approvals.documents.kinds import text_of
from approvals.documents.matching import places

MAX_TEXT = 100_000
MAX_ROWS = 500
MAX_CELL = 500

Block = dict[str, Any]


class Reading:
    """The blocks of one document, with what is left of the room for them."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.left = MAX_TEXT
        self.is_cut = False

    def text(self, text: str) -> None:
        """Add a text."""
        self.blocks.append({"kind": "text", "text": self._granted(text, MAX_TEXT)})

    def rows(self, kind: str, rows: Iterable[Iterable[Any]]) -> None:
        """Add rows of cells; numbers stay what they are."""
        taken: list[list[Any]] = []
        for row in rows:
            if len(taken) >= MAX_ROWS or self.left <= 0:
                self.is_cut = True
                break
            taken.append([cell if isinstance(cell, int) else self._granted(cell, MAX_CELL) for cell in row])
        if taken:
            self.blocks.append({"kind": kind, "rows": taken})

    def _granted(self, text: str, most: int) -> str:
        granted = text[: min(most, max(0, self.left))]
        self.is_cut |= len(granted) < len(text)
        self.left -= len(granted) + 1
        return granted


def answered(job: dict[str, Any], reading: Reading) -> tuple[dict[str, Any], bytes]:
    """The answer to a job: the blocks, and for each quote whether it stands in them."""
    if job["do"] == "draw":
        raise Fault("no_page")
    whole = "\n".join(_said(reading.blocks))
    found: list[list[int] | None]
    found = [[] if page == 1 and places(whole, quote) else None for page, quote in job["quotes"]]
    told = {"pages": 1, "sizes": [], "places": found, "notes": [], "blank": []}
    return told | {"blocks": reading.blocks, "is_cut": reading.is_cut}, b""


def decoded(content: bytes) -> str:
    """The text of a file."""
    text = text_of(content)
    if text is None:
        raise Fault("broken")
    return text


def _said(blocks: list[Block]) -> Iterable[str]:
    for block in blocks:
        yield block.get("text", "")
        for row in block.get("rows", ()):
            yield " ".join(cell for cell in row if isinstance(cell, str))
