"""Email bodies: quoted parts, and the text and link targets of HTML. HTML is never rendered."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.utils.translation import gettext as _

from approvals.text import links as text_links

PLAIN, HTML = "text/plain", "text/html"
KINDS = {PLAIN: "letter", HTML: "html"}
# Limits for highlighted quotations and listed links; further links are only counted.
MAX_RUNS = 200
MAX_LINKS = 40
MAX_NAME_LENGTH = 120
BREAKS = re.compile(
    r"/?(address|article|aside|blockquote|br|div|dl|dt|dd|fieldset|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre"
    r"|section|table|tr|ul)"
)
UNSEEN = frozenset({"head", "script", "style", "template", "noscript", "title"})
# HTML comments do not apply inside these, so a fake comment cannot hide what follows.
RAW = frozenset({"script", "style", "title"})
# What browsers treat as a tag or drop; any other < is visible text.
NAME = re.compile(r"/?[a-z][^\s/]*|[!?/]", re.IGNORECASE | re.ASCII)
COMMENT_END = re.compile("--!?>")
ATTRIBUTE = re.compile(r"""(?<![\w-])([\w-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
# Attributes that programs show instead of an image or in an empty field.
SPOKEN = ("alt", "placeholder", "value", "label")
AIMS = ("href", "src", "action", "formaction", "background", "poster", "data")
HIDING = re.compile(
    r"(?<![\w-])(display\s*:\s*none|visibility\s*:\s*hidden|mso-hide|color\s*:\s*transparent|clip(-path)?\s*:"
    r"|(font-size|opacity|(max-)?height|(max-)?width)\s*:\s*0(?![.\d]*[1-9])"
    r"|(left|top|text-indent|margin(-left|-top)?)\s*:\s*-\s*\d{3})|\shidden\b",
    re.IGNORECASE,
)
# Addresses inside style and meta values.
IN_STYLE = re.compile(r"url\(\s*[\"']?([^\"')\s]+)", re.IGNORECASE)
IN_META = re.compile(r"url\s*=\s*[\"']?([^\"'\s]+)", re.IGNORECASE)
BLANKS = re.compile(r"[ \t\r\f\v]+")
# Punctuation around a word.
AROUND = ".,;:!?()[]{}<>\"'«»„“”‚‘’"
NAMES_A_HOST = re.compile(r"(?:https?://)?((?:[\w-]{1,63}\.){1,8}[a-z]{2,24})(?:[/:?#].*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive lines that are either quoted or newly written."""

    is_quoted: bool
    text: str


@dataclass(slots=True)
class Link:
    """A link in HTML: its text and its real target."""

    words: str
    target: str

    @property
    def host(self) -> str:
        """The host of the target."""
        return text_links.host_of(self.target)

    @property
    def is_lying(self) -> bool:
        """Whether the link text shows a different host than its target."""
        words = (word[:300].strip(AROUND) for word in self.words.split()[:20])
        named = {found[1].lower() for word in words if (found := NAMES_A_HOST.fullmatch(word))}
        return any(self.host != name and not self.host.endswith(f".{name}") for name in named)


@dataclass(slots=True)
class Page:
    """Extracted HTML: text, links, and whether some parts may be hidden."""

    text: str = ""
    links: list[Link] = field(default_factory=list)
    is_hiding: bool = False

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


def oddities(kind: str, text: str) -> Iterator[str]:
    """Sentences about anomalies in an HTML message."""
    if kind != "html":
        return
    page = read(text)
    if page.is_hiding:
        yield _("Some parts might be hidden from the recipient. Check the source.")
    if any(link.is_lying for link in page.links):
        yield _("A link’s text shows a different host than its target.")


def read(source: str) -> Page:
    """Parse HTML in one pass with linear cost, even for hostile input."""
    page, skipped, is_comment, link = Page(), "", False, None
    said = [html.unescape(source.partition("<")[0])]
    for piece in source.split("<")[1:]:
        if is_comment or (piece.startswith("!--") and skipped not in RAW):
            is_comment, piece = _after_comment(piece)
            page.is_hiding = True
        tag, closed, text = piece.partition(">")
        name, spoken = _name(tag), ""
        if not closed or (tag and not name):
            # An unclosed tag continues in the following text, and so does its link.
            page.is_hiding = page.is_hiding or bool(name)
            text, name = f"<{piece}", ""
        elif name:
            said.append(_before(name))
            attributes = _attributes(tag)
            spoken, found = _spoken(attributes), _note(page, name, tag, attributes)
            link = found if name == "a" else None if name == "/a" else link
        skipped = _skipped(skipped, name)
        if skipped:
            page.is_hiding = page.is_hiding or bool(text.strip())
        else:
            said.append(spoken + html.unescape(text))
            _name_link(link, text)
    page.text = _tidied("".join(said))
    return page


def _after_comment(piece: str) -> tuple[bool, str]:
    """Whether a comment continues beyond this piece, and the text after it."""
    _comment, *rest = COMMENT_END.split(piece, maxsplit=1)
    return not rest, f">{rest[0] if rest else ''}"


def _name(tag: str) -> str:
    found = NAME.match(tag[:MAX_NAME_LENGTH])
    return found[0].lower() if found else ""


def _before(name: str) -> str:
    return "\n" if BREAKS.fullmatch(name) else " " if name in {"td", "th"} else ""


def _skipped(skipped: str, name: str) -> str:
    if skipped:
        return "" if name == f"/{skipped}" else skipped
    return name if name in UNSEEN else ""


def _attributes(tag: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in ATTRIBUTE.findall(tag):
        # If an attribute is repeated, programs use the first.
        found.setdefault(key.lower(), html.unescape(value.strip("\"'")))
    return found


def _spoken(attributes: dict[str, str]) -> str:
    """Attributes that a tag makes visible, shown in brackets."""
    return "".join(f"[{attributes[name]}] " for name in SPOKEN if attributes.get(name, "").strip())


def _note(page: Page, name: str, tag: str, attributes: dict[str, str]) -> Link | None:
    """Record a tag's link targets, return the first, and note hidden content."""
    # An unclosed quote includes the following text, so the tag is not complete yet.
    is_cut = any(quote in ATTRIBUTE.sub("", tag) for quote in "\"'")
    page.is_hiding = page.is_hiding or is_cut or bool(HIDING.search(f" {_without_remarks(html.unescape(tag))}"))
    words = "" if name in {"a", "area"} else f"<{name}>"
    found = [Link(words, target) for target in _targets(name, attributes)]
    page.links += found
    return found[0] if found else None


def _without_remarks(tag: str) -> str:
    """A style value without comments, which can hide inside it."""
    said, *rest = tag.split("/*")
    return said + "".join(part.partition("*/")[2] for part in rest)


def _targets(name: str, attributes: dict[str, str]) -> Iterator[str]:
    yield from (attributes[aim] for aim in AIMS if attributes.get(aim))
    yield from (place.split()[0] for place in attributes.get("srcset", "").split(",") if place.strip())
    yield from IN_STYLE.findall(attributes.get("style", ""))
    if name == "meta":
        yield from IN_META.findall(attributes.get("content", ""))


def _name_link(link: Link | None, text: str) -> None:
    """Collect the text between a link's tags as its name, up to the limit."""
    if link is not None and len(link.words) < MAX_NAME_LENGTH:
        words = f"{link.words} {html.unescape(text[:MAX_NAME_LENGTH])}"
        link.words = " ".join(words.split())


def _tidied(text: str) -> str:
    lines = [BLANKS.sub(" ", line).strip() for line in text.split("\n")]
    return "\n".join(line for at, line in enumerate(lines) if line or (at and lines[at - 1])).strip()
