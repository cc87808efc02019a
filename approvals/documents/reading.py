"""What reviewers see of a document: its pages as pictures, its text, and where quotes stand.

Each answer comes from a process of its own and is checked; a bounded number of them is kept for a few minutes.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from approvals.documents import process, refusals
from approvals.documents.kept import Kept

# The width of a drawn page in pixels: a page of A4 at 150 dpi.
WIDTH = 1240
MAX_PAGES = 50
MAX_HEIGHT = 4 * WIDTH
MAX_QUOTES = 100
# As many as the process of ours tells at most; what else answers in its place is not believed to keep to them.
MAX_BLOCKS, MAX_ROWS, MAX_CELLS, MAX_RECTANGLES = 4, 300, 30, 20
# A page of the admin waits so long for all of its documents.
LOOK_SECONDS = 4.0
NOTES = ("scripts", "files", "form", "frames")
_BLOCKS = frozenset({"text", "fields", "table", "outline", "files"})

Rectangle = tuple[int, int, int, int]
# Block, row, cell, begin and end of a quote in what is read.
Span = tuple[int, int, int, int, int]
# The page of a quote, from 1, and its words.
Quote = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Document:
    """A file: the SHA-256 and the recognized type of its content, and a function that reads it where it lies."""

    sha256: str
    kind: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a document that is read: a text, or rows of a table, of fields, of an outline or of names of files."""

    kind: str
    text: str = ""
    rows: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What a document is: its pages, their sizes in pixels as they are drawn, and what is not seen on them.

    ``places`` has an entry for each quote: None where it is not on its page, else rectangles in pixels, if there are.
    ``blank`` has those quoted pages that hold no text, such as scans: nobody can say what stands on them.
    ``spans`` say the same of a document that is read, where a quote stands in one text.
    ``notes`` name what a page does not show: `scripts`, `files`, `form` or `frames`.
    """

    pages: int
    sizes: tuple[tuple[int, int], ...]
    places: tuple[tuple[Rectangle, ...] | None, ...]
    blank: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    spans: tuple[Span | None, ...] = ()
    is_cut: bool = False


def look(document: Document, quotes: Sequence[Quote] = ()) -> Look:
    """Look through a document, and for quotes on their pages.

    :raises Unreadable: it cannot be shown.
    """
    wanted = tuple(quotes[:MAX_QUOTES])
    return _looks.get((document.sha256, document.kind, wanted), lambda: _looked(document, wanted))


def drawn(document: Document, page: int) -> bytes:
    """A page as PNG.

    :raises Unreadable: it cannot be drawn.
    """
    if not 1 <= page <= MAX_PAGES:
        raise refusals.NoPage
    return _pages.get((document.sha256, document.kind, page), lambda: _drawn(document, page))


def text(document: Document, page: int) -> tuple[str, bool]:
    """The text of a drawn page, and whether there is more of it.

    :raises Unreadable: it cannot be read.
    """
    if not 1 <= page <= MAX_PAGES:
        raise refusals.NoPage
    return _texts.get((document.sha256, document.kind, page), lambda: _text(document, page))


def forget() -> None:
    """Forget what is kept."""
    for kept in (_looks, _pages, _texts, _costly):
        kept.clear()


def _asked(document: Document, job: dict[str, Any], seconds: float | None = None) -> tuple[dict[str, Any], bytes]:
    """The answer to a job; none is tried while it is known that another of the same document cost too much.

    Otherwise, each page of a hostile document would cost all of its time.
    """
    key = document.sha256, document.kind
    _costly.check(key)
    try:
        return process.ask(job, document.read(), seconds)
    except (refusals.TooSlow, refusals.TooBig) as refusal:
        _costly.refuse(key, refusal)
        raise


def _looked(document: Document, quotes: Sequence[Quote]) -> Look:
    job = {"do": "look", "kind": document.kind, "width": WIDTH, "quotes": quotes}
    told = _asked(document, job, LOOK_SECONDS)[0]
    with _checked():
        return _look_of(told, len(quotes))


def _drawn(document: Document, page: int) -> bytes:
    job = {"do": "draw", "kind": document.kind, "width": WIDTH, "page": page}
    picture = _asked(document, job)[1]
    width, height = struct.unpack(">II", picture[16:24]) if len(picture) > 24 else (0, 0)
    if not (0 < width <= WIDTH and 0 < height <= MAX_HEIGHT):
        raise refusals.Broken
    return picture


def _text(document: Document, page: int) -> tuple[str, bool]:
    job = {"do": "text", "kind": document.kind, "page": page}
    told = _asked(document, job)[0]
    with _checked():
        return _str(told["text"]), told["is_cut"] is True


@contextmanager
def _checked() -> Iterator[None]:
    """An answer of another form than ours is worth nothing."""
    try:
        yield
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise refusals.Broken from error


def _look_of(told: dict[str, Any], quotes: int) -> Look:
    found = told["places"][: quotes + 1]
    places = tuple(None if rows is None else tuple(map(_rectangle, rows[:MAX_RECTANGLES])) for rows in found)
    if len(places) != quotes:
        raise ValueError("another number of quotes")
    return Look(
        pages=_whole(told["pages"]),
        sizes=tuple((_whole(size[0]), _whole(size[1])) for size in told["sizes"][:MAX_PAGES]),
        places=places,
        blank=frozenset(map(_whole, told["blank"][:MAX_QUOTES])),
        notes=tuple(name for name in NOTES if name in told["notes"]),
        blocks=tuple(_block(block) for block in told.get("blocks", ())[:MAX_BLOCKS]),
        spans=tuple(None if span is None else _span(span) for span in told.get("spans", ())[:quotes]),
        is_cut=told.get("is_cut") is True,
    )


def _block(told: dict[str, Any]) -> Block:
    if told["kind"] not in _BLOCKS:
        raise ValueError("no such block")
    rows = tuple(tuple(map(_cell, row[:MAX_CELLS])) for row in told.get("rows", ())[:MAX_ROWS])
    return Block(told["kind"], _str(told.get("text", "")), rows)


def _cell(told: Any) -> Any:
    return _whole(told + 1) - 1 if isinstance(told, int) else _str(told)


def _rectangle(told: Any) -> Rectangle:
    x, y, width, height = (int(value) for value in told)
    if not all(0 <= value <= MAX_HEIGHT for value in (x, y, width, height)):
        raise ValueError("outside of every page")
    return x, y, width, height


def _span(told: Any) -> Span:
    block, row, cell, begin, end = (int(value) for value in told)
    if not (min(block, row, cell, begin) >= 0 and begin < end):
        raise ValueError("no place in a text")
    return block, row, cell, begin, end


def _whole(told: Any) -> int:
    if not isinstance(told, int) or not 0 < told < 10_000_000:
        raise ValueError("no number of anything")
    return told


def _str(told: Any) -> str:
    if not isinstance(told, str):
        raise TypeError("no text")
    return told


def _size_of_look(found: Look) -> int:
    return 2_000 + len(repr(found))


def _size_of_text(found: tuple[str, bool]) -> int:
    return 200 + len(found[0])


_looks: Kept[Look] = Kept(8 << 20, _size_of_look)
_costly: Kept[None] = Kept(1 << 20, lambda _found: 0)
_pages: Kept[bytes] = Kept(48 << 20, len)
_texts: Kept[tuple[str, bool]] = Kept(4 << 20, _size_of_text)
