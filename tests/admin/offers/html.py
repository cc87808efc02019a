"""What a page offers, read from its HTML: its links, and the buttons of its forms with what they would send."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "br", "img", "hr", "meta", "link", "path", "line"}
NOTES = ("error", "warning", "info")
# A choice such as `scope=desk`, and nothing that names a row or a revision.
IS_WORD = re.compile(r"=[a-z_/]{0,20}\d?$")
Attrs = dict[str, str]


@dataclass
class Field:
    """One control of a form: its name, what it holds, and what else it could hold."""

    name: str
    kind: str
    value: str
    is_required: bool
    is_sent: bool = True
    options: list[tuple[str, bool]] = field(default_factory=list)


@dataclass
class Form:
    """A form: where it goes, its controls, and its buttons as (name, value, address, text)."""

    method: str
    action: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Offer:
    """One thing to press: a link, or a button with what its form holds."""

    page: str
    text: str
    address: str
    form: Form | None = None
    name: str = ""
    value: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """What tells this offer from others that go to the same address; keys and digests do not."""
        if self.form is None:
            return ("link",)
        hidden = [f"{each.name}={each.value}" for each in self.form.fields if each.kind == "hidden"]
        return (self.form.method, *(each for each in [*hidden, f"{self.name}={self.value}"] if IS_WORD.search(each)))


class Page(HTMLParser):
    """A page that was read."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[tuple[str, str]] = []
        self.forms: dict[str, Form] = {}
        self.complaints: list[str] = []
        self._open: list[tuple[str, Attrs]] = []
        self._form = ""
        self._words: list[str] | None = None
        self._late: list[tuple[str, Field | tuple[str, str, str, str]]] = []
        self._select: Field | None = None
        self._area: Field | None = None
        self.feed(text)
        self._settle()

    def offers(self) -> Iterator[Offer]:
        """Each link and each button."""
        for href, text in self.links:
            yield Offer(self.address, text, href)
        for form in self.forms.values():
            if form.method == "dialog":
                continue
            for name, value, address, text in form.buttons:
                yield Offer(self.address, text, address or form.action or self.address, form, name, value)

    def handle_starttag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        attrs = {name: value or "" for name, value in found}
        if tag not in VOID:
            self._open.append((tag, attrs))
        if tag == "form":
            self._form = attrs.get("id", f"form {len(self.forms)}")
            self.forms[self._form] = Form(attrs.get("method", "get").lower(), attrs.get("action", ""))
        elif tag == "a" and "href" in attrs:
            self.links.append((attrs["href"], ""))
            self._words = []
        elif tag in ("button", "input", "textarea", "select"):
            self._control(tag, attrs)
        elif tag == "option" and self._select is not None:
            self._option(attrs)
        if tag == "li" and (notes := set(attrs.get("class", "").split()) & set(NOTES)) and self._within("messagelist"):
            self._words = [f"{min(notes)}: "]

    def handle_endtag(self, tag: str) -> None:
        words = " ".join("".join(self._words or []).split())
        if tag == "a" and self._words is not None and self.links:
            self.links[-1] = (self.links[-1][0], words)
        elif tag == "button" and self._late and isinstance(self._late[-1][1], tuple):
            owner, (name, value, address, _text) = self._late[-1]
            self._late[-1] = (owner, (name, value, address, words))
        elif tag == "li" and words.startswith(NOTES):
            self.complaints.append(words)
        elif tag == "form":
            self._form = ""
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None
        if tag in ("a", "button", "li"):
            self._words = None
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data.removeprefix("\n") if not self._area.value else data
        elif self._words is not None:
            self._words.append(data)

    def _control(self, tag: str, attrs: Attrs) -> None:
        kind = attrs.get("type", {"button": "submit", "input": "text"}.get(tag, tag))
        owner = attrs.get("form", self._form)
        if "disabled" in attrs or kind in ("button", "reset"):
            return
        if kind in ("submit", "image"):
            value = attrs.get("value", "")
            self._late.append((owner, (attrs.get("name", ""), value, attrs.get("formaction", ""), value)))
            self._words = [] if tag == "button" else self._words
            return
        is_sent = kind not in ("checkbox", "radio") or "checked" in attrs
        value = attrs.get("value", "on" if kind in ("checkbox", "radio") else "")
        control = Field(attrs.get("name", ""), kind, value, "required" in attrs, is_sent)
        self._late.append((owner, control))
        self._select = control if tag == "select" else self._select
        self._area = control if tag == "textarea" else self._area

    def _option(self, attrs: Attrs) -> None:
        assert self._select is not None
        if "disabled" in attrs:
            return
        self._select.options.append((attrs.get("value", ""), "selected" in attrs))
        if "selected" in attrs or len(self._select.options) == 1:
            self._select.value = attrs.get("value", "")

    def _within(self, name: str) -> bool:
        return any(name in attrs.get("class", "").split() for _tag, attrs in self._open)

    def _settle(self) -> None:
        for owner, each in self._late:
            if owner not in self.forms:
                continue
            if isinstance(each, Field):
                self.forms[owner].fields.append(each)
            else:
                self.forms[owner].buttons.append(each)
