"""What a reader sees of an HTML message: its text, its links and what it hides. It is never rendered."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from justhtml import JustHTML

from policies.engine.text.markup import colors, links

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
_HIDING = re.compile(
    r"(?<![\w-])(display\s*:\s*none|visibility\s*:\s*(hidden|collapse)|mso-hide|clip(-path)?\s*:|content-visibility"
    r"|color\s*:\s*(transparent|rgba\([^)]*,\s*0?\.?0*\s*\))"
    r"|(font-size|font|opacity|(max-)?height|(max-)?width|zoom)\s*:\s*(0(?![.\d]*[1-9])|[01](\.\d+)?px)"
    r"|(left|top|right|bottom|text-indent|margin(-left|-top)?)\s*:\s*-\s*\d{3}|transform\s*:[^;]*(scale|translate))",
    re.IGNORECASE,
)
_REMARK = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_IN_STYLE = re.compile(r"url\(\s*[\"']?([^\"')\s]+)", re.IGNORECASE)
_IN_META = re.compile(r"url\s*=\s*[\"']?([^\"'\s]+)", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\f\v]+")
_AROUND = ".,;:!?()[]{}<>\"'«»„“”‚‘’"
_NAMES_A_HOST = re.compile(r"(?:https?://)?((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})(?:[/:?#].*)?", re.IGNORECASE)
_NAMES_AN_ADDRESS = re.compile(r"[^\s@<>]+@((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})")


@dataclass(slots=True)
class Link:
    """A link in HTML: its text and its real target."""

    words: str
    target: str

    @property
    def host(self) -> str:
        """The host of the target."""
        return links.host_of(self.target)

    @property
    def is_lying(self) -> bool:
        """Whether the link text shows another host or address than its target."""
        words = [word.strip(_AROUND) for word in self.words[:300].split()[:20]]
        hosts = {found[1].lower() for word in words if (found := _NAMES_A_HOST.fullmatch(word))}
        mails = {word.lower() for word in words if _NAMES_AN_ADDRESS.fullmatch(word)}
        if self.target.lower().startswith("mailto:"):
            return any(mail not in self.target.lower() for mail in mails)
        return any(self.host != name and not self.host.endswith(f".{name}") for name in hosts)


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
    color: colors.Color = colors.BLACK
    ground: colors.Color = colors.WHITE


@lru_cache(maxsize=32)
def read(source: str) -> Page:
    """Parse HTML as browsers do, and return what a reader sees."""
    page, said = Page(), [""]
    waiting: list[tuple[Any, _Context]] = [(JustHTML(source, sanitize=False).root, _Context())]
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
    page.text = _tidied("".join(said))
    return page


def _add_text(page: Page, said: list[str], text: str, context: _Context) -> None:
    if not context.is_hidden:
        said.append(text)
    elif text.strip():
        page.is_hiding = True
    if context.link is not None and len(context.link.words) < MAX_NAME_LENGTH:
        context.link.words = " ".join(f"{context.link.words} {text[:MAX_NAME_LENGTH]}".split())


def _opened(page: Page, said: list[str], node: Any, context: _Context) -> Iterator[tuple[Any, _Context]]:
    """Note an element, and yield what is inside it, last first."""
    name, attributes = node.name.lower(), _attributes(node)
    style = _REMARK.sub("", attributes.get("style", ""))
    page.is_active = page.is_active or name in _ACTIVE or any(each.startswith("on") for each in attributes)
    page.is_active = page.is_active or (name == "meta" and "refresh" in attributes.get("http-equiv", "").lower())
    inner = _inside(name, attributes, style, context)
    found = [Link("" if name in ("a", "area") else f"<{name}>", aim) for aim in _targets(name, attributes, style)]
    page.links += found
    if name == "style":
        page.is_hiding = page.is_hiding or _hides("".join(child.data or "" for child in node.children or ()))
        return
    if name == "title":
        return
    between = "\n" if name in _BREAKS else " " if name in _CELLS else ""
    said.append(between)
    if spoken := _spoken(name, attributes):
        _add_text(page, said, f"[{spoken}] ", inner)
    link = (found[0] if found else None) if name == "a" else inner.link
    passed = _Context(inner.is_hidden, link, inner.color, inner.ground)
    page.is_hiding = page.is_hiding or name == "template"
    yield between, passed
    yield from ((child, passed) for child in reversed(node.children or ()))


def _inside(name: str, attributes: Mapping[str, str], style: str, context: _Context) -> _Context:
    color = colors.of_text(style, attributes) or context.color
    ground = colors.of_ground(style, attributes) or context.ground
    is_hidden = (
        (context.is_hidden or name in _UNSEEN or "hidden" in attributes)
        or _hides(style)
        or colors.is_near(color, ground)
        or (name == "input" and attributes.get("type", "").lower() == "hidden")
    )
    return _Context(is_hidden and name != "html", context.link, color, ground)


def _hides(style: str) -> bool:
    # An escape can spell any property, so it counts as one that hides.
    plain = _REMARK.sub("", style)
    return "\\" in plain or "@import" in plain.lower() or _HIDING.search(plain) is not None


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
