"""What a reader sees of an HTML message: its text, its links and what it hides. It is never rendered."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from justhtml import JustHTML

from policies.engine.text.markup import colors, styles
from policies.engine.text.markup.links import Link
from policies.engine.text.markup.named_colors import Color

MAX_NAME_LENGTH = 120
_BREAKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "br", "center", "div", "dl", "dt", "dd", "fieldset"),
        *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main"),
        *("nav", "ol", "p", "pre", "section", "table", "tr", "ul"),
    }
)
_CELLS = frozenset({"td", "th"})
_UNSEEN = frozenset({"head", "script", "style", "template", "title", "object", "iframe", "noframes", "datalist"})
_ACTIVE = frozenset({"script", "form", "iframe", "object", "embed", "applet", "base", "frame", "frameset", "portal"})
_AIMS = ("href", "src", "action", "formaction", "background", "poster", "data")
_IN_STYLE = re.compile(r"url\(\s*[\"']?([^\"')\s]+)", re.IGNORECASE)
_IN_META = re.compile(r"url\s*=\s*[\"']?([^\"'\s]+)", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\f\v]+")
MAX_WORDS_LENGTH = 2_000
_SCRIPTS = re.compile(r"[\s\x00-\x1f]*(?:javascript|vbscript|data\s*:\s*text/html)", re.IGNORECASE)


@dataclass(slots=True)
class Page:
    """Extracted HTML: the text that a reader sees, links, and whether it hides text or acts."""

    text: str = ""
    links: list[Link] = field(default_factory=list)
    is_hiding: bool = False
    is_active: bool = False


@dataclass(frozen=True, slots=True)
class _Context:
    """What an element passes on to those inside it."""

    is_hidden: bool = False
    link: Link | None = None
    color: Color = colors.BLACK
    ground: Color = colors.WHITE
    sheets: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_unseen(self) -> bool:
        """Whether a reader does not see text here; what has the color of its ground may hold what has another."""
        return self.is_hidden or colors.is_near(self.color, self.ground)


@lru_cache(maxsize=32)
def read(source: str) -> Page:
    """Parse HTML as browsers do, and return what a reader sees."""
    page, said = Page(), [""]
    document = JustHTML(source, sanitize=False)
    sheets = styles.by_element(
        document, "\n".join(_text_of(node) for node in document.query("style")), source.count("<")
    )
    page.is_hiding = sheets is None
    waiting: list[tuple[Any, _Context]] = [(document.root, _Context(sheets=sheets or {}))]
    while waiting:
        node, context = waiting.pop()
        if isinstance(node, str):
            said.append(node)
        elif node.name == "#text":
            _add_text(page, said, node.data or "", context)
        elif node.name == "#comment":
            page.is_hiding = page.is_hiding or bool((node.data or "").strip())
        elif not node.name.startswith(("#", "!")):
            waiting.extend(_opened(page, said, node, context))
        elif node.children:
            waiting.extend((child, context) for child in reversed(node.children))
    for link in page.links:
        link.words = link.words.strip()
    page.text = _tidied("".join(said))
    return page


def _add_text(page: Page, said: list[str], text: str, context: _Context) -> None:
    if not context.is_unseen:
        said.append(text)
    elif text.strip():
        page.is_hiding = True
    if context.link is not None and len(context.link.words) < MAX_WORDS_LENGTH:
        # A host may be spread over several elements, so nothing is put between.
        context.link.words = _BLANKS.sub(" ", f"{context.link.words}{text[:MAX_WORDS_LENGTH]}".replace("\n", " "))


def _opened(page: Page, said: list[str], node: Any, context: _Context) -> Iterator[tuple[Any, _Context]]:
    """Note an element, and yield what is inside it, last first."""
    name, attributes = node.name.lower(), _attributes(node)
    style = styles.plain(f"{context.sheets.get(id(node), '')};{attributes.get('style', '')}")
    page.is_active = page.is_active or name in _ACTIVE or any(each.startswith("on") for each in attributes)
    page.is_active = page.is_active or (name == "meta" and "refresh" in attributes.get("http-equiv", "").lower())
    inner = _inside(name, attributes, style, context)
    found = [Link("" if name in ("a", "area") else f"<{name}>", aim) for aim in _targets(name, attributes, style)]
    page.links += found
    page.is_active = page.is_active or any(_SCRIPTS.match(link.target) for link in found)
    page.is_hiding = page.is_hiding or (name == "link" and "stylesheet" in attributes.get("rel", "").lower())
    if name == "style":
        sheet = _text_of(node)
        page.is_hiding = page.is_hiding or styles.hides(sheet) or styles.adds_text(sheet)
        return
    if name == "title":
        return
    between = "\n" if name in _BREAKS else " " if name in _CELLS else ""
    said.append(between)
    if between and inner.link is not None:
        inner.link.words += " "
    if spoken := _spoken(name, attributes):
        _add_text(page, said, f"[{spoken}] ", inner)
    link = (found[0] if found else None) if name == "a" else inner.link
    passed = replace(inner, link=link)
    page.is_hiding = page.is_hiding or name == "template"
    yield between, passed
    yield from ((child, passed) for child in reversed(node.children or ()))


def _inside(name: str, attributes: Mapping[str, str], style: str, context: _Context) -> _Context:
    color = colors.of_text(style, attributes) or context.color
    ground = colors.of_ground(style, attributes) or context.ground
    is_hidden = (
        (context.is_hidden or name in _UNSEEN or name == "bdo" or "hidden" in attributes)
        or styles.hides(style)
        or (name == "input" and attributes.get("type", "").lower() == "hidden")
    )
    return replace(context, is_hidden=is_hidden and name != "html", color=color, ground=ground)


def _text_of(node: Any) -> str:
    return "".join(child.data or "" for child in node.children or ())


def _attributes(node: Any) -> dict[str, str]:
    return {str(key).lower(): value or "" for key, value in (node.attrs or {}).items()}


def _spoken(name: str, attributes: Mapping[str, str]) -> str:
    """Return what programs show in place of an image or in a field."""
    kind = attributes.get("type", "").lower()
    shown = {
        "img": "alt",
        "area": "alt",
        "input": "alt" if kind == "image" else "value" if attributes.get("value") else "placeholder",
        "textarea": "placeholder",
        "option": "label",
        "optgroup": "label",
    }
    return attributes.get(shown.get(name, ""), "").strip()


def _targets(name: str, attributes: Mapping[str, str], style: str) -> Iterator[str]:
    yield from (attributes[aim] for aim in _AIMS if attributes.get(aim))
    yield from (place.split()[0] for place in attributes.get("srcset", "").split(",") if place.strip())
    yield from _IN_STYLE.findall(style)
    if name == "meta":
        yield from _IN_META.findall(attributes.get("content", ""))


def _tidied(text: str) -> str:
    lines = [_BLANKS.sub(" ", line).strip(" ") for line in text.split("\n")]
    return "\n".join(line for at, line in enumerate(lines) if line or (at and lines[at - 1])).strip()
