"""Hidden characters on every page of the admin, also on Django's own: a chip in a text, a code in a title.

Templates that know an agent's text show it so themselves. A page is looked through once more when it is complete, so
that no template, label or message can forget to. What is in a field of a form stays as it is.
"""

import re
from typing import TypeVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse

from approvals.display.fragments import chip_of
from approvals.text.unicode import coded
from policies.engine.text import characters

A = TypeVar("A", bound=HttpResponseBase)

MAX_CHIPS = 500
# What is kept word for word, what holds a text without markup, and every other tag.
_TOKEN = re.compile(
    r"<!--.*?-->|<(?P<kept>textarea|script|style)\b.*?</(?P=kept)\s*>|<(?:title|option)\b[^>]*>(?P<bare>[^<]*)|<[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_SPOKEN = re.compile(r'(?<=\s)(?:title|aria-label|alt|placeholder)="[^"]*"')


def shown(answer: A) -> A:
    """Have the hidden characters of a page shown, once it is rendered."""
    if isinstance(answer, SimpleTemplateResponse) and not answer.is_rendered:
        answer.add_post_render_callback(_reveal)
    elif isinstance(answer, HttpResponse):
        _reveal(answer)
    return answer


def revealed(page: str) -> str:
    """Return the page with each hidden character shown; a page without any comes back as it is."""
    if not characters.hidden(page):
        return page
    return "".join(_Page(page).parts())


class _Page:
    """One page, with the number of chips that it may still get: each is a hundred times as long as its character."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.left = MAX_CHIPS

    def parts(self) -> list[str]:
        parts, end = [], 0
        for token in _TOKEN.finditer(self.page):
            parts += [self._text(self.page[end : token.start()]), _tag(token)]
            end = token.end()
        return [*parts, self._text(self.page[end:])]

    def _text(self, text: str) -> str:
        places = sorted(characters.hidden(text))
        if not places:
            return text
        chips = set(places[: self.left])
        self.left -= len(chips)
        late = set(places) - chips
        return "".join(
            chip_of(sign) if place in chips else coded(sign) if place in late else sign
            for place, sign in enumerate(text)
        )


def _tag(token: re.Match[str]) -> str:
    if token["kept"] is not None:
        return token[0]
    if token["bare"] is not None:
        return token[0].removesuffix(token["bare"]) + _coded(token["bare"])
    return _SPOKEN.sub(lambda attribute: _coded(attribute[0]), token[0])


def _coded(text: str) -> str:
    places = characters.hidden(text)
    return "".join(coded(sign) if place in places else sign for place, sign in enumerate(text))


def _reveal(answer: HttpResponse) -> None:
    if answer.get("Content-Type", "").startswith("text/html"):
        page = answer.content.decode(answer.charset)
        if (found := revealed(page)) is not page:
            answer.content = found
