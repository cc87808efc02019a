"""A document that is read rather than drawn: blocks of text, of fields, of a table or of an outline.

Each block is a dict with its ``kind`` and ``text`` or ``rows``. Everything is cut to what a page can show.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any

from approvals.documents.inside.faults import Fault
from approvals.documents.kinds import text_of
from approvals.documents.matching import places

MAX_TEXT = 100_000
MAX_ROWS = 300
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
    texts = list(_texts(reading.blocks))
    whole = "\n".join(text for _at, text in texts)
    begins = list(accumulate((len(text) + 1 for _at, text in texts), initial=0))
    found = [places(whole, quote)[:1] if page == 1 else [] for page, quote in job["quotes"]]
    told = {"pages": 1, "sizes": [], "places": [[] if spans else None for spans in found], "notes": [], "blank": []}
    told |= {"spans": [_span(texts, begins, spans) for spans in found]}
    return told | {"blocks": reading.blocks, "is_cut": reading.is_cut}, b""


def _texts(blocks: list[Block]) -> Iterator[tuple[tuple[int, int, int], str]]:
    """Every text with its block, row and cell."""
    for number, block in enumerate(blocks):
        if "text" in block:
            yield (number, 0, 0), block["text"]
        for row, cells in enumerate(block.get("rows", ())):
            yield from (((number, row, at), cell) for at, cell in enumerate(cells) if isinstance(cell, str))


def _span(
    texts: list[tuple[tuple[int, int, int], str]], begins: list[int], spans: list[tuple[int, int]]
) -> list[int] | None:
    """Where a quote stands: block, row, cell, begin and end; None where it is nowhere or in several cells."""
    if not spans:
        return None
    begin, end = spans[0]
    number = bisect_right(begins, begin) - 1
    place, text = texts[number]
    first, last = begin - begins[number], end - begins[number]
    return [*place, first, last] if last <= len(text) else None


def decoded(content: bytes) -> str:
    """The text of a file."""
    text = text_of(content)
    if text is None:
        raise Fault("broken")
    return text
