"""Email bodies: quoted parts, and the text and link targets of HTML. HTML is never rendered."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from policies.engine.checks import messages
from policies.engine.text.markup import reader
from policies.engine.text.markup.links import Link
from policies.engine.text.markup.reader import Page

PLAIN, HTML = "text/plain", "text/html"
KINDS = {PLAIN: "letter", HTML: "html"}
# Limits for highlighted quotations and listed links; further links are only counted.
MAX_RUNS = 200
MAX_LINKS = 40


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive lines that are either quoted or newly written."""

    is_quoted: bool
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An HTML message as the page shows it: its text and its first links."""

    page: Page

    @property
    def text(self) -> str:
        """The text that its reader sees."""
        return self.page.text

    @property
    def links(self) -> list[Link]:
        """All links."""
        return self.page.links

    @property
    def more(self) -> int:
        """The number of links that are not listed."""
        return max(0, len(self.links) - MAX_LINKS)

    @property
    def listed(self) -> list[Link]:
        """The listed links."""
        return self.links[:MAX_LINKS]


def runs(text: str) -> list[Run]:
    """Split a message into quoted and other lines; no line is lost."""
    lines = text.splitlines(keepends=True)
    grouped = groupby(lines, lambda line: line.startswith(">"))
    found = [Run(is_quoted, "".join(those)) for is_quoted, those in grouped]
    return found if len(found) <= MAX_RUNS else [Run(False, text)]


def oddities(kind: str, text: str) -> Iterator[tuple[str, str]]:
    """Codes and sentences of the anomalies in an HTML message."""
    if kind != "html":
        return
    page = reader.read(text)
    if page.is_hiding:
        yield messages.HIDDEN, _("Some parts might be hidden from the recipient. Check the source.")
    if any(link.is_lying for link in page.links):
        yield messages.LYING, _("A link’s text shows a different host than its target.")
    if page.is_active:
        yield messages.ACTIVE, _("Contains a form, a script, or another active element.")
