"""Where an agent found a value: a document, a page of it, and the words that stand there."""

from dataclasses import dataclass

ROOM = 5


@dataclass(frozen=True, slots=True)
class Source:
    """One item of evidence that names a document; ``number`` tells it from the others of the action."""

    number: int
    document: int
    name: str
    page: int
    quote: str = ""
    rectangles: tuple[tuple[int, int, int, int], ...] = ()
    has_pages: bool = True
    is_in_text: bool = False

    @property
    def boxes(self) -> list[tuple[int, int, int, int]]:
        """The rectangles with some room around the words."""
        return [(max(0, x - ROOM), max(0, y - ROOM), w + 2 * ROOM, h + 2 * ROOM) for x, y, w, h in self.rectangles]

    @property
    def anchor(self) -> str:
        """The place on the decision page that shows it."""
        if self.rectangles or self.is_in_text:
            return f"quote-{self.number}"
        return f"document-{self.document}-page-{self.page}" if self.has_pages else f"document-{self.document}"
