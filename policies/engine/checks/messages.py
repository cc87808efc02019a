"""HTML: what a message hides or does, and tags in texts that are not HTML."""

import re
from collections.abc import Collection, Iterator

from policies.engine.checks.flag import Flag, Place
from policies.engine.text.markup.reader import read
from policies.engine.values.said import message

HIDDEN, LYING, ACTIVE, MARKUP = "hidden_text", "misleading_link", "active_content", "markup_in_text"
_TAG = re.compile(
    r"</?(?:a|b|i|u|p|br|hr|div|span|strong|em|script|style|img|iframe|form|input|button|table|tr|td|th|h[1-6]|ul|ol|li|svg"
    r"|object|embed|link|meta|html|head|body|font|center|video|audio|textarea|select)(?:\s[^<>]*=[^<>]*)?\s*/?>|<!--|<!doctype",
    re.IGNORECASE,
)


def html(place: Place) -> Iterator[Flag]:
    """Flag an HTML message by what its reader does not see."""
    if not isinstance(place.value, str):
        return
    page = read(place.value)
    if page.is_hiding:
        yield place.flag(HIDDEN, message("{value} contains text that might be hidden from the reader."))
    if any(link.is_lying for link in page.links):
        yield place.flag(
            LYING, message("{value} contains a link whose text does not match the address that the link opens.")
        )
    if page.is_active:
        yield place.flag(ACTIVE, message("{value} contains a form, a script, or other active content."))


def markup(pointer: str, text: str, messages: Collection[str]) -> Iterator[Flag]:
    """Flag HTML tags in a text that is no HTML message."""
    if "<" in text and pointer not in messages and _TAG.search(text):
        yield Flag.of(MARKUP, pointer, text, message("{value} contains HTML, but this field allows only plain text."))
